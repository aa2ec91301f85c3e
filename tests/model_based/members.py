"""Members of plan tasks: their visible state, and its possible changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.model_based.caller import MockCaller
from tests.model_based.model import ModelPlan, ModelTask, PlatformModel
from tests.model_based.pages import check_spring_page
from tests.model_based.time_texts import parse_time

COMPLETED_STATUSES = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")
FINAL_STATUSES = (*COMPLETED_STATUSES, "TERMINATE_SERVICE", "CUSTOMER_SERVICE_INTERVENES")
MEMBER_STATUSES = ("NOT_REACHED", "IN_SERVICE", "IGNORE", *FINAL_STATUSES)
UNCONTACTED_STATUSES = ("NOT_REACHED", "IGNORE")
MAX_SERVICE_TIME = timedelta(days=2)
"""Time in which a short list without daily hours is completed."""


def check_members(caller: MockCaller, model: PlatformModel, task: ModelTask, status: str) -> None:
    """Compare the members and the status of a task with the model and with the last look."""
    page = caller.get(f"/api/v1/marketing-notice/task/{task.id}/members").ok()
    rows = page["content"]
    check_spring_page(page, rows)
    assert [row["memberName"] for row in rows] == [name for _, name in task.people]
    for row, (identity, _) in zip(rows, task.people, strict=True):
        assert model.members.setdefault(identity, row["memberId"]) == row["memberId"]
        _check_row(model, task, row)
    _check_hours(task, model.plans[task.plan], rows)
    _check_status(task, model.plans[task.plan], status, rows, model.now)
    if task.seen_at is not None:
        _check_changes(model, task, status, rows)
    task.rows, task.status, task.seen_at = rows, status, model.now
    task.resumed = False


def _check_row(model: PlatformModel, task: ModelTask, row: dict[str, Any]) -> None:
    """Only members that were reached have moods, scenes and a last contact."""
    assert row["status"] in MEMBER_STATUSES
    contact = row.get("lastContactTime")
    assert (contact is None) == (row["status"] in UNCONTACTED_STATUSES)
    if contact is None:
        assert not row["moodValues"]
        assert not row["scenes"]
    else:
        assert task.begins <= parse_time(contact) <= model.now
    past = model.plans[task.plan].past_scenes
    triggered = [scene_id_by_name(model, name) for name in row["scenes"]]
    assert len(set(triggered)) == len(triggered)
    assert all(model.scenes[one].kind == "SYSTEM" or one in past for one in triggered)


def scene_id_by_name(model: PlatformModel, name: str) -> int:
    """Return the id of the scene with a name; names are unique in this model."""
    return next(scene.id for scene in model.scenes.values() if scene.name == name)


def _check_hours(task: ModelTask, plan: ModelPlan, rows: list[dict[str, Any]]) -> None:
    """Contacts are in order, within the plan's daily hours and outside terminations (MT-18).

    Without a reply (no mood yet), the last contact is the first.
    """
    silent = [
        parse_time(row["lastContactTime"])
        for row in rows
        if row["status"] not in UNCONTACTED_STATUSES and not row["moodValues"]
    ]
    assert silent == sorted(silent)
    if task.hours:
        assert all(task.hours.contains(contact) for contact in silent)
    for end in filter(None, (task.terminated, plan.idle_since)):
        assert all(contact <= end for contact in silent)
    for since, until in (*task.idle, *plan.idle):
        assert not any(since < contact < until for contact in silent)


def _check_status(
    task: ModelTask, plan: ModelPlan, status: str, rows: list[dict[str, Any]], now: datetime
) -> None:
    """Each of the six states follows from clock, plan and rows (M41, M48)."""
    found = {row["status"] for row in rows}
    if task.begun:
        assert "IGNORE" not in found
        if task.terminated is not None:
            assert status == ("TERMINATING" if "IN_SERVICE" in found else "TERMINATION")
            return
        assert status in ("EXECUTION", "COMPLETE")
        if status == "COMPLETE":
            assert "IN_SERVICE" not in found
        else:
            assert found & {"NOT_REACHED", "IN_SERVICE"}
            active = max([task.begins, *(until for _, until in (*task.idle, *plan.idle))])
            assert task.hours or plan.idle_since or now < active + MAX_SERVICE_TIME
    elif task.terminated is not None:
        assert (status, found) == ("TERMINATION", {"NOT_REACHED"})
    elif now < task.start:
        assert (status, found) == ("NOT_STARTED", {"NOT_REACHED"})
    else:
        assert (status, found) == ("IGNORE", {"IGNORE"})


def _check_changes(
    model: PlatformModel, task: ModelTask, status: str, rows: list[dict[str, Any]]
) -> None:
    """The past does not change: nothing disappears, and nothing new has an earlier time."""
    if task.status == "COMPLETE":
        assert status == "COMPLETE"
    if task.status == "IGNORE":
        assert status == "IGNORE"
    current = {model.scenes[one].name for one in model.plans[task.plan].scenes}
    current |= {scene.name for scene in model.scenes.values() if scene.kind == "SYSTEM"}
    stopped = task.terminated is not None and task.seen_at and task.seen_at >= task.terminated
    for before, after in zip(task.rows, rows, strict=True):
        was, now = before["status"], after["status"]
        finished = was in FINAL_STATUSES or task.status in ("COMPLETE", "TERMINATION", "IGNORE")
        if (finished and not task.resumed) or was in FINAL_STATUSES:
            assert after == before
            continue
        assert now != "NOT_REACHED" or was == "NOT_REACHED"
        if was == "NOT_REACHED" and stopped:
            assert now == "NOT_REACHED"
        assert after["moodValues"][: len(before["moodValues"])] == before["moodValues"]
        assert set(before["scenes"]) <= set(after["scenes"])
        contact = after.get("lastContactTime")
        assert set(after["scenes"]) - set(before["scenes"]) <= current
        if contact != before.get("lastContactTime"):
            assert task.seen_at
            assert contact
            assert task.seen_at < parse_time(contact) or (
                task.resumed and task.seen_at == parse_time(contact)
            )
            assert parse_time(contact) <= model.now
