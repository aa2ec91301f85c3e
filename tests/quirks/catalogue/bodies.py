"""Variants of JSON text: whitespace, order and escapes do not matter; RFC 8259 is the limit."""

from __future__ import annotations

import json
from typing import Any

from tests.quirks.changes import change_responses, edit_document, edit_json_text
from tests.quirks.exchange import ProxyExchange
from tests.quirks.quirk import broken_quirk, sound_quirk

GROUP_OPERATIONS = "createGroup,getGroup,deleteGroup"
NOT_JSON_VIOLATION = "getGroup: JSON deserialization error"
AMBIGUOUS_JSON_VIOLATION = "getGroup: Ambiguous JSON"


def indent_json(found: bytes) -> bytes:
    return json.dumps(json.loads(found), indent=4, ensure_ascii=False).encode()


def add_whitespace(found: bytes) -> bytes:
    return b"\r\n\t " + found + b"\r\n\r\n"


def escape_json(found: bytes) -> bytes:
    return json.dumps(json.loads(found)).replace("/", "\\/").encode()


def reverse_fields(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: reverse_fields(found[key]) for key in reversed(found)}
    return [reverse_fields(each) for each in found] if isinstance(found, list) else found


def add_fields(found: Any) -> Any:
    return {**found, "tenantId": 7, "extra": {"a": [1]}} if isinstance(found, dict) else found


def repeat_name(found: bytes) -> bytes:
    return b'{"name":"another",' + found.lstrip()[1:]


def add_nan(found: bytes) -> bytes:
    return b'{"score":NaN,' + found.lstrip()[1:]


def encode_in_gbk(exchange: ProxyExchange) -> None:
    exchange.content = '{"id":1,"name":"名单"}'.encode("gbk")


def wrap_in_envelope(found: Any) -> Any:
    return {"code": 0, "message": "ok", "data": found}


QUIRKS = (
    sound_quirk("indented", "JSON is indented.", edit_json_text(indent_json), GROUP_OPERATIONS),
    sound_quirk(
        "blanks-around",
        "There are blanks and lines around JSON.",
        edit_json_text(add_whitespace),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "escaped",
        "Chinese and slashes are escaped.",
        edit_json_text(escape_json),
        "listGroups,getGroup",
    ),
    sound_quirk(
        "another-order",
        "The members of objects are in another order.",
        edit_document(reverse_fields, statuses=()),
        "listGroups,getGroup,createToken",
    ),
    sound_quirk(
        "more-members",
        "Objects have members that no document names.",
        edit_document(add_fields, "getGroup"),
        options=("--max-examples", "1", "--strictness", "documented"),
    ),
    broken_quirk(
        "bom",
        "A byte order mark is before JSON.",
        edit_json_text(lambda found: b"\xef\xbb\xbf" + found, "getGroup", (200,)),
        "getGroup",
        NOT_JSON_VIOLATION,
    ),
    broken_quirk(
        "member-twice",
        "A group has two names.",
        edit_json_text(repeat_name, "getGroup", (200,)),
        "getGroup",
        AMBIGUOUS_JSON_VIOLATION,
    ),
    broken_quirk(
        "nan",
        "A number is NaN.",
        edit_json_text(add_nan, "getGroup", (200,)),
        "getGroup",
        AMBIGUOUS_JSON_VIOLATION,
    ),
    broken_quirk(
        "gbk",
        "JSON is in GBK.",
        change_responses(encode_in_gbk, "getGroup", (200,)),
        "getGroup",
        "getGroup: Content deserialization error",
    ),
    broken_quirk(
        "guarded",
        "JSON is behind the guard )]}'.",
        edit_json_text(lambda found: b")]}',\n" + found, "getGroup", (200,)),
        "getGroup",
        NOT_JSON_VIOLATION,
    ),
    broken_quirk(
        "more-after-json",
        "A line of a log follows JSON.",
        edit_json_text(lambda found: found + b"\n[DEBUG] 3 ms", "getGroup", (200,)),
        "getGroup",
        NOT_JSON_VIOLATION,
    ),
    broken_quirk(
        "json-in-a-text",
        "JSON is in a text of JSON.",
        edit_json_text(lambda found: json.dumps(found.decode()).encode(), "getGroup", (200,)),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken_quirk(
        "wrapped",
        "The group is in an envelope.",
        edit_document(wrap_in_envelope, "getGroup"),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken_quirk(
        "id-as-text",
        "The id of a group is a text.",
        edit_document(lambda found: {**found, "id": str(found["id"])}, "getGroup"),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken_quirk(
        "snake-case",
        "Names are in snake_case.",
        edit_document(
            lambda found: {
                ("group_name" if key == "name" else key): value for key, value in found.items()
            },
            "getGroup",
        ),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken_quirk(
        "iso-times",
        "Times are ISO 8601.",
        edit_document(
            lambda found: {**found, "scheduledEndTime": "2025-04-21T09:00:00Z"},
            "getNotificationTask",
        ),
        "getNotificationTask",
        "getNotificationTask: Response violates schema",
    ),
    broken_quirk(
        "impossible-day",
        "A task was made on 29 February of a year that has none.",
        edit_document(
            lambda found: {**found, "scheduledEndTime": "2025-02-29 09:00:00"},
            "getNotificationTask",
        ),
        "getNotificationTask",
        "getNotificationTask: Date-time that does not exist",
    ),
)
