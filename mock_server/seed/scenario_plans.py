"""Groups, scenes, plans and plan tasks of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mock_server.domain import notice_scenes, notice_tasks, notices, schedules
from mock_server.domain.datetime_text import format_datetime
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import SYSTEM_SCENES, Scene
from mock_server.domain.notice_tasks import NoticeTask, Pause, TaskMember
from mock_server.domain.notices import Notice, Phase, SceneSet
from mock_server.domain.schedules import ActivePeriod, DailyWindow
from mock_server.seed.scenario_builder import (
    BEFORE_ALL,
    LEAD_TIME,
    Entry,
    ScenarioBuilder,
)
from mock_server.seed.scenario_times import is_relative, resolve_time


def add_groups(builder: ScenarioBuilder) -> None:
    """Add the groups of plans."""
    for pointer, entry in builder.entries("groups"):
        created = builder.time(pointer, entry, "createTime", builder.now - BEFORE_ALL)
        updated = builder.time(pointer, entry, "lastUpdateTime", created)
        id_ = builder.new_id("groups", entry)
        builder.world.groups[id_] = NoticeGroup(id_, entry["name"], created, updated)


def add_plans(builder: ScenarioBuilder) -> None:
    """Add the plans, with the scenes that are created for them."""
    first_tasks = _first_task_starts(builder)
    for pointer, entry in builder.entries("plans"):
        id_ = builder.new_id("plans", entry)
        details = _details(builder, pointer, entry)
        period = schedules.parse_active_period(details.get("startTime"), details.get("endTime"))
        starts = [builder.now, first_tasks.get(id_), period.opens]
        earliest = min(instant for instant in starts if instant) - 2 * LEAD_TIME
        created = builder.time(pointer, entry, "createTime", earliest)
        stopped = entry.get("status") == notices.TERMINATION
        default = builder.now if stopped else created
        updated = builder.time(pointer, entry, "lastUpdateTime", default)
        builder.check_ids("groups", {f"{pointer}/groupId": entry["groupId"]})
        first_id = entry.get("firstId", id_)
        if before := builder.world.notices.get(id_):
            builder.world.renamed_notices.pop(before.original_id, None)
        builder.world.notices[id_] = Notice(
            id=id_,
            group_id=entry["groupId"],
            name=entry["name"],
            details=details,
            scene_sets=_scene_sets(builder, pointer, entry, created),
            created=created,
            updated=updated,
            phases=_phases(builder, pointer, entry, period, created, updated),
            first_id=None if first_id == id_ else first_id,
        )
        if first_id != id_:
            builder.world.reserve_id("notices", first_id)
            builder.world.renamed_notices[first_id] = id_


def add_scenes(builder: ScenarioBuilder) -> None:
    """Add the scenes, and relate them to the plans for which they were created."""
    world = builder.world
    related = _plans_with_scenes(builder)
    for pointer, entry in builder.entries("scenes"):
        created = builder.time(pointer, entry, "createTime", builder.now - BEFORE_ALL)
        id_, plan_id = builder.new_id("scenes", entry), entry.get("planId")
        kind = "SYSTEM" if id_ in SYSTEM_SCENES else "CUSTOM"
        if entry.get("sceneType", kind) != kind:
            builder.refuse(f"{pointer}/sceneType", "enum", kind, entry["sceneType"])
        known = plan_id is None or builder.check_ids("plans", {f"{pointer}/planId": plan_id})
        plan = world.notices.get(plan_id) if known and plan_id else None
        world.scenes[id_] = Scene(
            id=id_,
            name=entry["name"],
            statistical_method=entry["statisticalMethod"],
            prompt=entry["prompt"],
            scene_type=kind,
            created=created,
            updated=builder.time(pointer, entry, "lastUpdateTime", created),
            external_id=entry.get("externalId"),
            unbound="externalId" in entry and entry["externalId"] is None,
            notice_id=plan.original_id if plan else None,
        )
        if plan and plan.id not in related and id_ not in plan.scene_ids and kind == "CUSTOM":
            world.notices[plan.id] = plan.with_scene(id_, max(created, plan.scene_sets[-1].since))


def add_plan_tasks(builder: ScenarioBuilder) -> None:
    """Add the tasks of plans, those of the base included."""
    for pointer, entry in builder.entries("planTasks"):
        people = builder.people(pointer, entry, notice_tasks.FILE_RULES)
        start = builder.time(pointer, entry, "startTime", builder.now)
        created = builder.time(pointer, entry, "createTime", min(builder.now, start - LEAD_TIME))
        if not builder.check_ids("plans", {f"{pointer}/planId": entry["planId"]}):
            continue
        plan = builder.world.notices.get(entry["planId"])
        if plan is None:  # its own entry is wrong
            continue
        task = _build_plan_task(builder, pointer, entry, plan, start, created)
        members = tuple(TaskMember(one.id, one.name) for one in people)
        outcomes = _conversation_outcomes(builder, pointer, entry, members)
        builder.world.notice_tasks[task.id] = replace(task, members=members, outcomes=outcomes)


def _build_plan_task(
    builder: ScenarioBuilder,
    pointer: str,
    entry: Entry,
    plan: Notice,
    start: datetime,
    created: datetime,
) -> NoticeTask:
    window = schedules.parse_daily_window(
        plan.details.get("startTime"), plan.details.get("endTime")
    )
    if "dailyWindow" in entry:
        window = _daily_window(builder, pointer, entry["dailyWindow"])
    if "sceneIds" in entry:
        _scene_ids(builder, pointer, entry["sceneIds"])
    return NoticeTask(
        id=builder.new_id("planTasks", entry),
        notice_id=plan.original_id,
        name=entry["name"],
        start=start,
        members=(),
        window=window,
        plan_ran=entry.get("planRan", plan.was_running_at(created)),
        scene_ids=tuple(entry.get("sceneIds", plan.scene_ids_at(created))),
        created=created,
        updated=builder.time(pointer, entry, "lastUpdateTime", created),
        terminated=builder.optional_time(pointer, entry, "terminateTime"),
        pauses=tuple(
            Pause(
                builder.time(f"{pointer}/pauses/{index}", pause, "since", start),
                builder.time(f"{pointer}/pauses/{index}", pause, "until", start),
                pause["planRan"],
            )
            for index, pause in enumerate(entry.get("pauses", ()))
        ),
    )


def _daily_window(builder: ScenarioBuilder, pointer: str, hours: list[int]) -> DailyWindow | None:
    if not hours:
        return None
    if len(hours) == 2 and hours[0] < hours[1]:
        return DailyWindow(*hours)
    builder.refuse(f"{pointer}/dailyWindow", "CP-33", "[], [36000, 75600]", hours)
    return None


def _conversation_outcomes(
    builder: ScenarioBuilder, pointer: str, entry: Entry, members: tuple[TaskMember, ...]
) -> Mapping[int, str] | None:
    people = [member.member_id for member in members]
    found: dict[int, str] = {}
    for _, outcome, rows in builder.rows_of_outcomes(pointer, entry, people):
        found |= dict.fromkeys(rows, str(outcome["status"]))
    return found or None


def _plans_with_scenes(builder: ScenarioBuilder) -> set[int]:
    """Return the ids of the plans whose entries name their scenes."""
    return {
        entry["id"]
        for _, entry in builder.entries("plans")
        if "id" in entry and ("sceneIds" in entry or "sceneHistory" in entry)
    }


def _first_task_starts(builder: ScenarioBuilder) -> dict[int, datetime]:
    """Return the earliest start among the tasks of each plan, by the plan's id."""
    found: dict[int, datetime] = {}
    for _, entry in builder.entries("planTasks"):
        try:
            start = resolve_time(entry["startTime"], builder.now)
        except ValueError:  # it is a violation of the task
            continue
        found[entry["planId"]] = min(start, found.get(entry["planId"], start))
    return found


def _details(builder: ScenarioBuilder, pointer: str, entry: Entry) -> dict[str, Any]:
    """Return the optional fields of a plan, with relative times as the API has them."""
    details = {name: entry[name] for name in notices.DETAIL_FIELDS if name in entry}
    for name in ("startTime", "endTime"):
        if name in details and is_relative(details[name]):
            details[name] = format_datetime(builder.time(pointer, entry, name, builder.now))
    if "greetings" in details:
        details["greetings"] = [
            builder.file_reference(f"{pointer}/greetings/{index}", greeting, "image")
            for index, greeting in enumerate(details["greetings"])
        ]
    places = {
        f"{pointer}/monitoringStrategy/{index}/sceneId": strategy["sceneId"]
        for index, strategy in enumerate(details.get("monitoringStrategy", ()))
    }
    builder.check_ids("scenes", places)
    return details


def _phases(
    builder: ScenarioBuilder,
    pointer: str,
    entry: Entry,
    period: ActivePeriod,
    created: datetime,
    updated: datetime,
) -> tuple[Phase, ...]:
    """Return the history of a plan's status: that of the entry, or made from its status."""
    if "phases" in entry:
        found = []
        for index, phase in enumerate(entry["phases"]):
            place = f"{pointer}/phases/{index}"
            bounds = (builder.optional_time(place, phase, name) for name in ("opens", "closes"))
            since = builder.time(place, phase, "since", created)
            found.append(Phase(since, phase["status"], ActivePeriod(*bounds)))
        return tuple(found)
    status = entry.get("status", notices.EXECUTION)
    if status != notices.TERMINATION:
        return (Phase(created, status, period),)
    running = Phase(created, notices.EXECUTION, period)
    return (running, Phase(updated, status, period))


def _scene_sets(
    builder: ScenarioBuilder, pointer: str, entry: Entry, created: datetime
) -> tuple[SceneSet, ...]:
    """Return the history of a plan's scenes."""
    if "sceneHistory" in entry:
        history = [(f"{pointer}/sceneHistory/{i}", e) for i, e in enumerate(entry["sceneHistory"])]
        return tuple(
            SceneSet(
                builder.time(place, each, "since", created),
                _scene_ids(builder, place, each["sceneIds"]),
            )
            for place, each in history
        )
    if "sceneIds" in entry:
        return (SceneSet(created, _scene_ids(builder, pointer, entry["sceneIds"])),)
    return (SceneSet(created, ()),)


def _scene_ids(builder: ScenarioBuilder, pointer: str, written: list[int]) -> tuple[int, ...]:
    places = {f"{pointer}/sceneIds/{index}": id_ for index, id_ in enumerate(written)}
    builder.check_ids("scenes", places)
    return tuple(dict.fromkeys(id_ for id_ in written if id_ not in notice_scenes.SYSTEM_SCENES))
