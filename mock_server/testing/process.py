"""A mock in a process of its own, on a free port of this machine, while a test needs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Unpack

from mock_server.testing.errors import MockStartError
from mock_server.testing.mock import Mock, connect
from mock_server.testing.start_options import StartOptions, command_line
from mock_server.testing.transport import Transport

ENV_PREFIX = "HYPERS_MOCK_"
CHILD_MODULE = "mock_server.testing.child_process"
POLL_SECONDS = 0.01
STOP_SECONDS = 10
"""How long a mock may take to stop: it gives its requests two seconds."""
SHOWN_OUTPUT = 4_000
"""Characters of the mock's output in an error."""


@contextmanager
def running_mock(
    url: str | None = None,
    *,
    start_timeout: float = 60,
    **options: Unpack[StartOptions],
) -> Iterator[Mock]:
    """Start a mock, yield it, and stop it at the end.

    The mock listens on a free port of 127.0.0.1. Its clock is frozen, unless `frozen=False` is
    given. Options are those of `hypers-mock` (`StartOptions`); environment variables of the mock
    are ignored. The process also ends when this one does.

    With a `url`, a mock that is already running is used and not stopped; no other option than
    `admin_token` is then possible. Raises MockStartError with the output of the mock if it is not
    ready after `start_timeout` seconds, and MockConnectionError if none answers at `url`.
    """
    if url is not None:
        yield _connect_to(url, options)
        return
    with mock_process(command_line(options), options.get("admin_token"), start_timeout) as mock:
        yield mock


@contextmanager
def mock_process(
    arguments: Sequence[str], admin_token: str | None = None, start_timeout: float = 60
) -> Iterator[Mock]:
    """Start a mock with these command-line arguments, yield it, and stop it at the end.

    Raises MockStartError.
    """
    with tempfile.TemporaryDirectory(prefix="hypers-mock-", ignore_cleanup_errors=True) as folder:
        ready, output = Path(folder) / "ready", Path(folder) / "output"
        command = [*_child_command(), "--port", "0", "--ready-file", str(ready), *arguments]
        with _child_process(command, output) as process:
            address = _wait_until_ready(process, ready, output, start_timeout)
            yield Mock(Transport.from_url(address, admin_token))


def _connect_to(url: str, options: StartOptions) -> Mock:
    if others := options.keys() - {"admin_token"}:
        raise TypeError(
            f"a mock that is already running has its own options: {', '.join(sorted(others))}; "
            "give scenario, seed and instant to mock.reset() or mock.session()"
        )
    return connect(url, admin_token=options.get("admin_token"))


def _child_command() -> list[str]:
    # -P: without it, modules in the working directory could hide those of the mock.
    return [sys.executable, "-P", "-m", CHILD_MODULE]


@contextmanager
def _child_process(command: Sequence[str], output: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)
    }
    with output.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            stdin=subprocess.PIPE,
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**environment, "PYTHONIOENCODING": "utf-8"},
            # Ctrl-C ends the tests first, which still need the mock to clean up.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the mock to stop, and kill it if it does not."""
    assert process.stdin  # noqa: S101 - it is a pipe
    with suppress(OSError):
        process.stdin.close()
    if os.name == "posix":  # elsewhere, this would kill it
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(
    process: subprocess.Popen[bytes], ready: Path, output: Path, timeout: float
) -> str:
    """Return the address of a mock once it is ready."""
    ends = time.monotonic() + timeout
    while not ready.exists():
        code = process.poll()
        if code is not None or time.monotonic() > ends:
            how = f"is not ready after {timeout:g} seconds"
            if code is not None:
                how = f"ended with exit code {code}"
            raise MockStartError(f"hypers-mock {how}:\n{_output_end(output)}")
        time.sleep(POLL_SECONDS)
    return ready.read_text(encoding="utf-8").strip()


def _output_end(output: Path) -> str:
    return output.read_text(encoding="utf-8", errors="replace")[-SHOWN_OUTPUT:].strip()
