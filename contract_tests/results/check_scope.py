"""The part of the contract that a run is going to check, or has checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce

from contract_tests.contract.operations import operations, rules
from contract_tests.results.record import RunRecord

CHECKED_OUTCOMES = ("held", "violated", "broken")
"""Outcomes of an operation or rule that was checked."""
MAX_SHOWN_NAMES = 10


@dataclass(frozen=True)
class CheckScope:
    """Number of operations and rules that a run covers, and its profile.

    is_sure: whether the number of rules is exact; without `full`, some turn out to be not
    checkable.
    """

    profile: str
    operations: int
    rules: int
    is_sure: bool = True

    def __str__(self) -> str:
        """Return a text such as `profile safe: 19 of 36 operations, 40 of 130 rules`."""
        some = f"{self.operations} of {len(operations())} operations"
        up_to = "" if self.is_sure or not self.rules else "up to "
        return f"profile {self.profile}: {some}, {up_to}{self.rules} of {len(rules())} rules"

    @classmethod
    def merged(cls, parts: Iterable[CheckScope]) -> CheckScope:
        """Return the sum of the scopes of several processes that share a run."""
        return reduce(
            lambda one, two: cls(
                one.profile,
                one.operations + two.operations,
                one.rules + two.rules,
                one.is_sure and two.is_sure,
            ),
            parts,
        )


def checked_scope(record: RunRecord) -> CheckScope:
    """Return the scope that a run has checked."""
    return CheckScope(
        record.profile,
        # An operation can hold without a request, when all of them were excused.
        sum(each.outcome in CHECKED_OUTCOMES and bool(each.statuses) for each in record.operations),
        sum(each.outcome in CHECKED_OUTCOMES for each in record.rules),
    )


def is_nothing_checked(record: RunRecord) -> bool:
    """Return whether nothing was checked: no operation, no rule, no link."""
    scope = checked_scope(record)
    return not (scope.operations or scope.rules or any(record.links.values()))


def nothing_checked_reason(record: RunRecord) -> str:
    """Return, in one line, what was selected and why it was not checked."""
    if record.recorded.files:
        return _nothing_recorded_reason(record)
    reasons: dict[str, list[str]] = {}
    for name, reason in _unchecked_subjects(record):
        reasons.setdefault(reason, []).append(name)
    each = [f"{_shortened_list(names)} ({reason})" for reason, names in reasons.items()]
    asked = f" of --only {','.join(record.only)}" if record.only else ""
    return f"nothing{asked} was checked: {'; '.join(each) or 'there was nothing to send'}"


def _nothing_recorded_reason(record: RunRecord) -> str:
    recorded = record.recorded
    counts = ", ".join(f"{number} {reason}" for reason, number in recorded.left_out.items())
    asked = f" of --only {','.join(record.only)}" if record.only else ""
    names = _shortened_list([*recorded.unknown])
    unknown = f"; unknown are {names}" if names else ""
    return (
        f"nothing{asked} was checked: {', '.join(recorded.files)}: no entry is an answered request"
        f" to an operation of the contract ({counts or 'there are no entries'}{unknown})"
    )


def _unchecked_subjects(record: RunRecord) -> Iterator[tuple[str, str]]:
    yield from record.left_out.items()
    number, total = record.shard
    missing = (
        f"shard {number} of {total} contains none of them" if total > 1 else "nothing was sent"
    )
    found: list[tuple[str, str, str]] = [
        (one.name, one.outcome, one.reason) for one in record.operations
    ]
    found += [(one.rule, one.outcome, one.reason) for one in record.rules]
    for name, outcome, reason in found:
        is_told = reason and outcome not in ("not checked", *CHECKED_OUTCOMES)
        yield name, f"{outcome}: {reason}" if is_told else missing
    if not found and not record.left_out:
        yield ",".join(record.only) or "the check", missing


def _shortened_list(names: list[str]) -> str:
    more = f" and {len(names) - MAX_SHOWN_NAMES} more" if len(names) > MAX_SHOWN_NAMES else ""
    return ", ".join(names[:MAX_SHOWN_NAMES]) + more
