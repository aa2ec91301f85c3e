"""Threads and processes for work that would block the event loop, and with it all other requests.

Native code that parses untrusted bytes may crash, so it runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
MIN_ROWS_FOR_THREAD = 10_000
"""Number of rows from which a list is sorted or filtered in a thread."""
MIN_BYTES_FOR_THREAD = 2**20
"""Size of a body, in bytes, from which it is read in a thread; reading it takes milliseconds."""
SWITCH_INTERVAL_SECONDS = 0.0005
"""Seconds after which a thread has to release the interpreter to another one that waits."""
BOOTSTRAP_CODE = (
    "import sys; sys.path[:] = sys.argv.pop(1).split(sys.argv.pop(1));"
    "from importlib import import_module; import_module(sys.argv.pop(1)).main()"
)


async def run_in_thread_if(heavy: bool, work: Callable[[], T]) -> T:
    """Return the result of `work`, which runs in a thread if it is `heavy`.

    `work` must only read records, which are immutable, and change nothing.
    """
    # For little work the thread itself costs more, and a handler that does not wait is atomic.
    return await asyncio.to_thread(work) if heavy else work()


def shorten_switch_interval() -> None:
    """Set SWITCH_INTERVAL_SECONDS as the interpreter's switch interval.

    The event loop needs the interpreter several times per request. With Python's default of 5 ms,
    requests would queue while a thread works. A call into C is not interrupted, so work in a thread
    has to consist of short ones.
    """
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)


def start_process(module: str) -> subprocess.Popen[bytes]:
    """Start and return a Python process with pipes that runs `main()` of a module.

    It has the import paths of this process. The caller has to end it with `end_process`.
    """
    # Not `multiprocessing`: its "spawn" imports the main module again, its "fork" copies locks that
    # other threads hold. Without `site` (-S), Python starts in a fraction of the time.
    words = ["-I", "-S", "-c", BOOTSTRAP_CODE, os.pathsep.join(sys.path), os.pathsep, module]
    return subprocess.Popen(  # noqa: S603 - a fixed command
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
        with suppress(OSError):  # closing flushes input that the dead process can no longer read
            pipe.close()
