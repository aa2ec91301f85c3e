"""Group-notification tasks: create, read, list, terminate, executions (L66-L209)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from mock_server.domain import contents, member_lists, notification_tasks, times
from mock_server.domain.notification_tasks import Execution, NotificationTask, Recipient
from mock_server.domain.paging import DEFAULT_SIZE, records_page, sorted_rows
from mock_server.errors import Invalid, NotFound, Violation
from mock_server.offload import LARGE_FILE, MANY_ROWS, offload
from mock_server.world import World


async def create_notification_task(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /notification-tasks (L67-L118). Raises Invalid (NT-04 to NT-10)."""
    start, end = notification_tasks.window(body)
    violations = [
        *notification_tasks.window_violations(start, end),
        *contents.source_violations(body),
    ]
    wanted = contents.variables(body["contents"])
    members: Sequence[Mapping[str, Any]] = body.get("members", ())
    violations += contents.member_violations(members, wanted)
    if file_ids := body.get("fileIds"):
        heavy = member_lists.size(file_ids, world.files) > LARGE_FILE
        files = {file_id: world.files[file_id] for file_id in file_ids if file_id in world.files}
        listed = await offload(heavy, lambda: member_lists.joined(file_ids, files, "NT-10"))
        violations += listed.violations
        violations += contents.file_violations("/body/fileIds", listed.rows, wanted)
        members = members or listed.rows
    if violations:
        raise Invalid(*violations[: contents.MAX_VIOLATIONS])
    now = world.now()
    task = NotificationTask(
        id=world.next_id("notification_tasks"),
        name=body["taskName"],
        type=body["taskType"],
        contents=body["contents"],
        start=start,
        end=end,
        file_ids=file_ids,
        sent_members=body.get("members"),
        recipients=[_recipient(world, row) for row in members],
        created=now,
        updated=now,
    )
    world.notification_tasks[task.id] = task
    return {
        **_base(task, now),
        "createTime": times.text(task.created),
        "lastUpdateTime": times.text(task.updated),
        "totalMembers": len(task.recipients),
    }


def list_notification_tasks(
    world: World,
    task_type: str,
    status: str | None = None,
    start_time: str | None = None,
    end_time: str | None = None,
    current: int = 0,
    size: int = DEFAULT_SIZE,
) -> dict[str, Any]:
    """GET /notification-tasks, newest first (L147-L177; NT-12, NT-13, NT-15)."""
    now = world.now()
    earliest = times.parse(start_time) if start_time else None
    latest = times.parse(end_time) if end_time else None
    rows = [
        task
        for task in world.notification_tasks.values()
        if task.type == task_type
        and (earliest is None or task.start >= earliest)
        and (latest is None or task.start <= latest)
        and (status is None or notification_tasks.status(task, now) == status)
    ]
    rows.sort(key=lambda task: (task.created, task.id), reverse=True)
    return records_page(
        rows, current, size, lambda task: {**_base(task, now), "contents": task.contents}
    )


async def get_notification_task(world: World, task_id: int) -> dict[str, Any]:
    """GET /notification-tasks/{taskId} (L118-L137). Raises NotFound."""
    task, now = _task(world, task_id), world.now()
    total = len(task.recipients)
    success = await offload(
        total > MANY_ROWS,
        lambda: notification_tasks.successes(notification_tasks.executions(world.seed, task, now)),
    )
    found = {
        **_base(task, now),
        "statistics": {"totalMembers": total, "successCount": success},
        "contents": task.contents,
    }
    if task.file_ids:
        found["fileIds"] = task.file_ids
    if task.sent_members:
        found["members"] = task.sent_members
    return found


def terminate_notification_task(
    world: World, task_id: int, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """PUT /notification-tasks/{taskId}/termination (L138-L147).

    Raises NotFound, Invalid (NT-11). The reason, which nothing reads back, is not kept.
    """
    del body
    task, now = _task(world, task_id), world.now()
    before = notification_tasks.status(task, now)
    if violations := notification_tasks.termination_violations(before):
        raise Invalid(*violations)
    ended = task._replace(terminated=now, updated=now)
    world.notification_tasks[task_id] = ended
    return {"previousStatus": before, "currentStatus": notification_tasks.status(ended, now)}


async def list_notification_task_executions(
    world: World,
    task_id: int,
    current: int = 0,
    size: int = DEFAULT_SIZE,
    order_by: str | None = None,
    order_direction: str = "ASC",
) -> dict[str, Any]:
    """GET /notification-tasks/{taskId}/executions (L178-L209). Raises NotFound."""
    task, now, seed = _task(world, task_id), world.now(), world.seed
    keys = {"executeTime": lambda row: row.executed, "status": lambda row: row.status}
    if order_by is None:
        told = notification_tasks.execution_of(seed, task, now)
        rows = range(len(task.recipients))
        return records_page(rows, current, size, lambda row: _row(told(row)))

    def work() -> list[Execution]:
        found = notification_tasks.executions(seed, task, now)
        return sorted_rows(found, keys, [order_by], order_direction)

    ordered = await offload(len(task.recipients) > MANY_ROWS, work)
    return records_page(ordered, current, size, _row)


def _task(world: World, task_id: int) -> NotificationTask:
    if task := world.notification_tasks.get(task_id):
        return task
    raise NotFound(Violation("/path/taskId", "exists", found=str(task_id)))


def _recipient(world: World, row: Mapping[str, Any]) -> Recipient:
    member = world.members.enrol(row)
    return Recipient(member.id, str(row.get("nickname") or member.name))


def _base(task: NotificationTask, now: datetime) -> dict[str, Any]:
    return {
        "id": task.id,
        "taskName": task.name,
        "taskType": task.type,
        "status": notification_tasks.status(task, now),
        "scheduledStartTime": times.text(task.start),
        "scheduledEndTime": times.text(task.end),
    }


def _row(row: Execution) -> dict[str, Any]:
    found = {
        "memberId": row.recipient.member_id,
        "memberName": row.recipient.name,
        "status": row.status,
        "executeTime": times.text(row.executed) if row.executed else None,
    }
    if row.reason:
        found["failureReason"] = row.reason
    return found
