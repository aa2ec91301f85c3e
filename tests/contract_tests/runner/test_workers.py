"""With `--workers N`, several processes reach the same verdict."""

from __future__ import annotations

import argparse
import io
from collections import deque
from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.options import build_parser
from contract_tests.reporting import TerminalReport
from contract_tests.results.record import RunRecord
from contract_tests.results.scope import CheckScope
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation
from contract_tests.runner import workers
from contract_tests.runner.workers import WorkerResult
from contract_tests.target.target import CannotCheckError
from tests.contract_tests.checks.test_custom_checks import GROUP, wrong_status
from tests.contract_tests.faulty_server import run_faulty_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, run_check

SAMPLE_SHARE = CheckScope("full", 1, 0)
OPTIONS = argparse.Namespace(
    target="http://127.0.0.1:1", shard=(1, 1), workers=2, seed=1, max_examples=1, fail_fast=False
)


class FakeWorker:
    """A worker's process and both ends of its pipe, with prepared messages."""

    def __init__(self, *says: object) -> None:
        self.pending_messages = deque(says)
        self.received: list[str] = []

    def recv(self) -> object:
        """Return the next message; raises EOFError without one."""
        if not self.pending_messages:
            raise EOFError
        word = self.pending_messages.popleft()
        if isinstance(word, BaseException):
            raise word
        return word

    def send(self, word: str) -> None:
        """Let it continue."""
        self.received.append(word)

    def terminate(self) -> None:
        """Ask it to end; it sends its result."""
        self.received.append("terminate")

    def kill(self) -> None:
        """End it."""
        self.received.append("kill")
        self.pending_messages.clear()


def worker_result(number: int, *violations: Violation, ended: str = "") -> WorkerResult:
    """Return the result of one of two workers."""
    return WorkerResult(
        RunRecord(
            "http://127.0.0.1:1", "full", "curated", 1, 1,
            shard=(number, 2), violations=[*violations], ended=ended,
        )
    )  # fmt: skip


def run_worker_pool(
    monkeypatch: pytest.MonkeyPatch, *fakes: FakeWorker, **options: Any
) -> tuple[WorkerResult, str]:
    """Return the result of these workers, and the output."""
    silent = [fake for fake in fakes if not fake.pending_messages]
    assert not silent
    monkeypatch.setattr(workers, "wait", lambda pipes: [p for p in pipes if may_speak(p)])
    out = io.StringIO()
    given: list[Any] = [workers._Worker(fake, fake) for fake in fakes]  # type: ignore[arg-type]

    def may_speak(pipe: FakeWorker) -> bool:
        worker = next(each for each in given if each.pipe is pipe)
        return not worker.waits

    crew = workers._WorkerPool(
        argparse.Namespace(**{**vars(OPTIONS), **options}), TerminalReport(out), given
    )
    return crew.wait_for_workers(), out.getvalue()


def test_what_is_not_an_operation_has_the_target_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker continues before all wait or are done, and then one after the other."""
    turns: list[str] = []
    first = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE), workers._TurnRequested(), worker_result(1)
    )
    second = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE), workers._TurnRequested(), worker_result(2)
    )
    monkeypatch.setattr(
        first, "send", lambda _: turns.append(f"first of {len(second.pending_messages)}")
    )
    monkeypatch.setattr(
        second, "send", lambda _: turns.append(f"second of {len(first.pending_messages)}")
    )
    run_worker_pool(monkeypatch, first, second)
    # The second one waits, its account not given; when it goes on, the first one has given its own.
    assert turns == ["first of 1", "second of 0"]


def test_the_first_violation_ends_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--fail-fast` the other workers are stopped, and their results are merged too."""
    violation = Violation("getGroup", ViolationKind.NO_ANSWER)
    first = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE),
        worker_result(1, violation, ended="stopped at the first"),
    )
    second = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE),
        workers._TurnRequested(),
        worker_result(2, ended="interrupted"),
    )
    monkeypatch.setattr(second, "send", lambda _: None)
    found, _ = run_worker_pool(monkeypatch, first, second, fail_fast=True)
    assert found.record.violations == [violation]
    assert found.record.ended == "stopped at the first violation"
    assert not found.interrupted
    assert "terminate" in second.received


def test_ctrl_c_collects_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker is stopped once, cleans up and sends its result; the user ended the run."""
    first = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE),
        KeyboardInterrupt(),
        worker_result(1, ended="interrupted"),
    )
    second = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE), worker_result(2, ended="interrupted")
    )
    found, _ = run_worker_pool(monkeypatch, first, second)
    assert found.interrupted
    assert found.record.ended == "interrupted"
    assert first.received == ["terminate"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((workers._WorkerFailed("refused the credentials"),), "refused the credentials"),
        ((workers._RunStarted("u", SAMPLE_SHARE),), "a worker ended without a result"),
    ],
)
def test_a_worker_that_cannot_go_on_ends_all(
    monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], why: str
) -> None:
    """One reason is given, and there is no verdict without all results."""
    second = FakeWorker(
        workers._RunStarted("u", SAMPLE_SHARE),
        workers._RunStarted("u", SAMPLE_SHARE),
        worker_result(2, ended="interrupted"),
    )
    with pytest.raises(CannotCheckError, match=why):
        run_worker_pool(monkeypatch, FakeWorker(*words), second)
    assert "terminate" in second.received


@pytest.mark.whole
def test_two_workers_share_a_server() -> None:
    """Operations are tested at the same time, the rest in turn, with one verdict."""
    only = ("--only", f"getGroup,deleteGroup,{SAMPLE_RULE}", *QUICK)
    with run_faulty_mock("GET", GROUP, wrong_status) as address:
        shared = run_check("--target", address, *only, "--workers", "2")
    assert shared.code == 1, shared.err
    assert ("getGroup", "Undocumented status code") in shared.shown
    assert {name for name, _ in shared.violations} <= {"getGroup", SAMPLE_RULE}
    assert {"getGroup", "deleteGroup", "links", "chains"} <= shared.progress.keys()
    assert (
        f"Checking {address} with 2 workers: profile full: 2 of {len(operations())} operations"
        in shared.out
    )


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ((), 2),
        (("--workers", "1"), 1),
        (("--workers", "3"), 3),
        (("--target", "http://127.0.0.1:1"), 1),
        (("--target", "http://127.0.0.1:1", "--workers", "2"), 2),
        (("--only", "createGroup"), 1),
    ],
    ids=str,
)
def test_so_many_workers_as_pay(
    given: tuple[str, ...], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each core has a worker with its own mock; a target or a small run has one worker."""
    monkeypatch.setattr(workers, "available_cores", lambda: 2)
    assert workers.worker_count(build_parser().parse_args(given)) == number


def test_a_machine_of_many_cores_gets_four_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """More workers are started only on request."""
    monkeypatch.setattr(workers, "available_cores", lambda: 64)
    assert workers.worker_count(build_parser().parse_args([])) == 4
