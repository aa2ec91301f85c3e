"""Known violations: one file, each entry with an owner, a reason and an expiry.

An entry takes its violation out of the verdict until the day it expires. One that has expired, and
one whose operation or rule was checked and does not deviate any more, is a violation itself: the
file can only shrink to what is true.
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
"""The titles that a violation has, or had, in reports."""


@dataclass(frozen=True)
class BaselineEntry:
    """One known deviation.

    subject: an operationId or a rule's id; title: what is wrong, as the report says it; kind: what
    is wrong, whatever the report calls it. Of these two one is enough, for a rule none, which is
    whatever is wrong with it. expires: the last day on which it is taken.
    """

    subject: str
    title: str
    owner: str
    reason: str
    expires: date
    kind: str = ""

    @property
    def title_or_kind(self) -> str:
        """What is wrong, by title or kind; empty for whatever it is."""
        return self.title or self.kind

    def matches(self, violation: Violation, names: TitleLookup) -> bool:
        """Whether this is the violation that it means."""
        return (
            self.subject == violation.operation
            and self.kind in ("", violation.kind)
            and (not self.title or self.title in names(violation))
        )

    def is_active(self, today: date) -> bool:
        """Whether it is still taken on this day."""
        return today <= self.expires

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.subject, self.title_or_kind)))


@dataclass(frozen=True)
class BaselineResult:
    """What a baseline makes of the violations of a run.

    remaining: those that it does not know, or no longer takes; known: those that it takes, with
    their entries; expired, healed: the entries that have to go.
    """

    remaining: tuple[Violation, ...]
    known: tuple[tuple[Violation, BaselineEntry], ...]
    expired: tuple[BaselineEntry, ...]
    healed: tuple[BaselineEntry, ...]


def read_baseline(path: Path) -> list[BaselineEntry]:
    """The entries of a YAML file, `[]` for an empty list.

    Raises CannotCheckError with one line for a file that cannot be read, and for an entry that
    lacks a member, has one that nobody reads, is there twice or names what the contract does not
    have.
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
            raise CannotCheckError(f"baseline {path}: entry {number}: {entry} is there twice")
        entries.append(entry)
    return entries


def match_baseline(
    record: RunRecord, baseline: Iterable[BaselineEntry], today: date, names: TitleLookup
) -> BaselineResult:
    """Tell known violations from new ones, and entries that have to go from those that stand.

    An entry does not fail any more only if its subject was looked at in this run: an operation or a
    rule that was left out, or holds no data, proves nothing.
    """
    entries = list(baseline)
    live = [entry for entry in entries if entry.is_active(today)]
    every = [*record.violations, *(known.violation for known in record.known)]
    remaining, known = [], []
    used: set[BaselineEntry] = set()
    for violation in every:
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
    """The record with what the baseline knows set apart, and with what is wrong with its entries.

    An operation or a rule keeps its outcome: what deviates is violated, known or not. Nobody
    complains of an entry in one shard of a run, but in all of them merged; nor, when a run ended
    early, of one that does not fail.
    """
    applied = match_baseline(record, baseline, today, names)
    is_shard = record.shard[1] > 1
    expired = () if is_shard else applied.expired
    healed = () if is_shard or record.ended else applied.healed
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
        raise ValueError("it has no members")  # noqa: TRY004 - the file is wrong, not a type
    for key in raw:
        if key not in ENTRY_KEYS:
            raise ValueError(f"nobody reads {key!r}; there are {', '.join(sorted(ENTRY_KEYS))}")
    for key, value in raw.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{key} is not a text")
    subject = _parse_subject(raw)
    _check_title_or_kind(subject, raw)
    for key in REQUIRED_KEYS:
        if key not in raw:
            raise ValueError(f"{subject} lacks {key}")
    return BaselineEntry(
        subject,
        raw.get("title", ""),
        raw["owner"],
        raw["reason"],
        _parse_day(subject, raw["expires"]),
        raw.get("kind", ""),
    )


def _check_title_or_kind(subject: str, raw: dict[str, str]) -> None:
    """Raise ValueError if it is not clear what is wrong."""
    given = {"title", "kind"} & raw.keys()
    if "operation" in raw and not given:
        raise ValueError(f"{subject} lacks title, what is wrong with the operation")
    if len(given) > 1:
        raise ValueError(f"{subject} has both title and kind")
    if "kind" in given and raw["kind"] not in [*ViolationKind]:
        raise ValueError(f"{subject}: there is no kind {raw['kind']}")


def _parse_subject(raw: dict[str, str]) -> str:
    given = [key for key in ("operation", "rule") if key in raw]
    if len(given) != 1:
        raise ValueError("it names neither operation nor rule" if not given else "it names both")
    subject = raw[given[0]]
    if subject not in (operations() if given == ["operation"] else rules()):
        raise ValueError(f"the contract has no {given[0]} {subject}")
    return subject


def _parse_day(subject: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{subject}: expires is {text}, not a day as yyyy-MM-dd")
    return day
