"""Findings of a check in one response, not yet tied to an operation and a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.contract.errors import CheckError
from contract_tests.contract.statuses import BUSY_STATUSES, REDIRECT_STATUSES
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.target.retries import MAX_TOTAL_WAIT_SECONDS


@dataclass(frozen=True)
class ResponseFinding:
    """One fault of a response; the fields are those of a violation, where `detail` is a message."""

    kind: ViolationKind
    expected: str = ""
    actual: str = ""
    pointer: str = ""
    place: str = ""
    after: str = ""
    detail: str = ""


class ContractViolationError(CheckError, AssertionError):
    """Failure of a check, with its findings; reports turn them into text."""

    def __init__(self, *faults: ResponseFinding) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.findings = faults


def inconclusive_finding(status: int, headers: Mapping[str, str]) -> ResponseFinding | None:
    """Return the finding for a response that neither accepts nor refuses a request; else None.

    A redirect is never followed, since the request carries credentials. A busy server has already
    been asked again as often as the run allows. headers: those of the response, with names in any
    case. `actual` of the finding is the target of a redirect, or when to ask again.
    """
    if status in REDIRECT_STATUSES:
        return ResponseFinding(ViolationKind.REDIRECTED, actual=headers.get("location") or "none")
    if status in BUSY_STATUSES:
        kind = ViolationKind.RATE_LIMITED if status == 429 else ViolationKind.UNAVAILABLE
        asked = headers.get("retry-after") or "none"
        return ResponseFinding(kind, expected=f"{MAX_TOTAL_WAIT_SECONDS:.0f}", actual=asked)
    # After 503, which is reported as a busy server.
    if status >= 500:
        return ResponseFinding(ViolationKind.SERVER_ERROR)
    return None
