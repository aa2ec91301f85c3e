"""Probes of the ids in paths: every operation that has one (ID rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.operations import operations
from contract_tests.rules.answer import Answer
from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import (
    batch,
    new_batch,
    new_file,
    new_group,
    new_notification,
    new_plan,
    new_scene,
    plan,
)
from contract_tests.rules.outcome import Attempt, expect
from contract_tests.rules.registry import Probes

probes = Probes()
LARGEST = 2**63 - 1
NOTICE = (
    "getMarketingNotice",
    "updateMarketingNotice",
    "terminateMarketingNotice",
    "enableMarketingNotice",
    "getMarketingNoticeReport",
    "createMarketingNoticeTask",
    "listMarketingNoticeTasks",
    "getMarketingNoticeTaskSchema",
)
NOTICE_TASK = (
    "getMarketingNoticeTask",
    "listMarketingNoticeTaskMembers",
    "getMarketingNoticeTaskReport",
    "terminateMarketingNoticeTask",
    "enableMarketingNoticeTask",
)
NOTIFICATION = (
    "getNotificationTask",
    "listNotificationTaskExecutions",
    "terminateNotificationTask",
)
SCENE = ("getScene", "updateScene", "unbindSceneExternalId")
GROUP = ("getGroup", "updateGroup", "deleteGroup")


def with_id() -> Iterator[tuple[str, str]]:
    """Every operation with an id in its path, and the parameter's name."""
    for operation in operations().values():
        for name in ("id", "taskId"):
            if f"{{{name}}}" in operation.path:
                yield operation.name, name


def bodies(api: Api) -> dict[str, Any]:
    """A body that keeps every rule, for each of these operations that takes one."""
    group = new_group(api)["id"]
    return {
        "updateGroup": {"name": api.name()},
        "updateScene": {"name": api.name(), "prompt": "顾客询问价格。"},
        "updateMarketingNotice": plan(api, "RELEASE", group),
        "createMarketingNoticeTask": batch(api, members=1),
        "terminateNotificationTask": {},
    }


def attempts(api: Api, *wrong: int) -> Iterator[Attempt]:
    """Each operation with each of these ids."""
    sent = bodies(api)
    for operation, name in with_id():
        for value in wrong:
            ids: dict[str, Any] = {name: value}
            yield f"/path/{name}", api.call(operation, body=sent.get(operation), **ids)


def walk(api: Api) -> Iterator[Answer]:
    """Every operation with an id in its path, each with one that it finds."""
    sent = bodies(api)
    made = new_plan(api)["id"]
    task = new_batch(api, made, members=1)["id"]
    member = api.people(1)[0]["memberId"]
    for operations_, name, value in (
        (("getFile",), "id", new_file(api, b"a")["id"]),
        (NOTIFICATION, "taskId", new_notification(api)["id"]),
        (GROUP, "id", new_group(api)["id"]),
        (SCENE, "id", new_scene(api, made)["id"]),
        (NOTICE_TASK, "taskId", task),
        (("listMemberDailyReports",), "id", member),
        (NOTICE, "id", made),
    ):
        for operation in operations_:
            yield api.succeed(operation, body=sent.get(operation), **{name: value})
    api.ok("terminateMarketingNotice", id=made)
    yield api.succeed("deleteMarketingNotice", id=made)


@probes.accepted("ID-01")
def positive_ids(api: Api) -> None:
    """Ids of things that were just made; the greatest one is no malformed one."""
    for _ in walk(api):
        pass
    answer = api.call("getGroup", id=LARGEST)
    expect(answer.status in (200, 404), f"the greatest id is not taken for an id: {answer}")


@probes.refused("ID-01")
def ids_out_of_range(api: Api) -> Iterator[Attempt]:
    """Zero, a negative one, and one beyond 64 bits."""
    yield from attempts(api, 0, -1, LARGEST + 1)


@probes.accepted("ID-02")
def ids_that_something_has(api: Api) -> None:
    """Every operation finds what was made for it."""
    for _ in walk(api):
        pass


@probes.refused("ID-02", status=404)
def ids_that_nothing_has(api: Api) -> Iterator[Attempt]:
    """One that was never given, and the one of a group that is gone."""
    yield from attempts(api, ABSENT)
    gone = new_group(api)["id"]
    api.ok("deleteGroup", id=gone)
    yield "/path/id", api.call("getGroup", id=gone)
