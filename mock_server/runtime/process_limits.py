"""Limits of memory and time of a worker process.

POSIX systems enforce them. Windows has neither `resource` nor SIGALRM: memory is not limited there,
and a watchdog thread of Python ends the process. Both also end native code that holds the
interpreter lock. Imports little, because every worker process starts with it.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

PAGE_BYTES = 4096
EXIT_UNEXPECTED = 1
"""Exit code of Python after an exception, with a traceback, and of the watchdog, without output."""


def limit_memory(most: int) -> None:
    """Limit the address space of this process to `most` bytes, and write no core dumps."""
    try:
        import resource  # noqa: PLC0415 - missing on Windows
    except ModuleNotFoundError:
        return
    # A core dump would contain what is read: the data of members.
    for limit, value in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
        # macOS refuses a limit below what is reserved already, which can be hundreds of gigabytes.
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (value, value))


def lower_priority(by: int) -> None:
    """Let the system serve other processes first; has no effect on Windows."""
    if hasattr(os, "nice"):
        os.nice(by)


def address_space_bytes() -> int:
    """Return the address space of this process in bytes; 0 if the system has no /proc."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * PAGE_BYTES
    except OSError:
        return 0


class TimeLimit:
    """Seconds that this process may take; only one limit runs at a time."""

    def __init__(self, seconds: int) -> None:
        """Set the limit, which does not run yet."""
        self._seconds = seconds
        self._begun = 0.0

    def start(self) -> None:
        """End this process once the remaining seconds have passed."""
        if hasattr(signal, "alarm"):
            # Without a handler, so that it also ends native code, which a Python handler would not.
            signal.alarm(self._seconds)
            return
        import faulthandler  # noqa: PLC0415 - needed on Windows only

        self._begun = time.monotonic()
        nowhere = os.open(os.devnull, os.O_WRONLY)  # stays open for the watchdog
        faulthandler.dump_traceback_later(max(self._seconds, 1), exit=True, file=nowhere)

    def stop(self) -> None:
        """Stop, and keep the remaining seconds."""
        if hasattr(signal, "alarm"):
            self._seconds = signal.alarm(0)
            return
        import faulthandler  # noqa: PLC0415 - likewise

        faulthandler.cancel_dump_traceback_later()
        self._seconds -= int(time.monotonic() - self._begun)


def is_failure(exit_code: int, error_output: bytes) -> bool:
    """Return whether a process ended by an exception, that is, a bug; otherwise it hit a limit."""
    return exit_code == EXIT_UNEXPECTED and bool(error_output)
