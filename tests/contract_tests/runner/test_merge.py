"""Merged shards equal the whole run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.results.observations import NOT_PROBED_REASON, contradiction_in_reading
from contract_tests.results.record import (
    KnownViolation,
    OperationRecord,
    RuleRecord,
    RunRecord,
)
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation
from contract_tests.runner.merge import merge_shards
from contract_tests.target.target import CannotCheckError
from tests.contract_tests.reporting.samples import (
    faulty_record,
    observed_reading,
    sound_record,
)
from tests.contract_tests.runner.shards import empty_shard

WHOLE_RECORD = merge_shards([faulty_record()])


def split_counts(counts: dict[str, int], draw: Any, total: int) -> list[dict[str, int]]:
    """Distribute counts to shards at random."""
    shares: list[dict[str, int]] = [{} for _ in range(total)]
    for name, number in counts.items():
        for _ in range(number):
            mine = shares[draw(st.integers(0, total - 1))]
            mine[name] = mine.get(name, 0) + 1
        if not number:
            shares[0][name] = 0
    return shares


def split_readings(record: RunRecord, shards: list[RunRecord], pick: Callable[[], int]) -> None:
    """Give the observations of each reading to one shard; no other one has run its probe."""
    for reading in record.readings:
        holder = pick()
        for number, shard in enumerate(shards):
            not_probed = replace(reading, values={}, reason=NOT_PROBED_REASON)
            shard.readings.append(reading if number == holder else not_probed)


@st.composite
def split_record(draw: Any, record: RunRecord) -> list[RunRecord]:
    """Split a run into shards at random, in any order."""
    total = draw(st.integers(1, 4))
    shards = [empty_shard(record, number, total) for number in range(1, total + 1)]
    pick = st.integers(0, total - 1)
    for operation in record.operations:
        holders = draw(st.sets(pick, min_size=1))
        whole = min(holders)
        for number in holders:
            mine = operation if number == whole else replace(operation, **UNCHECKED_FIELDS)
            shards[number].operations.append(mine)
    for rule in record.rules:
        shards[draw(pick)].rules.append(rule)
    for violation in record.violations:
        for number, times in enumerate(split_counts({"": violation.times}, draw, total)):
            if times:
                shards[number].violations.append(replace(violation, times=times[""]))
    for known in record.known:
        shards[draw(pick)].known.append(known)
    for shard, links, sent in zip(
        shards,
        split_counts(record.links, draw, total),
        split_counts({"GET": 5}, draw, total),
        strict=True,
    ):
        shard.links, shard.sent = links, sent
        shard.excused = dict(record.excused)
        shard.seconds = 1.0
    split_readings(record, shards, lambda: draw(pick))
    for left in record.left:
        shards[draw(pick)].left.append(left)
    return list(draw(st.permutations(shards)))


UNCHECKED_FIELDS: dict[str, Any] = {
    "outcome": "not checked",
    "reason": "of another shard",
    "statuses": {},
    "parameters": {},
    "checks": {},
    "seconds": 0.0,
}


@pytest.mark.whole
@settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(split_record(WHOLE_RECORD))
def test_shards_of_any_cut_merge_to_the_whole(shards: list[RunRecord]) -> None:
    """The distribution and the order of the shards do not matter."""
    expected = replace(WHOLE_RECORD, seconds=float(len(shards)), sent={"GET": 5})
    assert merge_shards(shards) == expected


def test_merging_once_more_changes_nothing() -> None:
    """A merged record is in its final order."""
    assert merge_shards([WHOLE_RECORD]) == WHOLE_RECORD


@pytest.mark.parametrize(
    ("shards", "reason"),
    [
        ([(1, 3), (3, 3)], "missing shards: 2/3"),
        ([(1, 4)], "missing shards: 2/4, 3/4, 4/4"),
        ([(1, 2), (1, 2), (2, 2)], "shards given twice: 1/2"),
        ([(1, 2), (2, 3)], "not from one run: there are 2 and 3 shards"),
        ([(1, 1), (1, 1)], "shards given twice: 1/1"),
        ([(0, 2), (1, 2)], "no such shards: 0/2"),
        ([(1, 2), (3, 2)], "no such shards: 3/2"),
        ([], "there are no shards to merge"),
    ],
)
def test_shards_that_make_no_run_are_refused(shards: list[tuple[int, int]], reason: str) -> None:
    """Missing and duplicate shards are named."""
    with pytest.raises(CannotCheckError) as refused:
        merge_shards([replace(sound_record(), shard=shard) for shard in shards])
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target", "https://staging.example"),
        ("profile", "safe"),
        ("strictness", "documented"),
        ("seed", 2),
        ("max_examples", 16),
        ("only", ["files"]),
    ],
)
def test_shards_of_different_runs_are_refused(name: str, value: Any) -> None:
    """Both shards and the difference are named."""
    first, second = replace(sound_record(), shard=(1, 2)), replace(sound_record(), shard=(2, 2))
    setattr(second, name, value)
    with pytest.raises(CannotCheckError) as refused:
        merge_shards([first, second])
    assert f"shards 1/2 and 2/2 are not from one run: {name} is" in str(refused.value)


def test_shards_may_have_a_mock_each() -> None:
    """Without --target, each shard starts a mock on a port of its own."""
    first, second = empty_shard(sound_record(), 1, 2), empty_shard(sound_record(), 2, 2)
    second.target = "http://127.0.0.1:1"
    assert merge_shards([second, first]).target == first.target


@pytest.mark.parametrize(
    ("one", "other", "outcome", "reason"),
    [
        ("held", "violated", "violated", "b"),
        ("no data", "held", "held", "b"),
        ("not checked", "no data", "no data", "b"),
        ("excused", "excused", "excused", "a; b"),
    ],
)
def test_an_operation_of_two_shards_comes_to_the_graver_outcome(
    one: Any, other: Any, outcome: str, reason: str
) -> None:
    """The outcome with the highest priority counts, with its reasons."""
    first, second = empty_shard(sound_record(), 1, 2), empty_shard(sound_record(), 2, 2)
    first.operations = [
        OperationRecord("getFile", "files", one, "a", {"200": 1}, checks={"c": (2, 0)})
    ]
    second.operations = [
        OperationRecord("getFile", "files", other, "b", {"200": 2, "404": 1}, checks={"c": (3, 1)})
    ]
    [found] = merge_shards([second, first]).operations
    assert (found.outcome, found.reason) == (outcome, reason)
    assert found.statuses == {"200": 3, "404": 1}
    assert found.checks == {"c": (5, 1)}


def test_parameters_are_summed_up_by_status() -> None:
    """Each combination of a parameter and a status is summed up."""
    first, second = empty_shard(sound_record(), 1, 2), empty_shard(sound_record(), 2, 2)
    seen = {"path/id": {"200": 1, "404": 2}}, {"path/id": {"200": 3}, "query/size": {"400": 1}}
    for shard, parameters in zip((first, second), seen, strict=True):
        shard.operations = [OperationRecord("getFile", "files", "held", parameters=parameters)]
    [found] = merge_shards([second, first]).operations
    assert found.parameters == {"path/id": {"200": 4, "404": 2}, "query/size": {"400": 1}}


def test_a_rule_broken_in_one_shard_is_broken() -> None:
    """Outcomes of other probes in other shards do not matter."""
    first, second = empty_shard(sound_record(), 1, 2), empty_shard(sound_record(), 2, 2)
    first.rules = [RuleRecord("NT-01", "held", "", {"a": "held"})]
    second.rules = [RuleRecord("NT-01", "broken", "it is", {"b": "broken"})]
    assert merge_shards([first, second]).rules == [
        RuleRecord("NT-01", "broken", "it is", {"a": "held", "b": "broken"})
    ]


def test_the_smallest_request_of_all_shards_shows_a_violation() -> None:
    """An item reached by one shard is not excused by another."""
    first, second = empty_shard(sound_record(), 1, 2), empty_shard(sound_record(), 2, 2)
    short = Violation(
        "getFile", ViolationKind.SCHEMA, status=200, actual="short", request="curl", times=3
    )
    first.violations = [replace(short, actual="long", request="curl longer", times=2)]
    second.violations = [short]
    first.excused = {"getFile 416": "never", "getFile 500": "never"}
    second.operations = [OperationRecord("getFile", "files", "held", statuses={"416": 1})]
    found = merge_shards([first, second])
    assert found.violations == [replace(short, times=5)]
    assert found.excused == {"getFile 500": "never"}


def test_shards_that_observed_different_values_of_a_reading_do_not_hold() -> None:
    """No shard alone could find it; the operation that shows the second value is violated."""
    shards = [
        replace(sound_record(), shard=(number, 2), readings=[observed_reading("page-sort", value)])
        for number, value in ((1, "array"), (2, "object"))
    ]
    merged = merge_shards(shards[::-1])
    [violation] = merged.violations
    assert (violation.kind, violation.operation) == (ViolationKind.READINGS_MIXED, "listGroups")
    assert (violation.expected, violation.actual) == ("array", "object")
    outcomes = {each.name: each.outcome for each in merged.operations}
    assert outcomes["listGroups"] == "violated"
    assert merge_shards([merged]) == merged


def test_a_mix_in_the_baseline_of_a_shard_is_not_found_again() -> None:
    """A merge adds only what no shard has reported."""
    mixed = observed_reading("page-sort", "array", "object")
    violation = contradiction_in_reading(mixed)
    assert violation is not None
    known = KnownViolation(violation, "Li Lei", "repaired in release 7", "9999-12-31")
    record = replace(sound_record(), readings=[mixed], known=[known])
    assert merge_shards([record]).violations == []
