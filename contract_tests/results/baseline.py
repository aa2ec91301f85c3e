"""Known violations in one file, each entry with an owner, a reason and an expiry date.

An entry excludes its violation from the verdict until it expires. An expired entry is itself a
violation, and so is one whose operation or rule was checked without a violation. The file can
therefore only shrink.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from contract_tests.contract.operations import operations, rules
from contract_tests.results.record import KnownViolation, RunRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, new_violation
from contract_tests.target.target import CannotCheckError
from openapi import ContractError, read_yaml

ENTRY_KEYS = {"operation", "rule", "title", "kind", "owner", "reason", "expires"}
REQUIRED_KEYS = ("owner", "reason", "expires")
TitleLookup = Callable[[Violation], Collection[str]]
"""Function that returns the current and former titles of a violation."""


@dataclass(frozen=True)
class BaselineEntry:
    """One known violation.

    subject: an operationId or a rule's id; title: the title in reports; kind: the kind, whatever
    the title is. An entry for an operation has one of these two. An entry for a rule may have
    neither, and then covers all its violations. expires: the last day on which the entry applies.
    """

    subject: str
    title: str
    owner: str
    reason: str
    expires: date
    kind: str = ""

    @property
    def title_or_kind(self) -> str:
        """Title or kind of the violation; empty for any."""
        return self.title or self.kind

    def matches(self, violation: Violation, names: TitleLookup) -> bool:
        """Return whether the entry is for this violation."""
        return (
            self.subject == violation.operation
            and self.kind in ("", violation.kind)
            and (not self.title or self.title in names(violation))
        )

    def is_active(self, today: date) -> bool:
        """Return whether the entry still applies on this day."""
        return today <= self.expires

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.subject, self.title_or_kind)))


@dataclass(frozen=True)
class BaselineResult:
    """Result of applying a baseline to the violations of a run.

    remaining: violations without an active entry; known: violations with theirs; expired, healed:
    entries to be removed.
    """

    remaining: tuple[Violation, ...]
    known: tuple[tuple[Violation, BaselineEntry], ...]
    expired: tuple[BaselineEntry, ...]
    healed: tuple[BaselineEntry, ...]


def read_baseline(path: Path) -> list[BaselineEntry]:
    """Return the entries of a YAML file; `[]` stands for an empty list.

    Raises CannotCheckError with one line if the file cannot be read, or an entry lacks a member,
    has an unknown one, is a duplicate or names something that the contract does not have.
    """
    try:
        found = read_yaml(path, str(path))
    except ContractError as error:
        where = f"{error.file}: " if str(path) not in error.reason else ""
        raise CannotCheckError(f"baseline {where}{error.reason}") from None
    if not isinstance(found, list):
        raise CannotCheckError(f"baseline {path}: it is not a list of entries")
    entries: list[BaselineEntry] = []
    for number, raw in enumerate(found, 1):
        try:
            entry = _parse_entry(raw)
        except ValueError as error:
            raise CannotCheckError(f"baseline {path}: entry {number}: {error}") from None
        if any(
            (entry.subject, entry.title_or_kind) == (each.subject, each.title_or_kind)
            for each in entries
        ):
            raise CannotCheckError(f"baseline {path}: entry {number}: duplicate entry {entry}")
        entries.append(entry)
    return entries


def match_baseline(
    record: RunRecord, baseline: Iterable[BaselineEntry], today: date, names: TitleLookup
) -> BaselineResult:
    """Separate known violations from new ones, and find the entries to be removed.

    An entry is healed only if its subject was checked in this run: an operation or rule that was
    left out, or had no data, proves nothing.
    """
    # An iterator would be exhausted by the first use.
    entries = list(baseline)
    live = [entry for entry in entries if entry.is_active(today)]
    # With those already known, since merging applies the baseline once more.
    every = [*record.violations, *(known.violation for known in record.known)]
    remaining, known = [], []
    used: set[BaselineEntry] = set()
    for violation in every:
        # Expired entries count as used, too: they are reported as expired and not as healed.
        used.update(entry for entry in entries if entry.matches(violation, names))
        taken = next((entry for entry in live if entry.matches(violation, names)), None)
        if taken:
            known.append((violation, taken))
        else:
            remaining.append(violation)
    looked_at = _checked_subjects(record)
    healed = [each for each in entries if each not in used and each.subject in looked_at]
    expired = [each for each in entries if each not in live and each not in healed]
    return BaselineResult(tuple(remaining), tuple(known), tuple(expired), tuple(healed))


def apply_baseline(
    record: RunRecord, baseline: Iterable[BaselineEntry], today: date, names: TitleLookup
) -> RunRecord:
    """Return the record with known violations set apart, and violations for entries to be removed.

    An operation or rule keeps its outcome: it is violated whether the violation is known or not.
    Entries are not judged in a single shard, only in the merged run, and none is healed if the run
    ended early or read recordings.
    """
    applied = match_baseline(record, baseline, today, names)
    # One shard sees only a part of the violations that an entry may be for.
    is_shard = record.shard[1] > 1
    expired = () if is_shard else applied.expired
    # A recording need not contain the request that shows a violation.
    healed = () if is_shard or record.ended or record.recorded.files else applied.healed
    return replace(
        record,
        violations=[
            *applied.remaining,
            *(_entry_violation(entry, ViolationKind.BASELINE_EXPIRED) for entry in expired),
            *(_entry_violation(entry, ViolationKind.BASELINE_HEALED) for entry in healed),
        ],
        known=[
            KnownViolation(violation, entry.owner, entry.reason, entry.expires.isoformat())
            for violation, entry in applied.known
        ],
    )


def _checked_subjects(record: RunRecord) -> set[str]:
    found = {each.name for each in record.operations if each.outcome in ("held", "violated")}
    return found | {each.rule for each in record.rules if each.outcome in ("held", "broken")}


def _entry_violation(entry: BaselineEntry, kind: ViolationKind) -> Violation:
    last = entry.expires.isoformat()
    return new_violation(
        entry.subject, kind, place=entry.title_or_kind, expected=last, actual=entry.owner
    )


def _parse_entry(raw: Any) -> BaselineEntry:
    if not isinstance(raw, dict):
        raise ValueError("it is not a mapping")  # noqa: TRY004 - the file is wrong, not a type
    for key in raw:
        if key not in ENTRY_KEYS:
            raise ValueError(f"unknown member {key!r}; expected: {', '.join(sorted(ENTRY_KEYS))}")
    for key, value in raw.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{key} must be a non-empty string")
    subject = _parse_subject(raw)
    _check_title_or_kind(subject, raw)
    for key in REQUIRED_KEYS:
        if key not in raw:
            raise ValueError(f"{subject}: {key} is missing")
    return BaselineEntry(
        subject,
        raw.get("title", ""),
        raw["owner"],
        raw["reason"],
        _parse_day(subject, raw["expires"]),
        raw.get("kind", ""),
    )


def _check_title_or_kind(subject: str, raw: dict[str, str]) -> None:
    """Raise ValueError unless the entry says which violation it is for."""
    given = {"title", "kind"} & raw.keys()
    if "operation" in raw and not given:
        raise ValueError(f"{subject}: title or kind is missing")
    if len(given) > 1:
        raise ValueError(f"{subject}: give title or kind, not both")
    if "kind" in given and raw["kind"] not in [*ViolationKind]:
        raise ValueError(f"{subject}: unknown kind {raw['kind']}")


def _parse_subject(raw: dict[str, str]) -> str:
    given = [key for key in ("operation", "rule") if key in raw]
    if len(given) != 1:
        raise ValueError(
            "it names neither operation nor rule"
            if not given
            else "it names both operation and rule"
        )
    subject = raw[given[0]]
    if subject not in (operations() if given == ["operation"] else rules()):
        raise ValueError(f"the contract has no {given[0]} {subject}")
    return subject


def _parse_day(subject: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # fromisoformat also accepts 20250401 and 2025-W14-2.
    if day is None or day.isoformat() != text:
        raise ValueError(f"{subject}: expires must be a date such as 2026-12-31, not {text}")
    return day
