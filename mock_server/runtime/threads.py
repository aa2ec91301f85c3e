"""Work that would hold up every other request goes to a thread; the rest stays on the loop.

What could end the process, as native code on bytes from anywhere can, goes to one of its own.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")
MIN_ROWS_FOR_THREAD = 10_000
"""From this many rows on."""
MIN_BYTES_FOR_THREAD = 2**20
"""From this many bytes on; to go through them takes milliseconds."""
SWITCH_INTERVAL_SECONDS = 0.0005
"""Seconds for which a thread may keep the interpreter from another one that wants it."""
BOOTSTRAP_CODE = (
    "import sys; sys.path[:] = sys.argv.pop(1).split(sys.argv.pop(1));"
    "from importlib import import_module; import_module(sys.argv.pop(1)).main()"
)


async def run_in_thread_if(heavy: bool, work: Callable[[], T]) -> T:
    """The result of `work`, which looks only at records (they never change) and changes nothing."""
    return await asyncio.to_thread(work) if heavy else work()


def shorten_switch_interval() -> None:
    """Let no thread of this process keep the interpreter for more than a SWITCH_INTERVAL_SECONDS.

    The event loop needs it several times for a request. With Python's own turns of 5 ms, requests
    queue up behind a thread for as long as it works. Calls into C are not interrupted: work in a
    thread makes short ones.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)


@contextmanager
def running_process(module: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process with pipes that runs `main()` of a module, and is gone afterwards."""
    process = start_process(module)
    try:
        yield process
    finally:
        end_process(process)


def start_process(module: str) -> subprocess.Popen[bytes]:
    """A Python process with pipes that runs `main()` of a module; `end_process` is for its end.

    It starts without `site`, and so in a fraction of the time, with the paths of this process.
    """
    words = ["-I", "-S", "-c", BOOTSTRAP_CODE, os.pathsep.join(sys.path), os.pathsep, module]
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "RUST_BACKTRACE": "0"},
    )


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
        with suppress(OSError):  # what it did not read is lost with it
            pipe.close()
