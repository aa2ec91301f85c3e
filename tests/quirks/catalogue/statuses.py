"""Quirks of statuses: a server may be busy, but must answer as the contract documents."""

from __future__ import annotations

import json

from tests.quirks.changes import (
    answer_busy,
    change_every_nth,
    change_in_a_row,
    http_date,
    replace_response,
)
from tests.quirks.quirk import broken_quirk, sound_quirk

HTML_ERROR = b"<!doctype html><title>Error</title><h1>Whitelabel Error Page</h1>"
JSON_ERROR = json.dumps(
    {"timestamp": "2025-04-21", "status": 500, "error": "Server Error"}
).encode()
GROUP_OPERATIONS = "createGroup,getGroup,deleteGroup"

QUIRKS = (
    sound_quirk(
        "retry-after-date",
        "Now and then it asks for patience until a date.",
        change_every_nth(answer_busy(429, lambda: http_date(1)), 20, 2),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "retry-after-seconds",
        "Once it asks for patience of a second.",
        change_in_a_row(answer_busy(503, lambda: "1"), 5, 1),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "429-twice",
        "Twice in a row it is asked too often, and does not say for how long.",
        change_in_a_row(answer_busy(429, None), 5, 2),
        GROUP_OPERATIONS,
    ),
    sound_quirk(
        "503-once",
        "Once it is unavailable.",
        change_in_a_row(answer_busy(503, None), 8, 1),
        f"{GROUP_OPERATIONS},GR-01",
    ),
    sound_quirk(
        "429-at-login",
        "The first login is refused as one too many.",
        change_in_a_row(answer_busy(429, None), 0, 1),
        GROUP_OPERATIONS,
    ),
    broken_quirk(
        "422",
        "What is invalid is refused with 422.",
        replace_response("createGroup", 422, b'{"detail":"invalid"}', "application/json", (400,)),
        "createGroup",
        "createGroup: Invalid data was rejected with an unexpected status",
    ),
    broken_quirk(
        "429-always",
        "Groups are always asked for too often.",
        replace_response("getGroup", 429, b"", None),
        "getGroup",
        "getGroup: Still rate limited after retries",
    ),
    broken_quirk(
        "503-always",
        "Groups are never available.",
        replace_response("getGroup", 503, b"", None),
        "getGroup",
        "getGroup: Still unavailable after retries",
    ),
    broken_quirk(
        "retry-in-an-hour",
        "Groups are to be asked for in an hour.",
        replace_response("getGroup", 429, b"", None, Retry_After="3600"),
        "getGroup",
        "getGroup: Still rate limited after retries",
    ),
    broken_quirk(
        "502",
        "The gateway finds nobody who deletes groups.",
        replace_response("deleteGroup", 502, HTML_ERROR, "text/html"),
        "deleteGroup",
        "deleteGroup: Server error",
        "GR-02: Server error",
        "GR-03: Server error",
    ),
    broken_quirk(
        "307",
        "A group has moved.",
        replace_response("getGroup", 307, b"", None, Location="/v2/group/1"),
        "getGroup",
        "getGroup: Request was redirected",
    ),
    broken_quirk(
        "login-page",
        "Who lacks a token is led to a page.",
        replace_response("getGroup", 302, b"", None, (401,), Location="/login"),
        "getGroup",
        "getGroup: Request was redirected",
    ),
    broken_quirk(
        "html-errors",
        "Errors are pages of HTML.",
        replace_response("getGroup", 404, HTML_ERROR, "text/html", (404,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
    broken_quirk(
        "created",
        "A group that is made is 201.",
        replace_response("createGroup", 201, b'{"id":1,"name":"a"}', "application/json", (200,)),
        "createGroup",
        "createGroup: Undocumented status code",
    ),
    broken_quirk(
        "no-content",
        "A group is 204.",
        replace_response("getGroup", 204, b"", None, (200,)),
        "getGroup",
        "getGroup: Undocumented status code",
    ),
    broken_quirk(
        "empty",
        "A group is 200, and empty.",
        replace_response("getGroup", 200, b"", "application/json", (200,)),
        "getGroup",
        "getGroup: JSON deserialization error",
    ),
    broken_quirk(
        "errors-as-200",
        "A group that is not there is 200, with a code of its own.",
        replace_response(
            "getGroup", 200, b'{"code":404,"message":"none"}', "application/json", (404,)
        ),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken_quirk(
        "500-for-wrong",
        "What is invalid is a failure of the server.",
        replace_response("createGroup", 500, JSON_ERROR, "application/json", (400,)),
        "createGroup",
        "createGroup: Server error",
    ),
    broken_quirk(
        "403-for-401",
        "Who lacks a token is forbidden.",
        replace_response("getGroup", 403, b'{"status":403}', "application/problem+json", (401,)),
        "getGroup",
        "getGroup: Missing credentials were rejected with an unexpected status",
    ),
)
