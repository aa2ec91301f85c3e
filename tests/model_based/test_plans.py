"""Moments in the life of plans, their tasks and members that random walks seldom meet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.model_based.caller import Caller
from tests.model_based.making import batch, days, members, released, scene, status, statuses
from tests.model_based.marketing import NOTICES
from tests.model_based.time_texts import read, text


def test_a_change_of_a_plans_scenes_does_not_reach_back(caller: Caller) -> None:
    """What a member has triggered stays triggered; a scene added later has not been (M49)."""
    plan = released(caller)
    first, task = scene(caller, plan), batch(caller, plan, "09:00", count=30)
    caller.advance(1800)
    before = members(caller, task)
    assert any(first["name"] in row["scenes"] for row in before)
    second = scene(caller, released(caller))
    data = {"name": "计划", "groupId": caller.get(NOTICES).ok()["records"][0]["groupId"]}
    body = {"options": "RELEASE", "data": {**data, "sceneIds": [second["id"]]}}
    caller.send("PUT", f"{NOTICES}/{plan}", body).ok()
    assert members(caller, task) == before
    caller.advance(2 * 3600)
    after = members(caller, task)
    triggered = [
        (set(old["scenes"]), set(new["scenes"])) for old, new in zip(before, after, strict=True)
    ]
    assert all(old <= new for old, new in triggered)
    fresh = set().union(*(new - old for old, new in triggered))
    assert second["name"] in fresh
    assert first["name"] not in fresh
    filtered = caller.get(f"{task}/members", {"sceneIds": first["id"]}).ok()["content"]
    assert filtered == [row for row in after if first["name"] in row["scenes"]]


def test_a_scene_counts_every_trigger_or_every_row(caller: Caller) -> None:
    """G19, RP-04: GRAND_TOTAL counts more than the rows once somebody triggers twice."""
    plan = released(caller)
    total, only = scene(caller, plan, "GRAND_TOTAL"), scene(caller, plan, "ONLY")
    task = batch(caller, plan, "09:00", count=60)
    caller.advance(2 * 3600)
    rows = members(caller, task)
    report = caller.get(f"{task}/report").ok()
    numbers = {one["id"]: one["number"] for one in report["sceneStatistics"]}
    assert numbers[only["id"]] == sum(only["name"] in row["scenes"] for row in rows) > 0
    assert numbers[total["id"]] > sum(total["name"] in row["scenes"] for row in rows) > 0


def test_a_conversation_over_midnight_is_reported_on_both_days(caller: Caller) -> None:
    """ME-04: a report for each date of contact, which no longer changes once the day is over."""
    plan = released(caller)
    task = batch(caller, plan, "23:40", count=24)
    midnight = read(f"{caller.now.date()} 00:00:00") + timedelta(days=1)
    caller.advance(int((midnight - caller.now).total_seconds()) - 1)
    today, tomorrow = text(caller.now)[:10], text(midnight)[:10]
    evening = {row["memberId"]: days(caller, row["memberId"]) for row in members(caller, task)}
    talking = [row for row in members(caller, task) if row["status"] == "IN_SERVICE"]
    assert talking
    assert all(set(one) <= {today} for one in evening.values())
    caller.advance(3600)
    for row in members(caller, task):
        reports = days(caller, row["memberId"])
        assert reports.get(today) == evening[row["memberId"]].get(today)
        assert row.get("lastContactTime", today)[:10] in (today, tomorrow)
        if row.get("lastContactTime", today)[:10] == tomorrow:
            assert tomorrow in reports
    assert any(tomorrow in days(caller, row["memberId"]) for row in talking)


def test_a_task_ends_by_its_plan_and_begins_again_by_itself(caller: Caller) -> None:
    """M41, M48: the way of two tasks through all states but IGNORE, and of one into it."""
    plan = released(caller)
    soon, later = batch(caller, plan, "09:10"), batch(caller, plan, "2025-04-22 10:00")
    assert statuses(caller, soon, later) == ["NOT_STARTED", "NOT_STARTED"]
    caller.advance(1800)
    assert statuses(caller, soon, later) == ["EXECUTION", "NOT_STARTED"]
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").ok()
    assert statuses(caller, soon, later) == ["TERMINATING", "TERMINATION"]
    caller.send("PATCH", f"{soon}/enable").refused(400, "MT-05")
    reached = [row for row in members(caller, soon) if row["status"] != "NOT_REACHED"]
    caller.advance(1800)
    assert statuses(caller, soon, later) == ["TERMINATION", "TERMINATION"]
    finished = [row for row in members(caller, soon) if row["status"] != "NOT_REACHED"]
    assert len(finished) == len(reached) < len(members(caller, soon))
    caller.send("PATCH", f"{later}/enable").ok()
    assert statuses(caller, later) == ["NOT_STARTED"]
    caller.advance(2 * 86_400)
    assert statuses(caller, later) == ["IGNORE"]
    assert {row["status"] for row in members(caller, later)} == {"IGNORE"}
    caller.send("PATCH", f"{NOTICES}/{plan}/enable").ok()
    assert statuses(caller, soon, later) == ["TERMINATION", "IGNORE"]
    caller.send("PATCH", f"{soon}/enable").ok()
    assert statuses(caller, soon, later) == ["COMPLETE", "IGNORE"]


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
    caller: Caller, moved: int, written: str, starts: str, state: str
) -> None:
    """M26: a date-time is meant as it stands, HH:mm comes next; in a running minute that is now."""
    caller.advance(moved)
    task = caller.get(batch(caller, released(caller), written)).ok()
    assert (f"{task['startDate']} {task['startTime']}", task["status"]) == (starts, state)


def test_a_start_is_the_first_to_happen_in_its_second(caller: Caller) -> None:
    """M48: what ends or begins a plan in the second of a start comes too late for it."""
    plan = released(caller)
    task = batch(caller, plan, "09:10")
    caller.advance(600)
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").ok()
    missed = batch(caller, plan, "09:20")
    caller.send("PATCH", f"{task}/enable").ok()
    assert statuses(caller, task) == ["EXECUTION"]
    caller.advance(600)
    assert statuses(caller, missed) == ["IGNORE"]
    caller.send("PATCH", f"{NOTICES}/{plan}/enable").ok()
    assert statuses(caller, missed) == ["IGNORE"]


def test_a_plan_is_complete_after_its_end_once_nobody_is_in_service(caller: Caller) -> None:
    """M25, M48, MN-21: the end belongs to the plan, and so does whatever began before it."""
    plan = released(caller, endTime="2025-04-21 09:10")
    inside, outside = batch(caller, plan, "09:10"), batch(caller, plan, "09:11")
    caller.advance(600)
    assert status(caller, plan) == "EXECUTION"
    caller.advance(61)
    assert statuses(caller, inside, outside) == ["EXECUTION", "IGNORE"]
    assert status(caller, plan) == "EXECUTION"
    caller.advance(2 * 3600)
    assert statuses(caller, inside, outside) == ["COMPLETE", "IGNORE"]
    assert status(caller, plan) == "COMPLETE"
    caller.send("PATCH", f"{NOTICES}/{plan}/termination").refused(400, "MN-05")


def test_tasks_that_show_the_same_minute_are_sorted_by_what_comes_next(caller: Caller) -> None:
    """PG-15: a list is sorted by what it shows; seconds of a start are not shown."""
    plan = released(caller)
    late, early = (
        int(batch(caller, plan, f"2025-04-21 10:00:{second}", count=1).rpartition("/")[2])
        for second in ("50", "10")
    )
    query = {"orderBy": ["startTime", "id"]}
    rows = caller.get(f"{NOTICES}/{plan}/task", query).ok()["content"]
    assert [row["id"] for row in rows] == [late, early]
