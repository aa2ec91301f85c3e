"""Worker processes of requests, limited in number and ended with the mock."""

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
"""Function that returns when the client of the current request disconnects.

Set after the body has been read: ASGI's `receive` then waits for the disconnect.
"""
MAX_FILE_READERS = max(1, min(4, os.cpu_count() or 1))
"""Maximum number of requests whose member files are read at the same time."""
MAX_LONG_LISTS = 2
"""Maximum number of long lists that are encoded at the same time; more threads share one lock."""
MAX_QUEUED_JOBS = 200
"""Maximum number of requests that wait for a process; further ones get a 503."""
RETRY_AFTER_SECONDS = "1"


class JobCancelledError(Exception):
    """A job must stop: its caller has disconnected, or the mock is shutting down."""


class WorkerJob:
    """Work in a thread, with the processes that it starts."""

    def __init__(self, spares: IdleProcesses | None = None) -> None:
        """Take processes from `spares`, and return them there."""
        self._spares = spares or IdleProcesses()
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._ended = False

    @contextmanager
    def start_process(
        self, module: str, is_fit: Callable[[subprocess.Popen[bytes]], bool] = lambda _: False
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Yield a process that runs a module, as IdleProcesses.borrow_process does.

        Raises JobCancelledError if the job is ended, also in place of an error that the killed
        process causes.
        """
        self.check()
        with self._spares.borrow_process(module, is_fit) as process:
            with self._lock:
                self._processes.add(process)
                if self._ended:  # between `check` and here, so `end` did not see the process
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
        """Raise JobCancelledError if the job has been ended."""
        if self._ended:
            raise JobCancelledError

    def end(self) -> None:
        """Kill the job's processes, and prevent further ones."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                process.kill()


class WorkerPool:
    """Threads for jobs of one kind."""

    def __init__(self, at_once: int, queue: int = MAX_QUEUED_JOBS, spares: int = 0) -> None:
        """Run `at_once` jobs while at most `queue` wait, and keep up to `spares` idle processes."""
        self._spares = IdleProcesses(spares)
        self._at_once = at_once
        self._queue = queue
        self._free = asyncio.Semaphore(at_once)
        self._threads: ThreadPoolExecutor | None = None
        self._under_way: dict[WorkerJob, asyncio.Future[None]] = {}
        self._closed = False

    async def run(self, work: Callable[..., T]) -> T:
        """Run `work(job=...)` in a thread, and return its result.

        Raises ServiceUnavailable if too many jobs wait or the mock shuts down, and
        ClientDisconnected if the client disconnects; the processes of the job are then killed.
        """
        if self._closed:
            raise shutdown_error()
        # A 503 now is better than a response after the client's timeout.
        if len(self._under_way) >= self._at_once + self._queue:
            raise ServiceUnavailable(
                ErrorDetail("/header", "busy", f"<= {self._queue}"),
                headers={"Retry-After": RETRY_AFTER_SECONDS},
            )
        job, closing = WorkerJob(self._spares), asyncio.get_running_loop().create_future()
        self._under_way[job] = closing
        task = asyncio.ensure_future(self._run(job, work))
        gone = asyncio.ensure_future(wait_for_disconnect())
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
                # A thread cannot be cancelled, but its work fails when its processes are killed.
                job.end()
                task.cancel()

    async def _run(self, job: WorkerJob, work: Callable[..., T]) -> T:
        # Waiting here, and not in the queue of the executor, a job can be cancelled.
        async with self._free:
            if self._threads is None:  # most mocks never need the threads
                self._threads = ThreadPoolExecutor(self._at_once, "worker")
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(work, job=job)
            )

    def close(self) -> None:
        """End all jobs, and refuse further ones."""
        self._closed = True
        self._spares.close()
        for job, closing in self._under_way.items():
            job.end()
            if not closing.done():
                closing.set_result(None)


class SharedCapacity:
    """Resources that the requests of a mock share: processes of each kind, memory for bodies."""

    def __init__(self) -> None:
        """Create the pools; processes are started when they are needed."""
        self.readers = WorkerPool(MAX_FILE_READERS, spares=1)
        self.json = WorkerPool(1)
        """Reads one body at a time, because each may take half of the memory for all."""
        self.bodies = MemoryBudget()
        self.answers = MemoryBudget(MAX_RESPONSE_MEMORY)
        self.turn = asyncio.Semaphore(MAX_LONG_LISTS)
        """Held while a long list is encoded in a thread."""

    def close(self) -> None:
        """End every process."""
        self.readers.close()
        self.json.close()


def shutdown_error() -> ServiceUnavailable:
    """Return the error for requests that are incomplete when the mock shuts down."""
    return ServiceUnavailable(
        ErrorDetail("/header", "leaving"),
        headers={"Connection": "close", "Retry-After": RETRY_AFTER_SECONDS},
    )


async def wait_for_disconnect() -> None:
    """Return when the client has disconnected; never return if there is no client."""
    caller = WAIT_FOR_DISCONNECT.get(None)
    if caller is None:
        await asyncio.get_running_loop().create_future()
    else:
        with suppress(Exception):
            await caller()
