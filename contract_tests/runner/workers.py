"""Workers: processes that share a run and are judged together."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from contract_tests.checks.completeness import judge_completeness
from contract_tests.contract.operations import select_operations, select_rules
from contract_tests.reporting import TerminalReport
from contract_tests.results.check_scope import CheckScope
from contract_tests.runner.merge import merge_shards
from contract_tests.runner.setup import profile_of
from contract_tests.runner.worker_process import (
    RunStarted,
    TestFinished,
    TurnRequested,
    WorkerFailed,
    WorkerResult,
    run_shard_in_worker,
)
from contract_tests.target.target import CannotCheckError

MAX_DEFAULT_WORKERS = 4
"""Maximum number of workers by default; starting more takes longer than it saves."""
MIN_TESTS_PER_WORKER = 30
"""Number of operations and rules below which another worker is not worth its start."""
WORKER_EXIT_TIMEOUT = 5.0
"""Seconds that a worker may take to exit after its result."""


def worker_count(options: argparse.Namespace, cores: int | None = None) -> int:
    """Return the number of workers: the option, or by default as many as save time on `cores`.

    With a mock of its own, each worker's requests are reproducible whatever the others do. On one
    server they would interleave, so the default is one worker there.
    """
    if options.workers:
        return int(options.workers)
    if options.target:
        return 1
    tests = len(select_operations(options.only)) + len(select_rules(options.only))
    return max(
        1, min(cores or available_cores(), MAX_DEFAULT_WORKERS, tests // MIN_TESTS_PER_WORKER)
    )


def available_cores() -> int:
    """Return the number of processor cores available to this process."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_in_workers(options: argparse.Namespace, report: TerminalReport) -> WorkerResult:
    """Share the run among `worker_count(options)` processes, with one shard each.

    Without a target, each has a mock of its own. On a target that they write to, they test
    operations at the same time, and take turns with links, chains, rules and the clock. Raises
    CannotCheckError if one of them cannot start.
    """
    begun = time.monotonic()
    crew = _WorkerPool(options, report)
    with _started_workers(options) as crew.workers:
        outcome = crew.wait_for_workers()
    number, total = options.shard
    merged = replace(outcome.record, shard=(number, total), seconds=time.monotonic() - begun)
    return replace(outcome, record=judge_completeness(merged))


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    waits: bool = False
    outcome: WorkerResult | None = None
    failed: str | None = None

    @property
    def is_done(self) -> bool:
        return self.outcome is not None or self.failed is not None


@dataclass
class _WorkerPool:
    """The workers as seen by the process that prints and judges."""

    options: argparse.Namespace
    report: TerminalReport
    workers: Sequence[_Worker] = ()
    stopped: str = ""
    """Why the remaining workers were told to end."""
    _begun: list[RunStarted] = field(default_factory=list)
    _held: list[TestFinished] = field(default_factory=list)

    def wait_for_workers(self) -> WorkerResult:
        """Print messages of the workers until the last one has ended; raises CannotCheckError."""
        while any(not worker.is_done for worker in self.workers):
            try:
                self._receive_messages()
            except KeyboardInterrupt:
                self._stop_workers("interrupted")
        outcomes = [worker.outcome for worker in self.workers if worker.outcome]
        failures = [worker.failed for worker in self.workers if worker.failed]
        if failures:
            raise CannotCheckError(failures[0])
        if not outcomes:
            raise KeyboardInterrupt
        total = len(outcomes)
        shards = [
            replace(outcome.record, shard=(number, total))
            for number, outcome in enumerate(outcomes, 1)
        ]
        record = merge_shards(shards)
        return WorkerResult(
            replace(record, ended=self.stopped or record.ended),
            next((outcome.gone for outcome in outcomes if outcome.gone), None),
            self.stopped == "interrupted",
        )

    def _receive_messages(self) -> None:
        pipes = {worker.pipe: worker for worker in self.workers if not worker.is_done}
        for pipe in wait(list(pipes)):
            worker = pipes[pipe]  # type: ignore[index]
            try:
                self._handle_message(worker, worker.pipe.recv())
            except EOFError:
                worker.failed = "" if self.stopped else "a worker ended without a result"
            if worker.failed:
                self._stop_workers("a worker failed")
        self._grant_turn()

    def _handle_message(self, worker: _Worker, message: object) -> None:
        match message:
            case RunStarted():
                self._begun.append(message)
                if len(self._begun) == len(self.workers):
                    self._report_start()
            case TestFinished():
                self._held.append(message)
            case TurnRequested():
                worker.waits = True
            case WorkerFailed(why):
                worker.failed = why
            case WorkerResult():
                worker.outcome = message
                if self.options.fail_fast and message.record.violations:
                    self._stop_workers("stopped at the first violation")
        if len(self._begun) == len(self.workers):
            self._report_tests()

    def _report_start(self) -> None:
        url = self._begun[0].url if self.options.target else "one mock each"
        total = CheckScope.merged(each.scope for each in self._begun)
        where, options = f"{url} with {len(self.workers)} workers", self.options
        self.report.write_start(where, total, options.seed, options.max_examples)

    def _report_tests(self) -> None:
        for one in self._held:
            self.report.write_test(one.name, one.statuses, one.seconds, violated=one.violated)
        self._held.clear()

    def _grant_turn(self) -> None:
        """Let a waiting worker continue once all others wait or are done."""
        waiting = [worker for worker in self.workers if worker.waits]
        if waiting and all(worker.waits or worker.is_done for worker in self.workers):
            waiting[0].waits = False
            waiting[0].pipe.send("go")

    def _stop_workers(self, why: str) -> None:
        """End the other workers, which still clean up and return results.

        Kill them the second time.
        """
        for worker in self.workers:
            if not worker.is_done and self.stopped != why:
                worker.process.terminate()
            elif not worker.is_done and why == "interrupted":
                worker.process.kill()
            worker.waits = False
        self.stopped = self.stopped or why


@contextmanager
def _started_workers(options: argparse.Namespace) -> Iterator[list[_Worker]]:
    context: Any = multiprocessing.get_context(_start_method())
    number, total = options.shard
    count = worker_count(options)
    given = argparse.Namespace(**{**vars(options), "rate": options.rate / count})  # of the run
    takes_turns = bool(options.target) and profile_of(options) == "full"
    workers: list[_Worker] = []
    # Inherited: Ctrl-C reaches all processes of the terminal, and only this one reacts.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for each in range(count):
            ours, theirs = context.Pipe()
            shard = (number + total * each, total * count)
            process = context.Process(
                target=run_shard_in_worker, args=(given, shard, takes_turns, theirs), daemon=True
            )
            process.start()
            theirs.close()
            workers.append(_Worker(process, ours))
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        yield workers
    finally:
        for worker in workers:
            worker.process.join(WORKER_EXIT_TIMEOUT)
            worker.process.kill()
            worker.pipe.close()


def _start_method() -> str:
    """Return "fork" if this process has nothing that must not be copied, else "spawn"."""
    # Forked workers do not import everything again, which takes a second. At the start of a run
    # there is no connection yet; a thread could hold a lock, which would never be released.
    can_fork = sys.platform == "linux" and threading.active_count() == 1
    return "fork" if can_fork else "spawn"
