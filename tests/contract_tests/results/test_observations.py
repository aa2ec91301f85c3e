"""A run keeps the first evidence of each value of a reading, and finds contradictions."""

from __future__ import annotations

import pytest

from contract_tests.contract.readings import readings
from contract_tests.results.observations import (
    NOT_PROBED_REASON,
    Observation,
    Observations,
    ReadingRecord,
    contradiction_in_reading,
    merge_readings,
    new_reading_violations,
)
from contract_tests.results.violation_groups import group_by_cause
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Evidence, ResponseExcerpt, Violation

FIRST = Evidence("listGroups", "curl first", ResponseExcerpt(200, "application/json", "[]"))
SECOND = Evidence("listScenes", "curl second", ResponseExcerpt(200, "application/json", "{}"))


def observation(value: str, evidence: Evidence = FIRST) -> Observation:
    """Return a value of `page-sort` with its evidence."""
    return Observation("page-sort", value, evidence)


def test_the_first_evidence_of_a_value_is_kept() -> None:
    """Later responses with the same value change nothing."""
    found = Observations()
    assert found.add(observation("array")) is None
    assert found.add(observation("array", SECOND)) is None
    record = next(each for each in found.records(str) if each.reading == "page-sort")
    assert (record.value, record.values) == ("array", {"array": FIRST})


def test_every_question_with_answers_has_a_record_or_a_reason() -> None:
    """Readings that were not observed have the reason, the others none."""
    found = Observations()
    found.add(observation("object"))
    records = found.records(lambda key: f"no {key}")
    assert [each.reading for each in records] == [*readings()]
    for each in records:
        assert each.reason == ("" if each.reading == "page-sort" else f"no {each.reading}")


@pytest.mark.parametrize(("key", "value"), [("page-sort", "text"), ("no-such-question", "array")])
def test_an_answer_that_the_contract_does_not_know_is_an_error(key: str, value: str) -> None:
    """A misspelt name must not become an observation."""
    with pytest.raises(LookupError):
        Observations().add(Observation(key, value, FIRST))


def test_two_values_of_a_reading_are_a_violation_with_both_responses() -> None:
    """It belongs to the operation of the second one, and cites the decision and the lines."""
    found = Observations()
    found.add(observation("array"))
    violation = found.add(observation("object", SECOND))
    assert violation is not None
    assert (violation.kind, violation.operation) == (ViolationKind.READINGS_MIXED, "listScenes")
    assert (violation.place, violation.expected, violation.actual) == (
        "page-sort", "array", "object",
    )  # fmt: skip
    assert violation.evidence == (FIRST, SECOND)
    assert (violation.before, violation.request) == (("curl first",), "curl second")
    assert violation.response == SECOND.response
    assert violation.decisions == ("M9",)
    assert "L290-L299" in violation.sources


def test_another_value_than_the_demanded_one_is_a_violation_where_it_shows() -> None:
    """The demanded value is none, and a mix with it is reported once, as a difference."""
    found = Observations({"page-sort": "array"})
    assert found.add(observation("array")) is None
    violation = found.add(observation("object", SECOND))
    assert violation is not None
    assert (violation.kind, violation.operation) == (ViolationKind.READING_DIFFERS, "listScenes")
    assert (violation.expected, violation.actual) == ("array", "object")
    assert violation.evidence == (SECOND,)


def test_a_demand_for_one_reading_says_nothing_about_others() -> None:
    """Each reading has its own demand."""
    assert Observations({"page-total": "sent"}).add(observation("object")) is None


def test_the_violations_of_one_reading_are_one_cause() -> None:
    """A server is repaired in one place, however many operations show the value."""
    found = [
        Violation(name, ViolationKind.READINGS_MIXED, place=place)
        for name, place in (("a", "page-sort"), ("b", "page-sort"), ("b", "page-total"))
    ]
    assert [each.operations for each in group_by_cause(found)] == [("a", "b"), ("b",)]


def test_shards_that_have_each_observed_another_value_contradict_each_other() -> None:
    """Merging finds what no shard could see, and reports nothing twice."""
    one = ReadingRecord("page-sort", {"array": FIRST})
    other = ReadingRecord("page-sort", {"object": SECOND})
    [merged] = merge_readings([[one], [other]])
    assert merged.values == {"array": FIRST, "object": SECOND}
    [violation] = new_reading_violations([merged], [])
    assert violation == contradiction_in_reading(merged)
    assert new_reading_violations([merged], [violation]) == []
    assert new_reading_violations([one, other], []) == []


def test_the_first_shard_gives_the_evidence_and_a_demand_is_kept() -> None:
    """Values and demands of any shard are those of the run."""
    one = ReadingRecord("page-sort", {"array": FIRST})
    other = ReadingRecord("page-sort", {"array": SECOND}, demanded="array")
    assert merge_readings([[one], [other]]) == [
        ReadingRecord("page-sort", {"array": FIRST}, "array")
    ]


@pytest.mark.parametrize(
    ("reasons", "merged"),
    [
        ((NOT_PROBED_REASON, "would write"), "would write"),
        ((NOT_PROBED_REASON, NOT_PROBED_REASON), NOT_PROBED_REASON),
        (("b", "a"), "a; b"),
    ],
)
def test_the_reason_of_the_shard_with_the_probe_counts(
    reasons: tuple[str, str], merged: str
) -> None:
    """A probe that belongs to another shard is no explanation in the merged report."""
    shards = [[ReadingRecord("page-sort", reason=reason)] for reason in reasons]
    assert merge_readings(shards)[0].reason == merged
