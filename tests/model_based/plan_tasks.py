"""Operations on plan tasks and their member files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import Caller
from tests.model_based.marketing import NOTICES, task_row
from tests.model_based.model import OPEN, Model, Plan, Task
from tests.model_based.strategies import (
    LONG_LIST,
    NAMES,
    ROWS,
    SOON,
    STARTS,
    UNKNOWN,
    Draw,
    named,
    one_of,
    workbook,
)
from tests.model_based.time_texts import next_occurrence, read, text

NO_LIST = ("海报.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
SOURCES = st.sampled_from(["new", "new", "new", "known", "two", "no list", "unknown"])
FORMS = st.sampled_from(["seconds", "minutes", "minutes", "time of day", "words"])
WORDS = st.sampled_from(["明天上午", "2025-02-30 10:00", "9:5", "25:00", "2025/04/22 10:00"])


def upload(caller: Caller, model: Model, rows: Sequence[str]) -> int:
    """A new member file; returns its id."""
    file_id = model.fresh("files", caller.upload("名单 A.xlsx", workbook(tuple(rows))))
    model.files[file_id] = named(rows)
    return file_id


def drawn_files(caller: Caller, model: Model, draw: Draw) -> list[int]:
    """Ids of files: new or known, one or two, now and then of something that is no list."""
    source = draw(SOURCES)
    known = list(model.files)
    if source == "unknown":
        return [UNKNOWN]
    if source == "no list":
        file_id = model.fresh("files", caller.upload(*NO_LIST))
        model.files[file_id] = None
        return [file_id]
    if source == "known" and known:
        return [draw(st.sampled_from(known))]
    if source == "two" and known:
        return [upload(caller, model, draw(ROWS)), draw(st.sampled_from(known))]
    return [upload(caller, model, draw(ROWS))]


def joined(
    model: Model, file_ids: list[int], unreadable: str, repeated: str
) -> tuple[list[tuple[str, str]], set[str]]:
    """The rows of all files in order (M46), and which of two rules are broken.

    A file is no list or not there; a file, or somebody in the files, is there twice.
    """
    rows: list[tuple[str, str]] = []
    broken = set()
    for file_id in dict.fromkeys(file_ids):
        found = model.files.get(file_id)
        broken |= {unreadable} if found is None else set()
        rows.extend(found or ())
    identities = [identity for identity, _ in rows]
    if len({*file_ids}) < len(file_ids) or len({*identities}) < len(identities):
        broken.add(repeated)
    return rows, broken


def drawn_start(model: Model, draw: Draw) -> tuple[str, datetime | None]:
    """A start as it is written, and the instant it means (M26)."""
    at, form = model.now + timedelta(seconds=draw(STARTS)), draw(FORMS)
    if form == "words":
        return draw(WORDS), None
    if form == "time of day":
        written = text(at)[11:16]
        return written, next_occurrence(written, model.now)
    written = text(at) if form == "seconds" else text(at)[:16]
    return written, read(written)


def create_task(caller: Caller, model: Model, draw: Draw) -> None:
    """A task of a plan in any state (M48); its start may have passed (X1)."""
    plan, file_ids = one_of(draw, model.plans), drawn_files(caller, model, draw)
    written, start = drawn_start(model, draw)
    post_task(
        caller, model, plan, {"name": draw(NAMES), "startTime": written, "fileIds": file_ids}, start
    )


def begin_task(caller: Caller, model: Model, draw: Draw) -> None:
    """A task for several members that starts soon."""
    start = model.now + timedelta(seconds=draw(SOON))
    file_ids = [upload(caller, model, draw(LONG_LIST))]
    body = {"name": draw(NAMES), "startTime": text(start), "fileIds": file_ids}
    post_task(caller, model, one_of(draw, model.plans), body, start)


def post_task(
    caller: Caller, model: Model, plan: Plan, body: dict[str, Any], start: datetime | None
) -> None:
    """Create a task, or be refused. start: what the body's text means, None for nothing."""
    people, broken = joined(model, body["fileIds"], "MT-03", "MT-16")
    answer = caller.send("POST", f"{NOTICES}/{plan.id}/task", body)
    if start is None or broken:
        answer.refused(400, *broken, *(["MT-02"] if start is None else []))
        return
    made, now = answer.ok(), model.now
    task_id = model.fresh("tasks", made["id"])
    task = Task(task_id, plan.id, str(body["name"]), start, people, plan.hours(), now, now)
    if start <= now:
        task.ran = plan.runs(now)  # a start in the past counts as if it had been kept (X1)
        model.forget_days()
    task.status = made["status"]
    assert made == task_row(task)
    model.tasks[task_id] = task


def change_task(caller: Caller, model: Model, draw: Draw) -> None:
    """Termination and enabling, each in the states that M41 allows it in."""
    action = draw(st.sampled_from(["termination", "enable"]))
    wanted = ("EXECUTION",) if action == "termination" else ("TERMINATION",)
    fitting = {task.id: task for task in model.tasks.values() if task.status in wanted}
    prefer = bool(fitting) and draw(st.booleans())
    task = one_of(draw, fitting if prefer else model.tasks)
    answer = caller.send("PATCH", f"{NOTICES}/task/{task.id}/{action}")
    allowed, rule = (OPEN, "MT-04") if action == "termination" else (("TERMINATION",), "MT-05")
    if task.status not in allowed:
        answer.refused(400, rule)
        return
    assert answer.ok() == {}
    if action == "termination":
        model.end_task(task)
    else:
        task.terminated, task.updated, task.reached_back = None, model.now, True
        model.forget_days()
