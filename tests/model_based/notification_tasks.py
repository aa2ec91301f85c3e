"""Operations on notification tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import MockCaller
from tests.model_based.model import ModelNotification, PlatformModel
from tests.model_based.notifications import TASK_TYPES, TASKS
from tests.model_based.plan_tasks import draw_file_ids, join_member_files
from tests.model_based.strategies import (
    IDENTITY_LISTS,
    MEMBERS_BY_IDENTITY,
    RECORD_NAMES,
    SOON_OFFSETS,
    START_OFFSETS,
    DrawFunction,
    draw_record,
    identities_and_names,
)
from tests.model_based.time_texts import format_time, parse_time

MEMBER_SOURCES = st.sampled_from(["members"] * 5 + ["files", "files", "both", "neither"])
END_OFFSETS = st.sampled_from([None, None, 1800, 1, 600, 3600, 60, 1800, 4 * 3600, 0, -60, 86_400])
"""Seconds from the start; None leaves the end out."""
CONTENT_TEXTS = st.sampled_from(
    ["{{nickname}},您好。", "您好。"] * 4 + ["{{ nickname }}", "{{gift}}"]
)
IMAGE_CONTENT = {"contentType": "IMAGE", "contentValue": "https://example.com/{{poster}}.png"}
HAS_MEMBER_WITHOUT_ID = st.sampled_from([False] * 9 + [True])


def broken_window_rules(start: datetime, end: datetime) -> set[str]:
    """Return the rules broken by an end on another day (NT-08) or not later (NT-09)."""
    broken = {"NT-08"} if start.date() != end.date() else set()
    return broken | ({"NT-09"} if end <= start else set())


def create_notification(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a task with members or files (NT-04), also with a window in the past (X1)."""
    start = model.now + timedelta(seconds=draw(st.one_of(SOON_OFFSETS, START_OFFSETS)))
    length = draw(END_OFFSETS)
    end = parse_time(f"{start.date()} 22:00:00")
    body: dict[str, Any] = {
        "taskName": draw(RECORD_NAMES),
        "taskType": draw(st.sampled_from(TASK_TYPES)),
        "scheduledStartTime": format_time(start),
        "contents": [{"contentType": "TEXT", "contentValue": draw(CONTENT_TEXTS)}, IMAGE_CONTENT],
    }
    if length is not None:
        end = start + timedelta(seconds=length)
        body["scheduledEndTime"] = format_time(end)
    people, broken = _draw_members(caller, model, draw, body)
    broken |= broken_window_rules(start, end)
    answer = caller.send("POST", TASKS, body)
    if broken:
        answer.expect_refusal(400, *broken)
        return
    made = answer.ok()
    task_id = model.register_id("notifications", made["id"])
    model.notifications[task_id] = ModelNotification(task_id, body, people, start, end, model.now)
    assert made["createTime"] == made["lastUpdateTime"] == format_time(model.now)
    assert made["totalMembers"] == len(people)
    assert (made["id"], made["taskName"]) == (task_id, body["taskName"])


def _draw_members(
    caller: MockCaller, model: PlatformModel, draw: DrawFunction, body: dict[str, Any]
) -> tuple[list[tuple[str, str]], set[str]]:
    """Add members or files to a body; return the people and the broken rules."""
    source, broken = draw(MEMBER_SOURCES), set[str]()
    people: list[tuple[str, str]] = []
    if source in ("members", "both"):
        rows = draw(IDENTITY_LISTS)
        people = identities_and_names(rows)
        broken |= {"NT-30"} if len({*rows}) < len(rows) else set()
        body["members"] = [dict(MEMBERS_BY_IDENTITY[identity]) for identity in rows]
        if draw(HAS_MEMBER_WITHOUT_ID):
            body["members"].append({"nickname": "没有编号"})
            broken.add("NT-05")
    if source in ("files", "both"):
        body["fileIds"] = draw_file_ids(caller, model, draw)
        listed, wrong = join_member_files(model, body["fileIds"], "NT-10", "NT-30")
        people, broken = people or listed, broken | wrong
    if source in ("both", "neither"):
        broken.add("NT-04")
    if people and "NT-10" not in broken and "gift" in body["contents"][0]["contentValue"]:
        broken.add("NT-07")
    return people, broken


def terminate_notification(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Terminate a PENDING or EXECUTING task (NT-11), with or without a reason (N26)."""
    live = ("PENDING", "EXECUTING")
    fitting = {task.id: task for task in model.notifications.values() if task.status in live}
    prefer = bool(fitting) and draw(st.booleans())
    task = draw_record(draw, fitting if prefer else model.notifications)
    body = draw(st.sampled_from([None, {}, {"reason": "客户临时取消活动"}]))
    answer = caller.send("PUT", f"{TASKS}/{task.id}/termination", body)
    if task.status not in live:
        answer.expect_refusal(400, "NT-11")
        return
    assert answer.ok() == {"previousStatus": task.status, "currentStatus": "TERMINATED"}
    task.terminated = model.now
