"""States of a notification task that random sequences seldom reach."""

from __future__ import annotations

from itertools import pairwise

from tests.model_based.caller import MockCaller
from tests.model_based.making import create_notification_task, list_executions
from tests.model_based.time_texts import parse_time


def test_a_task_is_completed_in_the_second_of_its_last_member(caller: MockCaller) -> None:
    """NT-24: details, rows and status agree in every second of a task."""
    path, seen = create_notification_task(caller, members=5, seconds=90, start=3), []
    for _ in range(100):
        rows, detail = list_executions(caller, path), caller.get(path).ok()
        done = sum(row["status"] != "PENDING" for row in rows)
        assert detail["statistics"]["successCount"] == sum(r["status"] == "SUCCESS" for r in rows)
        assert (detail["status"] == "COMPLETED") == (done == len(rows))
        seen.append((detail["status"], done))
        caller.advance(1)
    assert seen == sorted(seen, key=lambda step: step[1])
    assert {one for one, _ in seen} == {"PENDING", "EXECUTING", "COMPLETED"}
    assert {count for _, count in seen} == set(range(6)), "one after another"


def test_the_end_of_the_window_closes_what_is_left(caller: MockCaller) -> None:
    """NT-14: a list too long for its window is COMPLETED at the end, with PENDING members."""
    path = create_notification_task(caller, members=120, seconds=5)
    caller.advance(4)
    assert caller.get(path).ok()["status"] == "EXECUTING"
    caller.advance(1)
    assert caller.get(path).ok()["status"] == "COMPLETED"
    rows = list_executions(caller, path)
    left = [row["status"] for row in rows].count("PENDING")
    assert 60 <= left <= 80
    caller.advance(3600)
    assert list_executions(caller, path) == rows
    caller.send("PUT", f"{path}/termination", {}).expect_refusal(400, "NT-11")


def test_nobody_is_notified_after_a_termination(caller: MockCaller) -> None:
    """NT-27: a terminated task stays TERMINATED, and remaining members stay PENDING."""
    path = create_notification_task(caller, members=12, seconds=3600)
    caller.advance(1500)
    before = list_executions(caller, path)
    ended = caller.send("PUT", f"{path}/termination").ok()
    assert ended == {"previousStatus": "EXECUTING", "currentStatus": "TERMINATED"}
    caller.advance(86_400)
    assert caller.get(path).ok()["status"] == "TERMINATED"
    assert list_executions(caller, path) == before
    assert {row["status"] for row in before} >= {"PENDING", "SUCCESS"}


def test_a_task_created_after_its_window_reaches_nobody(caller: MockCaller) -> None:
    """X1: it is COMPLETED at once, also if it is created at the very end."""
    for start in (-100, -60):
        path = create_notification_task(caller, members=3, seconds=60, start=start)
        assert caller.get(path).ok()["status"] == "COMPLETED"
        assert {row["status"] for row in list_executions(caller, path)} == {"PENDING"}


def test_some_members_fail_in_any_eight_with_reasons_of_a_small_catalogue(
    caller: MockCaller,
) -> None:
    """Failures are spread evenly, so short lists have them; each has a reason (L209)."""
    path = create_notification_task(caller, members=400, seconds=7200)
    caller.advance(7200)
    rows = list_executions(caller, path)
    failed = [row["status"] == "FAILED" for row in rows]
    assert all(any(failed[place : place + 8]) for place in range(len(rows) - 7))
    assert 0.1 < sum(failed) / len(rows) < 0.2
    reasons = {row["failureReason"] for row in rows if row["status"] == "FAILED"}
    assert 3 <= len(reasons) <= 8
    times = [parse_time(row["executeTime"]) for row in rows if row["executeTime"]]
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert max(gaps) <= 3 * 7200 / 401, "steady"
