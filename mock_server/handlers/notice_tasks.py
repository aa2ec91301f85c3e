"""Tasks of a plan: template, create, list, members, report, end, start (L1176-L1630)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from mock_server.domain import (
    conversations,
    datetime_text,
    lifecycles,
    notice_tasks,
    reports,
    schedules,
    task_member_filter,
)
from mock_server.domain.conversations import Course, Journey
from mock_server.domain.file_signatures import XLSX
from mock_server.domain.marketing_queries import not_found, read_ids, spring_query
from mock_server.domain.members import drafted
from mock_server.domain.notice_tasks import NoticeTask, TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.paging import Keys, LongAnswer, contains, spring_page
from mock_server.errors import Invalid
from mock_server.http.response import Answer
from mock_server.member_files import member_lists, xlsx_writer
from mock_server.world.threaded_reads import apart
from mock_server.world.world import World


def _rows_of(world: World, task_id: int, **_: Any) -> int:
    """The rows of a task; none when nothing has the id."""
    task = world.notice_tasks.get(task_id)
    return len(task.members) if task else 0


def get_member_template(_world: World) -> Answer:
    """GET /marketing-notice/members/template: a workbook to fill in (L1176-L1182, M15)."""
    columns, sample = member_lists.TEMPLATE_COLUMNS, member_lists.TEMPLATE_SAMPLE
    disposition = 'attachment; filename="member-template.xlsx"'
    return Answer(
        xlsx_writer.write_rows(columns, [sample]),
        XLSX,
        headers={"Content-Disposition": disposition},
    )


async def create_marketing_notice_task(
    world: World, id_: int, body: dict[str, Any]
) -> dict[str, Any]:
    """POST /marketing-notice/{id}/task (L1183-L1229).

    Raises NotFound, Invalid.
    """
    world.admit(body)
    _notice(world, id_)
    file_ids = body["fileIds"]
    files = {file_id: world.files[file_id] for file_id in file_ids if file_id in world.files}
    rules = notice_tasks.FILE_RULES
    listed = await world.readers.run(partial(member_lists.joined, file_ids, files, rules))
    start = schedules.task_start(body["startTime"], world.now())
    violations = notice_tasks.start_violations(start, body["startTime"]) + listed.violations
    if start is None or violations:
        raise Invalid(*violations)
    draft, members = await drafted(world.members, listed.rows, TaskMember)
    notice = _notice(world, id_)  # again: all that took time, and the plan may be gone
    world.members.adopt(draft)
    now = world.now()
    task_id = world.next_id("notice_tasks")
    task = notice_tasks.planned(task_id, notice, body["name"], start, tuple(members), now)
    world.notice_tasks[task.id] = task
    return _rendered(_course(world, task, now), now)


@apart(lambda world, id_, **_: len(world.notice_tasks.newest(id_)))
def list_marketing_notice_tasks(
    world: World,
    id_: int,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
) -> dict[str, Any] | LongAnswer:
    """GET /marketing-notice/{id}/task, newest first (L1230-L1303).

    Raises NotFound, Invalid.
    """
    notice, now = _notice(world, id_), world.now()
    query = spring_query(current, size, order_by, order_direction, order_null_handling)
    tasks = [t for t in world.notice_tasks.newest(id_) if contains(key_word, t.name)]
    rows = conversations.courses(world.seed, notice, tasks, now)
    keys: Keys[Course] = {
        "id": lambda course: course.task.id,
        "name": lambda course: course.task.name,
        "status": lambda course: lifecycles.task_status(course, now),
        "totalMember": lambda course: len(course.task.members),
        "startDate": lambda course: course.task.start.date(),
        "startTime": lambda course: f"{course.task.start:%H:%M}",
        "createTime": lambda course: course.task.created,
    }

    def row(course: Course) -> dict[str, Any]:
        rendered = _rendered(course, now)
        return {key: rendered[key] for key, _, _ in notice_tasks.COLUMNS}

    return spring_page(rows, query, keys=keys, render=row)


def get_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """GET /marketing-notice/task/{taskId} (L1304-L1341). Raises NotFound."""
    now = world.now()
    return _rendered(_course(world, _task(world, task_id), now), now)


def get_marketing_notice_task_schema(world: World, id_: int) -> list[dict[str, Any]]:
    """GET /marketing-notice/{id}/task/schema: the task list's columns (L1342-L1369).

    Raises NotFound.
    """
    _notice(world, id_)
    return [{"label": label, "key": key, "type": kind} for key, label, kind in notice_tasks.COLUMNS]


@apart(_rows_of)
def list_marketing_notice_task_members(
    world: World,
    task_id: int,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
    status: str | None = None,
    scene_ids: str | None = None,
    mood_value: str | None = None,
) -> dict[str, Any] | LongAnswer:
    """GET /marketing-notice/task/{taskId}/members, in import order (L1433-L1567).

    Raises NotFound, Invalid.
    """
    now = world.now()
    course = _course(world, _task(world, task_id), now)
    members = course.task.members

    @cache
    def lived(row: int) -> Journey:
        return conversations.journey(course, now, row)

    keys: Keys[int] = {
        "memberId": lambda row: members[row].member_id,
        "memberName": lambda row: members[row].name,
        "status": lambda row: lived(row).status,
        "lastContactTime": lambda row: lived(row).last_contact,
    }
    query = spring_query(current, size, order_by, order_direction, order_null_handling)
    wanted = read_ids(scene_ids, "/query/sceneIds", query, keys)
    passes = task_member_filter.journey_filter(status, wanted, mood_value)
    rows = [
        row
        for row, member in enumerate(members)
        if contains(key_word, member.name) and (passes is None or passes(lived(row)))
    ]

    def rendered(row: int) -> dict[str, Any]:
        journey = lived(row)
        found = {
            "memberId": members[row].member_id,
            "memberName": members[row].name,
            "status": journey.status,
            "moodValues": list(journey.moods),
            "scenes": [world.scenes[scene_id].name for scene_id in journey.scenes],
        }
        if journey.last_contact is not None:
            found["lastContactTime"] = datetime_text.text(journey.last_contact)
        return found

    return spring_page(rows, query, keys=keys, render=rendered)


@apart(_rows_of)
def get_marketing_notice_task_report(world: World, task_id: int) -> dict[str, Any]:
    """GET /marketing-notice/task/{taskId}/report (L1568-L1610). Raises NotFound."""
    task, now = _task(world, task_id), world.now()
    counts = reports.count([_course(world, task, now)], now)
    scene_ids = world.notices[task.notice_id].scene_ids
    return reports.report(counts, reports.shown_scenes(scene_ids, world.scenes))


def terminate_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """PATCH /marketing-notice/task/{taskId}/termination (L1621-L1630).

    Raises NotFound, Invalid.
    """
    task, now = _task(world, task_id), world.now()
    status = lifecycles.task_status(_course(world, task, now), now)
    if violations := notice_tasks.termination_violations(status):
        raise Invalid(*violations)
    world.notice_tasks[task_id] = replace(task, terminated=now, updated=now)
    return {}


def enable_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """PATCH /marketing-notice/task/{taskId}/enable (L1611-L1620).

    Raises NotFound, Invalid.
    """
    task, now = _task(world, task_id), world.now()
    status = lifecycles.task_status(_course(world, task, now), now)
    if violations := notice_tasks.enabling_violations(status):
        raise Invalid(*violations)
    world.notice_tasks[task_id] = replace(task, terminated=None, updated=now)
    return {}


def _notice(world: World, notice_id: int) -> Notice:
    if notice := world.notices.get(notice_id):
        return notice
    raise not_found(world.notices, "/path/id", notice_id)


def _task(world: World, task_id: int) -> NoticeTask:
    if task := world.notice_tasks.get(task_id):
        return task
    raise not_found(world.notice_tasks, "/path/taskId", task_id)


def _course(world: World, task: NoticeTask, now: datetime) -> Course:
    notice = world.notices[task.notice_id]
    return conversations.courses(world.seed, notice, [task], now)[0]


def _rendered(course: Course, now: datetime) -> dict[str, Any]:
    task = course.task
    return {
        "id": task.id,
        "createTime": datetime_text.text(task.created),
        "lastUpdateTime": datetime_text.text(task.updated),
        "name": task.name,
        "status": lifecycles.task_status(course, now),
        "totalMember": len(task.members),
        "startDate": task.start.date().isoformat(),
        "startTime": f"{task.start:%H:%M}",
    }
