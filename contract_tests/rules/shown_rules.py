"""Rules that one response shows: filters, orders, counts and fields that have to fit each other.

Probes try these rules with records of their own. Here they are judged by any successful response to
a valid request, whoever sent it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from contract_tests.contract.api_lookup import ROW_FIELDS, operation_effects, rows_field
from contract_tests.rules.report_counts import count_faults, rate_faults
from contract_tests.rules.row_filters import ROW_FILTERS, judged_records, row_passes
from contract_tests.rules.row_order import is_sorted_either_way, misplaced_row, order_of
from openapi import child_pointer

Json = Mapping[str, Any]
REPORTS = ("getMarketingNoticeReport", "getMarketingNoticeTaskReport")
PLANS = "listMarketingNotices"
EXECUTIONS, DAILY_REPORTS = "listNotificationTaskExecutions", "listMemberDailyReports"
KEYS_OF_ROWS = ("id", "groupId")
"""Fields that identify a row; a member can stand in a list twice."""
NARROWING = frozenset({"keyWord", "status"})
"""Filters that leave groups without a matching plan out of the list (MN-10)."""
SUCCESSES = ("SUCCESS", "COMPLETED")
"""Both words for a successful execution (N15)."""
ENDED_BEFORE = ("PENDING", "EXECUTING")
"""Statuses from which a notification task can be terminated (NT-26)."""


class SuccessfulAnswer(NamedTuple):
    """A successful response to a valid request; query: all values of each parameter."""

    operation: str
    query: Mapping[str, Sequence[str]]
    body: Any
    document: Any

    @property
    def rows(self) -> list[Any]:
        """The rows of a list; empty for another response."""
        found = self.document if isinstance(self.document, Mapping) else {}
        rows = next((found[each] for each in ROW_FIELDS if each in found), None)
        return rows if isinstance(rows, list) else []


class RuleFault(NamedTuple):
    """A fault in a response: pointer, expected and actual value."""

    pointer: str
    expected: str
    actual: str


class ShownRule(NamedTuple):
    """A rule that a response shows to be kept, or broken by `fault`.

    subject: what shows it, such as a parameter or a field.
    """

    rule: str
    subject: str
    fault: RuleFault | None = None


def shown_rules(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Yield the rules that a response shows, one for each subject."""
    for look in RULE_CHECKS:
        yield from look(answer)


def filters_are_met(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Compare each row with each filter of the query."""
    filters = ROW_FILTERS.get(answer.operation, {})
    for parameter, values in answer.query.items():
        # The contract does not say which of two values counts, nor what an empty one means.
        if parameter not in filters or len(values) != 1 or not values[0]:
            continue
        wanted, field = values[0], filters[parameter].field
        wrong = [
            RuleFault(
                f"/{rows_field(answer.operation)}{pointer}/{field}",
                f"a row that passes {parameter} {wanted}",
                _shown(record[field]),
            )
            for pointer, record in judged_records(answer.operation, parameter, answer.rows)
            if row_passes(answer.operation, parameter, record, wanted) is False
        ]
        yield ShownRule(filters[parameter].rule, parameter, next(iter(wrong), None))


def rows_are_in_order(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Compare each row with the one above it."""
    rows = [row for row in answer.rows if isinstance(row, Mapping)]
    order = order_of(answer.operation, answer.query)
    if order is None or len(rows) < 2 or len(rows) < len(answer.rows):
        return
    number, fault = misplaced_row(order, rows), None
    if number is not None:
        values = [
            ", ".join(_shown(row.get(field)) for field in order.fields)
            for row in rows[number - 1 : number + 1]
        ]
        how = "descending" if order.is_descending else "ascending"
        fault = RuleFault(
            f"/{rows_field(answer.operation)}/{number}",
            f"rows by {', '.join(order.fields)}, {how}",
            " above ".join(values),
        )
    yield ShownRule(order.rule, "order", fault)


def daily_reports_are_in_order(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect one direction of all dates."""
    dates = [str(row.get("reportDate")) for row in answer.rows if isinstance(row, Mapping)]
    if answer.operation == DAILY_REPORTS and len(dates) > 2:
        fault = RuleFault("/records", "dates in one direction", ", ".join(dates))
        yield ShownRule("ME-02", "order", None if is_sorted_either_way(dates) else fault)


def rows_are_distinct(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect no record twice on a page."""
    if not answer.rows or answer.operation == DAILY_REPORTS:
        return
    seen: set[str] = set()
    fault = None
    for number, row in enumerate(answer.rows):
        key = next((name for name in KEYS_OF_ROWS if isinstance(row, Mapping) and name in row), "")
        if not key:
            return
        if (value := _shown(row[key])) in seen:
            place = f"/{rows_field(answer.operation)}/{number}/{key}"
            fault = fault or RuleFault(place, "each row once", f"{key} {value} twice")
        seen.add(value)
    yield ShownRule("PG-17", "rows", fault)


def groups_have_plans(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect no group without a plan where plans are filtered."""
    if answer.operation != PLANS or not NARROWING.intersection(answer.query):
        return
    if not all(any(answer.query.get(name, [""])) for name in NARROWING & answer.query.keys()):
        return
    empty = [
        number
        for number, row in enumerate(answer.rows)
        if isinstance(row, Mapping) and row.get("plan") == []
    ]
    fault = RuleFault(f"/records/{empty[0]}", "a group with a plan", "none") if empty else None
    yield ShownRule("MN-10", "groups", fault)


def counts_fit(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Compare the counts of a report with each other, and the rates with the counts."""
    if answer.operation not in REPORTS or not isinstance(answer.document, Mapping):
        return
    for rule, find in (("RP-05", count_faults), ("RP-01", rate_faults)):
        wrong = [
            RuleFault(child_pointer("", field), expected, actual)
            for field, expected, actual in find(answer.document)
        ]
        yield ShownRule(rule, "counts", next(iter(wrong), None))


def notified_members_are_members(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Compare the number of members with the members, and with those who were notified."""
    document = answer.document if isinstance(answer.document, Mapping) else {}
    entry = operation_effects(answer.operation)
    if entry.kind != "notification":
        return
    counts = document.get("statistics")
    if entry.shows and isinstance(counts, Mapping):
        total, notified = counts.get("totalMembers"), counts.get("successCount")
        if isinstance(total, int) and isinstance(notified, int):
            at = "/statistics/successCount"
            fault = RuleFault(at, f"at most {total}, the totalMembers", str(notified))
            yield ShownRule("NT-17", "statistics", fault if notified > total else None)
    sent = answer.body if isinstance(answer.body, Mapping) else {}
    members, total = sent.get("members"), document.get("totalMembers")
    if entry.creates and isinstance(members, list) and isinstance(total, int):
        distinct = {_shown(member) for member in members}
        # Members of files are not in the request, and one who is named twice may count once.
        if members and not sent.get("fileIds") and len(distinct) == len(members):
            fault = RuleFault("/totalMembers", str(len(members)), str(total))
            yield ShownRule("NT-17", "members", fault if total != len(members) else None)


def executions_are_complete(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect the time of a success, and the reason of a failure without a time."""
    if answer.operation != EXECUTIONS or not answer.rows:
        return
    for number, row in enumerate(answer.rows):
        status = row.get("status") if isinstance(row, Mapping) else None
        if status in SUCCESSES and row.get("executeTime") is None:
            fault = RuleFault(f"/records/{number}", "an executeTime of a success", "none")
        elif status == "FAILED" and (row.get("executeTime") or not row.get("failureReason")):
            fault = RuleFault(
                f"/records/{number}", "a failureReason and no executeTime", _shown(dict(row))
            )
        else:
            continue
        yield ShownRule("NT-29", "executions", fault)
        return
    yield ShownRule("NT-29", "executions")


def terminations_name_both_statuses(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect the status before the termination and the one after it."""
    entry = operation_effects(answer.operation)
    document = answer.document
    if entry.acts_on != "notification" or not isinstance(document, Mapping):
        return
    before, after = document.get("previousStatus"), document.get("currentStatus")
    expected = f"{' or '.join(ENDED_BEFORE)}, then TERMINATED"
    is_kept = before in ENDED_BEFORE and after == "TERMINATED"
    fault = RuleFault("", expected, f"{_shown(before)}, then {_shown(after)}")
    yield ShownRule("NT-26", "statuses", None if is_kept else fault)


def new_scenes_are_custom(answer: SuccessfulAnswer) -> Iterator[ShownRule]:
    """Expect the type of a scene that a client has made."""
    document = answer.document
    if operation_effects(answer.operation).creates == "scene" and isinstance(document, Mapping):
        found = document.get("sceneType", "CUSTOM")
        fault = RuleFault("/sceneType", "CUSTOM", _shown(found))
        yield ShownRule("SC-07", "sceneType", None if found == "CUSTOM" else fault)


RULE_CHECKS: tuple[Callable[[SuccessfulAnswer], Iterator[ShownRule]], ...] = (
    filters_are_met,
    rows_are_in_order,
    daily_reports_are_in_order,
    rows_are_distinct,
    groups_have_plans,
    counts_fit,
    notified_members_are_members,
    executions_are_complete,
    terminations_name_both_statuses,
    new_scenes_are_custom,
)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
