"""Known deviations: one file, each entry with an owner, a reason and an expiry.

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
from contract_tests.results.record import Known, Record
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation, violation_of
from contract_tests.target.target import Unfit
from openapi import ContractError, read_yaml

KEYS = {"operation", "rule", "title", "kind", "owner", "reason", "expires"}
NEEDED = ("owner", "reason", "expires")
Names = Callable[[Violation], Collection[str]]
"""The titles that a violation has, or had, in reports."""


@dataclass(frozen=True)
class Entry:
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
    def what(self) -> str:
        """What is wrong, by title or kind; empty for whatever it is."""
        return self.title or self.kind

    def matches(self, violation: Violation, names: Names) -> bool:
        """Whether this is the violation that it means."""
        return (
            self.subject == violation.operation
            and self.kind in ("", violation.kind)
            and (not self.title or self.title in names(violation))
        )

    def is_live(self, today: date) -> bool:
        """Whether it is still taken on this day."""
        return today <= self.expires

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.subject, self.what)))


@dataclass(frozen=True)
class Applied:
    """What a baseline makes of the violations of a run.

    remaining: those that it does not know, or no longer takes; known: those that it takes, with
    their entries; expired, healed: the entries that have to go.
    """

    remaining: tuple[Violation, ...]
    known: tuple[tuple[Violation, Entry], ...]
    expired: tuple[Entry, ...]
    healed: tuple[Entry, ...]


def read_baseline(path: Path) -> list[Entry]:
    """The entries of a YAML file, `[]` for an empty list.

    Raises Unfit with one line for a file that cannot be read, and for an entry that lacks a member,
    has one that nobody reads, is there twice or names what the contract does not have.
    """
    try:
        found = read_yaml(path, str(path))
    except ContractError as error:
        where = f"{error.file}: " if str(path) not in error.reason else ""
        raise Unfit(f"baseline {where}{error.reason}") from None
    if not isinstance(found, list):
        raise Unfit(f"baseline {path}: it is not a list of entries")
    entries: list[Entry] = []
    for number, raw in enumerate(found, 1):
        try:
            entry = _entry(raw)
        except ValueError as error:
            raise Unfit(f"baseline {path}: entry {number}: {error}") from None
        if any((entry.subject, entry.what) == (each.subject, each.what) for each in entries):
            raise Unfit(f"baseline {path}: entry {number}: {entry} is there twice")
        entries.append(entry)
    return entries


def apply(record: Record, baseline: Iterable[Entry], today: date, names: Names) -> Applied:
    """Tell known violations from new ones, and entries that have to go from those that stand.

    An entry does not fail any more only if its subject was looked at in this run: an operation or a
    rule that was left out, or holds no data, proves nothing.
    """
    entries = list(baseline)
    live = [entry for entry in entries if entry.is_live(today)]
    every = [*record.violations, *(known.violation for known in record.known)]
    remaining, known = [], []
    used: set[Entry] = set()
    for violation in every:
        used.update(entry for entry in entries if entry.matches(violation, names))
        taken = next((entry for entry in live if entry.matches(violation, names)), None)
        if taken:
            known.append((violation, taken))
        else:
            remaining.append(violation)
    looked_at = _looked_at(record)
    healed = [each for each in entries if each not in used and each.subject in looked_at]
    expired = [each for each in entries if each not in live and each not in healed]
    return Applied(tuple(remaining), tuple(known), tuple(expired), tuple(healed))


def with_baseline(record: Record, baseline: Iterable[Entry], today: date, names: Names) -> Record:
    """The record with what the baseline knows set apart, and with what is wrong with its entries.

    An operation or a rule keeps its outcome: what deviates is violated, known or not. Nobody
    complains of an entry in one shard of a run, but in all of them merged; nor, when a run ended
    early, of one that does not fail.
    """
    applied = apply(record, baseline, today, names)
    is_shard = record.shard[1] > 1
    expired = () if is_shard else applied.expired
    healed = () if is_shard or record.ended else applied.healed
    return replace(
        record,
        violations=[
            *applied.remaining,
            *(_complaint(entry, Kind.BASELINE_EXPIRED) for entry in expired),
            *(_complaint(entry, Kind.BASELINE_HEALED) for entry in healed),
        ],
        known=[
            Known(violation, entry.owner, entry.reason, entry.expires.isoformat())
            for violation, entry in applied.known
        ],
    )


def _looked_at(record: Record) -> set[str]:
    found = {each.name for each in record.operations if each.outcome in ("held", "violated")}
    return found | {each.rule for each in record.rules if each.outcome in ("held", "broken")}


def _complaint(entry: Entry, kind: Kind) -> Violation:
    last = entry.expires.isoformat()
    return violation_of(entry.subject, kind, place=entry.what, expected=last, actual=entry.owner)


def _entry(raw: Any) -> Entry:
    if not isinstance(raw, dict):
        raise ValueError("it has no members")  # noqa: TRY004 - the file is wrong, not a type
    for key in raw:
        if key not in KEYS:
            raise ValueError(f"nobody reads {key!r}; there are {', '.join(sorted(KEYS))}")
    for key, value in raw.items():
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"{key} is not a text")
    subject = _subject(raw)
    _check_what(subject, raw)
    for key in NEEDED:
        if key not in raw:
            raise ValueError(f"{subject} lacks {key}")
    return Entry(
        subject,
        raw.get("title", ""),
        raw["owner"],
        raw["reason"],
        _day(subject, raw["expires"]),
        raw.get("kind", ""),
    )


def _check_what(subject: str, raw: dict[str, str]) -> None:
    """Raise ValueError if it is not clear what is wrong."""
    given = {"title", "kind"} & raw.keys()
    if "operation" in raw and not given:
        raise ValueError(f"{subject} lacks title, what is wrong with the operation")
    if len(given) > 1:
        raise ValueError(f"{subject} has both title and kind")
    if "kind" in given and raw["kind"] not in [*Kind]:
        raise ValueError(f"{subject}: there is no kind {raw['kind']}")


def _subject(raw: dict[str, str]) -> str:
    given = [key for key in ("operation", "rule") if key in raw]
    if len(given) != 1:
        raise ValueError("it names neither operation nor rule" if not given else "it names both")
    subject = raw[given[0]]
    if subject not in (operations() if given == ["operation"] else rules()):
        raise ValueError(f"the contract has no {given[0]} {subject}")
    return subject


def _day(subject: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError(f"{subject}: expires is {text}, not a day as yyyy-MM-dd")
    return day
