"""Operations on notification tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import Caller
from tests.model_based.model import Model, Notification
from tests.model_based.notifications import TASKS, TYPES
from tests.model_based.plan_tasks import drawn_files, joined
from tests.model_based.strategies import NAMES, PEOPLE, ROWS, SOON, STARTS, Draw, named, one_of
from tests.model_based.time_texts import read, text

SOURCES = st.sampled_from(["members"] * 5 + ["files", "files", "both", "neither"])
ENDS = st.sampled_from([None, None, 1800, 1, 600, 3600, 60, 1800, 4 * 3600, 0, -60, 86_400])
"""Seconds from the start; None leaves it out."""
TEXTS = st.sampled_from(["{{nickname}},您好。", "您好。"] * 4 + ["{{ nickname }}", "{{gift}}"])
POSTER = {"contentType": "IMAGE", "contentValue": "https://example.com/{{poster}}.png"}
NAMELESS = st.sampled_from([False] * 9 + [True])


def window_rules(start: datetime, end: datetime) -> set[str]:
    """Both on one day (NT-08), the end later (NT-09)."""
    broken = {"NT-08"} if start.date() != end.date() else set()
    return broken | ({"NT-09"} if end <= start else set())


def create_notification(caller: Caller, model: Model, draw: Draw) -> None:
    """With members or with files (NT-04), for a window of one day that may have passed (X1)."""
    start = model.now + timedelta(seconds=draw(st.one_of(SOON, STARTS)))
    length = draw(ENDS)
    end = read(f"{start.date()} 22:00:00")
    body: dict[str, Any] = {
        "taskName": draw(NAMES),
        "taskType": draw(st.sampled_from(TYPES)),
        "scheduledStartTime": text(start),
        "contents": [{"contentType": "TEXT", "contentValue": draw(TEXTS)}, POSTER],
    }
    if length is not None:
        end = start + timedelta(seconds=length)
        body["scheduledEndTime"] = text(end)
    people, broken = _drawn_members(caller, model, draw, body)
    broken |= window_rules(start, end)
    answer = caller.send("POST", TASKS, body)
    if broken:
        answer.refused(400, *broken)
        return
    made = answer.ok()
    task_id = model.fresh("notifications", made["id"])
    model.notifications[task_id] = Notification(task_id, body, people, start, end, model.now)
    assert made["createTime"] == made["lastUpdateTime"] == text(model.now)
    assert made["totalMembers"] == len(people)
    assert (made["id"], made["taskName"]) == (task_id, body["taskName"])


def _drawn_members(
    caller: Caller, model: Model, draw: Draw, body: dict[str, Any]
) -> tuple[list[tuple[str, str]], set[str]]:
    """Add members or files to a body; returns the people and the rules that are broken."""
    source, broken = draw(SOURCES), set[str]()
    people: list[tuple[str, str]] = []
    if source in ("members", "both"):
        rows = draw(ROWS)
        people = named(rows)
        body["members"] = [dict(PEOPLE[identity]) for identity in rows]
        if draw(NAMELESS):
            body["members"].append({"nickname": "没有编号"})
            broken.add("NT-05")
    if source in ("files", "both"):
        body["fileIds"] = drawn_files(caller, model, draw)
        listed, wrong = joined(model, body["fileIds"], "NT-10", "NT-30")
        people, broken = people or listed, broken | wrong
    if source in ("both", "neither"):
        broken.add("NT-04")
    if people and "NT-10" not in broken and "gift" in body["contents"][0]["contentValue"]:
        broken.add("NT-07")
    return people, broken


def terminate_notification(caller: Caller, model: Model, draw: Draw) -> None:
    """Allowed in PENDING and EXECUTING (NT-11), with or without a reason (N26)."""
    live = ("PENDING", "EXECUTING")
    fitting = {task.id: task for task in model.notifications.values() if task.status in live}
    prefer = bool(fitting) and draw(st.booleans())
    task = one_of(draw, fitting if prefer else model.notifications)
    body = draw(st.sampled_from([None, {}, {"reason": "客户临时取消活动"}]))
    answer = caller.send("PUT", f"{TASKS}/{task.id}/termination", body)
    if task.status not in live:
        answer.refused(400, "NT-11")
        return
    assert answer.ok() == {"previousStatus": task.status, "currentStatus": "TERMINATED"}
    task.terminated = model.now
