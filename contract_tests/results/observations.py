"""Answers to the open questions that a run has observed, as plain data.

A reading is a property of a server: a run observes one value of it, or the server mixes two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from contract_tests.contract.readings import readings
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Evidence, Violation

NOT_PROBED_REASON = "its probe was not run"
"""Reason of a shard to which the probe does not belong, or of a run with `--only`."""


@dataclass(frozen=True)
class Observation:
    """A value of a reading, and an exchange that shows it."""

    reading: str
    value: str
    evidence: Evidence


@dataclass
class ReadingRecord:
    """Observations of one reading in a run.

    values: the first evidence of each value, in the order in which they were seen; demanded: the
    value that the server must have, empty for any; reason: why no value was observed, else empty.
    """

    reading: str
    values: dict[str, Evidence] = field(default_factory=dict)
    demanded: str = ""
    reason: str = ""

    @property
    def value(self) -> str:
        """The value that the server follows; empty if none was observed, or several."""
        return next(iter(self.values)) if len(self.values) == 1 else ""


class Observations:
    """Collector of the observations of a run: the first evidence of each value."""

    def __init__(self, demanded: Mapping[str, str] = MappingProxyType({})) -> None:
        """Begin without observations; `demanded` are the values that the server must have."""
        self._demanded = demanded
        self._found: dict[str, dict[str, Evidence]] = {}

    def has(self, reading: str, value: str) -> bool:
        """Return whether this value was observed."""
        return value in self._found.get(reading, ())

    def add(self, seen: Observation) -> Violation | None:
        """Add the first observation of a value; return the violation that it shows, if any.

        Raises LookupError for a reading or a value that the contract does not have.
        """
        if seen.value not in readings()[seen.reading].values:
            raise LookupError(f"{seen.reading} has no value {seen.value}")
        known = self._found.setdefault(seen.reading, {})
        if seen.value in known:
            return None
        known[seen.value] = seen.evidence
        return contradiction_in_reading(self._record(seen.reading))

    def records(self, reason_of: Callable[[str], str]) -> list[ReadingRecord]:
        """Return all readings in the contract's order; `reason_of` explains missing values."""
        found = [self._record(key) for key in readings()]
        for each in found:
            each.reason = "" if each.values else reason_of(each.reading)
        return found

    def _record(self, key: str) -> ReadingRecord:
        return ReadingRecord(key, dict(self._found.get(key, {})), self._demanded.get(key, ""))


def contradiction_in_reading(record: ReadingRecord) -> Violation | None:
    """Return the violation that the values of a reading show together; None if there is none.

    It belongs to the operation that shows the wrong value, or the second one.
    """
    if record.demanded:
        wrong = [value for value in record.values if value != record.demanded]
        if not wrong:
            return None
        kind, expected, shown = ViolationKind.READING_DIFFERS, record.demanded, wrong[:1]
    elif len(record.values) > 1:
        kind, shown = ViolationKind.READINGS_MIXED, [*record.values][:2]
        expected = shown[0]
    else:
        return None
    *before, last = evidence = tuple(record.values[value] for value in shown)
    question = readings().get(record.reading)
    return Violation(
        last.operation,
        kind,
        place=record.reading,
        status=last.response.status,
        expected=expected,
        actual=shown[-1],
        decisions=question.decisions if question else (),
        sources=question.lines if question else (),
        before=tuple(each.request for each in before),
        request=last.request,
        response=last.response,
        evidence=evidence,
    )


def merge_readings(shards: Iterable[Sequence[ReadingRecord]]) -> list[ReadingRecord]:
    """Return the readings of all shards as one record each, with the first evidence of a value."""
    groups: dict[str, list[ReadingRecord]] = {}
    for record in (one for shard in shards for one in shard):
        groups.setdefault(record.reading, []).append(record)
    return [_merge_reading(key, group) for key, group in groups.items()]


def _merge_reading(key: str, group: Sequence[ReadingRecord]) -> ReadingRecord:
    values: dict[str, Evidence] = {}
    for value, evidence in (pair for record in group for pair in record.values.items()):
        values.setdefault(value, evidence)
    reasons = {record.reason for record in group if record.reason}
    known = reasons - {NOT_PROBED_REASON} or reasons
    demanded = next((record.demanded for record in group if record.demanded), "")
    return ReadingRecord(key, values, demanded, "" if values else "; ".join(sorted(known)))


def new_reading_violations(
    records: Iterable[ReadingRecord], found: Iterable[Violation]
) -> list[Violation]:
    """Return the violations that these readings show, without those that are among `found`."""
    known = {(violation.kind, violation.place) for violation in found}
    shown = filter(None, map(contradiction_in_reading, records))
    return [each for each in shown if (each.kind, each.place) not in known]
