"""Marketing notice plans: create, list, change, end, start, report (L735-L1182, L1370-L1432)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from mock_server.domain import conversations, datetime_text, lifecycles, notices, reports
from mock_server.domain.conversations import Course
from mock_server.domain.marketing_queries import not_found, read_ids, spring_query
from mock_server.domain.notice_groups import Group
from mock_server.domain.notices import Notice
from mock_server.domain.paging import (
    DEFAULT_SIZE,
    Keys,
    LongAnswer,
    contains,
    records_page,
    sorted_rows,
)
from mock_server.errors import Invalid
from mock_server.world.threaded_reads import apart, members
from mock_server.world.world import World

_ECHOED = (
    "description",
    "startTime",
    "endTime",
    "replyStrategy",
    "replyDelay",
    "unifiedReply",
    "segmentSeparator",
    "minReplyInterval",
    "prompt",
    "backgroundInfo",
    "timeInfo",
    "referenceCase",
    "timeoutWakeUp",
    "timeout",
    "timeoutPrompt",
    "monitoringStrategy",
    "greetings",
)
"""The optional fields a plan's answer repeats (L828-L847); `sceneIds` is not one (M21)."""
_KEYS: Keys[Group] = {"groupId": lambda group: group.id, "groupName": lambda group: group.name}


def create_marketing_notice(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /marketing-notice (L735-L858). Raises Invalid."""
    world.admit(body)
    if violations := notices.data_violations(body, world.groups, world.scenes):
        raise Invalid(*violations)
    now = world.now()
    notice = notices.written(world.next_id("notices"), body, _custom(world), now)
    world.notices[notice.id] = notice
    return _rendered(world, notice, now)


@apart(lambda world, **_: len(world.groups) + len(world.notices) + members(world))
def list_marketing_notices(
    world: World,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
    group_ids: str | None = None,
    status: str | None = None,
) -> dict[str, Any] | LongAnswer:
    """GET /marketing-notice: groups with their plans, newest first (L859-L955).

    Paging counts groups. With `keyWord` or `status` only groups with a plan that matches are
    listed, otherwise all, those without a plan too. Raises Invalid.
    """
    query = spring_query(current, size, order_by, order_direction, order_null_handling)
    wanted = read_ids(group_ids, "/query/groupIds", query, _KEYS)
    now = world.now()

    @cache
    def plans(group_id: int) -> list[tuple[Notice, list[Course]]]:
        named = (n for n in world.notices.newest(group_id) if contains(key_word, n.name))
        found = [(notice, _courses(world, notice, now)) for notice in named]
        return [one for one in found if not status or lifecycles.notice_status(*one, now) == status]

    rows: Sequence[Group] = world.groups.newest()
    if wanted is not None or key_word or status:
        rows = [
            group
            for group in rows
            if (wanted is None or group.id in wanted)
            and (plans(group.id) or not (key_word or status))
        ]
    rows = sorted_rows(
        rows, _KEYS, query.order_by, query.order_direction, query.order_null_handling
    )

    def row(group: Group) -> dict[str, Any]:
        found = [_listed(notice, courses, now) for notice, courses in plans(group.id)]
        return {"groupId": group.id, "groupName": group.name, "plan": found}

    length = len(rows) if current is None else size or DEFAULT_SIZE
    return records_page(rows, current or 0, length, row, summary={})


def get_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """GET /marketing-notice/{id} (L1081-L1165). Raises NotFound."""
    return _rendered(world, _found(world, id_), world.now())


def update_marketing_notice(world: World, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /marketing-notice/{id} (L956-L1080): all data is replaced.

    Raises NotFound, Invalid.
    """
    world.admit(body)
    before, now = _found(world, id_), world.now()
    violations = [
        *notices.update_violations(_status(world, before, now), body["options"]),
        *notices.data_violations(body, world.groups, world.scenes),
    ]
    if violations:
        raise Invalid(*violations)
    notice = notices.written(id_, body, _custom(world), now, before)
    world.notices[id_] = notice
    return _rendered(world, notice, now)


def delete_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """DELETE /marketing-notice/{id}, its tasks too (L1166-L1175).

    Raises NotFound, Invalid.
    """
    notice = _found(world, id_)
    if violations := notices.deletion_violations(_status(world, notice, world.now())):
        raise Invalid(*violations)
    for task in [*world.notice_tasks.newest(id_)]:
        del world.notice_tasks[task.id]
    del world.notices[id_]
    return {}


def terminate_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """PATCH /marketing-notice/{id}/termination, its open tasks too (L1370-L1379).

    Raises NotFound, Invalid.
    """
    notice, now = _found(world, id_), world.now()
    courses = _courses(world, notice, now)
    status = lifecycles.notice_status(notice, courses, now)
    if violations := notices.termination_violations(status):
        raise Invalid(*violations)
    for task in lifecycles.terminated_with_notice(courses, now):
        world.notice_tasks[task.id] = task
    world.notices[id_] = notice.entered(notices.TERMINATION, now)
    return {}


def enable_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """PATCH /marketing-notice/{id}/enable (L1380-L1389); tasks terminated with it stay so.

    Raises NotFound, Invalid.
    """
    notice, now = _found(world, id_), world.now()
    if violations := notices.enabling_violations(_status(world, notice, now)):
        raise Invalid(*violations)
    world.notices[id_] = notice.entered(notices.EXECUTION, now)
    return {}


@apart(members)
def get_marketing_notice_report(world: World, id_: int) -> dict[str, Any]:
    """GET /marketing-notice/{id}/report (L1390-L1432). Raises NotFound."""
    notice, now = _found(world, id_), world.now()
    counts = reports.count(_courses(world, notice, now), now)
    return reports.report(counts, reports.shown_scenes(notice.scene_ids, world.scenes))


def _found(world: World, notice_id: int) -> Notice:
    if notice := world.notices.get(notice_id):
        return notice
    raise not_found(world.notices, "/path/id", notice_id)


def _custom(world: World) -> frozenset[int]:
    return frozenset(s.id for s in world.scenes.values() if s.scene_type == "CUSTOM")


def _courses(world: World, notice: Notice, now: datetime) -> list[Course]:
    return conversations.courses(world.seed, notice, world.notice_tasks.newest(notice.id), now)


def _status(world: World, notice: Notice, now: datetime) -> str:
    return lifecycles.notice_status(notice, _courses(world, notice, now), now)


def _rendered(world: World, notice: Notice, now: datetime) -> dict[str, Any]:
    echoed = {key: notice.details[key] for key in _ECHOED if key in notice.details}
    return {
        "id": notice.id,
        "groupId": notice.group_id,
        "createTime": datetime_text.text(notice.created),
        "lastUpdateTime": datetime_text.text(notice.updated),
        "name": notice.name,
        **echoed,
        "status": _status(world, notice, now),
    }


def _listed(notice: Notice, courses: list[Course], now: datetime) -> dict[str, Any]:
    row = {
        "id": notice.id,
        "name": notice.name,
        "memberNumber": sum(len(course.task.members) for course in courses),
        **reports.people(reports.count(courses, now)),
        "status": lifecycles.notice_status(notice, courses, now),
        "taskCount": len(courses),
    }
    starts = [course.task.start for course in courses if course.begun]
    return row | ({"lastTriggerTime": datetime_text.text(max(starts))} if starts else {})
