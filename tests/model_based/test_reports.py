"""Arithmetic of the demo data's reports at random instants."""

from __future__ import annotations

from random import Random

import pytest

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES
from tests.model_based.reports import check_plan_report, check_task_report, people_counts
from tests.serving import run_mock

SEED, HOUR = 47, 3600


@pytest.mark.whole
def test_the_reports_of_the_demo_world_add_up_at_random_instants() -> None:
    """M35, M47: rates from counts, plans from tasks, tasks from members, lists from reports.

    Most of the fifty instants are in the first hour and in that in which the next task begins; the
    last ones are weeks later.
    """
    random = Random(SEED)
    busy = [*range(1, HOUR // 2), *range(25 * HOUR, 26 * HOUR)]
    offsets = random.sample(busy, 40) + random.sample(range(26 * HOUR, 60 * 24 * HOUR), 10)
    reached = set()
    with run_mock() as mock, MockCaller(mock.address) as caller:
        caller.read_clock()
        gone = 0
        for offset in sorted(offsets):
            caller.advance(offset - gone)
            gone = offset
            reached.add(check_all_reports(caller))
    assert len(reached) > 20, f"the reports changed only {len(reached)} times"


def check_all_reports(caller: MockCaller) -> str:
    """Check every report of every plan at this instant; return them as text."""
    methods = {
        row["id"]: row["statisticalMethod"]
        for row in caller.get(f"{NOTICES}/scene").ok()["content"]
    }
    seen = []
    for group in caller.get(NOTICES).ok()["records"]:
        for listed in group["plan"]:
            plan = listed["id"]
            report = caller.get(f"{NOTICES}/{plan}/report").ok()
            shown = [(one["id"], one["name"]) for one in report["sceneStatistics"]]
            scenes = [(number, name, methods[number]) for number, name in shown]
            tasks = caller.get(f"{NOTICES}/{plan}/task").ok()["content"]
            reports = []
            for task in tasks:
                path = f"{NOTICES}/task/{task['id']}"
                rows = caller.get(f"{path}/members").ok()["content"]
                reports.append(caller.get(f"{path}/report").ok())
                check_task_report(reports[-1], rows, scenes)
                assert task["totalMember"] == len(rows)
                for number, _, method in scenes:
                    found = caller.get(f"{path}/members", {"sceneIds": number, "current": 0}).ok()
                    counted = reports[-1]["sceneStatistics"][shown.index((number, _))]["number"]
                    assert found["total"] <= counted
                    assert method == "GRAND_TOTAL" or found["total"] == counted
            check_plan_report(report, reports, scenes)
            assert people_counts(listed) == people_counts(report)
            assert listed["memberNumber"] == report["plannedNumberOfPeopl"]
            assert listed["taskCount"] == len(tasks)
            seen.append(report)
    return repr(seen)
