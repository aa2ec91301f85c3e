"""Counts of a report do not exceed what they are part of; rates follow from them."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.rules.report_counts import count_faults, rate_faults

REPORT = {
    "plannedNumberOfPeopl": 20,
    "contactSuccessOfPeopl": 9,
    "completeServiceOfPeopl": 4,
    "contactSuccessRate": 0.45,
    "completeServiceRate": 0.4444,
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        # As a percentage, which is open (M35).
        {"contactSuccessRate": 45, "completeServiceRate": 44.44},
        {"contactSuccessOfPeopl": 0, "contactSuccessRate": 0, "completeServiceOfPeopl": 0,
         "completeServiceRate": 0},
        {"completeServiceRate": None},
        {"completeServiceOfPeopl": "four"},
    ],
)  # fmt: skip
def test_a_report_can_be_right(change: dict[str, Any]) -> None:
    """Rounded to four places, or two of a percentage; other types are found by the schema."""
    assert [*rate_faults(REPORT | change), *count_faults(REPORT | change)] == []


def test_a_wrong_rate_is_found() -> None:
    """With the counts that it follows from."""
    found = [*rate_faults(REPORT | {"completeServiceRate": 0.4445})]
    assert found == [("completeServiceRate", "0.4444 (4 of 9)", "0.4445")]


def test_a_count_that_is_too_great_is_found() -> None:
    """With the count that it is part of."""
    found = [*count_faults(REPORT | {"contactSuccessOfPeopl": 21})]
    assert found == [("contactSuccessOfPeopl", "at most plannedNumberOfPeopl (20)", "21")]
