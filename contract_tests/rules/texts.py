"""Probes of texts: every one comes back as it was sent (GE-01)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    reading_operation_by_kind,
)
from contract_tests.contract.operations import operations
from contract_tests.contract.sent_fields import normalize_for_comparison, sent_fields
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import (
    new_group,
    new_notification,
    new_plan,
    new_plan_task,
    new_scene,
    notification_body,
    notification_contents,
    plan_body,
    plan_task_body,
    scene_body,
    upload_file,
    upload_member_list,
)
from contract_tests.rules.notification_executions import list_executions
from contract_tests.rules.outcome import expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.record_lists import is_listed_by_name, list_records_named
from contract_tests.rules.response import ApiResponse

probes = ProbeRegistry()
INNER = "\uff21\uff11\u3000aBc  \u00e9 e\u0301\t<b>&amp; \U0001f600 %41+'\"\\"
"""Repeated white space of several kinds, full-width letters, both cases, an accent composed and
decomposed, and characters with a meaning in HTML, URLs and escapes."""
DELICATE = f" {INNER} "
"""The same with a blank at either end."""
FULL = {"taskName": 120, "contentValue": 1024}
"""Texts with a documented maximum length, which is used in full."""
Json = dict[str, Any]


def with_delicate_texts(name: str, body: Json) -> Json:
    """Return a body of an operation in which every free text contains INNER.

    A text that the contract names and the body lacks is added. Texts with a format, a pattern or
    an enum keep their values; names begin as they did, so that cleanup finds them.
    """
    operation = operations()[name]
    schema = operation.raw["requestBody"]["content"]["application/json"]["schema"]
    changed: Json = _replace_free_texts(operation, schema, body, "")
    return changed


def _replace_free_texts(operation: Any, schema: Json, value: Any, name: str) -> Any:
    node = operation.resolve_reference(schema)
    if properties := node.get("properties"):
        found = dict(value or {})
        for key, below in properties.items():
            if key in found or _is_free_text(operation.resolve_reference(below), key):
                found[key] = _replace_free_texts(operation, below, found.get(key), key)
        return found
    if isinstance(value, list) and "items" in node:
        return [_replace_free_texts(operation, node["items"], each, name) for each in value]
    return _delicate_text(name, value) if _is_free_text(node, name) else value


def _is_free_text(node: Json, name: str) -> bool:
    is_text = node.get("type") == "string" and not {"enum", "pattern", "format"} & node.keys()
    # Ids name members, and a server may parse the times of a plan (M25).
    return is_text and name not in ("userId", "ciq", "startTime", "endTime")


def _delicate_text(name: str, value: Any) -> str:
    begins = value if name in ("name", "taskName") else ""
    text = f"{begins}{DELICATE}"
    # The blank at the end takes the last place: trimming and cutting both remove it. A server may
    # count UTF-16 code units (X7), of which an emoji has two.
    places = FULL.get(name, 0) - (len(text.encode("utf-16-le")) // 2 - len(text))
    return text.ljust(places - 1, "长") + " " if name in FULL else text


def iter_text_writes(api: ApiClient) -> Iterator[tuple[str, Json, Json]]:
    """Yield each operation that writes texts as JSON: its name, a body, and the ids in its path.

    The body has every list and object in which texts can be.
    """
    made = new_plan(api)
    group, whole = made["groupId"], plan_body(api, group=made["groupId"], **nested_text_fields())
    contents = notification_contents("{{nickname}}") * 2
    given = api.new_members(1, nickname=DELICATE, gift=DELICATE)
    yield "createGroup", {"name": api.unique_name()}, {}
    yield "updateGroup", {"name": api.unique_name()}, {"id": new_group(api)["id"]}
    yield "createScene", scene_body(api, made["id"]), {}
    yield "updateScene", {"name": api.unique_name()}, {"id": new_scene(api, made["id"])["id"]}
    yield "createMarketingNotice", plan_body(api, group=group, **nested_text_fields()), {}
    yield "createMarketingNoticeTask", plan_task_body(api, members=1), {"id": made["id"]}
    yield "createNotificationTask", notification_body(api, contents=contents, members=given), {}
    # Last, since it may give the plan another id (M22).
    yield "updateMarketingNotice", whole, {"id": made["id"]}


def nested_text_fields() -> Json:
    """Return the fields of a plan in which there are texts below the first level."""
    return {"greetings": [{"type": "TEXT", "content": DELICATE}]}


def iter_representations(
    api: ApiClient, answer: ApiResponse, ids: Json
) -> Iterator[tuple[str, Json]]:
    """Yield all views of a record after a write: the response, a read, the row in its list."""
    name = answer.operation
    entry = operation_effects(name)
    kind: RecordKind | None = entry.written_kind
    if kind is None:
        return
    yield name, answer.json
    number = answer.json["id"]
    reading = reading_operation_by_kind()[kind]
    read: Json = api.call_json(reading, **{path_id_name(reading): number})
    yield reading, read
    if is_listed_by_name(kind):
        # The part before the first blank is unique; the rest is what may come back altered.
        word = str(read.get("name") or read.get("taskName")).split(" ")[0]
        rows = list_records_named(api, kind, word, ids.get("id"))
        yield from ((f"the list of a {kind}", row) for row in rows if row.get("id") == number)


def expect_unaltered(where: str, found: Json, sent: Json, *, whole: bool) -> None:
    """Compare a view of a record with the fields that were sent; `whole` if it must have all."""
    for field, value in sent.items():
        if whole or field in found:
            shown_value = normalize_for_comparison(field, found.get(field))
            expect_equal(shown_value, normalize_for_comparison(field, value), f"{field} of {where}")


@probes.accepted("GE-01")
def texts_of_records_return_as_they_were_sent(api: ApiClient) -> None:
    """Send white space, mixed case, accents and full-width forms in every text; read them back."""
    for name, plain, ids in iter_text_writes(api):
        body = with_delicate_texts(name, plain)
        sent = sent_fields(name, body)
        for where, found in iter_representations(api, api.call_ok(name, body=body, **ids), ids):
            # The documents let responses to writes and rows of lists leave fields out.
            is_reading = where in reading_operation_by_kind().values()
            expect_unaltered(f"{where} after {name}", found, sent, whole=is_reading)


@probes.accepted("GE-01")
def texts_of_members_and_files_return_as_sent(api: ApiClient) -> None:
    """Send such names and ids of members, in a request and in a file, and such a file name."""
    people = api.new_members(1, nickname=DELICATE)
    # `--test-member` names existing members, whose ids must be sent as they are.
    if api.may_name_anybody:
        people = [
            {**people[0], "userId": api.unique_name(DELICATE), "ciq": api.unique_name(DELICATE)}
        ]
    task = new_notification(api, members=people)["id"]
    told = api.call_json("getNotificationTask", taskId=task)["members"]
    expect_equal(told, people, "the members of a notification task")
    row = list_executions(api, task)[0]
    expect_equal(row["memberName"], DELICATE, "memberName of an execution")
    # Cells are read without white space at their ends (G24).
    inner = api.new_members(1, nickname=INNER)
    made = new_plan_task(api, new_plan(api)["id"], file_id=upload_member_list(api, inner))["id"]
    row = api.call_json("listMarketingNoticeTaskMembers", taskId=made)["content"][0]
    expect_equal(row.get("memberName"), INNER, "memberName of a member of a plan task")
    name = api.unique_name("\uff21  aBc \u00e9 e\u0301 \U0001f600.PDF")
    file = upload_file(api, name.encode(), name, exactly=True)
    expect_equal(file["fileName"], name, "fileName")
    disposition = api.call_ok("getFile", id=file["id"]).header("Content-Disposition")
    expect(quote(name, safe="") in disposition, f"{name} is not in {disposition}")
