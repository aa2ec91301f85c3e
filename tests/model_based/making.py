"""What the tests of this folder make and look at, in a line each."""

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
    """A notification task for so many members and seconds; returns its path."""
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
    """All executions of a task."""
    found: list[Row] = []
    for current in range(1000):
        page = caller.get(f"{path}/executions", {"current": current, "size": 100}).ok()
        found += page["records"]
        if len(found) == page["page"]["total"]:
            break
    return found


def create_released_plan(caller: MockCaller, **data: Any) -> int:
    """A plan in execution; returns its id."""
    group = caller.send("POST", f"{NOTICES}/group", {"name": "组"}).ok()["id"]
    body = {"options": "RELEASE", "data": {"name": "计划", "groupId": group, **data}}
    return int(caller.send("POST", NOTICES, body).ok()["id"])


def create_plan_task(caller: MockCaller, plan: int, start: str, count: int = 12) -> str:
    """A task of a plan for a list of so many members; returns its path."""
    book = build_workbook({"memberId": number} for number in range(1, count + 1))
    body = {"name": "批", "startTime": start, "fileIds": [caller.upload("名单.xlsx", book)]}
    return f"{NOTICES}/task/{caller.send('POST', f'{NOTICES}/{plan}/task', body).ok()['id']}"


def create_scene(caller: MockCaller, plan: int, method: str = "ONLY") -> Row:
    """A scene of a plan."""
    count = caller.get(f"{NOTICES}/scene").ok()["total"]
    body = {"name": f"景{count}", "statisticalMethod": method, "prompt": "词", "planId": plan}
    made: Row = caller.send("POST", f"{NOTICES}/scene", body).ok()
    return made


def list_members(caller: MockCaller, task: str) -> list[Row]:
    """All members of a plan task."""
    found: list[Row] = caller.get(f"{task}/members").ok()["content"]
    return found


def daily_reports_by_date(caller: MockCaller, member: int) -> dict[str, Row]:
    """A member's daily reports by date."""
    records = caller.get(f"/api/v1/members/{member}/daily-reports").ok()["records"]
    return {record["reportDate"]: record for record in records}


def task_statuses(caller: MockCaller, *tasks: str) -> list[str]:
    """The states of some plan tasks."""
    return [caller.get(task).ok()["status"] for task in tasks]


def plan_status(caller: MockCaller, plan: int) -> str:
    """The state of a plan."""
    return str(caller.get(f"{NOTICES}/{plan}").ok()["status"])
