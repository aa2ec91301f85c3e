"""Processes that work for requests: limited in number, ended with the mock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

from mock_server.errors import ClientDisconnected, ErrorDetail, ServiceUnavailable
from mock_server.runtime.idle_processes import IdleProcesses
from mock_server.runtime.memory_budget import MAX_RESPONSE_MEMORY, MemoryBudget

T = TypeVar("T")
WAIT_FOR_DISCONNECT: ContextVar[Callable[[], Awaitable[Any]]] = ContextVar("caller")
"""What ends when the caller of the present request has gone away, once its body is read."""
MAX_FILE_READERS = max(1, min(4, os.cpu_count() or 1))
"""Member files of so many requests are read at once."""
MAX_LONG_LISTS = 2
"""Long lists that are made at the same time: more threads would not end sooner."""
MAX_QUEUED_JOBS = 200
RETRY_AFTER_SECONDS = "1"


class JobCancelledError(Exception):
    """A job must stop: its caller has disconnected, or the mock is shutting down."""


class WorkerJob:
    """A piece of work in a thread, with the processes that it starts."""

    def __init__(self, spares: IdleProcesses | None = None) -> None:
        """Take processes from `spares`, and leave them there."""
        self._spares = spares or IdleProcesses()
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    @contextmanager
    def start_process(
        self, module: str, is_fit: Callable[[subprocess.Popen[bytes]], bool] = lambda _: False
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run a module in a process (IdleProcesses.process) for as long as the job may go on.

        Raises JobCancelledError, also instead of whatever a killed process leads to.
        """
        self.check()
        with self._spares.process(module, is_fit) as process:
            with self._lock:
                self._processes.add(process)
                if self._ended:
                    process.kill()
            try:
                yield process
            except Exception as error:
                if self._ended:
                    raise JobCancelledError from error
                raise
            finally:
                with self._lock:
                    self._processes.discard(process)
        self.check()

    def check(self) -> None:
        """Raise JobCancelledError when it may not go on."""
        if self._ended:
            raise JobCancelledError

    def end(self) -> None:
        """Kill what has been started; nothing more is."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                process.kill()


class WorkerPool:
    """Threads of their own for jobs of one kind."""

    def __init__(self, at_once: int, queue: int = MAX_QUEUED_JOBS, spares: int = 0) -> None:
        """Do so many jobs at once, while at most `queue` others wait; keep so many processes."""
        self._spares = IdleProcesses(spares)
        self._at_once = at_once
        self._queue = queue
        self._free = asyncio.Semaphore(at_once)
        self._threads: ThreadPoolExecutor | None = None
        self._under_way: dict[WorkerJob, asyncio.Future[None]] = {}
        self._closed = False

    async def run(self, work: Callable[..., T]) -> T:
        """The result of `work(job=...)`, in a thread.

        Raises ServiceUnavailable when too many wait or the mock shuts down first, and
        ClientDisconnected when the caller disconnects; then the processes of the job are killed.
        """
        if self._closed:
            raise shutdown_error()
        if len(self._under_way) >= self._at_once + self._queue:
            raise ServiceUnavailable(
                ErrorDetail("/header", "busy", f"<= {self._queue}"),
                headers={"Retry-After": RETRY_AFTER_SECONDS},
            )
        job, closing = WorkerJob(self._spares), asyncio.get_running_loop().create_future()
        self._under_way[job] = closing
        task = asyncio.ensure_future(self._run(job, work))
        gone = asyncio.ensure_future(_wait_for_disconnect())
        try:
            await asyncio.wait({task, gone, closing}, return_when=asyncio.FIRST_COMPLETED)
            if closing.done():
                raise shutdown_error()
            if not task.done():
                raise ClientDisconnected
            return task.result()
        finally:
            del self._under_way[job]
            gone.cancel()
            if not task.done():
                job.end()
                task.cancel()

    async def _run(self, job: WorkerJob, work: Callable[..., T]) -> T:
        async with self._free:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._at_once, "worker")
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(work, job=job)
            )

    def close(self) -> None:
        """End all jobs, and take no more."""
        self._closed = True
        self._spares.close()
        for job, closing in self._under_way.items():
            job.end()
            if not closing.done():
                closing.set_result(None)


class SharedCapacity:
    """Resources shared by the requests of a mock: processes of each kind, and room for bodies."""

    def __init__(self) -> None:
        """Start nothing; processes begin when they are needed."""
        self.readers = WorkerPool(MAX_FILE_READERS, spares=1)
        self.json = WorkerPool(1)
        """One at a time, since each may take half of the memory that all may take."""
        self.bodies = MemoryBudget()
        self.answers = MemoryBudget(MAX_RESPONSE_MEMORY)
        self.turn = asyncio.Semaphore(MAX_LONG_LISTS)
        """To make a long list, in a thread."""

    def close(self) -> None:
        """End every process."""
        self.readers.close()
        self.json.close()


def shutdown_error() -> ServiceUnavailable:
    """Return the refusal of requests that are unfinished when the mock shuts down."""
    return ServiceUnavailable(
        ErrorDetail("/header", "leaving"),
        headers={"Connection": "close", "Retry-After": RETRY_AFTER_SECONDS},
    )


async def _wait_for_disconnect() -> None:
    """Return when the caller has disconnected; without a caller, never."""
    caller = WAIT_FOR_DISCONNECT.get(None)
    if caller is None:
        await asyncio.get_running_loop().create_future()
    else:
        with suppress(Exception):
            await caller()
