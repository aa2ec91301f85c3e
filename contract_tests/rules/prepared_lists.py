"""The seven lists of the API, each filtered to the rows of one probe."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zlib import crc32

from contract_tests.contract.api_lookup import listed_rows, rows_field
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient, format_datetime
from contract_tests.rules.factories import (
    DEFAULT_END_HOUR,
    LEAD_DAYS,
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
    upload_member_list,
)
from contract_tests.rules.response import ApiResponse

Json = dict[str, Any]
START_TIME_RANGE_SECONDS = DEFAULT_END_HOUR * 3600
"""Seconds of a day in which a task can start that ends on the same day."""


@dataclass(frozen=True)
class PreparedList:
    """A list, and the rows that a probe has created in it.

    narrow: the query that finds only these rows. keys: their identities in the list's default
    order. sort: a field by which the list can be sorted; rows show it under the same name.
    """

    operation: str
    keys: list[Any]
    narrow: Json = field(default_factory=dict)
    ids: Json = field(default_factory=dict)
    sort: str = "name"

    @property
    def has_spring_pages(self) -> bool:
        """True if the response is Spring's page object, not `page` and `records`."""
        return rows_field(self.operation) == "content"

    def call(self, api: ApiClient, **query: Any) -> ApiResponse:
        """Query the list and return the response."""
        return api.call(self.operation, query={**self.narrow, **query}, **self.ids)

    def get_page(self, api: ApiClient, **query: Any) -> Json:
        """Query the list, which must succeed, and return its JSON."""
        found: Json = api.call_json(self.operation, query={**self.narrow, **query}, **self.ids)
        return found

    def rows_of(self, page: Json) -> list[Json]:
        """Return the rows of a page."""
        return listed_rows(self.operation, page)

    def get_keys(self, api: ApiClient, **query: Any) -> list[Any]:
        """Return the keys of the rows that a query finds, in its order."""
        return [row_key(row) for row in self.rows_of(self.get_page(api, **query))]

    def total_of(self, page: Json) -> int:
        """Return the number of rows that a page reports in total."""
        if self.has_spring_pages:
            return int(page["totalElements"])
        # The other structure of the list of executions has no page object (N16).
        return int(page["page"]["total"] if page.get("page") else page["total_members"])

    def size_of(self, page: Json) -> int:
        """Return the size that a page reports."""
        return int(page["size"] if self.has_spring_pages else page["page"]["size"])


def row_key(row: Json) -> Any:
    """Return the identity of a row: its id, or all of it."""
    # Rows of the plan list are groups (M7), and executions have only the id of their member.
    for name in ("id", "memberId", "groupId"):
        if row.get(name) is not None:
            return row[name]
    return json.dumps(row, sort_keys=True)


def create_newest_first(
    api: ApiClient, count: int, make: Callable[[], Json], apart: bool
) -> list[Json]:
    """Create this many records and return them newest first; `apart` puts a second between them."""
    found = []
    for _ in range(count):
        found.append(make())
        # Times have seconds, so the order of records created within one is undefined.
        if apart:
            api.wait_one_second()
    return found[::-1]


def new_notification_task_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Return tasks with a start second of their own, the only filter that finds just them."""
    # Derived from the name, so that tasks of other probes and runs rarely share the second.
    second = crc32(api.unique_name().encode()) % START_TIME_RANGE_SECONDS
    start = format_datetime(api.moment_at(LEAD_DAYS + 20, 0) + timedelta(seconds=second))
    times = {
        "scheduledStartTime": start,
        "scheduledEndTime": format_datetime(api.moment_at(LEAD_DAYS + 20, 23)),
    }
    tasks = create_newest_first(api, count, lambda: new_notification(api, **times), apart)
    narrow = {"taskType": tasks[0]["taskType"], "startTime": start, "endTime": start}
    return PreparedList("listNotificationTasks", [task["id"] for task in tasks], narrow)


def new_execution_list(api: ApiClient, count: int) -> PreparedList:
    """Return the executions of a new task."""
    people = api.new_members(count, nickname="张丽")
    task = new_notification(api, members=people)["id"]
    members = [member["memberId"] for member in people]
    return PreparedList(
        "listNotificationTaskExecutions", members, ids={"taskId": task}, sort="status"
    )


def new_groups(api: ApiClient, count: int, apart: bool) -> tuple[str, list[int]]:
    """Return a word that only these new groups have in their names, and their ids.

    A list of several ids is no filter on every server (M4).
    """
    word = api.unique_name()
    groups = create_newest_first(api, count, lambda: new_group(api, api.unique_name(word)), apart)
    return word, [group["id"] for group in groups]


def new_group_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Return new groups, filtered by a word in their names."""
    word, ids = new_groups(api, count, apart)
    return PreparedList("listGroups", ids, {"keyWord": word})


def new_scene_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Return the scenes of a new plan."""
    plan = new_plan(api)["id"]
    ids = [
        scene["id"]
        for scene in create_newest_first(api, count, lambda: new_scene(api, plan), apart)
    ]
    return PreparedList("listScenes", ids, {"planId": plan})


def new_plan_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Return new groups with one plan each, filtered by the plans; the list counts groups."""
    word, ids = new_groups(api, count, apart)
    for group in ids:
        new_plan(api, group=group, name=api.unique_name(word))
    return PreparedList("listMarketingNotices", ids, {"keyWord": word}, sort="groupName")


def new_plan_task_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Return the tasks of a new plan."""
    plan = new_plan(api)["id"]
    file = upload_member_list(api, api.new_members(1, nickname="李娜"))
    tasks = create_newest_first(api, count, lambda: new_plan_task(api, plan, file_id=file), apart)
    return PreparedList(
        "listMarketingNoticeTasks", [task["id"] for task in tasks], ids={"id": plan}
    )


def new_task_member_list(api: ApiClient, count: int) -> PreparedList:
    """Return the members of a new plan task."""
    task = new_plan_task(api, new_plan(api)["id"], members=count)["id"]
    members = [member["memberId"] for member in api.new_members(count)]
    return PreparedList(
        "listMarketingNoticeTaskMembers", members, ids={"taskId": task}, sort="memberId"
    )


def new_spring_lists(api: ApiClient, count: int, apart: bool = False) -> Iterator[PreparedList]:
    """Yield the five lists with Spring's parameters, with this many rows each."""
    yield new_group_list(api, count, apart)
    yield new_scene_list(api, count, apart)
    yield new_plan_list(api, count, apart)
    yield new_plan_task_list(api, count, apart)
    yield new_task_member_list(api, count)


def new_api_lists(api: ApiClient, count: int) -> Iterator[PreparedList]:
    """Yield all seven lists, with this many rows each."""
    yield new_notification_task_list(api, count)
    yield new_execution_list(api, count)
    yield from new_spring_lists(api, count)


def new_lists_without_rows(api: ApiClient) -> Iterator[PreparedList]:
    """Yield six lists, filtered so that they are empty; executions, the seventh, never are."""
    second = crc32(api.unique_name().encode()) % START_TIME_RANGE_SECONDS
    start = format_datetime(api.moment_at(LEAD_DAYS + 21, 0) + timedelta(seconds=second))
    times = {"startTime": start, "endTime": start}
    plan = new_plan(api)["id"]
    yield PreparedList("listNotificationTasks", [], {"taskType": "APPOINTMENT_REMINDER", **times})
    yield PreparedList("listGroups", [], {"ids": str(NONEXISTENT_ID)})
    yield PreparedList("listScenes", [], {"planId": plan})
    yield PreparedList(
        "listMarketingNotices", [], {"groupIds": str(NONEXISTENT_ID)}, sort="groupName"
    )
    yield PreparedList("listMarketingNoticeTasks", [], ids={"id": plan})
    task = new_plan_task(api, plan, members=1)["id"]
    none = {"keyWord": api.unique_name()}
    yield PreparedList(
        "listMarketingNoticeTaskMembers", [], none, {"taskId": task}, sort="memberId"
    )


def new_spring_lists_without_rows(api: ApiClient) -> Iterator[PreparedList]:
    """Yield the lists without rows that have Spring's parameters."""
    for rows in new_lists_without_rows(api):
        if rows.operation != "listNotificationTasks":
            yield rows


def new_smallest_lists(api: ApiClient) -> Iterator[PreparedList]:
    """Yield all seven lists with as few rows as possible, for queries that are refused."""
    yield new_execution_list(api, 1)
    yield from new_lists_without_rows(api)
