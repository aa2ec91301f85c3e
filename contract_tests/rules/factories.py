"""Things that probes need before they can try a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contract_tests.rules.client import Api, text
from contract_tests.rules.workbook import MEDIA_TYPE, member_list

Json = dict[str, Any]
LEAD = 8
"""Days from now on which a task starts unless its probe moves the clock: nobody is reached.

One more than a week, so that it is a week whatever the time of day.
"""
DEFAULT_END = 22
"""The hour at which a notification task ends for which no end is given (NT-08)."""


def without(body: Mapping[str, Any], *names: str) -> Json:
    """The body without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


def says(value: str, kind: str = "TEXT") -> list[dict[str, str]]:
    """Contents of one entry."""
    return [{"contentType": kind, "contentValue": value}]


def notification(api: Api, **changes: Any) -> Json:
    """The body of a notification task that keeps every rule, with changes."""
    sure = {
        "taskName": api.name(),
        "taskType": "CUSTOMER_RESOURCE_REMINDER",
        "scheduledStartTime": text(api.at(LEAD, 9)),
        "scheduledEndTime": text(api.at(LEAD, 18)),
        "contents": says("{{nickname}},您的预约已确认。"),
    }
    if "fileIds" not in changes:
        sure["members"] = api.people(1, nickname="张丽")
    return sure | changes


def new_notification(api: Api, **changes: Any) -> Json:
    """A notification task that was created."""
    created: Json = api.ok("createNotificationTask", body=notification(api, **changes))
    return created


def new_file(
    api: Api, content: bytes, name: str = "probe.bin", kind: str = "", *, exactly: bool = False
) -> Json:
    """An uploaded file; `kind` is its media type, none when empty.

    Its name ends with this one, or is this one `exactly`.
    """
    whole = name if exactly else api.name(f"-{name}")
    part = (whole, content, kind) if kind else (whole, content)
    uploaded: Json = api.ok("uploadFile", upload={"file": part}, form={"moduleName": "probe"})
    return uploaded


def new_list(api: Api, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> int:
    """The id of an uploaded member list."""
    content = member_list(rows, columns)
    return int(new_file(api, content, "list.xlsx", MEDIA_TYPE)["id"])


def new_group(api: Api) -> Json:
    """A group that was created."""
    created: Json = api.ok("createGroup", body={"name": api.name()})
    return created


def plan(api: Api, options: str = "DRAFT", group: int | None = None, **data: Any) -> Json:
    """The body of a plan that keeps every rule, in this group or in a new one."""
    group_id = new_group(api)["id"] if group is None else group
    return {"options": options, "data": {"name": api.name(), "groupId": group_id, **data}}


def new_plan(api: Api, options: str = "DRAFT", group: int | None = None, **data: Any) -> Json:
    """A plan that was created."""
    created: Json = api.ok("createMarketingNotice", body=plan(api, options, group, **data))
    return created


def scene(api: Api, plan_id: int, **changes: Any) -> Json:
    """The body of a scene that keeps every rule."""
    sure = {
        "name": api.name(),
        "statisticalMethod": "GRAND_TOTAL",
        "prompt": "顾客询问活动时间。",
        "planId": plan_id,
    }
    return sure | changes


def new_scene(api: Api, plan_id: int, **changes: Any) -> Json:
    """A scene that was created."""
    created: Json = api.ok("createScene", body=scene(api, plan_id, **changes))
    return created


def batch(
    api: Api, start: datetime | None = None, members: int = 3, file_id: int | None = None
) -> Json:
    """The body of a plan task that keeps every rule, with a new member list of this length."""
    moment = start or api.at(LEAD, 9)
    return {
        "name": api.name(),
        "startTime": moment.strftime("%Y-%m-%d %H:%M"),
        "fileIds": [file_id or new_list(api, api.people(members, nickname="李娜"))],
    }


def new_batch(
    api: Api,
    plan_id: int,
    start: datetime | None = None,
    members: int = 3,
    file_id: int | None = None,
) -> Json:
    """A task of a plan that was created."""
    body = batch(api, start, members, file_id)
    created: Json = api.ok("createMarketingNoticeTask", id=plan_id, body=body)
    return created


def total(api: Api, task_id: int, **query: Any) -> int:
    """How many rows of a plan task's member list pass these filters."""
    page = api.ok("listMarketingNoticeTaskMembers", taskId=task_id, query=query)
    return int(page["totalElements"])
