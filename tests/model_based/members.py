"""Members of plan tasks: what is seen of them, and what may change between two looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.model_based.caller import Caller
from tests.model_based.model import Model, Task
from tests.model_based.pages import check_spring
from tests.model_based.time_texts import read

REACHED_LAST = ("COMPLETE_SERVICE", "TIMEOUT_COMPLETE_SERVICE")
FINAL = (*REACHED_LAST, "TERMINATE_SERVICE", "CUSTOMER_SERVICE_INTERVENES")
STATUSES = ("NOT_REACHED", "IN_SERVICE", "IGNORE", *FINAL)
UNTOUCHED = ("NOT_REACHED", "IGNORE")
LONG_ENOUGH = timedelta(days=2)
"""A short list without daily hours is served by then."""


def check_members(caller: Caller, model: Model, task: Task, status: str) -> None:
    """The members of a task, its status, and both against what was seen of them last."""
    page = caller.get(f"/api/v1/marketing-notice/task/{task.id}/members").ok()
    rows = page["content"]
    check_spring(page, rows)
    assert [row["memberName"] for row in rows] == [name for _, name in task.people]
    for row, (identity, _) in zip(rows, task.people, strict=True):
        assert model.members.setdefault(identity, row["memberId"]) == row["memberId"]
        _check_row(model, task, row)
    _check_hours(task, rows)
    _check_status(task, status, rows, model.now)
    if task.looked is not None:
        _check_since(model, task, status, rows)
    task.rows, task.status, task.looked = rows, status, model.now
    task.reached_back = False


def _check_row(model: Model, task: Task, row: dict[str, Any]) -> None:
    """A member that was never reached has nothing to show; the others were, in their time."""
    assert row["status"] in STATUSES
    contact = row.get("lastContactTime")
    assert (contact is None) == (row["status"] in UNTOUCHED)
    if contact is None:
        assert not row["moodValues"]
        assert not row["scenes"]
    else:
        assert task.start <= read(contact) <= model.now
    past = model.plans[task.plan].past_scenes
    triggered = [scene_id(model, name) for name in row["scenes"]]
    assert len(set(triggered)) == len(triggered)
    assert all(model.scenes[one].kind == "SYSTEM" or one in past for one in triggered)


def scene_id(model: Model, name: str) -> int:
    """The scene of a name: no two have the same in this model."""
    return next(scene.id for scene in model.scenes.values() if scene.name == name)


def _check_hours(task: Task, rows: list[dict[str, Any]]) -> None:
    """One after another, within the plan's daily hours and before a termination.

    Without an answer (no mood yet) the last contact is the first.
    """
    silent = [
        read(row["lastContactTime"])
        for row in rows
        if row["status"] not in UNTOUCHED and not row["moodValues"]
    ]
    assert silent == sorted(silent)
    if task.hours:
        assert all(task.hours.hold(contact) for contact in silent)
    if task.terminated:
        assert all(contact <= task.terminated for contact in silent)


def _check_status(task: Task, status: str, rows: list[dict[str, Any]], now: datetime) -> None:
    """Which of the six states it is follows from the clock, the plan and the rows (M41, M48)."""
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
            assert task.hours or now < task.start + LONG_ENOUGH
    elif task.terminated is not None:
        assert (status, found) == ("TERMINATION", {"NOT_REACHED"})
    elif now < task.start:
        assert (status, found) == ("NOT_STARTED", {"NOT_REACHED"})
    else:
        assert (status, found) == ("IGNORE", {"IGNORE"})


def _check_since(model: Model, task: Task, status: str, rows: list[dict[str, Any]]) -> None:
    """Nothing that has happened un-happens, and nothing happens in a past already seen."""
    if task.status == "COMPLETE":
        assert status == "COMPLETE"
    if task.status == "IGNORE":
        assert status == "IGNORE"
    current = {model.scenes[one].name for one in model.plans[task.plan].scenes}
    current |= {scene.name for scene in model.scenes.values() if scene.kind == "SYSTEM"}
    stopped = task.terminated is not None and task.looked and task.looked >= task.terminated
    for before, after in zip(task.rows, rows, strict=True):
        was, now = before["status"], after["status"]
        finished = was in FINAL or task.status in ("COMPLETE", "TERMINATION", "IGNORE")
        if (finished and not task.reached_back) or was in FINAL:
            assert after == before
            continue
        assert now != "NOT_REACHED" or was == "NOT_REACHED"
        if was == "NOT_REACHED" and stopped:
            assert now == "NOT_REACHED"
        assert after["moodValues"][: len(before["moodValues"])] == before["moodValues"]
        assert set(before["scenes"]) <= set(after["scenes"])
        contact = after.get("lastContactTime")
        if task.reached_back:
            continue
        assert set(after["scenes"]) - set(before["scenes"]) <= current
        if contact != before.get("lastContactTime"):
            assert task.looked
            assert contact
            assert task.looked < read(contact) <= model.now
