"""No vacuous green: what a run did not reach is excused with a reason, or is a violation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contract_tests.contract import choose_rules, operations
from contract_tests.links import links_between
from contract_tests.record import OperationRecord, Record
from contract_tests.violations import Violation

UNREACHABLE = {
    "403": "the documents give no caller who lacks a permission",
    "413": "how large a body may be is not documented, and nobody sends one to find out",
    "500": "a server that works has none",
}
"""The documented statuses that no request can bring about on purpose, by class."""
PROBED = {"206", "304", "416"}
"""Those that the probes of rules alone bring about."""
NO_DATA = "the target holds no record to read"


def without_gaps(record: Record) -> Record:
    """The record, judged by what it did not reach; one shard, or a run that ended early, is not.

    An operation that never succeeded is a violation, and so is a documented status or a link that
    was not reached and has no excuse. Without `full`, nothing can be made: there a read for which
    the target holds no record is "no data".
    """
    if record.ended or record.shard[1] > 1:
        return record
    judged = [_judged(record, each) for each in record.operations]
    record = replace(record, operations=judged)
    found: list[Violation] = []
    excused: dict[str, str] = {}
    for each in judged:
        found += _never_succeeded(each)
        _excuse(record, each, excused, found)
    empty = {each.name for each in judged if not _succeeded(each)}
    _excuse_links(record, empty, excused, found)
    named = {violation.operation for violation in found}
    outcomes = [
        replace(each, outcome="violated") if each.name in named else each for each in judged
    ]
    violations = [*record.violations, *found]
    return replace(record, operations=outcomes, violations=violations, excused=excused)


def _judged(record: Record, each: OperationRecord) -> OperationRecord:
    """The operation as "no data" when it may be: it only reads, and its record is not there."""
    is_empty = record.profile != "full" and "404" in each.statuses and each.outcome == "held"
    if is_empty and not _succeeded(each):
        return replace(each, outcome="no data", reason=NO_DATA)
    return each


def _succeeded(each: OperationRecord) -> bool:
    return any(status.startswith("2") for status in each.statuses if status in _documented(each))


def _documented(each: OperationRecord) -> set[str]:
    return set(operations()[each.name].raw["responses"])


def _never_succeeded(each: OperationRecord) -> Iterator[Violation]:
    if _succeeded(each) or each.outcome == "no data" or not each.statuses:
        return  # without an answer at all it was not checked, and is told so
    got = ", ".join(f"{status} x{times}" for status, times in each.statuses.items())
    text = f"Expected: a success, at least once\nGot: {got}"
    # A path that no operation has is 404 to everybody; those are few.
    refused, missing = each.statuses.get("401", 0), each.statuses.get("404", 0)
    is_stranger = refused > missing and each.statuses.keys() <= {"401", "404"}
    title = "Every answer was 401" if is_stranger else "It never succeeded"
    yield Violation(each.name, title, text)


def _excuse(
    record: Record, each: OperationRecord, excused: dict[str, str], found: list[Violation]
) -> None:
    for status in sorted(_documented(each) - each.statuses.keys()):
        if reason := _why_not(record, status):
            excused[f"{each.name} {status}"] = reason
        elif _succeeded(each):  # else that is the violation
            text = f"Expected: {status} at least once, as the contract documents it\nGot: never"
            title = "A documented status was not seen"
            found.append(Violation(each.name, title, text, place=status))


def _why_not(record: Record, status: str) -> str:
    if status in UNREACHABLE:
        return UNREACHABLE[status]
    if record.profile != "full":
        return f"{record.profile} changes nothing to bring it about"
    all_rules = set(choose_rules(frozenset(record.only))) == set(choose_rules(frozenset()))
    if status in PROBED and not all_rules:
        return "the rules whose probes bring it about were not all chosen"
    return ""


def _excuse_links(
    record: Record, empty: set[str], excused: dict[str, str], found: list[Violation]
) -> None:
    chosen = [operations()[each.name] for each in record.operations]
    for link in links_between(chosen):
        if record.links.get(str(link), 0):
            continue
        if record.profile != "full":
            excused[str(link)] = "no answer named what it leads to, and nothing may be made"
        elif link.source.name not in empty:  # else that is the violation
            text = f"Expected: {link} is followed\nGot: no answer named what it leads to"
            found.append(
                Violation(link.source.name, "A link was not followed", text, place=link.name)
            )
