"""Valid JSON with unusual values: empty, huge, at the end of time, by the thousand."""

from __future__ import annotations

import json
from typing import Any

from tests.hostile.case import Case
from tests.hostile.exchange import API, GROUPS, TASKS, request

NOTICES = API + b"/marketing-notice"
SCENES = NOTICES + b"/scene"
PLAN_TASKS_PATH = NOTICES + b"/301/task"
MAX_ID = 2**63 - 1
MANY = 100_000
LONG_TEXT = "x" * 1_000_000


def post(path: bytes, body: Any) -> bytes:
    """Return a POST request with this JSON."""
    return request(b"POST", path, body=json.dumps(body, ensure_ascii=False).encode())


def new_task(**fields: Any) -> bytes:
    """Return a new notification task; fields that are None are left out."""
    body = {
        "taskName": "x",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": "2025-04-21 10:00:00",
        "contents": texts("hi"),
        "members": [{"memberId": 1001}],
    }
    return post(TASKS, {k: v for k, v in (body | fields).items() if v is not None})


def texts(*values: str) -> list[dict[str, str]]:
    """Return contents of a notification."""
    return [{"contentType": "TEXT", "contentValue": value} for value in values]


def new_plan(options: str = "RELEASE", **fields: Any) -> bytes:
    """Return a new plan."""
    return post(NOTICES, {"options": options, "data": {"groupId": 101, "name": "p"} | fields})


def new_plan_task(**fields: Any) -> bytes:
    """Return a new task of a plan."""
    return post(PLAN_TASKS_PATH, {"name": "t", "startTime": "10:00", "fileIds": [603]} | fields)


TEMPLATE_CASES = [
    Case("100 kB of opening braces", new_task(contents=texts("{{" * 50_000)), 400,
         "/body/contents/0/contentValue", "NT-03", "(100000)"),
    Case("900 texts of opening braces", new_task(contents=texts(*["{{" * 512] * 900)), 200),
    Case("900 variables that never end", new_task(contents=texts(*["{{" + " " * 1022] * 900)), 200),
    Case("900 variables of blanks and letters",
         new_task(contents=texts(*["{{" + "a " * 511] * 900)),
         200),
    Case("a variable without a name", new_task(contents=texts("{{}}")), 400, "/body/members/0/",
         "NT-07"),
    Case("150 variables in each of 900 texts", new_task(
        contents=texts(*["".join(f"{{{{{n}}}}}" for n in range(150))] * 900)
    ), 400, "/body/members/0/0", "NT-07"),
]  # fmt: skip

MEMBER_CASES = [
    Case("a member without anything", new_task(members=[{}]), 400, "/body/members/0", "NT-05"),
    Case("a member of empty strings", new_task(members=[{"userId": "", "ciq": "", "nickname": ""}]),
         400, "/body/members/0", "NT-05"),
    Case("100,000 members without anything", new_task(members=[{}] * MANY), 400, "/body/members/0",
         "NT-05"),
    Case("20,000 members", new_task(members=[{"memberId": n + 1} for n in range(20_000)]), 200),
    Case("a member with 50,000 fields", new_task(
        members=[{"memberId": 1, **{f"f{n}": 1 for n in range(50_000)}}]
    ), 400, "/body/members/0/f0", "NT-06", "1"),
    Case("a field with a name of 900,000 characters", new_task(
        members=[{"memberId": 1, "k" * 900_000: 1}]
    ), 400, "/body/members/0/" + "k" * 900_000, "NT-06", "1"),
    Case("the last id", new_task(members=[{"memberId": MAX_ID}]), 200),
    Case("the next after it", new_task(members=[{"userId": "unknown so far"}]), 200),
    Case("the id after the last", new_task(members=[{"memberId": MAX_ID + 1}]), 400,
         "/body/members/0/memberId", "maximum", str(MAX_ID + 1)),
    Case("an id of 4,000 digits", new_task(members=[{"memberId": 10**3_999}]), 400,
         "/body/members/0/memberId", "maximum", "(4000)"),
    Case("an id that is a fraction", new_task(members=[{"memberId": 1001.0}]), 400,
         "/body/members/0/memberId", "type", "1001.0"),
    Case("an id that is true", new_task(members=[{"memberId": True}]), 400,
         "/body/members/0/memberId",
         "type", "true"),
    Case("a field of objects", new_task(members=[{"memberId": 1, "a": {"b": {}}}]), 400,
         "/body/members/0/a", "NT-06", "{…}"),
    Case("members and files", new_task(fileIds=[601]), 400, "/body", "NT-04"),
]  # fmt: skip

FILE_CASES = [
    Case("100,000 files that are not there", new_task(members=None, fileIds=[7] * MANY), 400,
         "/body/fileIds/0", "NT-10", "7"),
    Case("a list named 100,000 times", new_task(members=None, fileIds=[601] * MANY), 400,
         "/body/fileIds/1", "NT-30", "601"),
    Case("the last file", new_task(members=None, fileIds=[MAX_ID]), 400, "/body/fileIds/0", "NT-10",
         str(MAX_ID)),
    Case("a picture for a list", new_task(members=None, fileIds=[602]), 400, "/body/fileIds/0",
         "NT-10",
         "spring-poster.png"),
    Case("100,000 files that are not there, for a plan", new_plan_task(fileIds=[7] * MANY), 400,
         "/body/fileIds/0", "MT-03", "7"),
    Case("a list named 100,000 times, for a plan", new_plan_task(fileIds=[603] * MANY), 400,
         "/body/fileIds/1", "MT-16", "603"),
]  # fmt: skip

TIME_CASES = [
    Case("a day that is none", new_task(scheduledStartTime="2025-02-29 00:00:00"), 400,
         "/body/scheduledStartTime", "NT-22", "2025-02-29"),
    Case("the year 0", new_task(scheduledStartTime="0000-01-01 00:00:00"), 400,
         "/body/scheduledStartTime", "NT-22", "0000-"),
    Case("the hour 24", new_task(scheduledStartTime="2025-04-21 24:00:00"), 400,
         "/body/scheduledStartTime", "NT-22", "24:00:00"),
    Case("a leap second", new_task(scheduledStartTime="2025-04-21 23:59:60"), 400,
         "/body/scheduledStartTime", "NT-22", "23:59:60"),
    Case("a line break after the time", new_task(scheduledStartTime="2025-04-21 10:00:00\n"), 400,
         "/body/scheduledStartTime", "NT-22", "00\n"),
    Case("full-width digits in a time", new_task(scheduledStartTime="２025-04-21 10:00:00"), 400,
         "/body/scheduledStartTime", "NT-22", "２025"),
    Case("from the first day to the last", new_task(
        scheduledStartTime="0001-01-01 00:00:00", scheduledEndTime="9999-12-31 23:59:59"
    ), 400, "/body/scheduledEndTime", "NT-08", "9999-12-31"),
    Case("the last second, for ever", new_task(scheduledStartTime="9999-12-31 23:59:59"), 400,
         "/body/scheduledEndTime", "NT-09", "9999-12-31 22:00:00"),
    Case("a start of 1 MB", new_plan_task(startTime=LONG_TEXT), 400, "/body/startTime", "MT-02"),
    Case("a start of nothing", new_plan_task(startTime=""), 400, "/body/startTime", "MT-02"),
    Case("a start in full-width digits", new_plan_task(startTime="１0:00"), 400, "/body/startTime",
         "MT-02", "１0:00"),
]  # fmt: skip

TEXT_CASES = [
    Case("a name of 1 MB, bounded", new_task(taskName=LONG_TEXT), 400, "/body/taskName", "NT-01",
         "(1000000)"),
    Case("a name of 1 MB, unbounded", post(GROUPS, {"name": LONG_TEXT}), 200),
    Case("a name of nothing but NUL", post(GROUPS, {"name": "\0"}), 200),
    Case("a body of 50,000 unknown fields", post(GROUPS, {"name": "x"} | {
        str(n): n for n in range(50_000)
    }), 200),
    Case("100,000 members instead of an object", post(GROUPS, [1] * MANY), 400, "/body", "type",
         "(100000)"),
    Case("null", post(GROUPS, None), 400, "/body", "type", "null"),
    Case("empty strings everywhere", new_task(
        taskName="", taskType="", scheduledStartTime="", scheduledEndTime="",
        contents=[{"contentType": "", "contentValue": ""}], members=[{"userId": ""}], fileIds=[],
    ), 400, "/body/taskName", "NT-01"),
    Case("a plan of empty strings", new_plan("", name="", startTime="", endTime="", prompt=""), 400,
         "/body/options", "MN-12"),
    Case("a plan with 100,000 scenes that are not there", new_plan(
        sceneIds=list(range(1000, 101_000))
    ), 400, "/body/data/sceneIds/0", "MN-03", "1000"),
    Case("a plan with 100,000 times one scene", new_plan(sceneIds=[201] * MANY), 200),
    Case("a delay of 4,000 digits", new_plan(replyDelay=10**3_999), 400, "/body/data/replyDelay",
         "MN-17", "(4000)"),
    Case("a scene of the last plan", post(SCENES, {
        "planId": MAX_ID, "name": "x", "statisticalMethod": "ONLY", "prompt": "y"
    }), 400, "/body/planId", "SC-02", str(MAX_ID)),
    Case("a scene of 900 kB", post(SCENES, {
        "planId": 301, "name": LONG_TEXT[:300_000], "statisticalMethod": "ONLY",
        "prompt": LONG_TEXT[:300_000], "externalId": LONG_TEXT[:300_000],
    }), 200),
]  # fmt: skip

CASES = TEMPLATE_CASES + MEMBER_CASES + FILE_CASES + TIME_CASES + TEXT_CASES
