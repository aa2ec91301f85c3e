"""Exceptions of the test client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_server.testing.documents import Violation


class MockError(Exception):
    """Base class of all errors of the test client."""


class MockStartError(MockError):
    """The mock did not become ready; the message has its output."""


class MockConnectionError(MockError):
    """The mock sent no response, or one that is not the control plane's."""


class MockRefusal(MockError):
    """A call that the control plane refused.

    status: the HTTP status;
    errors: for each violation the field, its rule, what is accepted, and what was found.
    """

    def __init__(self, call: str, status: int, detail: str, errors: Sequence[Violation]) -> None:
        self.status = status
        self.errors = tuple(errors)
        # Of a single violation, the detail is its message.
        is_repeated = any(each.message == detail for each in self.errors)
        lines = [f"{call}: {status}" if is_repeated else f"{call}: {status} {detail}"]
        lines += [f"  {each.pointer} ({each.rule}): {_reason(each)}" for each in self.errors]
        super().__init__("\n".join(lines))


class NoMatchInTimeError(MockRefusal, AssertionError):
    """Not enough requests arrived in time; the message lists those that did."""


def _reason(violation: Violation) -> str:
    found = "" if violation.found is None else f"; found: {violation.found}"
    accepted = "" if violation.accepted is None else f" Accepted: {violation.accepted}{found}"
    return violation.message + accepted
