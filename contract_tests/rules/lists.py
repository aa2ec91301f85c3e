"""The seven lists of the API, each narrowed to rows of a probe's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zlib import crc32

from contract_tests.contract.api_lookup import rows_field
from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    DEFAULT_END_HOUR,
    LEAD_DAYS,
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
)
from contract_tests.rules.response import ApiResponse

Json = dict[str, Any]
START_TIME_RANGE_SECONDS = DEFAULT_END_HOUR * 3600
"""Of a day, in which a task can begin that ends on the same day."""


@dataclass(frozen=True)
class PreparedList:
    """A list and the rows of it that a probe has made.

    narrow: the query that finds these rows alone. keys: what tells them apart, in the list's
    default order. sort: a field by which they sort, and the one of a row that shows it.
    """

    operation: str
    keys: list[Any]
    narrow: Json = field(default_factory=dict)
    ids: Json = field(default_factory=dict)
    sort: str = "name"

    @property
    def has_spring_pages(self) -> bool:
        """Whether it answers Spring's page object, and not `page` and `records`."""
        return rows_field(self.operation) == "content"

    def call(self, api: ApiClient, **query: Any) -> ApiResponse:
        """Query the list."""
        return api.call(self.operation, query={**self.narrow, **query}, **self.ids)

    def page(self, api: ApiClient, **query: Any) -> Json:
        """Query the list, which has to succeed; the whole answer."""
        found: Json = api.call_json(self.operation, query={**self.narrow, **query}, **self.ids)
        return found

    def rows(self, page: Json) -> list[Json]:
        """The rows of an answer."""
        found: list[Json] = page[rows_field(self.operation)]
        return found

    def found_keys(self, api: ApiClient, **query: Any) -> list[Any]:
        """The keys of the rows that a query finds, in its order."""
        return [row_key(row) for row in self.rows(self.page(api, **query))]

    def total(self, page: Json) -> int:
        """How many rows an answer says there are."""
        return int(page["totalElements"] if self.has_spring_pages else page["page"]["total"])

    def size(self, page: Json) -> int:
        """How many rows an answer says a page has."""
        return int(page["size"] if self.has_spring_pages else page["page"]["size"])


def row_key(row: Json) -> Any:
    """What tells a row apart: its id, or all of it."""
    for name in ("id", "memberId", "groupId"):
        if name in row:
            return row[name]
    return json.dumps(row, sort_keys=True)


def create_newest_first(
    api: ApiClient, count: int, make: Callable[[], Json], apart: bool
) -> list[Json]:
    """So many things, newest first; with `apart`, no two within a second."""
    found = []
    for _ in range(count):
        found.append(make())
        if apart:
            api.wait_one_second()
    return found[::-1]


def new_notification_task_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Tasks that start at a second of their own: there is no other way to find them alone."""
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
    """The executions of a task."""
    people = api.new_members(count, nickname="张丽")
    task = new_notification(api, members=people)["id"]
    members = [member["memberId"] for member in people]
    return PreparedList(
        "listNotificationTaskExecutions", members, ids={"taskId": task}, sort="status"
    )


def new_group_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Groups, found by their ids."""
    ids = [group["id"] for group in create_newest_first(api, count, lambda: new_group(api), apart)]
    return PreparedList("listGroups", ids, {"ids": ",".join(map(str, ids))})


def new_scene_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """The scenes of a plan."""
    plan = new_plan(api)["id"]
    ids = [
        scene["id"]
        for scene in create_newest_first(api, count, lambda: new_scene(api, plan), apart)
    ]
    return PreparedList("listScenes", ids, {"planId": plan})


def new_plan_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """Groups with a plan each, found by the groups' ids: they are what the list counts."""
    ids = [group["id"] for group in create_newest_first(api, count, lambda: new_group(api), apart)]
    for group in ids:
        new_plan(api, group=group)
    narrow = {"groupIds": ",".join(map(str, ids))}
    return PreparedList("listMarketingNotices", ids, narrow, sort="groupName")


def new_plan_task_list(api: ApiClient, count: int, apart: bool = False) -> PreparedList:
    """The tasks of a plan."""
    plan = new_plan(api)["id"]
    tasks = create_newest_first(api, count, lambda: new_plan_task(api, plan, members=1), apart)
    return PreparedList(
        "listMarketingNoticeTasks", [task["id"] for task in tasks], ids={"id": plan}
    )


def new_task_member_list(api: ApiClient, count: int) -> PreparedList:
    """The members of a plan task."""
    task = new_plan_task(api, new_plan(api)["id"], members=count)["id"]
    members = [member["memberId"] for member in api.new_members(count)]
    return PreparedList(
        "listMarketingNoticeTaskMembers", members, ids={"taskId": task}, sort="memberId"
    )


def new_spring_lists(api: ApiClient, count: int, apart: bool = False) -> Iterator[PreparedList]:
    """The five lists with Spring's parameters, with so many rows each."""
    yield new_group_list(api, count, apart)
    yield new_scene_list(api, count, apart)
    yield new_plan_list(api, count, apart)
    yield new_plan_task_list(api, count, apart)
    yield new_task_member_list(api, count)


def new_api_lists(api: ApiClient, count: int) -> Iterator[PreparedList]:
    """All seven lists, with so many rows each."""
    yield new_notification_task_list(api, count)
    yield new_execution_list(api, count)
    yield from new_spring_lists(api, count)
