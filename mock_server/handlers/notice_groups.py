"""Operations on groups: list, create, get, update, delete (L247-L457)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from mock_server.domain import datetime_text, notice_groups
from mock_server.domain.marketing_queries import build_spring_query, parse_id_filter
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.paging import (
    LongListResponse,
    SortKeys,
    contains_keyword,
    render_spring_page,
)
from mock_server.domain.record_errors import not_found_error
from mock_server.errors import InvalidRequest
from mock_server.world.threaded_reads import threaded_read
from mock_server.world.world import World

_SORT_KEYS: SortKeys[NoticeGroup] = {
    "id": lambda group: group.id,
    "createTime": lambda group: group.created,
    "lastUpdateTime": lambda group: group.updated,
    "name": lambda group: group.name,
}


@threaded_read(lambda world, **_: len(world.groups))
def list_groups(
    world: World,
    current: int | None = None,
    size: int | None = None,
    order_by: Sequence[str] | None = None,
    order_direction: str | None = None,
    order_null_handling: str | None = None,
    key_word: str | None = None,
    ids: str | None = None,
) -> dict[str, Any] | LongListResponse:
    """GET /marketing-notice/group, newest first (L247-L372). Raises InvalidRequest."""
    query = build_spring_query(current, size, order_by, order_direction, order_null_handling)
    commas = world.readings["comma-in-array-parameters"]
    wanted = parse_id_filter(ids, "/query/ids", query, _SORT_KEYS, commas)
    rows: Sequence[NoticeGroup] = world.groups.newest()
    if wanted is not None or key_word:
        rows = [
            group
            for group in rows
            if (wanted is None or group.id in wanted) and contains_keyword(key_word, group.name)
        ]
    return render_spring_page(rows, query, world.page_shape, keys=_SORT_KEYS, render=_render_group)


def create_group(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /marketing-notice/group (L373-L398)."""
    world.ensure_room(body)
    now = world.now()
    group = NoticeGroup(world.next_id("groups"), body["name"], now, now)
    world.groups[group.id] = group
    return _render_group(group)


def get_group(world: World, id_: int) -> dict[str, Any]:
    """GET /marketing-notice/group/{id} (L436-L457). Raises NotFound."""
    return _render_group(_find_group(world, id_))


def update_group(world: World, id_: int, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /marketing-notice/group/{id} (L409-L435). Raises NotFound."""
    world.ensure_room(body)
    group = replace(_find_group(world, id_), name=body["name"], updated=world.now())
    world.groups[group.id] = group
    return _render_group(group)


def delete_group(world: World, id_: int) -> dict[str, Any]:
    """DELETE /marketing-notice/group/{id} (L399-L408). Raises NotFound and InvalidRequest."""
    group = _find_group(world, id_)
    plans, with_plans = world.notices.newest(group.id), world.readings["group-with-plans"]
    if violations := notice_groups.deletion_violations(plans, with_plans):
        raise InvalidRequest(*violations)
    del world.groups[group.id]
    return {}


def _find_group(world: World, group_id: int) -> NoticeGroup:
    if group := world.groups.get(group_id):
        return group
    raise not_found_error(world.groups, "/path/id", group_id)


def _render_group(group: NoticeGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "createTime": datetime_text.format_datetime(group.created),
        "lastUpdateTime": datetime_text.format_datetime(group.updated),
        "name": group.name,
    }
