"""Probes of filters that are combined: each pair of the filters of each list (PG-18)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Any, NamedTuple

from contract_tests.rules.client import ApiClient, format_date, format_datetime
from contract_tests.rules.factories import (
    LEAD_DAYS,
    TASK_TYPES,
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
    upload_member_list,
)
from contract_tests.rules.members import DAILY_REPORTS_ID, new_contacted_member
from contract_tests.rules.notice_scenes import list_scene_ids
from contract_tests.rules.outcome import expect_equal
from contract_tests.rules.prepared_lists import row_key
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import COMMAS, is_accepted_or_observe_refusal
from contract_tests.rules.record_lists import iter_listed_records
from contract_tests.rules.record_removal import TERMINATION_BODY
from contract_tests.rules.row_filters import row_passes

probes = ProbeRegistry()
Json = dict[str, Any]
MEMBER_COUNT = 24
"""Members of a task, enough for several statuses, moods and scenes among them."""


class FilterWithValues(NamedTuple):
    """A filter: values for it, and whether a row passes with a value."""

    values: Sequence[Any]
    passes: Callable[[Json, Any], bool]


@dataclass(frozen=True)
class FilteredList:
    """A list, the rows that a probe has created in it, and its filters by parameter.

    rows: with the fields that the filters look at; always: the query that each request needs.
    """

    operation: str
    rows: Sequence[Json]
    filters: Mapping[str, FilterWithValues]
    always: Json = field(default_factory=dict)
    ids: Json = field(default_factory=dict)

    def iter_filter_pairs(self) -> Iterator[tuple[Json, set[Any]]]:
        """Yield queries with two filters each, and the keys of the rows that pass both.

        With their values, a server that ignores one of the two finds other rows: one query for a
        pair where that is possible, else one for each of its filters.
        """
        for names in combinations(self.filters, 2):
            asked = [
                (dict(zip(names, values, strict=True)), *self._keys_passing(names, values))
                for values in product(*(self.filters[name].values for name in names))
            ]
            decisive = [one for one in asked if one[1] - one[2] and one[2] - one[1]][:1]
            decisive = decisive or [
                *[one for one in asked if one[1] - one[2]][:1],
                *[one for one in asked if one[2] - one[1]][:1],
            ]
            for query, first, second in decisive:
                yield query, first & second

    def _keys_passing(
        self, names: Sequence[str], values: Sequence[Any]
    ) -> tuple[set[Any], set[Any]]:
        """Return the keys of the rows that pass the first filter, and the second one."""
        needed = {name: value for name, value in self.always.items() if name in self.filters}
        rows = [
            row
            for row in self.rows
            if all(self.filters[n].passes(row, v) for n, v in needed.items() if n not in names)
        ]
        first, second = (
            {row_key(row) for row in rows if self.filters[name].passes(row, value)}
            for name, value in zip(names, values, strict=True)
        )
        return first, second

    def expect_both_filters(self, api: ApiClient) -> None:
        """Raise RuleViolationError unless each pair finds the rows that pass both."""
        mine = {row_key(row) for row in self.rows}
        for query, expected in self.iter_filter_pairs():
            asked = {**self.always, **query}
            page = api.call_json(self.operation, query=asked, **self.ids)
            # Others may have records on the server, which these filters find as well.
            found = {row_key(row) for row in iter_listed_records(self.operation, page)} & mine
            expect_equal(found, expected, f"the rows of {self.operation} with {asked}")


def _filter(operation: str, parameter: str, *values: Any) -> tuple[str, FilterWithValues]:
    """Return a filter that rows show themselves, by its parameter."""

    def passes(row: Json, value: Any) -> bool:
        return row_passes(operation, parameter, row, value) is True

    return parameter, FilterWithValues(values, passes)


def new_filtered_group_list(api: ApiClient) -> FilteredList:
    """Return three groups: two have a word in their names, two are asked for by their ids."""
    word = api.unique_name("词")
    rows = [
        api.call_json("createGroup", body={"name": name})
        for name in (f"{word}甲", f"{word}乙", api.unique_name())
    ]
    ids = ",".join(str(row["id"]) for row in rows[1:])
    operation = "listGroups"
    # A server that takes one id only is asked for the group without the word.
    if not is_accepted_or_observe_refusal(
        api, COMMAS, api.call(operation, query={"ids": ids}), refused="literal"
    ):
        ids = str(rows[-1]["id"])
    filters = dict([_filter(operation, "keyWord", word), _filter(operation, "ids", ids)])
    return FilteredList(operation, rows, filters)


def new_filtered_scene_list(api: ApiClient) -> FilteredList:
    """Return four scenes of two plans: two have a word in their names, another an externalId."""
    plan, other = new_plan(api)["id"], new_plan(api)["id"]
    word, external = api.unique_name("词"), api.unique_name()
    rows = [
        # No operation on a scene returns its plan; only the list does (M12, M30).
        {**new_scene(api, of, **fields), "planId": of}
        for of, fields in (
            (plan, {"name": f"{word}甲"}),
            (plan, {}),
            (other, {"name": f"{word}乙"}),
            (other, {"externalId": external}),
        )
    ]
    operation = "listScenes"
    found = [_filter(operation, "keyWord", word), _filter(operation, "externalId", external)]
    # The external id of a plan may be meant, which none of the scenes has (M39).
    filters = dict(found if list_scene_ids(api, externalId=external) else found[:1])
    of_plan = FilterWithValues([plan], lambda row, value: row["planId"] == value)
    return FilteredList(operation, rows, filters | {"planId": of_plan})


def new_filtered_plan_list(api: ApiClient) -> FilteredList:
    """Return three drafts in two groups, two with a word in their names."""
    groups, word = [new_group(api)["id"] for _ in "ab"], api.unique_name("词")
    rows = [
        {**new_plan(api, group=group, **fields), "groupId": group}
        for group, fields in (
            (groups[0], {"name": f"{word}甲"}),
            (groups[0], {}),
            (groups[1], {"name": f"{word}乙"}),
        )
    ]
    operation = "listMarketingNotices"
    filters = dict(
        [
            _filter(operation, "keyWord", word),
            _filter(operation, "groupIds", str(groups[0])),
            # All rows are drafts, since a released plan could reach people. With COMPLETE no row
            # passes, so a server that ignores the filter is noticed.
            _filter(operation, "status", "DRAFT", "COMPLETE"),
        ]
    )
    return FilteredList(operation, rows, filters)


def new_filtered_notification_list(api: ApiClient) -> FilteredList:
    """Return three tasks of each type with different start times, two of the three terminated."""
    # Each probe of this list has a day of its own: the start is the only filter that can be narrow.
    at = [format_datetime(api.moment_at(LEAD_DAYS + 6, 9, 0, second)) for second in range(3)]
    rows = []
    for kind in TASK_TYPES:
        for start, is_ended in zip(at, (True, True, False), strict=True):
            end = format_datetime(api.moment_at(LEAD_DAYS + 6, 18))
            times = {"scheduledStartTime": start, "scheduledEndTime": end}
            made = new_notification(api, taskType=kind, **times)
            if is_ended:
                api.call_json("terminateNotificationTask", taskId=made["id"], body=TERMINATION_BODY)
            status = "TERMINATED" if is_ended else "PENDING"
            row = {"id": made["id"], "taskType": kind, "status": status}
            rows.append({**row, "scheduledStartTime": start})
    operation = "listNotificationTasks"
    filters = dict(
        [
            _filter(operation, "taskType", rows[0]["taskType"]),
            _filter(operation, "status", "TERMINATED", "PENDING"),
            _filter(operation, "startTime", at[1]),
            _filter(operation, "endTime", at[1]),
        ]
    )
    # The list requires taskType (N21) and returns 20 rows by default (N23).
    always = {"taskType": rows[0]["taskType"], "current": 0, "size": 100}
    return FilteredList(operation, rows, filters, always)


def new_filtered_member_list(api: ApiClient) -> FilteredList:
    """Return the members of a task who were contacted, with their statuses, scenes and moods."""
    operation = "listMarketingNoticeTaskMembers"
    plan = new_plan(api, "RELEASE")["id"]
    scenes = [new_scene(api, plan) for _ in "ab"]
    people = [
        {**member, "nickname": name}
        # Names repeat, so that the members found by a keyword differ in status, scenes and mood.
        for member, name in zip(api.new_members(MEMBER_COUNT), "丽芳娜敏" * 6, strict=True)
    ]
    start, file_id = api.moment_at(1, 9), upload_member_list(api, people)
    task = new_plan_task(api, plan, start, file_id=file_id)["id"]
    api.advance_to(api.moment_at(1, 10))
    rows = api.call_json(operation, taskId=task)["content"]
    names = {str(scene["id"]): scene["name"] for scene in scenes}
    moods = sorted({mood for row in rows for mood in row["moodValues"]})
    filters = dict(
        [
            _filter(operation, "keyWord", "丽", "芳"),
            _filter(operation, "status", *sorted({row["status"] for row in rows})),
            (
                "sceneIds",
                FilterWithValues([*names], lambda row, value: names[value] in row["scenes"]),
            ),
            _filter(operation, "moodValue", *moods),
        ]
    )
    return FilteredList(operation, rows, filters, ids={"taskId": task})


def new_filtered_report_list(api: ApiClient) -> FilteredList:
    """Return the daily reports of a member who was contacted on four days."""
    operation, days = "listMemberDailyReports", (2, 3, 4, 5)
    member = new_contacted_member(api, *days)
    rows = api.call_json(operation, id=member)["records"]
    dates = [format_date(api.moment_at(day, 0)) for day in days]
    words = sorted({row["content"] for row in rows if row.get("content")})
    filters = dict(
        [
            _filter(operation, "startDate", *dates),
            _filter(operation, "endDate", *dates),
            _filter(operation, "keyword", *words),
        ]
    )
    return FilteredList(operation, rows, filters, ids={"id": member})


@probes.accepted("PG-18", observes=(COMMAS,))
def rows_pass_both_of_two_combined_filters(api: ApiClient) -> None:
    """Combine each pair of filters; some records pass only the first, some only the second."""
    for filtered in (
        new_filtered_group_list,
        new_filtered_scene_list,
        new_filtered_plan_list,
        new_filtered_notification_list,
    ):
        filtered(api).expect_both_filters(api)


@probes.accepted("PG-18", clock=True, observes=(DAILY_REPORTS_ID,))
def members_and_daily_reports_pass_both_filters(api: ApiClient) -> None:
    """Combine each pair of filters on members of a task and on daily reports."""
    for filtered in (new_filtered_member_list, new_filtered_report_list):
        filtered(api).expect_both_filters(api)
