"""Merging of the shards of a run into one record."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from typing import TypeVar

from contract_tests.contract.operations import operations, rules
from contract_tests.results.observations import merge_readings, new_reading_violations
from contract_tests.results.record import (
    KnownViolation,
    Leftover,
    OperationOutcome,
    OperationRecord,
    RuleOutcome,
    RuleRecord,
    RunRecord,
)
from contract_tests.results.violations import Violation, ViolationKey
from contract_tests.target.profile import is_loopback
from contract_tests.target.target import CannotCheckError

SHARED_SETTINGS = ("target", "profile", "strictness", "seed", "max_examples", "only")
"""Settings that all shards of a run share."""
OUTCOME_PRIORITY: tuple[OperationOutcome, ...] = (
    "violated",
    "held",
    "no data",
    "excused",
    "not checked",
)
RULE_OUTCOME_PRIORITY: tuple[RuleOutcome, ...] = (
    "broken",
    "held",
    "open",
    "not checkable",
    "not checked",
)
"""Outcomes by priority; the first one in any shard is that of the run."""

OutcomeName = TypeVar("OutcomeName", bound=str)


def merge_shards(shards: Sequence[RunRecord]) -> RunRecord:
    """Return all shards of a run as one record in the contract's order.

    Counts and seconds are added; an item reached by one shard is not excused by another. Raises
    CannotCheckError naming a shard that belongs to another run, is missing or is there twice.
    """
    if not shards:
        raise CannotCheckError("there are no shards to merge")
    first = min(shards, key=_shard_number)
    for other in shards:
        _check_same_run(first, other)
    _check_shard_numbers([shard.shard for shard in shards])
    links = _sum_counts(shard.links for shard in shards)
    united = _merge_operations([one for shard in shards for one in shard.operations])
    readings = merge_readings(shard.readings for shard in sorted(shards, key=_shard_number))
    violations = [one for shard in shards for one in shard.violations]
    known = [one for shard in shards for one in shard.known]
    # Two shards may each have observed one value of a reading.
    found = new_reading_violations(readings, [*violations, *(each.violation for each in known)])
    _mark_violated(united, found)
    return replace(
        first,
        shard=(1, 1),
        # fsum, so that the result does not depend on the order of the shards.
        seconds=math.fsum(shard.seconds for shard in shards),
        operations=united,
        rules=_merge_rules([one for shard in shards for one in shard.rules]),
        violations=_merge_violations([*violations, *found]),
        links=links,
        excused=_merge_excused(shards, united, links),
        known=_merge_known(known),
        left=_merge_leftovers(one for shard in shards for one in shard.left),
        sent=_sum_counts(shard.sent for shard in shards),
        readings=readings,
        limits=dict(sorted(pair for shard in shards for pair in shard.limits.items())),
        ended="; ".join(_distinct_texts(shard.ended for shard in shards)),
    )


def _shard_number(record: RunRecord) -> tuple[int, int]:
    return record.shard


def _mark_violated(operations_: Iterable[OperationRecord], found: Iterable[Violation]) -> None:
    names = {violation.operation for violation in found}
    for each in operations_:
        if each.name in names:
            each.outcome, each.reason = "violated", ""


def _check_same_run(first: RunRecord, other: RunRecord) -> None:
    for name in SHARED_SETTINGS:
        mine, its = getattr(first, name), getattr(other, name)
        # Each shard may have started a mock of its own, on any free port.
        local = name == "target" and is_loopback(mine) and is_loopback(its)
        if mine != its and not local:
            pair = f"shards {_shard_names([first.shard])} and {_shard_names([other.shard])}"
            raise CannotCheckError(f"{pair} are not from one run: {name} is {mine!r} and {its!r}")


def _check_shard_numbers(found: list[tuple[int, int]]) -> None:
    totals = sorted({total for _, total in found})
    if len(totals) > 1:
        raise CannotCheckError(
            f"not from one run: there are {' and '.join(map(str, totals))} shards"
        )
    wanted = [(number, totals[0]) for number in range(1, totals[0] + 1)]
    if unknown := [each for each in found if each not in wanted]:
        raise CannotCheckError(f"no such shards: {_shard_names(unknown)}")
    if twice := sorted({each for each in found if found.count(each) > 1}):
        raise CannotCheckError(f"shards given twice: {_shard_names(twice)}")
    if missing := [each for each in wanted if each not in found]:
        raise CannotCheckError(f"missing shards: {_shard_names(missing)}")


def _shard_names(shards: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{number}/{total}" for number, total in shards)


def _merge_operations(found: list[OperationRecord]) -> list[OperationRecord]:
    groups: dict[str, list[OperationRecord]] = {}
    for one in found:
        groups.setdefault(one.name, []).append(one)
    return [_merge_operation(groups[name]) for name in sorted(groups, key=_contract_position)]


def _merge_operation(group: list[OperationRecord]) -> OperationRecord:
    outcome, reason = _merge_outcomes(
        [(one.outcome, one.reason) for one in group], OUTCOME_PRIORITY
    )
    checks: dict[str, tuple[int, int]] = {}
    names = sorted({name for one in group for name in one.parameters})
    for one in group:
        for name, (judged, failed) in one.checks.items():
            before = checks.get(name, (0, 0))
            checks[name] = (before[0] + judged, before[1] + failed)
    return OperationRecord(
        name=group[0].name,
        tag=group[0].tag,
        outcome=outcome,
        reason=reason,
        statuses=_sum_counts(one.statuses for one in group),
        parameters={n: _sum_counts(one.parameters.get(n, {}) for one in group) for n in names},
        checks=dict(sorted(checks.items())),
        undeclared=_sum_counts(one.undeclared for one in group),
        seconds=math.fsum(one.seconds for one in group),
    )


def _merge_rules(found: list[RuleRecord]) -> list[RuleRecord]:
    groups: dict[str, list[RuleRecord]] = {}
    for one in found:
        groups.setdefault(one.rule, []).append(one)
    return [_merge_rule(groups[rule]) for rule in sorted(groups, key=_contract_position)]


def _merge_rule(group: list[RuleRecord]) -> RuleRecord:
    outcome, reason = _merge_outcomes(
        [(one.outcome, one.reason) for one in group], RULE_OUTCOME_PRIORITY
    )
    probes = {name: came for one in group for name, came in one.probes.items()}
    return RuleRecord(group[0].rule, outcome, reason, dict(sorted(probes.items())))


def _merge_outcomes(
    found: list[tuple[OutcomeName, str]], order: Sequence[OutcomeName]
) -> tuple[OutcomeName, str]:
    """Return the outcome with the highest priority, and its reasons."""
    outcome = next(one for one in order if one in {each for each, _ in found})
    return outcome, "; ".join(_distinct_texts(reason for each, reason in found if each == outcome))


def _merge_violations(found: list[Violation]) -> list[Violation]:
    """Return each violation once, with its smallest request and the number of wrong responses."""
    groups: dict[ViolationKey, list[Violation]] = {}
    for one in found:
        groups.setdefault(one.key, []).append(one)
    return [
        replace(min(group, key=_violation_size), times=sum(one.times for one in group))
        for group in sorted(groups.values(), key=lambda group: _violation_order(group[0]))
    ]


def _merge_known(found: list[KnownViolation]) -> list[KnownViolation]:
    groups: dict[tuple[object, ...], list[KnownViolation]] = {}
    for one in found:
        groups.setdefault((*one.violation.key, one.owner, one.reason, one.expires), []).append(one)
    ordered = sorted(groups.values(), key=lambda group: _violation_order(group[0].violation))
    return [
        replace(group[0], violation=_merge_violations([one.violation for one in group])[0])
        for group in ordered
    ]


def _violation_order(violation: Violation) -> tuple[tuple[int, str], ViolationKey]:
    return _contract_position(violation.operation), violation.key


def _violation_size(violation: Violation) -> tuple[int, str]:
    return violation.size, repr(violation)


def _merge_excused(
    shards: Sequence[RunRecord], united: list[OperationRecord], links: dict[str, int]
) -> dict[str, str]:
    reached = {f"{one.name} {status}" for one in united for status in one.statuses}
    reached |= {link for link, times in links.items() if times}
    reasons: dict[str, list[str]] = {}
    for shard in shards:
        for name, reason in shard.excused.items():
            reasons.setdefault(name, []).append(reason)
    return {n: "; ".join(_distinct_texts(reasons[n])) for n in sorted(reasons) if n not in reached}


def _merge_leftovers(found: Iterable[Leftover]) -> list[Leftover]:
    """Return the leftovers of all shards: a sum for each kind, and each single record."""
    found = list(found)
    kinds = _sum_counts({each.kind: each.count} for each in found if each.kind)
    things = sorted((each for each in found if not each.kind), key=astuple)
    return [*(Leftover(kind, number) for kind, number in kinds.items()), *things]


def _sum_counts(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in counts:
        for name, number in each.items():
            found[name] = found.get(name, 0) + number
    return dict(sorted(found.items()))


def _distinct_texts(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text})


def _contract_position(name: str) -> tuple[int, str]:
    """Return the position of an operation or rule in the contract; unknown names come last."""
    names = [*operations(), *rules()]
    return (names.index(name) if name in names else len(names), name)
