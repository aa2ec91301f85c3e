"""Members: their daily reports (L1631-L1662)."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

from mock_server.domain import conversations, daily_reports
from mock_server.domain.daily_reports import DailyReport
from mock_server.domain.marketing_queries import not_found
from mock_server.domain.paging import LongAnswer, listed
from mock_server.world.threaded_reads import apart, members
from mock_server.world.world import World


async def list_member_daily_reports(
    world: World,
    id_: int,
    start_date: str | None = None,
    end_date: str | None = None,
    keyword: str | None = None,
) -> dict[str, Any] | LongAnswer:
    """GET /members/{id}/daily-reports, newest first. Raises NotFound."""
    if id_ not in world.members:
        raise not_found(world.members, "/path/id", id_)
    reading = _reports(world, id_=id_, period=(start_date, end_date), keyword=keyword)
    found: dict[str, Any] | LongAnswer = await reading
    return found


@apart(lambda world, **_: members(world))
def _reports(
    world: World, id_: int, period: tuple[str | None, str | None], keyword: str | None
) -> dict[str, Any] | LongAnswer:
    now = world.now()
    courses = chain.from_iterable(
        conversations.courses(world.seed, notice, world.notice_tasks.newest(notice.id), now)
        for notice in world.notices.values()
    )
    found = daily_reports.daily_reports(id_, courses, world.notices, now)
    shown = daily_reports.matching(found, *period, keyword)
    return listed({"records": []}, "records", shown, partial(_rendered, world))


def _rendered(world: World, report: DailyReport) -> dict[str, Any]:
    row: dict[str, Any] = {
        "reportDate": report.date,
        "moodValues": list(report.moods),
        "scenes": [world.scenes[scene_id].name for scene_id in report.scene_ids],
    }
    return row | ({"content": report.content} if report.content else {})
