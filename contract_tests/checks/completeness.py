"""Completeness: parts of the contract that a run did not reach are excused, or are violations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from contract_tests.contract.links import links_between
from contract_tests.contract.operations import operations, select_rules
from contract_tests.contract.strictness import (
    CURATED,
    Strictness,
    explain_undocumented,
    strictness_by_name,
)
from contract_tests.results.record import OperationRecord, RunRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, new_violation

UNREACHABLE_STATUSES = {
    "403": "the documents describe no user who lacks a permission",
    "413": "the maximum size of a body is not documented",
    "429": "a check must not send so many requests that a server limits them",
    "500": "a working server does not return it",
    "503": "a working server does not return it",
}
"""Documented statuses that no request can provoke, with the reason."""
PROBE_ONLY_STATUSES = {"206", "304", "416"}
"""Statuses that only probes of rules provoke."""
NO_DATA_REASON = "the target has no record to read"
LINK_UNUSABLE_REASON = "no response provided its values, and not every record may be created"


def judge_completeness(record: RunRecord) -> RunRecord:
    """Return the record with violations for what it did not reach; one shard is returned unchanged.

    So is a run that ended early. Violations are an operation that never succeeded, and a documented
    status or link that was not reached and has no excuse. Where not everything may be created,
    without `full` or within limits, a read without a record on the target has the outcome "no
    data".
    """
    # The other shards may have reached what this one did not; merging judges them all.
    if record.ended or record.shard[1] > 1:
        return record
    strictness = strictness_by_name(record.strictness)
    judged = [_mark_no_data(record, each) for each in record.operations]
    record = replace(record, operations=judged)
    found: list[Violation] = []
    excused: dict[str, str] = {}
    for each in judged:
        found += _never_succeeded_violations(each, strictness)
        _excuse_statuses(record, each, excused, found)
    empty = {each.name for each in judged if not _has_succeeded(each, strictness)}
    _excuse_links(record, empty, excused, found)
    named = {violation.operation for violation in found}
    outcomes = [
        replace(each, outcome="violated") if each.name in named else each for each in judged
    ]
    violations = [*record.violations, *found]
    return replace(record, operations=outcomes, violations=violations, excused=excused)


def excuse_limited_operations(
    found: Iterable[OperationRecord], limits: Mapping[str, str], strictness: Strictness = CURATED
) -> list[OperationRecord]:
    """Return the operations; those without success because requests were withheld are excused."""
    return [
        replace(each, outcome="excused", reason=limits[each.name])
        if each.name in limits and _has_no_success(each, strictness)
        else each
        for each in found
    ]


def _has_no_success(each: OperationRecord, strictness: Strictness) -> bool:
    if each.outcome == "held":
        return not _has_succeeded(each, strictness)
    return each.outcome == "not checked"


def _mark_no_data(record: RunRecord, each: OperationRecord) -> OperationRecord:
    """Return the operation as "no data" if it only reads records that the target may lack."""
    is_scant = record.profile != "full" or record.limits
    is_empty = is_scant and "404" in each.statuses and each.outcome == "held"
    if is_empty and not _has_succeeded(each, strictness_by_name(record.strictness)):
        return replace(each, outcome="no data", reason=NO_DATA_REASON)
    return each


def _has_succeeded(each: OperationRecord, strictness: Strictness) -> bool:
    operation = operations(strictness)[each.name]
    successes = [status for status in each.statuses if status.startswith("2")]
    return any(
        status in operation.raw["responses"] or operation.is_success(int(status))
        for status in successes
    )


def _never_succeeded_violations(
    each: OperationRecord, strictness: Strictness
) -> Iterator[Violation]:
    if (
        _has_succeeded(each, strictness)
        or each.outcome in ("no data", "excused")
        or not each.statuses
    ):
        # An operation without any response is reported as not checked.
        return
    got = ", ".join(f"{status} x{times}" for status, times in each.statuses.items())
    # An unknown path is 404 with any credentials; such requests are few.
    refused, missing = each.statuses.get("401", 0), each.statuses.get("404", 0)
    is_stranger = refused > missing and each.statuses.keys() <= {"401", "404"}
    kind = ViolationKind.EVERY_ANSWER_401 if is_stranger else ViolationKind.NEVER_SUCCEEDED
    most = max(each.statuses, key=lambda status: each.statuses[status])
    yield new_violation(each.name, kind, status=int(most), actual=got)


def _excuse_statuses(
    record: RunRecord, each: OperationRecord, excused: dict[str, str], found: list[Violation]
) -> None:
    strictness = strictness_by_name(record.strictness)
    operation = operations()[each.name]
    for status in sorted(operation.raw["responses"].keys() - each.statuses.keys()):
        reason = record.limits.get(each.name, "") or _status_excuse(record, status)
        if reason := reason or operation.why_status_not_binding(status, strictness):
            excused[f"{each.name} {status}"] = reason
        # Otherwise the missing success is the violation.
        elif _has_succeeded(each, strictness):
            kind = ViolationKind.STATUS_NOT_SEEN
            found.append(
                new_violation(each.name, kind, status=int(status), place=status, expected=status)
            )


def _status_excuse(record: RunRecord, status: str) -> str:
    if status in UNREACHABLE_STATUSES:
        return UNREACHABLE_STATUSES[status]
    if record.profile != "full":
        return f"--profile {record.profile} sends no request that could provoke it"
    all_rules = set(select_rules(frozenset(record.only))) == set(select_rules(frozenset()))
    if status in PROBE_ONLY_STATUSES and not all_rules:
        return "the rules whose probes provoke it were not all chosen"
    return ""


def _excuse_links(
    record: RunRecord, empty: set[str], excused: dict[str, str], found: list[Violation]
) -> None:
    chosen = [operations()[each.name] for each in record.operations]
    for link in links_between(chosen):
        if record.links.get(str(link), 0):
            continue
        ends = (link.source.name, link.target.name)
        if reason := next((record.limits[end] for end in ends if end in record.limits), ""):
            excused[str(link)] = reason
        elif record.profile != "full" or record.limits:
            excused[str(link)] = LINK_UNUSABLE_REASON
        elif not strictness_by_name(record.strictness).binding:
            excused[str(link)] = explain_undocumented("X3")
        # Otherwise the source without success is the violation.
        elif link.source.name not in empty:
            kind = ViolationKind.LINK_NOT_FOLLOWED
            found.append(new_violation(link.source.name, kind, place=link.name, expected=str(link)))
