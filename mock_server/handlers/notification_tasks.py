"""Operations on group-notification tasks and their executions (L66-L209)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from mock_server.domain import datetime_text, notification_contents, notification_tasks
from mock_server.domain.member_directory import MemberRow, merge_repeated_members
from mock_server.domain.member_list_rules import MemberListReadings
from mock_server.domain.member_registration import register_members
from mock_server.domain.notification_tasks import Execution, NotificationTask, Recipient
from mock_server.domain.paging import (
    DEFAULT_PAGE_SIZE,
    LongListResponse,
    render_list,
    render_records_page,
    sort_rows,
)
from mock_server.domain.record_errors import not_found_error, refuse
from mock_server.errors import ContentTooLarge, ErrorDetail, InvalidRequest
from mock_server.member_files import member_lists
from mock_server.member_files.limits import MAX_ROWS
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD, run_in_thread_if
from mock_server.world import record_sizes
from mock_server.world.world import World


async def create_notification_task(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /notification-tasks (L67-L118). Raises InvalidRequest and ContentTooLarge."""
    sent = body.get("members", ())
    # The contract does not limit the number of members; this is the limit for files (N5).
    if len(sent) > MAX_ROWS:
        accepted = f"maxItems {MAX_ROWS}"
        raise ContentTooLarge(ErrorDetail("/body/members", "maxItems", accepted, str(len(sent))))
    readings = world.readings
    list_readings, unknown = world.member_list_readings, list[ErrorDetail]()
    # Up to 100,000 members: every pass over them takes place in a thread if they are many.
    heavy = notification_contents.is_slow_to_check(body)
    found = await run_in_thread_if(heavy, partial(_examine_members, body, list_readings))
    sent_size, wanted, member_violations, rows = found
    world.ensure_room({name: value for name, value in body.items() if name != "members"}, sent_size)
    start, end = notification_tasks.parse_window(body)
    violations = [
        *notification_tasks.start_violations(start, world.now(), readings["start-in-the-past"]),
        *notification_tasks.window_violations(start, end),
        *notification_contents.member_source_violations(body),
        *member_violations,
    ]
    total = len(violations)
    # Files are read even after a violation, so that one response reports all mistakes.
    if file_ids := body.get("fileIds"):
        member_list = await _read_files(world, file_ids, wanted, list_readings)
        violations += member_list.violations
        total += member_list.total
        unknown = member_list.unknown
        rows = rows or member_list.rows
    # The unknown ids among all violations, since the first of these may be others.
    if len(violations) > len(unknown):
        unknown = []
    shown = violations[: notification_contents.MAX_VIOLATIONS]
    refuse(shown, unknown, readings["unknown-id-in-body"], total)
    recipients = await register_members(world.members, rows, Recipient)
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
        **_render_summary(world.seed, task, now),
        "createTime": datetime_text.format_datetime(task.created),
        "lastUpdateTime": datetime_text.format_datetime(task.updated),
        "totalMembers": len(task.recipients),
    }


async def list_notification_tasks(
    world: World,
    task_type: str,
    status: str | None = None,
    start_time: str | None = None,
    end_time: str | None = None,
    current: int = 0,
    size: int = DEFAULT_PAGE_SIZE,
    *,
    address: str,
) -> dict[str, Any] | LongListResponse:
    """GET /notification-tasks, newest first (L147-L177; NT-12, NT-13, NT-15)."""
    now = world.now()
    rows = world.notification_tasks.newest(task_type)
    if status or start_time or end_time:
        earliest, latest = (
            datetime_text.parse_datetime(t) if t else None for t in (start_time, end_time)
        )
        # [*rows]: the thread needs a copy, since the view changes with the table.
        search = partial(
            notification_tasks.filter_tasks, world.seed, [*rows], earliest, latest, status, now
        )
        rows = await run_in_thread_if(len(rows) > MIN_ROWS_FOR_THREAD, search)
    return render_records_page(
        rows,
        current,
        size,
        lambda task: {
            **_render_summary(world.seed, task, now),
            "contents": notification_contents.resolve_file_urls(task.contents, address),
        },
    )


async def get_notification_task(
    world: World, task_id: int, *, address: str
) -> dict[str, Any] | LongListResponse:
    """GET /notification-tasks/{taskId} (L118-L137). Raises NotFound."""
    task, now, readings = _find_task(world, task_id), world.now(), world.readings
    total = len(task.recipients)
    success = await run_in_thread_if(
        total > MIN_ROWS_FOR_THREAD,
        partial(notification_tasks.count_successes, world.seed, task, now),
    )
    contents = notification_contents.resolve_file_urls(task.contents, address)
    end = notification_tasks.shown_end(world.seed, task, now, readings["end-time-adjusted"])
    found = {
        **_render_summary(world.seed, task, now),
        "scheduledEndTime": datetime_text.format_datetime(end),
        "statistics": {"totalMembers": total, "successCount": success},
        "contents": notification_contents.rename_content_fields(
            contents, readings["content-names"]
        ),
        "fileIds": task.file_ids or [],
        "members": [],
    }
    if task.sent_members:
        return render_list(found, "members", task.sent_members, dict)
    return found


def terminate_notification_task(
    world: World, task_id: int, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """PUT /notification-tasks/{taskId}/termination (L138-L147).

    Raises NotFound and InvalidRequest.
    """
    del body  # the reason is not stored, because no operation returns it (N26)
    task, now = _find_task(world, task_id), world.now()
    before = notification_tasks.task_status(world.seed, task, now)
    if violations := notification_tasks.termination_violations(before):
        raise InvalidRequest(*violations)
    ended = task._replace(terminated=now, updated=now)
    world.notification_tasks[task_id] = ended
    after = notification_tasks.task_status(world.seed, ended, now)
    return {"previousStatus": before, "currentStatus": after}


async def list_notification_task_executions(
    world: World,
    task_id: int,
    current: int = 0,
    size: int = DEFAULT_PAGE_SIZE,
    order_by: str | None = None,
    order_direction: str = "ASC",
) -> dict[str, Any] | LongListResponse:
    """GET /notification-tasks/{taskId}/executions (L178-L209). Raises NotFound."""
    task, now, seed = _find_task(world, task_id), world.now(), world.seed
    readings, count = world.readings, len(task.recipients)
    word, envelope = readings["execution-success-word"], readings["executions-envelope"]
    # In import order, only the executions on the page are computed; sorting needs them all.
    if order_by is None:
        execution_at = notification_tasks.execution_lookup(seed, task, now, word)
        return _render_executions(
            task,
            range(count),
            current,
            size,
            lambda row: _render_execution(execution_at(row)),
            envelope,
        )

    def sorted_executions() -> Sequence[Execution]:
        keys = {"executeTime": lambda row: row.executed, "status": lambda row: row.status}
        nulls = f"NULLS_{readings['null-order'].upper()}"
        found = notification_tasks.list_executions(seed, task, now, word)
        return sort_rows(found, keys, [order_by], order_direction, nulls)

    ordered = await run_in_thread_if(count > MIN_ROWS_FOR_THREAD, sorted_executions)
    return _render_executions(task, ordered, current, size, _render_execution, envelope)


def _render_executions(
    task: NotificationTask,
    rows: Sequence[Any],
    current: int,
    size: int,
    render: Callable[[Any], dict[str, Any]],
    envelope: str,
) -> dict[str, Any] | LongListResponse:
    """Return a page of executions in the structure of the reading executions-envelope (N16)."""
    if envelope == "page":
        return render_records_page(rows, current, size, render)
    found = {"task_id": task.id, "total_members": len(task.recipients), "executions": []}
    shown = rows[current * size : (current + 1) * size]
    return render_list(found, "executions", shown, render)


async def _read_files(
    world: World, file_ids: Sequence[int], wanted: Sequence[str], readings: MemberListReadings
) -> member_lists.MemberList:
    files = {file_id: world.files[file_id] for file_id in file_ids if file_id in world.files}
    rules = notification_contents.FILE_RULES
    read = partial(
        member_lists.read_member_lists,
        file_ids,
        files,
        rules,
        wanted,
        readings,
        known=world.members.create_draft(),
    )
    return await world.readers.run(read)


def _examine_members(
    body: dict[str, Any], readings: MemberListReadings
) -> tuple[int, list[str], list[ErrorDetail], list[MemberRow]]:
    """Return the size of the inline members, the texts' variables, violations, and the rows."""
    sent = body.get("members", ())
    wanted = notification_contents.template_variables(body["contents"])
    violations = notification_contents.member_violations(sent, wanted, readings)
    rows = [MemberRow.from_request(member) for member in sent]
    if readings.repeated == "merged":
        rows = merge_repeated_members(rows)
    return record_sizes.rows_json_size(sent), wanted, violations, rows


def _find_task(world: World, task_id: int) -> NotificationTask:
    if task := world.notification_tasks.get(task_id):
        return task
    raise not_found_error(world.notification_tasks, "/path/taskId", task_id)


def _render_summary(seed: int, task: NotificationTask, now: datetime) -> dict[str, Any]:
    return {
        "id": task.id,
        "taskName": task.name,
        "taskType": task.type,
        "status": notification_tasks.task_status(seed, task, now),
        "scheduledStartTime": datetime_text.format_datetime(task.start),
        "scheduledEndTime": datetime_text.format_datetime(task.end),
    }


def _render_execution(row: Execution) -> dict[str, Any]:
    found = {
        "memberId": row.recipient.member_id,
        "memberName": row.recipient.name,
        "status": row.status,
        "executeTime": datetime_text.format_datetime(row.executed) if row.executed else None,
    }
    if row.reason:
        found["failureReason"] = row.reason
    return found
