"""Operations on the tasks of a plan, and the member template (L1176-L1630)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from mock_server.domain import (
    conversations,
    datetime_text,
    notice_lifecycles,
    notice_tasks,
    reports,
    schedules,
    task_member_filter,
)
from mock_server.domain.conversations import Conversation, TaskSimulation
from mock_server.domain.document_types import XLSX
from mock_server.domain.marketing_queries import build_spring_query, parse_id_filter
from mock_server.domain.member_registration import register_in_draft
from mock_server.domain.notice_tasks import NoticeTask, TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.paging import (
    LongListResponse,
    SortKeys,
    contains_keyword,
    render_spring_page,
)
from mock_server.domain.record_errors import not_found_error, refuse
from mock_server.errors import InvalidRequest
from mock_server.http.response import HttpResponse
from mock_server.member_files import member_lists
from mock_server.member_files.template import write_template
from mock_server.world.simulations import plan_task_status, simulate_task
from mock_server.world.threaded_reads import threaded_read
from mock_server.world.world import World


def _count_task_members(world: World, task_id: int, **_: Any) -> int:
    """Return the number of members of a task; 0 if it does not exist."""
    task = world.notice_tasks.get(task_id)
    return len(task.members) if task else 0


def get_member_template(world: World) -> HttpResponse | dict[str, Any]:
    """GET /marketing-notice/members/template: a workbook to fill in (L1176-L1182, M15).

    It is an empty object if that is the answer to member-template.
    """
    if world.readings["member-template"] == "object":
        return {}
    disposition = 'attachment; filename="member-template.xlsx"'
    return HttpResponse(
        write_template(world.member_list_readings.identifying),
        XLSX,
        headers={"Content-Disposition": disposition},
    )


async def create_marketing_notice_task(
    world: World, id_: int, body: dict[str, Any]
) -> dict[str, Any]:
    """POST /marketing-notice/{id}/task (L1183-L1229).

    Raises NotFound and InvalidRequest.
    """
    world.ensure_room(body)
    _find_notice(world, id_)
    file_ids = body["fileIds"]
    files = {file_id: world.files[file_id] for file_id in file_ids if file_id in world.files}
    rules, readings = notice_tasks.FILE_RULES, world.readings
    list_readings = world.member_list_readings
    member_list = await world.readers.run(
        partial(
            member_lists.read_member_lists,
            file_ids,
            files,
            rules,
            (),
            list_readings,
            known=world.members.create_draft(),
        )
    )
    written, arrived = body["startTime"], world.now()
    start = schedules.parse_task_start(written, arrived)
    past = readings["start-in-the-past"]
    violations = notice_tasks.start_violations(start, written, arrived, past)
    total = len(violations) + member_list.total
    violations += member_list.violations
    refuse(violations, member_list.unknown, readings["unknown-id-in-body"], total)
    if start is None:  # it is a violation
        raise InvalidRequest(*violations)
    draft, members = await register_in_draft(world.members, member_list.rows, TaskMember)
    # Again, because the plan may have been changed or deleted while the files were read. Nothing is
    # awaited from here on, so the task cannot be created for a plan that does not exist.
    notice = _find_notice(world, id_)
    world.members.apply_draft(draft)
    now = world.now()
    task_id = world.next_id("notice_tasks")
    task = notice_tasks.create_task(task_id, notice, body["name"], start, tuple(members), now)
    world.notice_tasks[task.id] = task
    return _render_task(simulate_task(world, task, now), now)


@threaded_read(lambda world, id_, **_: len(world.tasks_of(id_)))
def list_marketing_notice_tasks(
    world: World,
    id_: int,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
) -> dict[str, Any] | LongListResponse:
    """GET /marketing-notice/{id}/task, newest first (L1230-L1303).

    Raises NotFound and InvalidRequest.
    """
    notice, now = _find_notice(world, id_), world.now()
    query = build_spring_query(current, size, order_by, order_direction, order_null_handling)
    tasks = [t for t in world.tasks_of(id_) if contains_keyword(key_word, t.name)]
    rows = [*conversations.task_simulations(world.seed, notice, tasks, now)]
    keys: SortKeys[TaskSimulation] = {
        "id": lambda simulation: simulation.task.id,
        "name": lambda simulation: simulation.task.name,
        "status": lambda simulation: notice_lifecycles.task_status(simulation, now),
        "totalMember": lambda simulation: len(simulation.task.members),
        "startDate": lambda simulation: simulation.task.start.date(),
        "startTime": lambda simulation: f"{simulation.task.start:%H:%M}",
        "createTime": lambda simulation: simulation.task.created,
    }

    def render_row(simulation: TaskSimulation) -> dict[str, Any]:
        # The keys of a row are those of get_marketing_notice_task_schema (M13, MT-07).
        rendered = _render_task(simulation, now)
        return {key: rendered[key] for key, _, _ in notice_tasks.LIST_COLUMNS}

    return render_spring_page(rows, query, world.page_shape, keys=keys, render=render_row)


def get_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """GET /marketing-notice/task/{taskId} (L1304-L1341). Raises NotFound."""
    now = world.now()
    return _render_task(simulate_task(world, _find_task(world, task_id), now), now)


def get_marketing_notice_task_schema(world: World, id_: int) -> list[dict[str, Any]]:
    """GET /marketing-notice/{id}/task/schema: the columns of the task list (L1342-L1369).

    Raises NotFound.
    """
    _find_notice(world, id_)
    return [
        {"label": label, "key": key, "type": kind} for key, label, kind in notice_tasks.LIST_COLUMNS
    ]


@threaded_read(_count_task_members)
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
) -> dict[str, Any] | LongListResponse:
    """GET /marketing-notice/task/{taskId}/members, in import order (L1433-L1567).

    Raises NotFound and InvalidRequest.
    """
    now = world.now()
    simulation = simulate_task(world, _find_task(world, task_id), now)
    members = simulation.task.members

    # Filters, sort keys and rendering need the conversation of a row several times.
    @cache
    def conversation_of(row: int) -> Conversation:
        return conversations.conversation_at(simulation, now, row)

    keys: SortKeys[int] = {
        "memberId": lambda row: members[row].member_id,
        "memberName": lambda row: members[row].name,
        "status": lambda row: conversation_of(row).status,
        "lastContactTime": lambda row: conversation_of(row).last_contact,
    }
    query = build_spring_query(current, size, order_by, order_direction, order_null_handling)
    commas = world.readings["comma-in-array-parameters"]
    wanted = parse_id_filter(scene_ids, "/query/sceneIds", query, keys, commas)
    passes = task_member_filter.conversation_filter(status, wanted, mood_value, commas)
    rows = [
        row
        for row, member in enumerate(members)
        if contains_keyword(key_word, member.name)
        and (passes is None or passes(conversation_of(row)))
    ]

    def render_member(row: int) -> dict[str, Any]:
        conversation = conversation_of(row)
        found = {
            "memberId": members[row].member_id,
            "memberName": members[row].name,
            "status": conversation.status,
            "moodValues": list(conversation.moods),
            "scenes": [world.scenes[scene_id].name for scene_id in conversation.scenes],
        }
        if conversation.last_contact is not None:
            found["lastContactTime"] = datetime_text.format_datetime(conversation.last_contact)
        return found

    return render_spring_page(rows, query, world.page_shape, keys=keys, render=render_member)


@threaded_read(_count_task_members)
def get_marketing_notice_task_report(world: World, task_id: int) -> dict[str, Any]:
    """GET /marketing-notice/task/{taskId}/report (L1568-L1610). Raises NotFound."""
    task, now = _find_task(world, task_id), world.now()
    counts = reports.count_conversations([simulate_task(world, task, now)], now)
    # A plan is deleted together with its tasks, so it exists.
    scenes = reports.scenes_to_report(world.notice_of(task).scene_ids, world.scenes)
    return reports.render_report(counts, scenes, world.readings["rates"])


def terminate_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """PATCH /marketing-notice/task/{taskId}/termination (L1621-L1630).

    Raises NotFound and InvalidRequest.
    """
    task, now = _find_task(world, task_id), world.now()
    status = plan_task_status(world, task, now)
    if violations := notice_tasks.termination_violations(status):
        raise InvalidRequest(*violations)
    world.notice_tasks[task_id] = replace(task, terminated=now, updated=now)
    return {}


def enable_marketing_notice_task(world: World, task_id: int) -> dict[str, Any]:
    """PATCH /marketing-notice/task/{taskId}/enable (L1611-L1620).

    Raises NotFound and InvalidRequest.
    """
    task, now = _find_task(world, task_id), world.now()
    notice, tasks = world.notice_of(task), world.notice_tasks.newest(task.notice_id)
    status = plan_task_status(world, task, now)
    simulations = conversations.task_simulations(world.seed, notice, tasks, now)
    plan_status = notice_lifecycles.notice_status(notice, simulations, now)
    if violations := notice_tasks.enabling_violations(status, plan_status):
        raise InvalidRequest(*violations)
    world.notice_tasks[task_id] = task.with_enabling(notice, now)
    return {}


def _find_notice(world: World, notice_id: int) -> Notice:
    if notice := world.notices.get(notice_id):
        return notice
    raise not_found_error(world.notices, "/path/id", notice_id)


def _find_task(world: World, task_id: int) -> NoticeTask:
    if task := world.notice_tasks.get(task_id):
        return task
    raise not_found_error(world.notice_tasks, "/path/taskId", task_id)


def _render_task(simulation: TaskSimulation, now: datetime) -> dict[str, Any]:
    task = simulation.task
    return {
        "id": task.id,
        "createTime": datetime_text.format_datetime(task.created),
        "lastUpdateTime": datetime_text.format_datetime(task.updated),
        "name": task.name,
        "status": notice_lifecycles.task_status(simulation, now),
        "totalMember": len(task.members),
        "startDate": task.start.date().isoformat(),
        "startTime": f"{task.start:%H:%M}",
    }
