"""Combinations of readings cover every possible pair."""

from __future__ import annotations

from itertools import combinations, product

from openapi import iter_contradictions, load_readings
from tests.readings.combinations import MAX_COMBINATIONS, list_combinations
from tests.readings.runner import Report

COMBINATIONS = list_combinations()
QUESTIONS = [each for each in load_readings() if each.switchable]


def test_few_combinations_have_every_pair_of_answers() -> None:
    """There are at most 24, and any two answers to two questions occur together."""
    assert len(COMBINATIONS) <= MAX_COMBINATIONS
    for one, other in combinations(QUESTIONS, 2):
        found = {(each[one.key], each[other.key]) for each in COMBINATIONS.values()}
        assert found == {
            pair
            for pair in product(one.values, other.values)
            if not any(iter_contradictions(dict(zip((one.key, other.key), pair, strict=True))))
        }


def test_a_wrong_observation_is_a_difference() -> None:
    """So is one that is missing without a reason, and a check that does not hold."""
    report = Report(1, "broken", {"rates": "percent"}, {"page-sort": "no list"}, None)  # type: ignore[arg-type]
    wrong = [*report.differences({"rates": "fraction", "page-sort": "array", "null-order": "last"})]
    assert wrong == [
        "exit code 1: broken",
        "rates is fraction, and was observed as percent",
        "null-order was neither observed nor explained",
    ]
