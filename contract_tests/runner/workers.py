"""A run shared among processes: each does a part of it, and they are judged together."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from contract_tests.checks.completeness import without_gaps
from contract_tests.contract.operations import choose, choose_rules
from contract_tests.reporting import Report
from contract_tests.results.record import Record
from contract_tests.results.scope import Share
from contract_tests.runner.garbage_collection import collect_seldom
from contract_tests.runner.merge import merge
from contract_tests.runner.pytest_plugin import conduct
from contract_tests.runner.run import Run
from contract_tests.runner.setup import opened, profile_of
from contract_tests.runner.signals import terminable
from contract_tests.target.target import Unfit
from openapi import ContractError

MOST = 4
"""Workers that are started unasked: from then on, to start one takes longer than what it saves."""
FEW = 30
"""Operations and rules for which a worker is not worth its start."""
SECONDS = 5.0
"""How long a worker that has said its last word may take to end."""


@dataclass(frozen=True)
class Outcome:
    """What came of a run. gone: why the target could not be checked to the end, if it could not."""

    record: Record
    gone: Unfit | None = None
    interrupted: bool = False

    @classmethod
    def of(cls, run: Run, record: Record) -> Outcome:
        """That of a run in this process; who has ended it, if not the run, is the user."""
        return cls(record, run.gone, bool(record.ended and not run.ended))


@dataclass(frozen=True)
class _Begun:
    url: str
    share: Share


@dataclass(frozen=True)
class _Tested:
    name: str
    statuses: Counter[int]
    seconds: float
    violated: bool


@dataclass(frozen=True)
class _Waiting:
    pass


@dataclass(frozen=True)
class _Failed:
    why: str


def number_of(options: argparse.Namespace) -> int:
    """Return the number of workers of a run: as given, else as many as save time.

    A mock of its own for each makes the requests of each reproducible, whatever the others do. On
    one server they would interleave, so that one worker is the default there.
    """
    if options.workers:
        return int(options.workers)
    if options.target:
        return 1
    tests = len(choose(options.only)) + len(choose_rules(options.only))
    return max(1, min(cores(), MOST, tests // FEW))


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def share(options: argparse.Namespace, report: Report) -> Outcome:
    """Let `number_of(options)` processes do the run, each a shard of it.

    Without a target each has a mock of its own. A target that they write to is shared while they
    test operations; links, chains, rules and its time each has to itself, one after the other.
    Raises Unfit when one of them cannot begin.
    """
    begun = time.monotonic()
    crew = _Crew(options, report)
    with _started(options) as crew.workers:
        outcome = crew.see_to_the_end()
    number, total = options.shard
    merged = replace(outcome.record, shard=(number, total), seconds=time.monotonic() - begun)
    return replace(outcome, record=without_gaps(merged))


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    waits: bool = False
    outcome: Outcome | None = None
    failed: str | None = None

    @property
    def is_done(self) -> bool:
        return self.outcome is not None or self.failed is not None


@dataclass
class _Crew:
    """The workers, as the process sees them that prints and judges."""

    options: argparse.Namespace
    report: Report
    workers: Sequence[_Worker] = ()
    stopped: str = ""
    """Why those that are still at work were told to end."""
    _begun: list[_Begun] = field(default_factory=list)
    _held: list[_Tested] = field(default_factory=list)

    def see_to_the_end(self) -> Outcome:
        """Print what they tell, until the last one has ended; raises Unfit."""
        while any(not worker.is_done for worker in self.workers):
            try:
                self._listen()
            except KeyboardInterrupt:
                self._stop("interrupted")
        outcomes = [worker.outcome for worker in self.workers if worker.outcome]
        failures = [worker.failed for worker in self.workers if worker.failed]
        if failures:
            raise Unfit(failures[0])
        if not outcomes:
            raise KeyboardInterrupt
        total = len(outcomes)
        shards = [
            replace(outcome.record, shard=(number, total))
            for number, outcome in enumerate(outcomes, 1)
        ]
        record = merge(shards)
        return Outcome(
            replace(record, ended=self.stopped or record.ended),
            next((outcome.gone for outcome in outcomes if outcome.gone), None),
            self.stopped == "interrupted",
        )

    def _listen(self) -> None:
        pipes = {worker.pipe: worker for worker in self.workers if not worker.is_done}
        for pipe in wait(list(pipes)):
            worker = pipes[pipe]  # type: ignore[index]
            try:
                self._hear(worker, worker.pipe.recv())
            except EOFError:
                worker.failed = "" if self.stopped else "a worker ended without a word"
            if worker.failed:
                self._stop("a worker could not go on")
        self._give_turn()

    def _hear(self, worker: _Worker, message: object) -> None:
        match message:
            case _Begun():
                self._begun.append(message)
                if len(self._begun) == len(self.workers):
                    self._begin()
            case _Tested():
                self._held.append(message)
            case _Waiting():
                worker.waits = True
            case _Failed(why):
                worker.failed = why
            case Outcome():
                worker.outcome = message
                if self.options.fail_fast and message.record.violations:
                    self._stop("stopped at the first violation")
        if len(self._begun) == len(self.workers):
            self._tell()

    def _begin(self) -> None:
        number = len(self.workers)
        where = self._begun[0].url if self.options.target else "a mock each"
        total = Share.whole(each.share for each in self._begun)
        options = self.options
        self.report.begin(f"{where} by {number} workers", total, options.seed, options.max_examples)

    def _tell(self) -> None:
        for each in self._held:
            self.report.done(each.name, each.statuses, each.seconds, violated=each.violated)
        self._held.clear()

    def _give_turn(self) -> None:
        """Let one that waits go on, once nobody else is at work."""
        waiting = [worker for worker in self.workers if worker.waits]
        if waiting and all(worker.waits or worker.is_done for worker in self.workers):
            waiting[0].waits = False
            waiting[0].pipe.send("go")

    def _stop(self, why: str) -> None:
        """Tell the others to end; they still clean up and give their account. Again: at once."""
        for worker in self.workers:
            if not worker.is_done and self.stopped != why:
                worker.process.terminate()
            elif not worker.is_done and why == "interrupted":
                worker.process.kill()
            worker.waits = False
        self.stopped = self.stopped or why


@contextmanager
def _started(options: argparse.Namespace) -> Iterator[list[_Worker]]:
    context = multiprocessing.get_context("spawn")
    number, total = options.shard
    count = number_of(options)
    given = argparse.Namespace(**{**vars(options), "rate": options.rate / count})
    takes_turns = bool(options.target) and profile_of(options) == "full"
    workers: list[_Worker] = []
    # Inherited: Ctrl-C reaches this process alone, which then tells them.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for each in range(count):
            ours, theirs = context.Pipe()
            shard = (number + total * each, total * count)
            process = context.Process(
                target=_work, args=(given, shard, takes_turns, theirs), daemon=True
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
            worker.process.join(SECONDS)
            worker.process.kill()
            worker.pipe.close()


def _work(
    options: argparse.Namespace, shard: tuple[int, int], takes_turns: bool, pipe: Connection
) -> None:
    """What a worker does: its shard, told step by step."""
    collect_seldom()
    try:
        with terminable(), opened(options, shard) as run:
            if takes_turns:
                run.turn = lambda: _wait_for_turn(pipe)
            pipe.send(Outcome.of(run, conduct(run, _Relay(pipe))))
    except Unfit as error:
        pipe.send(_Failed(str(error)))
    except ContractError as error:
        pipe.send(_Failed(f"broken contract: {error}"))
    except KeyboardInterrupt:
        pipe.send(_Failed(""))


def _wait_for_turn(pipe: Connection) -> None:
    pipe.send(_Waiting())
    pipe.recv()


class _Relay(Report):
    """Tells the process that prints."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def begin(self, url: str, share: Share, seed: int, examples: int) -> None:
        del seed, examples  # everybody's
        self._pipe.send(_Begun(url, share))

    def done(self, name: str, statuses: Counter[int], seconds: float, *, violated: bool) -> None:
        self._pipe.send(_Tested(name, statuses, seconds, violated))
