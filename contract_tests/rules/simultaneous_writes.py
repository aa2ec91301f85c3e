"""Probes of writes at the same time: all of them take effect (GE-04)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NamedTuple

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import listing_operation_by_kind, operation_effects
from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
    notification_body,
    plan_body,
    plan_task_body,
    scene_body,
    upload_member_list,
)
from contract_tests.rules.ids import RECORD_KIND_ORDER, operations_before_deletion, request_bodies
from contract_tests.rules.outcome import expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_lists import iter_listed_records
from contract_tests.rules.response import ApiResponse
from contract_tests.rules.written_records import (
    expect_written,
    path_parameters,
    writing_operations,
    written_id,
)

probes = ProbeRegistry()
Json = dict[str, Any]
WRITE_COUNT = 3
"""Records of a kind that are created at the same time."""


class ApiCall(NamedTuple):
    """A call to be sent: the operation, and the other arguments of `ApiClient.call`."""

    operation: str
    how: Json


def call_simultaneously(api: ApiClient, calls: Sequence[ApiCall]) -> list[ApiResponse]:
    """Send calls at the same time, each on its own connection; return the responses in order.

    The client has to be logged in. Raises RuleViolationError if one fails.
    """
    start, seen = Barrier(len(calls)), len(api.answers)

    def call(one: ApiCall) -> ApiResponse:
        # Threads start one after another: the first response could arrive before the last request
        # is sent.
        start.wait()
        return api.call_ok(one.operation, **one.how)

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = [*pool.map(call, calls)]
    api.answers[seen:] = answers  # in the order of the calls, whichever was answered first
    return answers


def open_connections(api: ApiClient, group: int) -> None:
    """Open a connection for each of the next simultaneous calls."""
    # A TLS handshake takes longer than a write and would separate requests that should overlap.
    call_simultaneously(api, [ApiCall("getGroup", {"id": group})] * WRITE_COUNT)


class SimultaneousCreations(NamedTuple):
    """An operation that creates records, a body for each, and the query that lists them."""

    operation: str
    bodies: Sequence[Json]
    ids: Json
    query: Json


def prepare_creations(api: ApiClient, group: int, plan: int) -> Iterator[SimultaneousCreations]:
    """Yield each operation that creates what a list shows, all in the same group or plan."""
    word, start = api.unique_name("同时"), api.moment_at(LEAD_DAYS + 7, 9, 0, 1)
    names = [{"name": f"{word}{number}"} for number in range(WRITE_COUNT)]
    yield SimultaneousCreations("createGroup", names, {}, {"keyWord": word})
    plans = [plan_body(api, group=group) for _ in names]
    yield SimultaneousCreations("createMarketingNotice", plans, {}, {"groupIds": group})
    scenes = [scene_body(api, plan) for _ in names]
    yield SimultaneousCreations("createScene", scenes, {}, {"planId": plan})
    file_id = upload_member_list(api, api.new_members(1, nickname="李娜"))
    tasks = [plan_task_body(api, file_id=file_id) for _ in names]
    yield SimultaneousCreations("createMarketingNoticeTask", tasks, {"id": plan}, {})
    times = {
        "scheduledStartTime": format_datetime(start),
        "scheduledEndTime": format_datetime(api.moment_at(LEAD_DAYS + 7, 18)),
    }
    bodies = [notification_body(api, **times) for _ in names]
    window = {"startTime": times["scheduledStartTime"], "endTime": times["scheduledStartTime"]}
    query = {"taskType": bodies[0]["taskType"], **window, "size": 100}
    yield SimultaneousCreations("createNotificationTask", bodies, {}, query)


def new_record_pairs(api: ApiClient) -> dict[RecordKind, list[int]]:
    """Return the ids of two records of each kind that an operation can write again."""
    plans = [new_plan(api)["id"] for _ in "ab"]
    return {
        "notification": [new_notification(api)["id"] for _ in "ab"],
        "group": [new_group(api)["id"] for _ in "ab"],
        "scene": [new_scene(api, plans[0], externalId=api.unique_name())["id"] for _ in "ab"],
        "task": [new_plan_task(api, plans[0], members=1)["id"] for _ in "ab"],
        "plan": plans,
    }


@probes.accepted("GE-04")
def simultaneous_creations_are_all_kept(api: ApiClient) -> None:
    """Create three records of each kind together; read each, and look for all in the list."""
    group, plan = new_group(api)["id"], new_plan(api)["id"]
    open_connections(api, group)
    for made in prepare_creations(api, group, plan):
        calls = [ApiCall(made.operation, {"body": body, **made.ids}) for body in made.bodies]
        numbers = [answer.json["id"] for answer in call_simultaneously(api, calls)]
        expect_equal(len({*numbers}), WRITE_COUNT, f"the number of ids of {made.operation}")
        # By id: which request got which id is chance, and the order of requests must not depend on
        # it.
        for number, body in sorted(zip(numbers, made.bodies, strict=True), key=lambda one: one[0]):
            expect_written(api, made.operation, number, body)
        kind = operation_effects(made.operation).creates
        listing = listing_operation_by_kind()[kind] if kind else ""
        page = api.call_json(listing, query=made.query, **made.ids)
        listed = {row["id"] for row in iter_listed_records(listing, page)} & {*numbers}
        expect_equal(listed, {*numbers}, f"the created ids in {listing}")


@probes.accepted("GE-04")
def simultaneous_changes_of_two_records_are_both_kept(api: ApiClient) -> None:
    """Send each operation that changes or deletes a record to two records at once."""
    records, bodies = new_record_pairs(api), [request_bodies(api) for _ in "ab"]
    open_connections(api, records["group"][0])
    for kind in RECORD_KIND_ORDER:
        for operation in writing_operations(kind):
            for first in operations_before_deletion(operation):
                for number in records[kind]:
                    api.call_json(first, **path_parameters(first, number))
            sent = [each.get(operation) for each in bodies]
            calls = [
                ApiCall(operation, {"body": body, **path_parameters(operation, number)})
                for number, body in zip(records[kind], sent, strict=True)
            ]
            answers = call_simultaneously(api, calls)
            records[kind] = [*map(written_id, answers, records[kind])]
            for number, body in zip(records[kind], sent, strict=True):
                expect_written(api, operation, number, body)


@probes.accepted("GE-04")
def simultaneous_changes_of_one_record_are_both_kept(api: ApiClient) -> None:
    """Update a scene and unbind its externalId at the same time; both must take effect."""
    made = new_scene(api, new_plan(api)["id"], externalId=api.unique_name())
    changed = {"name": api.unique_name(), "prompt": "顾客询问价格。"}
    open_connections(api, new_group(api)["id"])
    call_simultaneously(
        api,
        [
            # Of two changes of the same field either may come last (G27), so these differ.
            ApiCall("updateScene", {"id": made["id"], "body": changed}),
            ApiCall("unbindSceneExternalId", {"id": made["id"]}),
        ],
    )
    found = api.call_json("getScene", id=made["id"])
    expect_equal(found["name"], changed["name"], "the name after both")
    expect(not found.get("externalId"), f"the externalId is still {found.get('externalId')}")
