"""Expectations in probes, and the results of probes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from contract_tests.contract.errors import CheckError
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.response import ApiResponse

ProbeKind = Literal["accepted", "refused"]
ProbeOutcome = Literal["held", "broken", "open", "not checkable"]
ExpectedRefusal = tuple[str, ApiResponse]
"""Pointer of the fault in a request that breaks a rule, and the response to the request."""


class RuleViolationError(CheckError):
    """The server broke a rule; the message states expected and actual behavior.

    answer: the wrong response, if it is a single one; expected, actual: the values that differ, if
    the fault is in values; violation: the kind of what is wrong, if it does not follow from the
    probe.
    """

    def __init__(
        self,
        message: str,
        answer: ApiResponse | None = None,
        *,
        expected: str = "",
        actual: str = "",
        violation: ViolationKind | None = None,
    ) -> None:
        super().__init__(message)
        self.answer = answer
        self.expected = expected
        self.actual = actual
        self.violation = violation


class NotCheckableError(CheckError):
    """The rule cannot be tried on this server; the message is a short reason."""


@dataclass(frozen=True)
class ProbeResult:
    """Result of one probe.

    reason: why the rule is broken or not checkable; empty if it held. answers: all responses, in
    order. attempts: of a refused probe, the requests that had to be refused. kept: responses that
    created records which could not be removed. wrong: the wrong response, if there is a single one.
    expected, actual: the values that differ, if the fault is in values. violation: the kind of
    what is wrong, None if it follows from the probe. is_silent: whether a
    request of the probe, or of its login, got no response.
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
    violation: ViolationKind | None = None
    is_silent: bool = False

    @property
    def is_wrong_refusal(self) -> bool:
        """True if the wrong response is to a request that must be rejected."""
        return any(self.wrong is answer for _, answer in self.attempts)


def expect(condition: object, what: str) -> None:
    """Raise RuleViolationError with this text unless the condition holds."""
    if not condition:
        raise RuleViolationError(what)


def expect_equal(found: Any, expected: Any, what: str) -> None:
    """Raise RuleViolationError with both values unless they are equal."""
    if found != expected:
        shown, wanted = repr(found), repr(expected)
        message = f"{what} is {shown}, expected {wanted}"
        raise RuleViolationError(message, expected=wanted, actual=shown)
