"""Counts and rates of reports, which have to fit each other (RP-01, RP-05)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

RATE_BASES = {
    "contactSuccess": "plannedNumberOfPeopl",
    "completeService": "contactSuccessOfPeopl",
    "effectiveCommunication": "contactSuccessOfPeopl",
    "invitationSuccessful": "contactSuccessOfPeopl",
}
"""Rates of a report, each with the count that it is a part of (M47)."""
RATE_TOLERANCES = {1: 0.00005, 100: 0.005}
"""Greatest distance by rounding: to 4 places of a fraction, or to 2 of a percentage (M35)."""
Json = Mapping[str, Any]


def rate_faults(report: Json) -> Iterator[tuple[str, str, str]]:
    """Yield field, expected and actual value of each rate that does not follow from its counts."""
    for name, base in RATE_BASES.items():
        part, whole, rate = (
            report.get(f"{name}OfPeopl"),
            report.get(base),
            report.get(f"{name}Rate"),
        )
        if not (_is_number(part) and _is_number(whole) and _is_number(rate)):
            continue
        share = part / whole if whole else 0
        if all(
            abs(rate - factor * share) > near + 1e-9 for factor, near in RATE_TOLERANCES.items()
        ):
            yield f"{name}Rate", f"{share:.4f} ({part} of {whole})", str(rate)


def count_faults(report: Json) -> Iterator[tuple[str, str, str]]:
    """Yield field, expected and actual value of each count that exceeds the one it is part of."""
    for name, base in RATE_BASES.items():
        part, whole = report.get(f"{name}OfPeopl"), report.get(base)
        if _is_number(part) and _is_number(whole) and part > whole:
            yield f"{name}OfPeopl", f"at most {base} ({whole})", str(part)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
