"""Factories for records that probes need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contract_tests.rules.client import ApiClient, format_datetime
from contract_tests.rules.member_workbook import XLSX_MEDIA_TYPE, write_member_list

Json = dict[str, Any]
LEAD_DAYS = 8
"""Days until a task starts, unless its probe moves the clock, so that nobody is reached.

One more than a week, so that it is a week at any time of day.
"""
TASK_TYPES = ("APPOINTMENT_REMINDER", "CUSTOMER_RESOURCE_REMINDER")
MEMBER_COUNT = 12
"""Members of a plan task that is read while it runs."""
DEFAULT_END_HOUR = 22
"""Hour at which a notification task without an end time ends (NT-08)."""


def without_fields(body: Mapping[str, Any], *names: str) -> Json:
    """Return the body without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


def notification_contents(value: str, kind: str = "TEXT") -> list[dict[str, str]]:
    """Return contents with one entry."""
    return [{"contentType": kind, "contentValue": value}]


def notification_body(api: ApiClient, **changes: Any) -> Json:
    """Return the body of a notification task that keeps every rule, with changes."""
    sure = {
        "taskName": api.unique_name(),
        "taskType": "CUSTOMER_RESOURCE_REMINDER",
        "scheduledStartTime": format_datetime(api.moment_at(LEAD_DAYS, 9)),
        "scheduledEndTime": format_datetime(api.moment_at(LEAD_DAYS, 18)),
        "contents": notification_contents("{{nickname}},您的预约已确认。"),
    }
    # Members or files, never both (NT-04).
    if "fileIds" not in changes:
        sure["members"] = api.new_members(1, nickname="张丽")
    return sure | changes


def new_notification(api: ApiClient, **changes: Any) -> Json:
    """Create a notification task and return it."""
    created: Json = api.call_json("createNotificationTask", body=notification_body(api, **changes))
    return created


def upload_file(
    api: ApiClient,
    content: bytes,
    name: str = "probe.bin",
    kind: str = "",
    *,
    exactly: bool = False,
) -> Json:
    """Upload a file and return it; `kind` is its media type, empty for none.

    Its name ends with `name`, or is `name` if `exactly` is true.
    """
    whole = name if exactly else api.unique_name(f"-{name}")
    part = (whole, content, kind) if kind else (whole, content)
    uploaded: Json = api.call_json(
        "uploadFile", upload={"file": part}, form={"moduleName": "probe"}
    )
    return uploaded


def upload_image_as_workbook(api: ApiClient) -> int:
    """Upload an image under the name of a workbook and return its id.

    The bytes decide what a file is (N5).
    """
    image = b"\x89PNG\r\n\x1a\n" + api.unique_name().encode()
    return int(upload_file(api, image, "list.xlsx")["id"])


def upload_member_list(
    api: ApiClient, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()
) -> int:
    """Upload a member list and return its id."""
    content = write_member_list(rows, columns)
    return int(upload_file(api, content, "list.xlsx", XLSX_MEDIA_TYPE)["id"])


def new_group(api: ApiClient, name: str = "") -> Json:
    """Create a group and return it; its name is unique by default."""
    created: Json = api.call_json("createGroup", body={"name": name or api.unique_name()})
    return created


# A draft reaches nobody, so probes release a plan only where their rule requires it.
def plan_body(
    api: ApiClient, options: str = "DRAFT", group: int | None = None, **data: Any
) -> Json:
    """Return the body of a plan that keeps every rule, in this group or in a new one."""
    group_id = new_group(api)["id"] if group is None else group
    return {"options": options, "data": {"name": api.unique_name(), "groupId": group_id, **data}}


def new_plan(api: ApiClient, options: str = "DRAFT", group: int | None = None, **data: Any) -> Json:
    """Create a plan and return it."""
    created: Json = api.call_json(
        "createMarketingNotice", body=plan_body(api, options, group, **data)
    )
    return created


def scene_body(api: ApiClient, plan_id: int, **changes: Any) -> Json:
    """Return the body of a scene that keeps every rule, with changes."""
    sure = {
        "name": api.unique_name(),
        "statisticalMethod": "GRAND_TOTAL",
        "prompt": "顾客询问活动时间。",
        "planId": plan_id,
    }
    return sure | changes


def new_scene(api: ApiClient, plan_id: int, **changes: Any) -> Json:
    """Create a scene and return it."""
    created: Json = api.call_json("createScene", body=scene_body(api, plan_id, **changes))
    return created


def plan_task_body(
    api: ApiClient, start: datetime | None = None, members: int = 3, file_id: int | None = None
) -> Json:
    """Return the body of a plan task that keeps every rule, with a new member list.

    members: length of that list, unless `file_id` names an existing one.
    """
    moment = start or api.moment_at(LEAD_DAYS, 9)
    return {
        "name": api.unique_name(),
        # With seconds, which no server refuses (M26).
        "startTime": format_datetime(moment),
        "fileIds": [file_id or upload_member_list(api, api.new_members(members, nickname="李娜"))],
    }


def new_plan_task(
    api: ApiClient,
    plan_id: int,
    start: datetime | None = None,
    members: int = 3,
    file_id: int | None = None,
) -> Json:
    """Create a task of a plan and return it."""
    body = plan_task_body(api, start, members, file_id)
    created: Json = api.call_json("createMarketingNoticeTask", id=plan_id, body=body)
    return created


def count_task_members(api: ApiClient, task_id: int, **query: Any) -> int:
    """Return how many members of a plan task pass these filters."""
    page = api.call_json("listMarketingNoticeTaskMembers", taskId=task_id, query=query)
    return int(page["totalElements"])


def new_released_plan(api: ApiClient, **data: Any) -> tuple[int, int]:
    """Return the ids of a released plan and its task, which starts at 09:00 tomorrow."""
    plan = new_plan(api, "RELEASE", **data)["id"]
    return plan, int(new_plan_task(api, plan, api.moment_at(1, 9), MEMBER_COUNT)["id"])


def get_plan_and_task_reports(api: ApiClient, plan: int, task: int) -> list[dict[str, Any]]:
    """Return the reports of a plan and of its only task."""
    return [
        api.call_json("getMarketingNoticeReport", id=plan),
        api.call_json("getMarketingNoticeTaskReport", taskId=task),
    ]
