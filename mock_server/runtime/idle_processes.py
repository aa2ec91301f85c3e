"""Idle processes that are kept for reuse, because starting one takes longer than most jobs."""

from __future__ import annotations

import subprocess
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mock_server.runtime.threads import end_process, start_process


class IdleProcesses:
    """Idle processes, all of which run the same module."""

    def __init__(self, most: int = 0) -> None:
        """Keep at most `most` processes; with 0, each job starts and ends its own."""
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        # Ends them for an application that is dropped without `close`, as tests do.
        weakref.finalize(self, _end_processes, self._idle)

    @contextmanager
    def borrow_process(
        self, module: str, is_fit: Callable[[subprocess.Popen[bytes]], bool]
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Yield an idle process, or a new one that runs `main()` of the module.

        Afterwards it is kept if the job raised nothing, fewer than `most` are idle, and `is_fit`
        returns true for it. Otherwise it is killed.
        """
        process = self._pop_idle() or start_process(module)
        kept = False
        try:
            yield process
            kept = self._most > 0 and is_fit(process) and self._return_idle(process)
        finally:
            if not kept:
                end_process(process)

    def close(self) -> None:
        """End the idle processes, and keep none from now on."""
        with self._lock:
            self._most = 0
            _end_processes(self._idle)

    def _pop_idle(self) -> subprocess.Popen[bytes] | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                process = self._idle.pop()
            if process.poll() is None:  # it may have been killed meanwhile, as when memory is short
                return process
            end_process(process)

    def _return_idle(self, process: subprocess.Popen[bytes]) -> bool:
        with self._lock:
            if len(self._idle) >= self._most:
                return False
            self._idle.append(process)
            return True


def _end_processes(idle: list[subprocess.Popen[bytes]]) -> None:
    while idle:
        end_process(idle.pop())
