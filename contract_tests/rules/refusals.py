"""Probes of refusals: they have no effect (GE-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    read_operations,
    response_fields,
)
from contract_tests.contract.operations import operations
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import (
    notification_body,
    plan_body,
    plan_task_body,
    scene_body,
)
from contract_tests.rules.ids import in_order, operations_before_deletion, records, request_bodies
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.record_lists import name_in, rows_named
from contract_tests.rules.registry import ProbeRegistry
from contract_tests.rules.response import ApiResponse

probes = ProbeRegistry()
Json = dict[str, Any]
NAMES = ("name", "taskName")
"""What bodies call the name of a record."""


def creations(api: ApiClient, plan_id: int) -> Iterator[tuple[str, Json, Json]]:
    """Yield each operation that creates what a list shows, with a body and the ids in its path."""
    yield "createGroup", {"name": api.unique_name()}, {}
    yield "createScene", scene_body(api, plan_id), {}
    yield "createMarketingNotice", plan_body(api), {}
    yield "createMarketingNoticeTask", plan_task_body(api, members=1), {"id": plan_id}
    yield "createNotificationTask", notification_body(api), {}


def attempts(api: ApiClient, name: str, body: Any, ids: Json) -> Iterator[ApiResponse]:
    """Send a request without a token, as plain text, and with a field of a wrong type.

    Each time with a name of its own, if it has one.
    """
    yield api.call(name, body=renamed(api, body), bearer=None, **ids)
    if body is not None:
        as_text = {"Content-Type": "text/plain"}
        yield api.call(name, body=renamed(api, body), headers=as_text, **ids)
        if wrong := spoiled(renamed(api, body)):
            yield api.call(name, body=wrong, **ids)


def renamed(api: ApiClient, body: Any) -> Any:
    """Return a body with another name, where it has one; any other body as it is."""
    if not isinstance(body, dict):
        return body
    if "data" in body:
        return {**body, "data": renamed(api, body["data"])}
    return {key: api.unique_name() if key in NAMES else value for key, value in body.items()}


def spoiled(body: Json) -> Json:
    """Return a body with an object in place of its last field that is no name; {} without one."""
    data = body.get("data", body)
    field = next((each for each in reversed(data) if each not in NAMES), "")
    wrong = {**data, field: {"a": "b"}}
    return {} if not field else {**body, "data": wrong} if "data" in body else wrong


def is_refused(answer: ApiResponse) -> bool:
    """Return whether a request was refused; one that a server accepts may have an effect."""
    return 400 <= answer.status < 500


def state(api: ApiClient, kind: RecordKind, number: int) -> Any:
    """Return a record as it is read."""
    reading = read_operations()[kind]
    ids: Json = {path_id_name(reading): number}
    return api.call_json(reading, **ids)


def effect(answer: ApiResponse, what: str) -> RuleViolationError:
    """Return what to raise for a refused request that has done something."""
    message = f"{what}, although that was refused: {answer}"
    return RuleViolationError(message, answer, violation=ViolationKind.REFUSED_BUT_DONE)


@probes.accepted("GE-02")
def a_refused_creation_creates_nothing(api: ApiClient) -> None:
    """Without a token, as plain text, with a field of a wrong type; then it succeeds."""
    for name, body, ids in creations(api, records(api)["plan"]):
        kind = operation_effects(name).creates
        answers = {name_in(each): each for each in attempts(api, name, body, ids)}
        api.call_ok(name, body=body, **ids)
        for row in rows_named(api, kind, api.mark, ids.get("id")) if kind else ():
            found = str(row.get("name") or row.get("taskName"))
            if found in answers and is_refused(answers[found]):
                raise effect(answers[found], f"a {kind} called {found} exists")


@probes.accepted("GE-02")
def a_refused_change_changes_nothing(api: ApiClient) -> None:
    """The same for each operation that changes or deletes a record, which is read again."""
    numbers, sent = records(api), request_bodies(api)
    for kind, name in in_order():
        entry = operation_effects(name)
        if not entry.written or not response_fields(read_operations()[kind]):
            continue
        ids: Json = {path_id_name(name): numbers[kind]}
        for first in operations_before_deletion(name):
            api.call_json(first, **ids)
        body = sent.get(name) if "requestBody" in operations()[name].raw else None
        if not entry.creates:
            old = state(api, kind, numbers[kind])
            answers = [*attempts(api, name, body, ids)]
            if all(map(is_refused, answers)) and state(api, kind, numbers[kind]) != old:
                raise effect(answers[-1], f"{kind} {numbers[kind]} has changed")
        api.call_ok(name, body=body, **ids)
