"""Probes of ids in paths, for every operation that has one (ID rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    creating_operation_by_kind,
    operation_effects,
    operations_on_kind,
    path_id_name,
)
from contract_tests.contract.operations import operations
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import (
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
    plan_body,
    plan_task_body,
    upload_file,
)
from contract_tests.rules.members import DAILY_REPORTS_ID, LIST_REPORTS, daily_reports_id
from contract_tests.rules.outcome import ExpectedRefusal, expect
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_removal import TERMINATION_BODY
from contract_tests.rules.response import ApiResponse
from contract_tests.rules.written_records import written_id

probes = ProbeRegistry()
MAX_ID = 2**63 - 1
RECORD_KIND_ORDER: tuple[RecordKind, ...] = (
    "file",
    "notification",
    "group",
    "scene",
    "task",
    "member",
    "plan",
)
"""Order in which records are used; plans come last, since their tasks end with them."""


def operations_with_id() -> Iterator[tuple[str, str]]:
    """Yield every operation with an id in its path, and the parameter's name."""
    for operation in operations():
        if name := path_id_name(operation):
            yield operation, name


def request_bodies(api: ApiClient) -> dict[str, Any]:
    """Return a body that keeps every rule for each of these operations that takes one.

    An operation not listed here uses the contract's example.
    """
    group = new_group(api)["id"]
    examples = {name: operations()[name].example.get("body") for name, _ in operations_with_id()}
    return examples | {
        "updateGroup": {"name": api.unique_name()},
        "updateScene": {"name": api.unique_name(), "prompt": "顾客询问价格。"},
        # Released, since the operations after it terminate and enable the plan (M48).
        "updateMarketingNotice": plan_body(api, "RELEASE", group),
        "createMarketingNoticeTask": plan_task_body(api, members=1),
        # A server may require a reason (N26).
        "terminateNotificationTask": TERMINATION_BODY,
    }


def send_wrong_ids(api: ApiClient, *wrong: int) -> Iterator[ExpectedRefusal]:
    """Call each operation with each of these ids, and yield the responses."""
    sent = request_bodies(api)
    for operation, name in operations_with_id():
        for value in wrong:
            ids: dict[str, Any] = {name: value}
            yield f"/path/{name}", api.call(operation, body=sent.get(operation), **ids)


def new_record_ids(api: ApiClient) -> dict[RecordKind, Any]:
    """Return the id of a new record of each kind but members; task and scene belong to the plan."""
    made = new_plan(api)["id"]
    return {
        "task": new_plan_task(api, made, members=1)["id"],
        "file": upload_file(api, b"a")["id"],
        "notification": new_notification(api)["id"],
        "group": new_group(api)["id"],
        "scene": new_scene(api, made)["id"],
        "plan": made,
    }


def send_existing_ids(api: ApiClient) -> Iterator[ApiResponse]:
    """Call each operation that has an id in its path with an existing one; yield the responses."""
    sent = request_bodies(api)
    numbers = {**new_record_ids(api), "member": daily_reports_id(api, api.new_members(1)[0])}
    for kind, operation in iter_operations_in_callable_order():
        ids: dict[str, Any] = {path_id_name(operation): numbers[kind]}
        for first in operations_before_deletion(operation):
            api.call_json(first, **ids)
        answer = api.call_ok(operation, body=sent.get(operation), **ids)
        numbers[kind] = written_id(answer, numbers[kind])
        yield answer


def iter_operations_in_callable_order() -> Iterator[tuple[RecordKind, str]]:
    """Yield every operation with an id in its path, in an order in which all succeed."""
    for kind in RECORD_KIND_ORDER:
        # Deletions last: afterwards the id is unknown.
        for operation in sorted(
            operations_on_kind(kind), key=lambda name: bool(operation_effects(name).deletes)
        ):
            yield kind, operation


def operations_before_deletion(deletion: str) -> tuple[str, ...]:
    """Return the operations needed before a record can be deleted; empty for other operations."""
    kind = operation_effects(deletion).deletes
    return operation_effects(creating_operation_by_kind()[kind]).undone_by[:-1] if kind else ()


@probes.accepted("ID-01", observes=(DAILY_REPORTS_ID,))
def accepts_positive_path_ids(api: ApiClient) -> None:
    """Use ids of new records in every operation, and the greatest possible id in one."""
    for _ in send_existing_ids(api):
        pass
    answer = api.call("getGroup", id=MAX_ID)
    expect(answer.status in (200, 404), f"the greatest id is not accepted as an id: {answer}")


@probes.refused("ID-01")
def refuses_path_ids_out_of_range(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Use zero, a negative id, and one beyond 64 bits in every operation."""
    for pointer, answer in send_wrong_ids(api, 0, -1, MAX_ID + 1):
        # Any text may be the userId of a member (D4).
        if answer.operation != LIST_REPORTS or answer.status != 404:
            yield pointer, answer


@probes.accepted("ID-01", observes=("path-id-type",))
def observes_refusal_of_word_as_path_id(api: ApiClient) -> None:
    """Read a group with the greatest possible id, then with a word, which may be 400 or 404."""
    answer = api.call("getGroup", id=MAX_ID)
    expect(answer.status in (200, 404), f"the greatest id is not accepted as an id: {answer}")
    answer = api.call("getGroup", id="abc")
    expect(answer.status in (400, 404), f"a word is not refused as an id: {answer}")
    api.observe("path-id-type", str(answer.status), answer)


@probes.accepted("ID-02", observes=(DAILY_REPORTS_ID,))
def finds_records_by_existing_path_ids(api: ApiClient) -> None:
    """Use ids of new records in every operation."""
    for _ in send_existing_ids(api):
        pass


@probes.refused("ID-02", status=404)
def returns_404_for_nonexistent_path_ids(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Use an id that no record has in every operation, and that of a deleted group."""
    yield from send_wrong_ids(api, NONEXISTENT_ID)
    # A server that only marks records as deleted may still find this one.
    gone = new_group(api)["id"]
    api.call_json("deleteGroup", id=gone)
    yield "/path/id", api.call("getGroup", id=gone)
