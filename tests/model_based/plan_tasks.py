"""Operations on plan tasks and their member files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.model_based.caller import MockCaller
from tests.model_based.marketing import NOTICES, task_row
from tests.model_based.model import COMPLETE, OPEN_STATUSES, ModelPlan, ModelTask, PlatformModel
from tests.model_based.strategies import (
    IDENTITY_LISTS,
    MANY_IDENTITIES,
    RECORD_NAMES,
    SOON_OFFSETS,
    START_OFFSETS,
    UNKNOWN_ID,
    DrawFunction,
    draw_record,
    identities_and_names,
    workbook_of_identities,
)
from tests.model_based.time_texts import format_time, next_occurrence, parse_time

IMAGE_FILE = ("海报.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
FILE_SOURCES = st.sampled_from(["new", "new", "new", "known", "two", "no list", "unknown"])
START_FORMS = st.sampled_from(["seconds", "minutes", "minutes", "time of day", "words"])
INVALID_STARTS = st.sampled_from(
    ["明天上午", "2025-02-30 10:00", "9:5", "25:00", "2025/04/22 10:00"]
)


def upload_members(caller: MockCaller, model: PlatformModel, rows: Sequence[str]) -> int:
    """Upload a new member file; return its id."""
    file_id = model.register_id(
        "files", caller.upload("名单 A.xlsx", workbook_of_identities(tuple(rows)))
    )
    model.files[file_id] = identities_and_names(rows)
    return file_id


def draw_file_ids(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> list[int]:
    """Return one or two ids of files, new or known, sometimes of a file that is no list."""
    source = draw(FILE_SOURCES)
    known = list(model.files)
    if source == "unknown":
        return [UNKNOWN_ID]
    if source == "no list":
        file_id = model.register_id("files", caller.upload(*IMAGE_FILE))
        model.files[file_id] = None
        return [file_id]
    if source == "known" and known:
        return [draw(st.sampled_from(known))]
    if source == "two" and known:
        return [upload_members(caller, model, draw(IDENTITY_LISTS)), draw(st.sampled_from(known))]
    return [upload_members(caller, model, draw(IDENTITY_LISTS))]


def join_member_files(
    model: PlatformModel, file_ids: list[int], unreadable: str, repeated: str
) -> tuple[list[tuple[str, str]], set[str]]:
    """Return the rows of all files in order (M46), and the broken rules.

    The rules are about files that are missing or no lists, and about duplicate files or members.
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


def draw_start(model: PlatformModel, draw: DrawFunction) -> tuple[str, datetime | None]:
    """Return the text of a start, and its instant (M26)."""
    at, form = model.now + timedelta(seconds=draw(START_OFFSETS)), draw(START_FORMS)
    if form == "words":
        return draw(INVALID_STARTS), None
    if form == "time of day":
        written = format_time(at)[11:16]
        return written, next_occurrence(written, model.now)
    written = format_time(at) if form == "seconds" else format_time(at)[:16]
    return written, parse_time(written)


def create_task(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a task of a plan in any state (M48), also with a start in the past (X1)."""
    plan, file_ids = draw_record(draw, model.plans), draw_file_ids(caller, model, draw)
    written, start = draw_start(model, draw)
    post_task(
        caller,
        model,
        plan,
        {"name": draw(RECORD_NAMES), "startTime": written, "fileIds": file_ids},
        start,
    )


def create_imminent_task(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Create a task with several members that starts soon."""
    start = model.now + timedelta(seconds=draw(SOON_OFFSETS))
    file_ids = [upload_members(caller, model, draw(MANY_IDENTITIES))]
    body = {"name": draw(RECORD_NAMES), "startTime": format_time(start), "fileIds": file_ids}
    post_task(caller, model, draw_record(draw, model.plans), body, start)


def post_task(
    caller: MockCaller,
    model: PlatformModel,
    plan: ModelPlan,
    body: dict[str, Any],
    start: datetime | None,
) -> None:
    """Create a task, or expect an error.

    start: meaning of the text in the body, None for an invalid one.
    """
    people, broken = join_member_files(model, body["fileIds"], "MT-03", "MT-16")
    answer = caller.send("POST", f"{NOTICES}/{plan.id}/task", body)
    if start is None or broken:
        answer.expect_refusal(400, *broken, *(["MT-02"] if start is None else []))
        return
    made, now = answer.ok(), model.now
    task_id = model.register_id("tasks", made["id"])
    task = ModelTask(
        task_id, plan.id, str(body["name"]), start, people, plan.hours(), now, now, start
    )
    if start <= now:
        for since, until in plan.idle:
            if since < task.begins < until:
                task.begins = until
        task.ran_at_start = plan.is_running(
            now
        )  # a start in the past is simulated as if the task had run since then (X1)
        model.forget_reports()
    task.status = made["status"]
    assert made == task_row(task)
    model.tasks[task_id] = task


def change_task(caller: MockCaller, model: PlatformModel, draw: DrawFunction) -> None:
    """Terminate or enable a task, which is allowed in the states of M41."""
    action = draw(st.sampled_from(["termination", "enable"]))
    wanted = ("EXECUTION",) if action == "termination" else ("TERMINATION",)
    fitting = {task.id: task for task in model.tasks.values() if task.status in wanted}
    prefer = bool(fitting) and draw(st.booleans())
    task = draw_record(draw, fitting if prefer else model.tasks)
    answer = caller.send("PATCH", f"{NOTICES}/task/{task.id}/{action}")
    allowed, rule = (
        (OPEN_STATUSES, "MT-04") if action == "termination" else (("TERMINATION",), "MT-05")
    )
    complete = model.plan_status(model.plans[task.plan]) == COMPLETE
    if task.status not in allowed or (complete and rule == "MT-05"):
        answer.expect_refusal(400, rule)
        return
    assert answer.ok() == {}
    if action == "termination":
        model.terminate_task(task)
    else:
        model.resume_task(task)
