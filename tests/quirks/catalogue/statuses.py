"""Quirks of statuses: a server may be busy, but must answer as the contract documents."""

from __future__ import annotations

import json

from tests.quirks.changes import http_date, in_a_row, instead, later, now_and_then
from tests.quirks.quirk import broken, sound

HTML = b"<!doctype html><title>Error</title><h1>Whitelabel Error Page</h1>"
ERROR = json.dumps({"timestamp": "2025-04-21", "status": 500, "error": "Server Error"}).encode()
GROUPS = "createGroup,getGroup,deleteGroup"

QUIRKS = (
    sound(
        "retry-after-date",
        "Now and then it asks for patience until a date.",
        now_and_then(later(429, lambda: http_date(1)), 20, 2),
        GROUPS,
    ),
    sound(
        "retry-after-seconds",
        "Once it asks for patience of a second.",
        in_a_row(later(503, lambda: "1"), 5, 1),
        GROUPS,
    ),
    sound(
        "429-twice",
        "Twice in a row it is asked too often, and does not say for how long.",
        in_a_row(later(429, None), 5, 2),
        GROUPS,
    ),
    sound(
        "503-once", "Once it is unavailable.", in_a_row(later(503, None), 8, 1), f"{GROUPS},GR-01"
    ),
    sound(
        "429-at-login",
        "The first login is refused as one too many.",
        in_a_row(later(429, None), 0, 1),
        GROUPS,
    ),
    broken(
        "422",
        "What is invalid is refused with 422.",
        instead("createGroup", 422, b'{"detail":"invalid"}', "application/json", (400,)),
        "createGroup",
        "createGroup: Invalid data was rejected with an unexpected status",
    ),
    broken(
        "429-always",
        "Groups are always asked for too often.",
        instead("getGroup", 429, b"", None),
        "getGroup",
        "getGroup: Still rate limited after retries",
    ),
    broken(
        "503-always",
        "Groups are never available.",
        instead("getGroup", 503, b"", None),
        "getGroup",
        "getGroup: Still unavailable after retries",
    ),
    broken(
        "retry-in-an-hour",
        "Groups are to be asked for in an hour.",
        instead("getGroup", 429, b"", None, Retry_After="3600"),
        "getGroup",
        "getGroup: Still rate limited after retries",
    ),
    broken(
        "502",
        "The gateway finds nobody who deletes groups.",
        instead("deleteGroup", 502, HTML, "text/html"),
        "deleteGroup",
        "deleteGroup: Server error",
        "GR-02: Server error",
        "GR-03: Server error",
    ),
    broken(
        "307",
        "A group has moved.",
        instead("getGroup", 307, b"", None, Location="/v2/group/1"),
        "getGroup",
        "getGroup: Request was redirected",
    ),
    broken(
        "login-page",
        "Who lacks a token is led to a page.",
        instead("getGroup", 302, b"", None, (401,), Location="/login"),
        "getGroup",
        "getGroup: Request was redirected",
    ),
    broken(
        "html-errors",
        "Errors are pages of HTML.",
        instead("getGroup", 404, HTML, "text/html", (404,)),
        "getGroup",
        "getGroup: Undocumented Content-Type",
    ),
    broken(
        "created",
        "A group that is made is 201.",
        instead("createGroup", 201, b'{"id":1,"name":"a"}', "application/json", (200,)),
        "createGroup",
        "createGroup: Undocumented status code",
    ),
    broken(
        "no-content",
        "A group is 204.",
        instead("getGroup", 204, b"", None, (200,)),
        "getGroup",
        "getGroup: Undocumented status code",
    ),
    broken(
        "empty",
        "A group is 200, and empty.",
        instead("getGroup", 200, b"", "application/json", (200,)),
        "getGroup",
        "getGroup: JSON deserialization error",
    ),
    broken(
        "errors-as-200",
        "A group that is not there is 200, with a code of its own.",
        instead("getGroup", 200, b'{"code":404,"message":"none"}', "application/json", (404,)),
        "getGroup",
        "getGroup: Response violates schema",
    ),
    broken(
        "500-for-wrong",
        "What is invalid is a failure of the server.",
        instead("createGroup", 500, ERROR, "application/json", (400,)),
        "createGroup",
        "createGroup: Server error",
    ),
    broken(
        "403-for-401",
        "Who lacks a token is forbidden.",
        instead("getGroup", 403, b'{"status":403}', "application/problem+json", (401,)),
        "getGroup",
        "getGroup: Missing credentials were rejected with an unexpected status",
    ),
)
