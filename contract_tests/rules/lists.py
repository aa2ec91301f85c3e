"""The seven lists of the API, each narrowed to rows of a probe's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zlib import crc32

from contract_tests.contract.api_lookup import row_field
from contract_tests.rules.client import Api, text
from contract_tests.rules.factories import (
    DEFAULT_END,
    LEAD,
    new_batch,
    new_group,
    new_notification,
    new_plan,
    new_scene,
)
from contract_tests.rules.response import Answer

Json = dict[str, Any]
SECONDS = DEFAULT_END * 3600
"""Of a day, in which a task can begin that ends on the same day."""


@dataclass(frozen=True)
class Rows:
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
    def spring(self) -> bool:
        """Whether it answers Spring's page object, and not `page` and `records`."""
        return row_field(self.operation) == "content"

    def call(self, api: Api, **query: Any) -> Answer:
        """Query the list."""
        return api.call(self.operation, query={**self.narrow, **query}, **self.ids)

    def page(self, api: Api, **query: Any) -> Json:
        """Query the list, which has to succeed; the whole answer."""
        found: Json = api.ok(self.operation, query={**self.narrow, **query}, **self.ids)
        return found

    def rows(self, page: Json) -> list[Json]:
        """The rows of an answer."""
        found: list[Json] = page[row_field(self.operation)]
        return found

    def found(self, api: Api, **query: Any) -> list[Any]:
        """The keys of the rows that a query finds, in its order."""
        return [key(row) for row in self.rows(self.page(api, **query))]

    def total(self, page: Json) -> int:
        """How many rows an answer says there are."""
        return int(page["totalElements"] if self.spring else page["page"]["total"])

    def size(self, page: Json) -> int:
        """How many rows an answer says a page has."""
        return int(page["size"] if self.spring else page["page"]["size"])


def key(row: Json) -> Any:
    """What tells a row apart: its id, or all of it."""
    for name in ("id", "memberId", "groupId"):
        if name in row:
            return row[name]
    return json.dumps(row, sort_keys=True)


def made(api: Api, count: int, make: Callable[[], Json], apart: bool) -> list[Json]:
    """So many things, newest first; with `apart`, no two within a second."""
    found = []
    for _ in range(count):
        found.append(make())
        if apart:
            api.pass_a_second()
    return found[::-1]


def notification_tasks(api: Api, count: int, apart: bool = False) -> Rows:
    """Tasks that start at a second of their own: there is no other way to find them alone."""
    second = crc32(api.name().encode()) % SECONDS
    start = text(api.at(LEAD + 20, 0) + timedelta(seconds=second))
    times = {"scheduledStartTime": start, "scheduledEndTime": text(api.at(LEAD + 20, 23))}
    tasks = made(api, count, lambda: new_notification(api, **times), apart)
    narrow = {"taskType": tasks[0]["taskType"], "startTime": start, "endTime": start}
    return Rows("listNotificationTasks", [task["id"] for task in tasks], narrow)


def executions(api: Api, count: int) -> Rows:
    """The executions of a task."""
    people = api.people(count, nickname="张丽")
    task = new_notification(api, members=people)["id"]
    members = [member["memberId"] for member in people]
    return Rows("listNotificationTaskExecutions", members, ids={"taskId": task}, sort="status")


def groups(api: Api, count: int, apart: bool = False) -> Rows:
    """Groups, found by their ids."""
    ids = [group["id"] for group in made(api, count, lambda: new_group(api), apart)]
    return Rows("listGroups", ids, {"ids": ",".join(map(str, ids))})


def scenes(api: Api, count: int, apart: bool = False) -> Rows:
    """The scenes of a plan."""
    plan = new_plan(api)["id"]
    ids = [scene["id"] for scene in made(api, count, lambda: new_scene(api, plan), apart)]
    return Rows("listScenes", ids, {"planId": plan})


def plans(api: Api, count: int, apart: bool = False) -> Rows:
    """Groups with a plan each, found by the groups' ids: they are what the list counts."""
    ids = [group["id"] for group in made(api, count, lambda: new_group(api), apart)]
    for group in ids:
        new_plan(api, group=group)
    narrow = {"groupIds": ",".join(map(str, ids))}
    return Rows("listMarketingNotices", ids, narrow, sort="groupName")


def plan_tasks(api: Api, count: int, apart: bool = False) -> Rows:
    """The tasks of a plan."""
    plan = new_plan(api)["id"]
    tasks = made(api, count, lambda: new_batch(api, plan, members=1), apart)
    return Rows("listMarketingNoticeTasks", [task["id"] for task in tasks], ids={"id": plan})


def task_members(api: Api, count: int) -> Rows:
    """The members of a plan task."""
    task = new_batch(api, new_plan(api)["id"], members=count)["id"]
    members = [member["memberId"] for member in api.people(count)]
    return Rows("listMarketingNoticeTaskMembers", members, ids={"taskId": task}, sort="memberId")


def spring_lists(api: Api, count: int, apart: bool = False) -> Iterator[Rows]:
    """The five lists with Spring's parameters, with so many rows each."""
    yield groups(api, count, apart)
    yield scenes(api, count, apart)
    yield plans(api, count, apart)
    yield plan_tasks(api, count, apart)
    yield task_members(api, count)


def every_list(api: Api, count: int) -> Iterator[Rows]:
    """All seven lists, with so many rows each."""
    yield notification_tasks(api, count)
    yield executions(api, count)
    yield from spring_lists(api, count)
