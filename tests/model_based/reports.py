"""Arithmetic of the reports by M35 and M47: from members to tasks, from tasks to plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

CONTACT_PREFIX, COMPLETE_PREFIX = "contactSuccess", "completeService"
REPLY_PREFIX, INVITATION_PREFIX = "effectiveCommunication", "invitationSuccessful"
PEOPLE_COUNT_FIELDS = tuple(
    f"{name}OfPeopl" for name in (CONTACT_PREFIX, COMPLETE_PREFIX, REPLY_PREFIX, INVITATION_PREFIX)
)
INVITED_SCENE = "邀约成功"
Row = dict[str, Any]
SceneKey = tuple[int, str, str]
"""Id, name and statistical method of a scene in a report."""


def people_counts(report: Row) -> Row:
    """Return the four counts that a plan's row in the list repeats (M32, RP-03)."""
    return {name: report[name] for name in PEOPLE_COUNT_FIELDS}


def check_rates(report: Row) -> None:
    """Check that rates follow from counts: 0 to 1, four places, 0 over 0 (M35, RP-01, RP-05)."""
    planned, contacted = report["plannedNumberOfPeopl"], report[f"{CONTACT_PREFIX}OfPeopl"]
    assert planned >= contacted >= max(report[name] for name in PEOPLE_COUNT_FIELDS)
    for name in (CONTACT_PREFIX, COMPLETE_PREFIX, REPLY_PREFIX, INVITATION_PREFIX):
        rate, part = report[f"{name}Rate"], report[f"{name}OfPeopl"]
        whole = planned if name == CONTACT_PREFIX else contacted
        assert 0 <= rate <= 1
        assert rate == float(f"{rate:.4f}")
        assert abs(rate - (part / whole if whole else 0)) < 0.000_051, (name, rate, part, whole)


def check_task_report(report: Row, members: Sequence[Row], scenes: Sequence[SceneKey]) -> None:
    """Check that a task's report counts the rows of its member list (M47, RP-04)."""
    reached = [row for row in members if row["status"] not in ("NOT_REACHED", "IGNORE")]
    served = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")
    assert people_counts(report) == {
        f"{CONTACT_PREFIX}OfPeopl": len(reached),
        f"{COMPLETE_PREFIX}OfPeopl": sum(row["status"] in served for row in reached),
        f"{REPLY_PREFIX}OfPeopl": sum(bool(row["moodValues"]) for row in reached),
        f"{INVITATION_PREFIX}OfPeopl": sum(INVITED_SCENE in row["scenes"] for row in reached),
    }
    assert report["plannedNumberOfPeopl"] == len(members)
    check_rates(report)
    statistics = report["sceneStatistics"]
    assert [(one["id"], one["name"]) for one in statistics] == [key[:2] for key in scenes]
    for one, (_, name, method) in zip(statistics, scenes, strict=True):
        rows = sum(name in row["scenes"] for row in members)
        if method == "ONLY":
            assert one["number"] == rows
        else:
            assert one["number"] >= rows
            assert (one["number"] > 0) == (rows > 0)


def check_plan_report(report: Row, tasks: Sequence[Row], scenes: Sequence[SceneKey]) -> None:
    """Check that a plan's counts are sums over its tasks, with rates of the sums (RP-02)."""
    for name in (*PEOPLE_COUNT_FIELDS, "plannedNumberOfPeopl"):
        assert report[name] == sum(task[name] for task in tasks), name
    check_rates(report)
    numbers = {scene_id: 0 for scene_id, _, _ in scenes}
    for task in tasks:
        for one in task["sceneStatistics"]:
            numbers[one["id"]] += one["number"]
    shown = [(one["id"], one["name"], one["number"]) for one in report["sceneStatistics"]]
    assert shown == [(scene_id, name, numbers[scene_id]) for scene_id, name, _ in scenes]
