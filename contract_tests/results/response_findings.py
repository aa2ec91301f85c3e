"""What a check finds wrong with one answer, before anybody knows by which request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.contract.errors import CheckError
from contract_tests.contract.statuses import BUSY_STATUSES, REDIRECT_STATUSES
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.target.retries import MAX_TOTAL_WAIT_SECONDS


@dataclass(frozen=True)
class ResponseFinding:
    """One thing that is wrong with an answer; the fields are those of a violation."""

    kind: ViolationKind
    expected: str = ""
    actual: str = ""
    pointer: str = ""
    place: str = ""
    after: str = ""


class ContractViolationError(CheckError, AssertionError):
    """A check fails, for these reasons; reports put them into words."""

    def __init__(self, *faults: ResponseFinding) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.findings = faults


def inconclusive_finding(status: int, headers: Mapping[str, str]) -> ResponseFinding | None:
    """Return what is wrong with an answer that neither accepts nor refuses a request; else None.

    A redirect is never followed, since the request carries credentials. A busy server has
    already been asked again as often as the run allows. `headers` are those of the answer; their
    names may be in any case. `actual` is where a redirect leads to, or when to ask again.
    """
    if status in REDIRECT_STATUSES:
        return ResponseFinding(ViolationKind.REDIRECTED, actual=headers.get("location") or "none")
    if status in BUSY_STATUSES:
        kind = ViolationKind.RATE_LIMITED if status == 429 else ViolationKind.UNAVAILABLE
        asked = headers.get("retry-after") or "none"
        return ResponseFinding(kind, expected=f"{MAX_TOTAL_WAIT_SECONDS:.0f}", actual=asked)
    if status >= 500:
        return ResponseFinding(ViolationKind.SERVER_ERROR)
    return None
