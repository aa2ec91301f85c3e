"""What a probe finds out: the words in which it says so, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.contract.errors import CheckError
from contract_tests.rules.response import ApiResponse

ProbeKind = Literal["accepted", "refused"]
ProbeOutcome = Literal["held", "broken", "open", "not checkable"]
ExpectedRefusal = tuple[str, ApiResponse]
"""A request that breaks a rule: the JSON pointer of what is wrong with it, and the answer to it."""


class RuleViolationError(CheckError):
    """The server did not do what a rule says; the message says what was expected and found.

    answer: the one that is wrong, if it is a single one; expected, actual: the two that differ, if
    it is values that do.
    """

    def __init__(
        self,
        message: str,
        answer: ApiResponse | None = None,
        *,
        expected: str = "",
        actual: str = "",
    ) -> None:
        super().__init__(message)
        self.answer = answer
        self.expected = expected
        self.actual = actual


class NotCheckableError(CheckError):
    """The rule cannot be tried on this server; the message is the reason, in a few words."""


@dataclass(frozen=True)
class ProbeResult:
    """Result of one probe.

    reason: why it is broken or not checkable; empty when the rule held. answers: everything that
    was sent and answered, in order. attempts: of a refused probe, those that were to be refused.
    kept: those that made what could not be taken back. wrong: the answer that is, if it is one.
    expected, actual: the values that differ, if it is values. is_silent: whether a request of the
    probe, or of its login, got no answer.
    """

    rule: str
    kind: ProbeKind
    outcome: ProbeOutcome
    reason: str
    answers: tuple[ApiResponse, ...] = ()
    attempts: tuple[ExpectedRefusal, ...] = ()
    kept: tuple[ApiResponse, ...] = ()
    wrong: ApiResponse | None = None
    expected: str = ""
    actual: str = ""
    is_silent: bool = False

    @property
    def is_wrong_refusal(self) -> bool:
        """Return whether what is wrong is the answer to a request that was to be refused."""
        return any(self.wrong is answer for _, answer in self.attempts)


def expect(condition: object, what: str) -> None:
    """Go on only if the condition holds; else raise RuleViolationError with what does not."""
    if not condition:
        raise RuleViolationError(what)


def expect_equal(found: Any, expected: Any, what: str) -> None:
    """Go on only if both are equal; else raise RuleViolationError naming what, and both values."""
    if found != expected:
        shown, wanted = repr(found), repr(expected)
        message = f"{what} is {shown}, expected {wanted}"
        raise RuleViolationError(message, expected=wanted, actual=shown)
