"""Group-notification tasks: create, read, list, terminate, executions (L66-L209)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from mock_server.domain import datetime_text, notification_contents, notification_tasks
from mock_server.domain.marketing_queries import not_found
from mock_server.domain.members import MemberRow, enrolled
from mock_server.domain.notification_tasks import Execution, NotificationTask, Recipient
from mock_server.domain.paging import DEFAULT_SIZE, LongAnswer, listed, records_page, sorted_rows
from mock_server.errors import Invalid, TooLarge, Violation
from mock_server.member_files import member_lists
from mock_server.member_files.member_reader import MAX_ROWS
from mock_server.runtime.threads import MANY_ROWS, offload
from mock_server.world import record_sizes
from mock_server.world.world import World


async def create_notification_task(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /notification-tasks (L67-L118). Raises Invalid."""
    heavy = notification_contents.are_many(body)
    sent = body.get("members", ())
    sent_size = await offload(heavy, partial(record_sizes.of_rows, sent))
    world.admit({name: value for name, value in body.items() if name != "members"}, sent_size)
    start, end = notification_tasks.window(body)
    violations = [
        *notification_tasks.window_violations(start, end),
        *notification_contents.source_violations(body),
    ]
    if len(sent) > MAX_ROWS:
        accepted = f"maxItems {MAX_ROWS}"
        raise TooLarge(Violation("/body/members", "maxItems", accepted, str(len(sent))))
    wanted = await offload(heavy, partial(notification_contents.variables, body["contents"]))
    violations += await offload(
        heavy, partial(notification_contents.member_violations, sent, wanted)
    )
    rows = await offload(heavy, lambda: [MemberRow.of(member) for member in sent])
    if file_ids := body.get("fileIds"):
        files = {file_id: world.files[file_id] for file_id in file_ids if file_id in world.files}
        read = partial(
            member_lists.joined, file_ids, files, notification_contents.FILE_RULES, wanted
        )
        listed = await world.readers.run(read)
        violations += listed.violations
        rows = rows or listed.rows
    if violations:
        raise Invalid(*violations[: notification_contents.MAX_VIOLATIONS])
    recipients = await enrolled(world.members, rows, Recipient)
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
        recipients=recipients,
        created=now,
        updated=now,
        sent_size=sent_size,
    )
    world.notification_tasks[task.id] = task
    return {
        **_base(world.seed, task, now),
        "createTime": datetime_text.text(task.created),
        "lastUpdateTime": datetime_text.text(task.updated),
        "totalMembers": len(task.recipients),
    }


async def list_notification_tasks(
    world: World,
    task_type: str,
    status: str | None = None,
    start_time: str | None = None,
    end_time: str | None = None,
    current: int = 0,
    size: int = DEFAULT_SIZE,
    *,
    address: str,
) -> dict[str, Any] | LongAnswer:
    """GET /notification-tasks, newest first (L147-L177; NT-12, NT-13, NT-15)."""
    now = world.now()
    rows = world.notification_tasks.newest(task_type)
    if status or start_time or end_time:
        earliest, latest = (datetime_text.parse(t) if t else None for t in (start_time, end_time))
        search = partial(
            notification_tasks.matching, world.seed, [*rows], earliest, latest, status, now
        )
        rows = await offload(len(rows) > MANY_ROWS, search)
    return records_page(
        rows,
        current,
        size,
        lambda task: {
            **_base(world.seed, task, now),
            "contents": notification_contents.addressed(task.contents, address),
        },
    )


async def get_notification_task(
    world: World, task_id: int, *, address: str
) -> dict[str, Any] | LongAnswer:
    """GET /notification-tasks/{taskId} (L118-L137). Raises NotFound."""
    task, now = _task(world, task_id), world.now()
    total = len(task.recipients)
    success = await offload(
        total > MANY_ROWS,
        lambda: notification_tasks.successes(notification_tasks.executions(world.seed, task, now)),
    )
    found = {
        **_base(world.seed, task, now),
        "statistics": {"totalMembers": total, "successCount": success},
        "contents": notification_contents.addressed(task.contents, address),
    }
    if task.file_ids:
        found["fileIds"] = task.file_ids
    if task.sent_members:
        return listed(found | {"members": []}, "members", task.sent_members, dict)
    return found


def terminate_notification_task(
    world: World, task_id: int, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """PUT /notification-tasks/{taskId}/termination (L138-L147).

    Raises NotFound, Invalid. The reason, which nothing reads back, is not kept.
    """
    del body
    task, now = _task(world, task_id), world.now()
    before = notification_tasks.status(world.seed, task, now)
    if violations := notification_tasks.termination_violations(before):
        raise Invalid(*violations)
    ended = task._replace(terminated=now, updated=now)
    world.notification_tasks[task_id] = ended
    after = notification_tasks.status(world.seed, ended, now)
    return {"previousStatus": before, "currentStatus": after}


async def list_notification_task_executions(
    world: World,
    task_id: int,
    current: int = 0,
    size: int = DEFAULT_SIZE,
    order_by: str | None = None,
    order_direction: str = "ASC",
) -> dict[str, Any] | LongAnswer:
    """GET /notification-tasks/{taskId}/executions (L178-L209). Raises NotFound."""
    task, now, seed = _task(world, task_id), world.now(), world.seed
    keys = {"executeTime": lambda row: row.executed, "status": lambda row: row.status}
    if order_by is None:
        told = notification_tasks.execution_of(seed, task, now)
        rows = range(len(task.recipients))
        return records_page(rows, current, size, lambda row: _row(told(row)))

    def work() -> Sequence[Execution]:
        found = notification_tasks.executions(seed, task, now)
        return sorted_rows(found, keys, [order_by], order_direction)

    ordered = await offload(len(task.recipients) > MANY_ROWS, work)
    return records_page(ordered, current, size, _row)


def _task(world: World, task_id: int) -> NotificationTask:
    if task := world.notification_tasks.get(task_id):
        return task
    raise not_found(world.notification_tasks, "/path/taskId", task_id)


def _base(seed: int, task: NotificationTask, now: datetime) -> dict[str, Any]:
    return {
        "id": task.id,
        "taskName": task.name,
        "taskType": task.type,
        "status": notification_tasks.status(seed, task, now),
        "scheduledStartTime": datetime_text.text(task.start),
        "scheduledEndTime": datetime_text.text(task.end),
    }


def _row(row: Execution) -> dict[str, Any]:
    found = {
        "memberId": row.recipient.member_id,
        "memberName": row.recipient.name,
        "status": row.status,
        "executeTime": datetime_text.text(row.executed) if row.executed else None,
    }
    if row.reason:
        found["failureReason"] = row.reason
    return found
