"""Notification tasks: details, lists and executions, compared with the model and each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.model_based.caller import MockCaller
from tests.model_based.model import ModelNotification, PlatformModel, newest_first
from tests.model_based.pages import check_record_page
from tests.model_based.time_texts import format_time, parse_time

TASKS = "/api/v1/notification-tasks"
TASK_TYPES = ("APPOINTMENT_REMINDER", "CUSTOMER_RESOURCE_REMINDER")
MAX_MEMBER_INTERVAL = timedelta(minutes=10)
"""More than the time between two members of any list."""


def check_notifications(caller: MockCaller, model: PlatformModel) -> None:
    """Compare the states of all tasks with clock and rows, and the lists with all tasks."""
    listed = {}
    for task in model.notifications.values():
        rows = caller.get(f"{TASKS}/{task.id}/executions", {"size": 100}).ok()
        check_record_page(rows, rows["records"], 0, 100)
        status = expected_status(task, rows["records"], model.now)
        check_executions(model, task, rows["records"], status)
        listed[task.id] = check_detail(caller, task, rows["records"], status)
        task.rows, task.status, task.seen_at = rows["records"], status, model.now
    for kind in TASK_TYPES:
        found = newest_first(t for t in model.notifications.values() if t.sent["taskType"] == kind)
        page = caller.get(TASKS, {"taskType": kind}).ok()
        check_record_page(page, [listed[task.id] for task in found], 0, 20)


def expected_status(task: ModelNotification, rows: list[dict[str, Any]], now: datetime) -> str:
    """Return TERMINATED, PENDING before the start, COMPLETED at the end or after the last row."""
    if task.terminated is not None:
        return "TERMINATED"
    if now < task.start:
        return "PENDING"
    waiting = any(row["status"] == "PENDING" for row in rows)
    return "EXECUTING" if waiting and now < task.end else "COMPLETED"


def check_detail(
    caller: MockCaller, task: ModelNotification, rows: list[dict[str, Any]], status: str
) -> dict[str, Any]:
    """Compare the details with request and rows (NT-17, NT-25); return the list's row."""
    base = {
        "id": task.id,
        "taskName": task.sent["taskName"],
        "taskType": task.sent["taskType"],
        "status": status,
        "scheduledStartTime": format_time(task.start),
        "scheduledEndTime": format_time(task.end),
        "contents": task.sent["contents"],
    }
    sent = {name: task.sent.get(name, []) for name in ("fileIds", "members")}
    done = sum(row["status"] == "SUCCESS" for row in rows)
    statistics = {"totalMembers": len(task.people), "successCount": done}
    detail = caller.get(f"{TASKS}/{task.id}").ok()
    assert detail == base | sent | {"statistics": statistics}
    return base


def check_executions(
    model: PlatformModel, task: ModelNotification, rows: list[dict[str, Any]], status: str
) -> None:
    """Compare the executions: one per member in import order, without changes of the past."""
    assert [row["memberName"] for row in rows] == [name for _, name in task.people]
    for row, (identity, _) in zip(rows, task.people, strict=True):
        assert model.members.setdefault(identity, row["memberId"]) == row["memberId"]
        _check_row(task, row, model.now)
    waiting = [row["status"] == "PENDING" for row in rows]
    assert waiting == sorted(waiting), "one after another"
    times = [row["executeTime"] for row in rows if row["executeTime"]]
    assert times == sorted(times), "one after another"
    if status == "PENDING":
        assert all(waiting)
    _check_changes(task, rows, model.now)
    _check_pace(task, rows, model.now)


def _check_row(task: ModelNotification, row: dict[str, Any], now: datetime) -> None:
    """NT-29: only a success has a time and only a failure a reason; times are within the task."""
    assert row["status"] in ("PENDING", "SUCCESS", "FAILED")
    assert (row["executeTime"] is not None) == (row["status"] == "SUCCESS")
    assert bool(row.get("failureReason")) == (row["status"] == "FAILED")
    if row["executeTime"]:
        executed = parse_time(row["executeTime"])
        assert max(task.start, task.created) <= executed < task.end
        assert executed <= min(now, task.terminated or now)


def _check_changes(task: ModelNotification, rows: list[dict[str, Any]], now: datetime) -> None:
    """Check that past executions stay, and that no new one is dated before the last read."""
    over = task.seen_at is not None and task.seen_at >= min(task.end, task.terminated or task.end)
    for before, after in zip(task.rows, rows, strict=False):
        if before["status"] != "PENDING" or over:
            assert after == before
        elif after["executeTime"] and task.seen_at:
            assert task.seen_at < parse_time(after["executeTime"]) <= now


def _check_pace(task: ModelNotification, rows: list[dict[str, Any]], now: datetime) -> None:
    """No member waits longer than two turns, and a sufficient window is used."""
    until = min(now, task.end, task.terminated or now)
    worked = until - max(task.start, task.created)
    done = sum(row["status"] != "PENDING" for row in rows)
    turns = min(len(rows), worked // MAX_MEMBER_INTERVAL)
    assert done >= turns, (done, turns)
