"""`--workers N`: the same verdict from several processes, which do not get in each other's way."""

from __future__ import annotations

import argparse
import io
from collections import deque
from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.options import option_parser
from contract_tests.reporting import Report
from contract_tests.results.record import Record
from contract_tests.results.scope import Share
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation
from contract_tests.runner import workers
from contract_tests.runner.workers import Outcome
from contract_tests.target.target import Unfit
from tests.contract_tests.checks.test_custom_checks import GROUP, wrong_status
from tests.contract_tests.faulty_server import spoiled
from tests.contract_tests.run_check import QUICK, RULE, check

SHARE = Share("full", 1, 0)
OPTIONS = argparse.Namespace(
    target="http://127.0.0.1:1", shard=(1, 1), workers=2, seed=1, max_examples=1, fail_fast=False
)


class Fake:
    """A worker's process and both ends of its pipe: says what it is given, step by step."""

    def __init__(self, *says: object) -> None:
        self.says = deque(says)
        self.told: list[str] = []

    def recv(self) -> object:
        """Its next word; an end without one if it has none left."""
        if not self.says:
            raise EOFError
        word = self.says.popleft()
        if isinstance(word, BaseException):
            raise word
        return word

    def send(self, word: str) -> None:
        """Let it go on."""
        self.told.append(word)

    def terminate(self) -> None:
        """Ask it to end: it gives its account."""
        self.told.append("terminate")

    def kill(self) -> None:
        """End it."""
        self.told.append("kill")
        self.says.clear()


def outcome(number: int, *violations: Violation, ended: str = "") -> Outcome:
    """The account of one of two workers."""
    return Outcome(
        Record(
            "http://127.0.0.1:1", "full", "curated", 1, 1,
            shard=(number, 2), violations=[*violations], ended=ended,
        )
    )  # fmt: skip


def ended(monkeypatch: pytest.MonkeyPatch, *fakes: Fake, **options: Any) -> tuple[Outcome, str]:
    """What a crew of these comes to, and what is printed."""
    silent = [fake for fake in fakes if not fake.says]
    assert not silent
    monkeypatch.setattr(workers, "wait", lambda pipes: [p for p in pipes if may_speak(p)])
    out = io.StringIO()
    given: list[Any] = [workers._Worker(fake, fake) for fake in fakes]  # type: ignore[arg-type]

    def may_speak(pipe: Fake) -> bool:
        worker = next(each for each in given if each.pipe is pipe)
        return not worker.waits

    crew = workers._Crew(argparse.Namespace(**{**vars(OPTIONS), **options}), Report(out), given)
    return crew.see_to_the_end(), out.getvalue()


def test_what_is_not_an_operation_has_the_target_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody goes on before all wait or are done, and then one after the other."""
    turns: list[str] = []
    first = Fake(workers._Begun("u", SHARE), workers._Waiting(), outcome(1))
    second = Fake(workers._Begun("u", SHARE), workers._Waiting(), outcome(2))
    monkeypatch.setattr(first, "send", lambda _: turns.append(f"first of {len(second.says)}"))
    monkeypatch.setattr(second, "send", lambda _: turns.append(f"second of {len(first.says)}"))
    ended(monkeypatch, first, second)
    # The second one waits, its account not given; when it goes on, the first one has given its own.
    assert turns == ["first of 1", "second of 0"]


def test_the_first_violation_ends_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--fail-fast` the others are told to end, and their accounts are judged too."""
    violation = Violation("getGroup", Kind.NO_ANSWER)
    first = Fake(workers._Begun("u", SHARE), outcome(1, violation, ended="stopped at the first"))
    second = Fake(workers._Begun("u", SHARE), workers._Waiting(), outcome(2, ended="interrupted"))
    monkeypatch.setattr(second, "send", lambda _: None)
    found, _ = ended(monkeypatch, first, second, fail_fast=True)
    assert found.record.violations == [violation]
    assert found.record.ended == "stopped at the first violation"
    assert not found.interrupted
    assert "terminate" in second.told


def test_ctrl_c_collects_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is told once to end, cleans up and gives its account; the user ended the run."""
    first = Fake(workers._Begun("u", SHARE), KeyboardInterrupt(), outcome(1, ended="interrupted"))
    second = Fake(workers._Begun("u", SHARE), outcome(2, ended="interrupted"))
    found, _ = ended(monkeypatch, first, second)
    assert found.interrupted
    assert found.record.ended == "interrupted"
    assert first.told == ["terminate"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((workers._Failed("refused the credentials"),), "refused the credentials"),
        ((workers._Begun("u", SHARE),), "a worker ended without a word"),
    ],
)
def test_a_worker_that_cannot_go_on_ends_all(
    monkeypatch: pytest.MonkeyPatch, words: tuple[object, ...], why: str
) -> None:
    """One reason is given, not one a worker, and nothing is judged without its part."""
    second = Fake(
        workers._Begun("u", SHARE), workers._Begun("u", SHARE), outcome(2, ended="interrupted")
    )
    with pytest.raises(Unfit, match=why):
        ended(monkeypatch, Fake(*words), second)
    assert "terminate" in second.told


@pytest.mark.whole
def test_two_workers_share_a_server() -> None:
    """Operations at the same time, the rest in turn; one verdict, whole lines of progress."""
    only = ("--only", f"getGroup,deleteGroup,{RULE}", *QUICK)
    with spoiled("GET", GROUP, wrong_status) as address:
        shared = check("--target", address, *only, "--workers", "2")
    assert shared.code == 1, shared.err
    assert ("getGroup", "Undocumented status code") in shared.shown
    assert {name for name, _ in shared.violations} <= {"getGroup", RULE}
    assert {"getGroup", "deleteGroup", "links", "chains"} <= shared.progress.keys()
    assert (
        f"Checking {address} by 2 workers: profile full: 2 of {len(operations())} operations"
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
    """Each core has a worker with a mock of its own; one for a target, and for a little work."""
    monkeypatch.setattr(workers, "cores", lambda: 2)
    assert workers.number_of(option_parser().parse_args(given)) == number


def test_a_machine_of_many_cores_gets_four_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """More are started only when they are asked for."""
    monkeypatch.setattr(workers, "cores", lambda: 64)
    assert workers.number_of(option_parser().parse_args([])) == 4
