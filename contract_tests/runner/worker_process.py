"""A worker process: runs one shard, and sends messages to the process that prints."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from multiprocessing.connection import Connection

from contract_tests.reporting import TerminalReport
from contract_tests.results.check_scope import CheckScope
from contract_tests.results.record import RunRecord
from contract_tests.runner.check_run import CheckRun
from contract_tests.runner.garbage_collection import reduce_garbage_collection
from contract_tests.runner.pytest_plugin import run_tests
from contract_tests.runner.setup import open_run
from contract_tests.runner.signals import sigterm_as_interrupt
from contract_tests.target.target import CannotCheckError
from openapi import ContractError


@dataclass(frozen=True)
class WorkerResult:
    """Result of a run. gone: why the target could not be checked to the end, else None."""

    record: RunRecord
    gone: CannotCheckError | None = None
    interrupted: bool = False

    @classmethod
    def of(cls, run: CheckRun, record: RunRecord) -> WorkerResult:
        """Return the result of a run here; if something else has ended it, that was the user."""
        return cls(record, run.gone, bool(record.ended and not run.ended))


@dataclass(frozen=True)
class RunStarted:
    """Message: the target is ready. url: its address; scope: what the shard is going to check."""

    url: str
    scope: CheckScope


@dataclass(frozen=True)
class TestFinished:
    """Message: a test has ended. statuses: its responses by status; seconds: its duration."""

    name: str
    statuses: Counter[int]
    seconds: float
    violated: bool


@dataclass(frozen=True)
class TurnRequested:
    """Message: the worker waits until no other one uses the target."""


@dataclass(frozen=True)
class WorkerFailed:
    """Message: there is no result. why: for the user; empty after an interruption."""

    why: str


def run_shard_in_worker(
    options: argparse.Namespace, shard: tuple[int, int], takes_turns: bool, pipe: Connection
) -> None:
    """Run one shard in a worker process, and send messages about each step."""
    reduce_garbage_collection()
    try:
        with sigterm_as_interrupt(), open_run(options, shard) as run:
            if takes_turns:
                run.turn = lambda: _wait_for_turn(pipe)
            pipe.send(WorkerResult.of(run, run_tests(run, _PipeReport(pipe))))
    except CannotCheckError as error:
        pipe.send(WorkerFailed(str(error)))
    except ContractError as error:
        pipe.send(WorkerFailed(f"broken contract: {error}"))
    except KeyboardInterrupt:
        pipe.send(WorkerFailed(""))


def _wait_for_turn(pipe: Connection) -> None:
    pipe.send(TurnRequested())
    pipe.recv()


class _PipeReport(TerminalReport):
    """Report that sends its messages to the process that prints."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def write_start(self, url: str, scope: CheckScope, seed: int, examples: int) -> None:
        del seed, examples  # the same for all workers
        self._pipe.send(RunStarted(url, scope))

    def write_test(
        self, name: str, statuses: Counter[int], seconds: float, *, violated: bool
    ) -> None:
        self._pipe.send(TestFinished(name, statuses, seconds, violated))
