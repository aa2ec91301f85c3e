"""Variants of JSON text: whitespace, order and escapes do not matter; RFC 8259 is the limit."""

from __future__ import annotations

import json
from typing import Any

from tests.quirks.changes import answers, document, text
from tests.quirks.exchange import Exchange
from tests.quirks.quirk import broken, sound

GROUPS = "createGroup,getGroup,deleteGroup"
NOT_JSON = "getGroup: JSON deserialization error"
STRICT = "getGroup: Ambiguous JSON"


def indented(found: bytes) -> bytes:
    return json.dumps(json.loads(found), indent=4, ensure_ascii=False).encode()


def spaced(found: bytes) -> bytes:
    return b"\r\n\t " + found + b"\r\n\r\n"


def escaped(found: bytes) -> bytes:
    return json.dumps(json.loads(found)).replace("/", "\\/").encode()


def backwards(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: backwards(found[key]) for key in reversed(found)}
    return [backwards(each) for each in found] if isinstance(found, list) else found


def longer(found: Any) -> Any:
    return {**found, "tenantId": 7, "extra": {"a": [1]}} if isinstance(found, dict) else found


def twice(found: bytes) -> bytes:
    return b'{"name":"another",' + found.lstrip()[1:]


def unreal(found: bytes) -> bytes:
    return b'{"score":NaN,' + found.lstrip()[1:]


def named_in_gbk(exchange: Exchange) -> None:
    exchange.content = '{"id":1,"name":"名单"}'.encode("gbk")


def wrapped(found: Any) -> Any:
    return {"code": 0, "message": "ok", "data": found}


QUIRKS = (
    sound("indented", "JSON is indented.", text(indented), GROUPS),
    sound("blanks-around", "There are blanks and lines around JSON.", text(spaced), GROUPS),
    sound("escaped", "Chinese and slashes are escaped.", text(escaped), "listGroups,getGroup"),
    sound(
        "another-order",
        "The members of objects are in another order.",
        document(backwards, statuses=()),
        "listGroups,getGroup,createToken",
    ),
    sound(
        "more-members",
        "Objects have members that no document names.",
        document(longer, "getGroup"),
        options=("--max-examples", "1", "--strictness", "documented"),
    ),
    broken(
        "bom",
        "A byte order mark is before JSON.",
        text(lambda found: b"\xef\xbb\xbf" + found, "getGroup", (200,)),
        "getGroup",
        NOT_JSON,
    ),
    broken(
        "member-twice",
        "A group has two names.",
        text(twice, "getGroup", (200,)),
        "getGroup",
        STRICT,
    ),
    broken("nan", "A number is NaN.", text(unreal, "getGroup", (200,)), "getGroup", STRICT),
    broken(
        "gbk",
        "JSON is in GBK.",
        answers(named_in_gbk, "getGroup", (200,)),
        "getGroup",
        "getGroup: Content deserialization error",
    ),
    broken(
        "guarded",
        "JSON is behind the guard )]}'.",
        text(lambda found: b")]}',\n" + found, "getGroup", (200,)),
        "getGroup",
        NOT_JSON,
    ),
    broken(
        "more-after-json",
        "A line of a log follows JSON.",
        text(lambda found: found + b"\n[DEBUG] 3 ms", "getGroup", (200,)),
        "getGroup",
        NOT_JSON,
    ),
    broken(
        "json-in-a-text",
        "JSON is in a text of JSON.",
        text(lambda found: json.dumps(found.decode()).encode(), "getGroup", (200,)),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken(
        "wrapped",
        "The group is in an envelope.",
        document(wrapped, "getGroup"),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken(
        "id-as-text",
        "The id of a group is a text.",
        document(lambda found: {**found, "id": str(found["id"])}, "getGroup"),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken(
        "snake-case",
        "Names are in snake_case.",
        document(
            lambda found: {
                ("group_name" if key == "name" else key): value for key, value in found.items()
            },
            "getGroup",
        ),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken(
        "iso-times",
        "Times are ISO 8601.",
        document(
            lambda found: {**found, "scheduledEndTime": "2025-04-21T09:00:00Z"},
            "getNotificationTask",
        ),
        "getNotificationTask",
        "getNotificationTask: Response violates schema",
    ),
    broken(
        "impossible-day",
        "A task was made on 29 February of a year that has none.",
        document(
            lambda found: {**found, "scheduledEndTime": "2025-02-29 09:00:00"},
            "getNotificationTask",
        ),
        "getNotificationTask",
        "getNotificationTask: Date-time that does not exist",
    ),
)
