"""What a check finds wrong with one answer, before anybody knows by which request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contract_tests.contract.statuses import BUSY, REDIRECTS
from contract_tests.results.violation_kinds import Kind
from contract_tests.target.retries import MAX_TOTAL_WAIT


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an answer; the fields are those of a violation."""

    kind: Kind
    expected: str = ""
    actual: str = ""
    pointer: str = ""
    place: str = ""
    after: str = ""


class Broken(AssertionError):
    """A check fails, for these reasons; reports put them into words."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.faults = faults


def neither(status: int, headers: Mapping[str, str]) -> Fault | None:
    """Return what is wrong with an answer that neither accepts nor refuses a request; else None.

    A redirect is never followed, since the request carries credentials. A busy server has
    already been asked again as often as the run allows. `headers` are those of the answer; their
    names may be in any case. `actual` is where a redirect leads to, or when to ask again.
    """
    if status in REDIRECTS:
        return Fault(Kind.REDIRECTED, actual=headers.get("location") or "none")
    if status in BUSY:
        kind = Kind.RATE_LIMITED if status == 429 else Kind.UNAVAILABLE
        asked = headers.get("retry-after") or "none"
        return Fault(kind, expected=f"{MAX_TOTAL_WAIT:.0f}", actual=asked)
    if status >= 500:
        return Fault(Kind.SERVER_ERROR)
    return None
