"""Daily reports of members (L1631-L1662)."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Any

from mock_server.domain import daily_reports
from mock_server.domain.daily_reports import DailyReport
from mock_server.domain.paging import LongListResponse, render_list
from mock_server.domain.record_errors import not_found_error
from mock_server.world.simulations import simulate_plan
from mock_server.world.threaded_reads import count_read_steps, threaded_read
from mock_server.world.world import World


async def list_member_daily_reports(
    world: World,
    id_: int | str,
    start_date: str | None = None,
    end_date: str | None = None,
    keyword: str | None = None,
) -> dict[str, Any] | LongListResponse:
    """GET /members/{id}/daily-reports (ME-02). Raises NotFound."""
    # Here and not in the thread below, because a snapshot shares the directory with the world.
    kind = world.readings["daily-reports-id"]
    member = world.members.find_by_path(id_, kind)
    if member is None:
        raise not_found_error(world.members.path_ids(kind), "/path/id", id_)
    period = (start_date, end_date)
    listing = _list_reports(world, member_id=member.id, period=period, keyword=keyword)
    found: dict[str, Any] | LongListResponse = await listing
    return found


@threaded_read(lambda world, **_: count_read_steps(world))
def _list_reports(
    world: World, member_id: int, period: tuple[str | None, str | None], keyword: str | None
) -> dict[str, Any] | LongListResponse:
    now = world.now()
    simulations = chain.from_iterable(
        simulate_plan(world, notice, now) for notice in world.notices.values()
    )
    order = world.readings["daily-reports-order"]
    found = daily_reports.build_daily_reports(member_id, simulations, now, order)
    shown = daily_reports.filter_reports(found, *period, keyword)
    return render_list({"records": []}, "records", shown, partial(_render_report, world))


def _render_report(world: World, report: DailyReport) -> dict[str, Any]:
    row: dict[str, Any] = {
        "reportDate": report.date,
        "moodValues": list(report.moods),
        "scenes": [world.scenes[scene_id].name for scene_id in report.scene_ids],
    }
    # No content instead of an empty one, as in the second example of the documents (D3).
    return row | ({"content": report.content} if report.content else {})
