"""Helpers that create and read records in one line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES
from tests.model_based.notifications import TASKS
from tests.model_based.strategies import build_workbook
from tests.model_based.time_texts import format_time

Row = dict[str, Any]


def create_notification_task(caller: MockCaller, members: int, seconds: int, start: int = 0) -> str:
    """Create a notification task with a number of members and seconds; return its path."""
    begins = caller.now + timedelta(seconds=start)
    body = {
        "taskName": "到店提醒",
        "taskType": "APPOINTMENT_REMINDER",
        "scheduledStartTime": format_time(begins),
        "scheduledEndTime": format_time(begins + timedelta(seconds=seconds)),
        "contents": [{"contentType": "TEXT", "contentValue": "您好。"}],
        "members": [{"memberId": number} for number in range(1, members + 1)],
    }
    return f"{TASKS}/{caller.send('POST', TASKS, body).ok()['id']}"


def list_executions(caller: MockCaller, path: str) -> list[Row]:
    """Return all executions of a task."""
    found: list[Row] = []
    for current in range(1000):
        page = caller.get(f"{path}/executions", {"current": current, "size": 100}).ok()
        found += page["records"]
        if len(found) == page["page"]["total"]:
            break
    return found


def create_released_plan(caller: MockCaller, **data: Any) -> int:
    """Create a plan in execution; return its id."""
    group = caller.send("POST", f"{NOTICES}/group", {"name": "组"}).ok()["id"]
    body = {"options": "RELEASE", "data": {"name": "计划", "groupId": group, **data}}
    return int(caller.send("POST", NOTICES, body).ok()["id"])


def create_plan_task(caller: MockCaller, plan: int, start: str, count: int = 12) -> str:
    """Create a plan task for a list with a number of members; return its path."""
    book = build_workbook({"memberId": number} for number in range(1, count + 1))
    body = {"name": "批", "startTime": start, "fileIds": [caller.upload("名单.xlsx", book)]}
    return f"{NOTICES}/task/{caller.send('POST', f'{NOTICES}/{plan}/task', body).ok()['id']}"


def create_scene(caller: MockCaller, plan: int, method: str = "ONLY") -> Row:
    """Create a scene of a plan."""
    count = caller.get(f"{NOTICES}/scene").ok()["total"]
    body = {"name": f"景{count}", "statisticalMethod": method, "prompt": "词", "planId": plan}
    made: Row = caller.send("POST", f"{NOTICES}/scene", body).ok()
    return made


def list_members(caller: MockCaller, task: str) -> list[Row]:
    """Return all members of a plan task."""
    found: list[Row] = caller.get(f"{task}/members").ok()["content"]
    return found


def daily_reports_by_date(caller: MockCaller, member: int) -> dict[str, Row]:
    """Return a member's daily reports by date."""
    records = caller.get(f"/api/v1/members/{member}/daily-reports").ok()["records"]
    return {record["reportDate"]: record for record in records}


def task_statuses(caller: MockCaller, *tasks: str) -> list[str]:
    """Return the states of some plan tasks."""
    return [caller.get(task).ok()["status"] for task in tasks]


def plan_status(caller: MockCaller, plan: int) -> str:
    """Return the state of a plan."""
    return str(caller.get(f"{NOTICES}/{plan}").ok()["status"])
