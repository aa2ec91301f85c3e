"""The present state of a world as a scenario, which gives the same lists when it is loaded."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mock_server.domain.datetime_text import format_datetime
from mock_server.domain.files import StoredFile
from mock_server.domain.member_directory import Member, MemberRow
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import DETAIL_FIELDS, Notice
from mock_server.domain.notification_contents import LocalFileReference
from mock_server.domain.notification_tasks import NotificationTask, Recipient
from mock_server.domain.tokens import Credentials
from mock_server.world.world import World


def export_scenario(world: World) -> dict[str, Any]:
    """Return the records, users and clock of a world as a scenario without a base.

    Its times are absolute. Tokens are left out, and so is what no operation returns.
    """
    lists = {
        "members": [_member(one) for id_ in world.members if (one := world.members.get(id_))],
        "files": [*map(_file, world.files.values())],
        "groups": [*map(_group, world.groups.values())],
        "scenes": [_scene(world, scene) for scene in world.scenes.values()],
        "plans": [*map(_plan, world.notices.values())],
        "planTasks": [_plan_task(world, task) for task in world.notice_tasks.values()],
        "notificationTasks": [
            _notification_task(world, task) for task in world.notification_tasks.values()
        ],
    }
    return {
        "base": "empty",
        "seed": world.seed,
        "now": format_datetime(world.now()),
        "frozen": world.clock.frozen,
        **_credentials(world.tokens.credentials),
        **{name: entries for name, entries in lists.items() if entries},
    }


def _credentials(credentials: Credentials) -> dict[str, Any]:
    return {
        "clients": [
            {"client_id": name, "client_secret": secret}
            for name, secret in credentials.clients.items()
        ],
        "users": [
            {"username": name, "password": password}
            | (
                {"may": sorted(allowed)}
                if (allowed := credentials.allowed.get(name)) is not None
                else {}
            )
            for name, password in credentials.users.items()
        ],
    }


def _member(member: Member) -> dict[str, Any]:
    return _without_none(
        {
            "memberId": member.id,
            "userId": member.user_id,
            "ciq": member.ciq,
            "nickname": member.name,
        }
    )


def _file(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "fileName": file.file_name,
        "moduleName": file.module_name,
        "contentType": file.media_type,
        "createTime": format_datetime(file.created),
        **_content(file.content),
    }


def _content(content: bytes) -> dict[str, str]:
    """Return the content of a file as text if it is readable, else as base64."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return {"text": text}
    return {"base64": base64.b64encode(content).decode()}


def _times(created: datetime, updated: datetime) -> dict[str, str]:
    return {"createTime": format_datetime(created), "lastUpdateTime": format_datetime(updated)}


def _group(group: NoticeGroup) -> dict[str, Any]:
    return {"id": group.id, "name": group.name, **_times(group.created, group.updated)}


def _scene(world: World, scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": scene.id,
        "name": scene.name,
        "statisticalMethod": scene.statistical_method,
        "prompt": scene.prompt,
        "sceneType": scene.scene_type,
        **_times(scene.created, scene.updated),
    }
    if scene.external_id is not None or scene.unbound:
        found["externalId"] = scene.external_id
    # The plan may have been deleted, or have another id now.
    key = scene.notice_id
    plan_id = None if key is None else world.renamed_notices.get(key, key)
    if plan_id in world.notices:
        found["planId"] = plan_id
    return found


def _plan(plan: Notice) -> dict[str, Any]:
    details = {name: plan.details[name] for name in DETAIL_FIELDS if name in plan.details}
    if "greetings" in details:
        details["greetings"] = _with_file_ids(details["greetings"], "image")
    found: dict[str, Any] = {
        "id": plan.id,
        "name": plan.name,
        "groupId": plan.group_id,
        **details,
        **_times(plan.created, plan.updated),
        "phases": [
            _without_none(
                {
                    "since": format_datetime(phase.since),
                    "status": phase.status,
                    "opens": _optional_time(phase.active_period.opens),
                    "closes": _optional_time(phase.active_period.closes),
                }
            )
            for phase in plan.phases
        ],
        "sceneHistory": [
            {"since": format_datetime(scenes.since), "sceneIds": [*scenes.ids]}
            for scenes in plan.scene_sets
        ],
    }
    if plan.first_id is not None:
        found["firstId"] = plan.first_id
    return found


def _plan_task(world: World, task: NoticeTask) -> dict[str, Any]:
    window = [task.window.opens, task.window.closes] if task.window else []
    found = _without_none(
        {
            "id": task.id,
            "planId": world.notice_of(task).id,
            "name": task.name,
            "startTime": format_datetime(task.start),
            **_times(task.created, task.updated),
            "terminateTime": _optional_time(task.terminated),
            "dailyWindow": window,
            "planRan": task.plan_ran,
            "sceneIds": [*task.scene_ids],
            "members": [{"memberId": one.member_id, "nickname": one.name} for one in task.members],
        }
    )
    if task.pauses:
        found["pauses"] = [
            {
                "since": format_datetime(pause.since),
                "until": format_datetime(pause.until),
                "planRan": pause.plan_ran,
            }
            for pause in task.pauses
        ]
    if task.outcomes:
        found["outcomes"] = [
            {"memberId": task.members[row].member_id, "status": status}
            for row, status in task.outcomes.items()
        ]
    return found


def _notification_task(world: World, task: NotificationTask) -> dict[str, Any]:
    found = _without_none(
        {
            "id": task.id,
            "taskName": task.name,
            "taskType": task.type,
            "contents": _with_file_ids(task.contents, "contentValue"),
            "scheduledStartTime": format_datetime(task.start),
            "scheduledEndTime": format_datetime(task.end),
            **_times(task.created, task.updated),
            "terminateTime": _optional_time(task.terminated),
        }
    )
    if task.file_ids:
        found["fileIds"] = [*task.file_ids]
    else:
        found["members"] = [*map(dict, task.sent_members or ())]
    if task.file_ids or not _are_named_by(world, task.recipients, task.sent_members or ()):
        found["recipients"] = [
            {"memberId": one.member_id, "memberName": one.name} for one in task.recipients
        ]
    if task.outcomes:
        found["outcomes"] = [
            _without_none(
                {
                    "memberId": task.recipients[row].member_id,
                    "status": outcome.status,
                    "failureReason": outcome.reason,
                }
            )
            for row, outcome in task.outcomes.items()
        ]
    return found


def _are_named_by(
    world: World, recipients: Sequence[Recipient], sent: Iterable[Mapping[str, Any]]
) -> bool:
    """Return whether the members of a request give exactly these recipients."""
    rows = [MemberRow.from_request(member) for member in sent]
    met = [(world.members.find(row), row.name) for row in rows]
    return [*recipients] == [Recipient(one.id, name or one.name) for one, name in met if one]


def _with_file_ids(contents: Iterable[Mapping[str, Any]], field: str) -> list[dict[str, Any]]:
    """Return contents or greetings in which `fileId` stands for a file of the mock."""
    return [
        {name: each[name] for name in each if name != field} | {"fileId": value.id}
        if isinstance(value := each.get(field), LocalFileReference)
        else dict(each)
        for each in contents
    ]


def _optional_time(instant: datetime | None) -> str | None:
    return None if instant is None else format_datetime(instant)


def _without_none(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None}
