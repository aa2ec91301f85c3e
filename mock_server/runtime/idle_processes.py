"""Idle processes for reuse: starting one takes longer than most jobs."""

from __future__ import annotations

import subprocess
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mock_server.runtime.threads import end_process, start_process


class IdleProcesses:
    """Idle processes, all of one module."""

    def __init__(self, most: int = 0) -> None:
        """Keep so many at most; without any, each job starts a process and ends it."""
        self._most = most
        self._lock = threading.Lock()
        self._idle: list[subprocess.Popen[bytes]] = []
        # Also for a mock that is not closed but forgotten.
        weakref.finalize(self, _end_processes, self._idle)

    @contextmanager
    def process(
        self, module: str, is_fit: Callable[[subprocess.Popen[bytes]], bool]
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Yield an idle process, else a new one that runs `main()` of the module.

        It is kept afterwards when the job has come to its end, there is room, and `is_fit` says
        that another job would find it as new; else it is killed.
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
        """End the idle ones, and keep no more."""
        with self._lock:
            self._most = 0
            _end_processes(self._idle)

    def _pop_idle(self) -> subprocess.Popen[bytes] | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                process = self._idle.pop()
            if process.poll() is None:
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
