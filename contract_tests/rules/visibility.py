"""Probes of visibility: each write is seen at once, with any token of the user (GE-05)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    creating_operation_by_kind,
    listing_operation_by_kind,
    operation_effects,
)
from contract_tests.contract.sent_fields import record_data, record_name
from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.factories import (
    LEAD_DAYS,
    new_group,
    new_plan,
    notification_body,
    plan_body,
    plan_task_body,
    scene_body,
)
from contract_tests.rules.ids import operations_before_deletion, request_bodies
from contract_tests.rules.outcome import expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_lists import iter_listed_records
from contract_tests.rules.written_records import (
    expect_written,
    path_parameters,
    writing_operations,
    written_id,
)

probes = ProbeRegistry()
Json = dict[str, Any]


@dataclass
class SecondReader:
    """Reads a kind of record with another token of the same user.

    query, ids: those of the list that contains the record once it is created.
    """

    api: ApiClient
    token: str
    kind: RecordKind
    query: Json
    ids: Json
    name: Any = None

    def list_names(self) -> dict[int, Any]:
        """Return the names of the listed records, by their ids."""
        listing = listing_operation_by_kind()[self.kind]
        page = self.api.call_json(listing, query=self.query, bearer=self.token, **self.ids)
        return {row["id"]: record_name(row) for row in iter_listed_records(listing, page)}

    def expect_seen(self, operation: str, number: int, body: Any) -> None:
        """Raise RuleViolationError unless the written record is read and listed."""
        expect_written(self.api, operation, number, body, bearer=self.token)
        self.name = record_name(record_data(body)) or self.name
        wanted = None if operation_effects(operation).deletes else self.name
        listing = listing_operation_by_kind()[self.kind]
        found = self.list_names().get(number)
        expect_equal(found, wanted, f"the name of {number} in {listing} after {operation}")


def expect_writes_seen(api: ApiClient, reader: SecondReader, body: Json) -> None:
    """Create a record and send every operation that writes it; read it after each."""
    sent, creation = request_bodies(api), creating_operation_by_kind()[reader.kind]
    # A server that keeps a copy for each token has filled it by then (G28).
    reader.list_names()
    number = api.call_json(creation, body=body, **reader.ids)["id"]
    reader.expect_seen(creation, number, body)
    for operation in writing_operations(reader.kind):
        for first in operations_before_deletion(operation):
            api.call_json(first, **path_parameters(first, number))
        changed = sent.get(operation)
        answer = api.call_ok(operation, body=changed, **path_parameters(operation, number))
        number = written_id(answer, number)
        reader.expect_seen(operation, number, changed)


def group_write_case(api: ApiClient) -> tuple[RecordKind, Json, Json, Json]:
    """Return the kind, the body, the query of the list and the ids in its path."""
    return "group", {"name": api.unique_name()}, {"keyWord": api.mark}, {}


def scene_write_case(api: ApiClient) -> tuple[RecordKind, Json, Json, Json]:
    """Return kind, body, list query and path ids for a scene."""
    plan = new_plan(api)["id"]
    body = scene_body(api, plan, externalId=api.unique_name())
    return "scene", body, {"planId": plan}, {}


def plan_write_case(api: ApiClient) -> tuple[RecordKind, Json, Json, Json]:
    """Return the same for a plan, found by its name because an update moves it to another group."""
    return "plan", plan_body(api), {"keyWord": api.mark}, {}


def task_write_case(api: ApiClient) -> tuple[RecordKind, Json, Json, Json]:
    """Return kind, body, list query and path ids for a task of a plan."""
    plan = new_plan(api)["id"]
    return "task", plan_task_body(api, members=1), {}, {"id": plan}


def notification_write_case(api: ApiClient) -> tuple[RecordKind, Json, Json, Json]:
    """Return kind, body, list query and path ids for a notification task."""
    start = format_datetime(api.moment_at(LEAD_DAYS + 8, 9, 0, 1))
    end = format_datetime(api.moment_at(LEAD_DAYS + 8, 18))
    body = notification_body(api, scheduledStartTime=start, scheduledEndTime=end)
    query = {"taskType": body["taskType"], "startTime": start, "endTime": start, "size": 100}
    return "notification", body, query, {}


CASES: tuple[Callable[[ApiClient], tuple[RecordKind, Json, Json, Json]], ...] = (
    group_write_case,
    scene_write_case,
    task_write_case,
    notification_write_case,
    plan_write_case,
)


@probes.accepted("GE-05")
def another_token_sees_each_write_at_once(api: ApiClient) -> None:
    """Send each operation that writes; read the record and its list with another token."""
    new_group(api)
    token = api.log_in_again()
    for case in CASES:
        kind, body, query, ids = case(api)
        expect_writes_seen(api, SecondReader(api, token, kind, query, ids), body)
