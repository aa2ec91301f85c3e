"""States of plans, tasks and members that random sequences seldom reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.model_based.caller import MockCaller
from tests.model_based.making import (
    create_plan_task,
    create_released_plan,
    create_scene,
    daily_reports_by_date,
    list_members,
    plan_status,
    task_statuses,
)
from tests.model_based.marketing import NOTICES
from tests.model_based.time_texts import format_time, parse_time


def test_a_change_of_a_plans_scenes_does_not_reach_back(caller: MockCaller) -> None:
    """Triggered scenes stay triggered, and a scene added later has no earlier triggers (M49)."""
    plan = create_released_plan(caller)
    first, task = create_scene(caller, plan), create_plan_task(caller, plan, "09:00", count=30)
    caller.advance(1800)
    before = list_members(caller, task)
    assert any(first["name"] in row["scenes"] for row in before)
    second = create_scene(caller, create_released_plan(caller))
    data = {"name": "计划", "groupId": caller.get(NOTICES).ok()["records"][0]["groupId"]}
    body = {"options": "RELEASE", "data": {**data, "sceneIds": [second["id"]]}}
    caller.send("PUT", f"{NOTICES}/{plan}", body).ok()
    assert list_members(caller, task) == before
    caller.advance(2 * 3600)
    after = list_members(caller, task)
    triggered = [
        (set(old["scenes"]), set(new["scenes"])) for old, new in zip(before, after, strict=True)
    ]
    assert all(old <= new for old, new in triggered)
    fresh = set().union(*(new - old for old, new in triggered))
    assert second["name"] in fresh
    assert first["name"] not in fresh
    filtered = caller.get(f"{task}/members", {"sceneIds": first["id"]}).ok()["content"]
    assert filtered == [row for row in after if first["name"] in row["scenes"]]


def test_a_scene_counts_every_trigger_or_every_row(caller: MockCaller) -> None:
    """G19, RP-04: GRAND_TOTAL exceeds the number of rows once a member triggers twice."""
    plan = create_released_plan(caller)
    total, only = create_scene(caller, plan, "GRAND_TOTAL"), create_scene(caller, plan, "ONLY")
    task = create_plan_task(caller, plan, "09:00", count=60)
    caller.advance(2 * 3600)
    rows = list_members(caller, task)
    report = caller.get(f"{task}/report").ok()
    numbers = {one["id"]: one["number"] for one in report["sceneStatistics"]}
    assert numbers[only["id"]] == sum(only["name"] in row["scenes"] for row in rows) > 0
    assert numbers[total["id"]] > sum(total["name"] in row["scenes"] for row in rows) > 0


def test_a_conversation_over_midnight_is_reported_on_both_days(caller: MockCaller) -> None:
    """ME-04: there is a report for each date of contact, which is final once the day is over."""
    plan = create_released_plan(caller)
    task = create_plan_task(caller, plan, "23:40", count=24)
    midnight = parse_time(f"{caller.now.date()} 00:00:00") + timedelta(days=1)
    caller.advance(int((midnight - caller.now).total_seconds()) - 1)
    today, tomorrow = format_time(caller.now)[:10], format_time(midnight)[:10]
    evening = {
        row["memberId"]: daily_reports_by_date(caller, row["memberId"])
        for row in list_members(caller, task)
    }
    talking = [row for row in list_members(caller, task) if row["status"] == "IN_SERVICE"]
    assert talking
    assert all(set(one) <= {today} for one in evening.values())
    caller.advance(3600)
    for row in list_members(caller, task):
        reports = daily_reports_by_date(caller, row["memberId"])
        assert reports.get(today) == evening[row["memberId"]].get(today)
        assert row.get("lastContactTime", today)[:10] in (today, tomorrow)
        if row.get("lastContactTime", today)[:10] == tomorrow:
            assert tomorrow in reports
    assert any(tomorrow in daily_reports_by_date(caller, row["memberId"]) for row in talking)


def test_a_task_ends_by_its_plan_and_begins_again_by_itself(caller: MockCaller) -> None:
    """M41, M48: two tasks pass through all states but IGNORE, another one becomes IGNORE."""
    plan = create_released_plan(caller)
    soon, later = (
        create_plan_task(caller, plan, "09:10"),
        create_plan_task(caller, plan, "2025-04-22 10:00"),
    )
    assert task_statuses(caller, soon, later) == ["NOT_STARTED", "NOT_STARTED"]
    caller.advance(1800)
    assert task_statuses(caller, soon, later) == ["EXECUTION", "NOT_STARTED"]
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").ok()
    assert task_statuses(caller, soon, later) == ["TERMINATING", "TERMINATION"]
    caller.send("PATCH", f"{soon}/enable").expect_refusal(400, "MT-05")
    reached = [row for row in list_members(caller, soon) if row["status"] != "NOT_REACHED"]
    caller.advance(1800)
    assert task_statuses(caller, soon, later) == ["TERMINATION", "TERMINATION"]
    finished = [row for row in list_members(caller, soon) if row["status"] != "NOT_REACHED"]
    assert len(finished) == len(reached) < len(list_members(caller, soon))
    caller.send("PATCH", f"{later}/enable").ok()
    assert task_statuses(caller, later) == ["NOT_STARTED"]
    caller.advance(2 * 86_400)
    assert task_statuses(caller, later) == ["IGNORE"]
    assert {row["status"] for row in list_members(caller, later)} == {"IGNORE"}
    caller.send("PATCH", f"{NOTICES}/{plan}/enable").ok()
    assert task_statuses(caller, soon, later) == ["TERMINATION", "IGNORE"]
    caller.send("PATCH", f"{soon}/enable").ok()
    assert task_statuses(caller, soon, later) == ["EXECUTION", "IGNORE"]
    assert [row for row in list_members(caller, soon) if row["status"] != "NOT_REACHED"] == finished
    caller.advance(2 * 86_400)
    assert task_statuses(caller, soon, later) == ["COMPLETE", "IGNORE"]


@pytest.mark.parametrize(
    ("moved", "written", "starts", "state"),
    [
        (0, "09:00", "2025-04-21 09:00", "EXECUTION"),
        (30, "09:00", "2025-04-21 09:00", "EXECUTION"),
        (60, "09:00", "2025-04-22 09:00", "NOT_STARTED"),
        (60, "09:02", "2025-04-21 09:02", "NOT_STARTED"),
        (0, "00:00", "2025-04-22 00:00", "NOT_STARTED"),
        (0, "2025-04-20 10:00", "2025-04-20 10:00", "COMPLETE"),
        (0, "2025-05-01 10:00:59", "2025-05-01 10:00", "NOT_STARTED"),
    ],
)
def test_a_task_starts_at_the_next_occurrence_of_a_time(
    caller: MockCaller, moved: int, written: str, starts: str, state: str
) -> None:
    """M26: HH:mm is the next occurrence, which is now in the same minute."""
    caller.advance(moved)
    task = caller.get(create_plan_task(caller, create_released_plan(caller), written)).ok()
    assert (f"{task['startDate']} {task['startTime']}", task["status"]) == (starts, state)


def test_a_start_is_the_first_to_happen_in_its_second(caller: MockCaller) -> None:
    """M48: a change of the plan in the second of a start has no effect on it."""
    plan = create_released_plan(caller)
    task = create_plan_task(caller, plan, "09:10")
    caller.advance(600)
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").ok()
    missed = create_plan_task(caller, plan, "09:20")
    caller.send("PATCH", f"{task}/enable").ok()
    assert task_statuses(caller, task) == ["EXECUTION"]
    caller.advance(600)
    assert task_statuses(caller, missed) == ["IGNORE"]
    caller.send("PATCH", f"{NOTICES}/{plan}/enable").ok()
    assert task_statuses(caller, missed) == ["IGNORE"]


def test_a_plan_is_complete_after_its_end_once_nobody_is_in_service(caller: MockCaller) -> None:
    """M25, M48, MN-21: the end is inclusive, and conversations in progress count."""
    plan = create_released_plan(caller, endTime="2025-04-21 09:10")
    inside, outside = (
        create_plan_task(caller, plan, "09:10"),
        create_plan_task(caller, plan, "09:11"),
    )
    caller.advance(600)
    assert plan_status(caller, plan) == "EXECUTION"
    caller.advance(61)
    assert task_statuses(caller, inside, outside) == ["EXECUTION", "IGNORE"]
    assert plan_status(caller, plan) == "EXECUTION"
    caller.advance(2 * 3600)
    assert task_statuses(caller, inside, outside) == ["COMPLETE", "IGNORE"]
    assert plan_status(caller, plan) == "COMPLETE"
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").expect_refusal(400, "MN-05")


def test_tasks_that_show_the_same_minute_are_sorted_by_what_comes_next(caller: MockCaller) -> None:
    """PG-15: lists are sorted by visible values, and seconds of a start are not visible."""
    plan = create_released_plan(caller)
    late, early = (
        int(
            create_plan_task(caller, plan, f"2025-04-21 10:00:{second}", count=1).rpartition("/")[2]
        )
        for second in ("50", "10")
    )
    query = {"orderBy": ["startTime", "id"]}
    rows = caller.get(f"{NOTICES}/{plan}/task", query).ok()["content"]
    assert [row["id"] for row in rows] == [late, early]
