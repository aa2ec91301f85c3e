"""Probes of refusals: they have no effect (GE-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    reading_operation_by_kind,
    response_fields,
)
from contract_tests.contract.operations import operations
from contract_tests.contract.sent_fields import NAME_FIELDS, record_name
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import notification_body, plan_body, plan_task_body, scene_body
from contract_tests.rules.ids import (
    iter_operations_in_callable_order,
    new_record_ids,
    operations_before_deletion,
    request_bodies,
)
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_lists import list_records_named, sent_name
from contract_tests.rules.rejection_effects import (
    RecordState,
    differing_fields,
    is_rejected,
    rejected_but_done_error,
)
from contract_tests.rules.response import ApiResponse
from contract_tests.rules.written_records import path_parameters, written_id

probes = ProbeRegistry()
Json = dict[str, Any]


def iter_valid_creations(api: ApiClient, plan_id: int) -> Iterator[tuple[str, Json, Json]]:
    """Yield each operation that creates what a list shows, with a body and the ids in its path."""
    yield "createGroup", {"name": api.unique_name()}, {}
    yield "createScene", scene_body(api, plan_id), {}
    yield "createMarketingNotice", plan_body(api), {}
    yield "createMarketingNoticeTask", plan_task_body(api, members=1), {"id": plan_id}
    yield "createNotificationTask", notification_body(api), {}


def send_refused_variants(api: ApiClient, name: str, body: Any, ids: Json) -> Iterator[ApiResponse]:
    """Send a request without a token, as plain text, and with a field of a wrong type.

    Each time with a name of its own, if it has one.
    """
    # Authentication, media type and validation reject at different points, and a server may have
    # done part of its work before each.
    yield api.call(name, body=with_other_name(api, body), bearer=None, **ids)
    if body is not None:
        as_text = {"Content-Type": "text/plain"}
        yield api.call(name, body=with_other_name(api, body), headers=as_text, **ids)
        if wrong := with_wrong_type(with_other_name(api, body)):
            yield api.call(name, body=wrong, **ids)


def with_other_name(api: ApiClient, body: Any) -> Any:
    """Return a body with another name, where it has one; any other body as it is."""
    if not isinstance(body, dict):
        return body
    if "data" in body:
        return {**body, "data": with_other_name(api, body["data"])}
    return {key: api.unique_name() if key in NAME_FIELDS else value for key, value in body.items()}


def with_wrong_type(body: Json) -> Json:
    """Return a body with an object in place of its last field that is no name; {} without one."""
    data = body.get("data", body)
    # The last one, since a server that writes field by field has written the others by then.
    field = next((each for each in reversed(data) if each not in NAME_FIELDS), "")
    wrong = {**data, field: {"a": "b"}}
    return {} if not field else {**body, "data": wrong} if "data" in body else wrong


def read_state(api: ApiClient, kind: RecordKind, number: int) -> RecordState:
    """Return the state of a record."""
    reading = reading_operation_by_kind()[kind]
    answer = api.call(reading, **path_parameters(reading, number))
    return answer.status, answer.json


@probes.accepted("GE-02")
def refused_creation_creates_nothing(api: ApiClient) -> None:
    """Create records without a token, as plain text and with a wrong type, then correctly."""
    for name, body, ids in iter_valid_creations(api, new_record_ids(api)["plan"]):
        kind = operation_effects(name).creates
        answers = {sent_name(each): each for each in send_refused_variants(api, name, body, ids)}
        # Without a success the list could be empty for another reason, and would prove nothing.
        api.call_ok(name, body=body, **ids)
        for row in list_records_named(api, kind, api.mark, ids.get("id")) if kind else ():
            found = str(record_name(row))
            if found in answers and is_rejected(answers[found]):
                message = f"the {kind} {found} exists, although its creation was rejected"
                raise rejected_but_done_error(message, answers[found], f"{kind} {row.get('id')}")


@probes.accepted("GE-02")
def refused_change_changes_nothing(api: ApiClient) -> None:
    """Change and delete records in the same wrong ways, and read them again."""
    numbers, sent = new_record_ids(api), request_bodies(api)
    for kind, name in iter_operations_in_callable_order():
        entry = operation_effects(name)
        if not entry.written_kind or not response_fields(reading_operation_by_kind()[kind]):
            continue
        ids: Json = {path_id_name(name): numbers[kind]}
        for first in operations_before_deletion(name):
            api.call_json(first, **ids)
        body = sent.get(name) if "requestBody" in operations()[name].raw else None
        if not entry.creates:
            old = read_state(api, kind, numbers[kind])
            answers = [*send_refused_variants(api, name, body, ids)]
            changed = differing_fields(old, read_state(api, kind, numbers[kind]))
            if changed and all(map(is_rejected, answers)):
                message = (
                    f"{kind} {numbers[kind]} has changed ({changed}), although that was rejected"
                )
                raise rejected_but_done_error(message, answers[-1], changed)
        # Later operations need its effect: only a released plan can be terminated.
        answer = api.call_ok(name, body=body, **ids)
        numbers[kind] = written_id(answer, numbers[kind])
