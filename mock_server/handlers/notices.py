"""Operations on marketing notice plans (L735-L1182, L1370-L1432)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from mock_server.domain import (
    datetime_text,
    notice_lifecycles,
    notice_scenes,
    notices,
    reports,
)
from mock_server.domain.conversations import TaskSimulation
from mock_server.domain.marketing_queries import build_spring_query, parse_id_filter
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notices import Notice
from mock_server.domain.notification_contents import resolve_file_urls
from mock_server.domain.paging import (
    DEFAULT_PAGE_SIZE,
    LongListResponse,
    SortKeys,
    contains_keyword,
    render_records_page,
    sort_rows,
)
from mock_server.domain.record_errors import not_found_error, refuse
from mock_server.errors import InvalidRequest
from mock_server.runtime.memory_release import RECORDS_PER_BLOCK, free_in_blocks
from mock_server.runtime.threads import run_in_thread_if
from mock_server.world.simulations import plan_status, simulate_plan
from mock_server.world.threaded_reads import count_read_steps, threaded_read
from mock_server.world.world import World

_SORT_KEYS: SortKeys[NoticeGroup] = {
    "groupId": lambda group: group.id,
    "groupName": lambda group: group.name,
}


def create_marketing_notice(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /marketing-notice (L735-L858). Raises InvalidRequest and NotFound."""
    world.ensure_room(body)
    unknown = notices.data_violations(body, world.groups, world.scenes)
    violations = [*unknown, *notices.period_violations(body)]
    refuse(violations, unknown, world.readings["unknown-id-in-body"])
    now = world.now()
    notice = notices.notice_from_request(
        world.next_id("notices"), body, notice_scenes.SYSTEM_SCENES, now
    )
    world.notices[notice.id] = notice
    return _render_notice(world, notice, now)


@threaded_read(lambda world, **_: len(world.groups) + len(world.notices) + count_read_steps(world))
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
) -> dict[str, Any] | LongListResponse:
    """GET /marketing-notice: groups with their plans, newest first (L859-L955).

    Pages consist of groups (M7). With `keyWord` or `status`, only groups with a matching plan are
    listed; otherwise all, including those without a plan. Raises InvalidRequest.
    """
    query = build_spring_query(current, size, order_by, order_direction, order_null_handling)
    commas = world.readings["comma-in-array-parameters"]
    wanted = parse_id_filter(group_ids, "/query/groupIds", query, _SORT_KEYS, commas)
    now = world.now()

    # Needed by the filter and by the rows; a status draws the conversations of all its tasks.
    @cache
    def matching_plans(group_id: int) -> list[tuple[Notice, list[TaskSimulation]]]:
        named = (n for n in world.notices.newest(group_id) if contains_keyword(key_word, n.name))
        found = [(notice, [*simulate_plan(world, notice, now)]) for notice in named]
        return [
            one
            for one in found
            if not status or notice_lifecycles.notice_status(*one, now) == status
        ]

    rows: Sequence[NoticeGroup] = world.groups.newest()
    if wanted is not None or key_word or status:
        rows = [
            group
            for group in rows
            if (wanted is None or group.id in wanted)
            and (matching_plans(group.id) or not (key_word or status))
        ]
    rows = sort_rows(
        rows, _SORT_KEYS, query.order_by, query.order_direction, query.order_null_handling
    )

    def render_row(group: NoticeGroup) -> dict[str, Any]:
        found = [
            _render_list_row(notice, simulations, now)
            for notice, simulations in matching_plans(group.id)
        ]
        return {"groupId": group.id, "groupName": group.name, "plan": found}

    length = len(rows) if current is None else size or DEFAULT_PAGE_SIZE
    # `summary` is an empty object in the documents, without any field (M16).
    return render_records_page(rows, current or 0, length, render_row, summary={})


def get_marketing_notice(world: World, id_: int, *, address: str) -> dict[str, Any]:
    """GET /marketing-notice/{id} (L1081-L1165). Raises NotFound."""
    return _resolve_images(_render_notice(world, _find_notice(world, id_), world.now()), address)


def update_marketing_notice(
    world: World, id_: int, body: dict[str, Any], *, address: str
) -> dict[str, Any]:
    """PUT /marketing-notice/{id} (L956-L1080): all data is replaced, or what is sent (M29).

    Raises NotFound and InvalidRequest.
    """
    world.ensure_room(body)
    before, now = _find_notice(world, id_), world.now()
    update = notices.merge_update(before, body, world.readings["plan-update"])
    unknown = notices.data_violations(body, world.groups, world.scenes)
    violations = [
        *notices.update_violations(plan_status(world, before, now), body["options"]),
        *unknown,
        *notices.period_violations(update, body),
    ]
    refuse(violations, unknown, world.readings["unknown-id-in-body"])
    keeps_id = world.readings["plan-id-after-update"] == "kept"
    notice = notices.notice_from_request(
        id_ if keeps_id else world.next_id("notices"),
        update,
        notice_scenes.SYSTEM_SCENES,
        now,
        before,
    )
    world.update_notice(before, notice)
    return _resolve_images(_render_notice(world, notice, now), address)


async def delete_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """DELETE /marketing-notice/{id}, with its tasks (L1166-L1175).

    Raises NotFound and InvalidRequest.
    """
    notice = _find_notice(world, id_)
    if violations := notices.deletion_violations(plan_status(world, notice, world.now())):
        raise InvalidRequest(*violations)
    tasks = world.remove_notice(notice)
    # All is deleted before this waits.
    await run_in_thread_if(len(tasks) > RECORDS_PER_BLOCK, partial(free_in_blocks, tasks))
    return {}


def terminate_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """PATCH /marketing-notice/{id}/termination, with its open tasks (L1370-L1379).

    Raises NotFound and InvalidRequest.
    """
    notice, now = _find_notice(world, id_), world.now()
    simulations = [*simulate_plan(world, notice, now)]
    status = notice_lifecycles.notice_status(notice, simulations, now)
    if violations := notices.termination_violations(status):
        raise InvalidRequest(*violations)
    for task in notice_lifecycles.terminate_open_tasks(simulations, now):
        world.notice_tasks[task.id] = task
    world.notices[id_] = notice.with_status(notices.TERMINATION, now)
    return {}


def enable_marketing_notice(world: World, id_: int) -> dict[str, Any]:
    """PATCH /marketing-notice/{id}/enable (L1380-L1389); its terminated tasks stay terminated.

    Raises NotFound and InvalidRequest.
    """
    notice, now = _find_notice(world, id_), world.now()
    if violations := notices.enabling_violations(plan_status(world, notice, now)):
        raise InvalidRequest(*violations)
    world.notices[id_] = notice.with_status(notices.EXECUTION, now)
    return {}


@threaded_read(count_read_steps)
def get_marketing_notice_report(world: World, id_: int) -> dict[str, Any]:
    """GET /marketing-notice/{id}/report (L1390-L1432). Raises NotFound."""
    notice, now = _find_notice(world, id_), world.now()
    counts = reports.count_conversations([*simulate_plan(world, notice, now)], now)
    scenes = reports.scenes_to_report(notice.scene_ids, world.scenes)
    return reports.render_report(counts, scenes, world.readings["rates"])


def _find_notice(world: World, notice_id: int) -> Notice:
    if notice := world.notices.get(notice_id):
        return notice
    raise not_found_error(world.notices, "/path/id", notice_id)


def _render_notice(world: World, notice: Notice, now: datetime) -> dict[str, Any]:
    echoed = {key: notice.details[key] for key in notices.DETAIL_FIELDS if key in notice.details}
    return {
        "id": notice.id,
        "groupId": notice.group_id,
        "createTime": datetime_text.format_datetime(notice.created),
        "lastUpdateTime": datetime_text.format_datetime(notice.updated),
        "name": notice.name,
        **echoed,
        "status": plan_status(world, notice, now),
    }


def _resolve_images(rendered: dict[str, Any], address: str) -> dict[str, Any]:
    """Return a plan whose images are URLs; those of the demo data may be files of the mock."""
    if "greetings" in rendered:
        rendered["greetings"] = resolve_file_urls(rendered["greetings"], address, "image")
    return rendered


def _render_list_row(
    notice: Notice, simulations: list[TaskSimulation], now: datetime
) -> dict[str, Any]:
    row = {
        "id": notice.id,
        "name": notice.name,
        "memberNumber": sum(len(simulation.task.members) for simulation in simulations),
        **reports.render_people_counts(reports.count_conversations(simulations, now)),
        "status": notice_lifecycles.notice_status(notice, simulations, now),
        "taskCount": len(simulations),
    }
    starts = [simulation.contacts.begins for simulation in simulations if simulation.begun]
    # A plan that was never triggered has no `lastTriggerTime` (M27).
    return row | ({"lastTriggerTime": datetime_text.format_datetime(max(starts))} if starts else {})
