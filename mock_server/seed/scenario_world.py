"""Building a world from a scenario: its people and files, and the records of both APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from mock_server.domain import files, notification_contents
from mock_server.domain.datetime_text import start_of_day
from mock_server.domain.member_directory import Member, MemberRow
from mock_server.domain.notification_tasks import (
    DEFAULT_END_TIME,
    ExecutionOutcome,
    NotificationTask,
    Recipient,
)
from mock_server.errors import ErrorDetail
from mock_server.seed import scenario_plans
from mock_server.seed.scenario_builder import BEFORE_ALL, LEAD_TIME, Entry, ScenarioBuilder
from mock_server.seed.scenario_file import ScenarioFile
from mock_server.seed.scenario_times import is_relative
from mock_server.world.world import World


def add_scenario(world: World, scenario: ScenarioFile) -> list[ErrorDetail]:
    """Add the records of a scenario to a world with its base, and return all violations."""
    builder = ScenarioBuilder(world, scenario)
    try:
        _add_records(builder)
    finally:
        builder.close()
    world.tokens.credentials = scenario.credentials
    return builder.violations


def _add_records(builder: ScenarioBuilder) -> None:
    _add_members(builder)
    _add_files(builder)
    scenario_plans.add_groups(builder)
    scenario_plans.add_plans(builder)
    scenario_plans.add_scenes(builder)
    scenario_plans.add_plan_tasks(builder)
    for pointer, entry in builder.entries("notificationTasks"):
        _add_notification_task(builder, pointer, entry)


def _add_members(builder: ScenarioBuilder) -> None:
    directory = builder.world.members
    # Those with an id come first, so that none of the others gets it.
    for numbered in (True, False):
        for pointer, entry in builder.entries("members"):
            if ("memberId" in entry) is not numbered:
                continue
            row = MemberRow.from_request(entry)
            if row.member_id is not None and row.member_id in directory:
                builder.refuse(f"{pointer}/memberId", "repeated", "another memberId", row.member_id)
                continue
            id_ = row.member_id or directory.next_free_id()
            directory.add(Member(id_, row.name or f"会员{id_}", row.user_id, row.ciq))


def _add_files(builder: ScenarioBuilder) -> None:
    for (pointer, entry), content in zip(builder.entries("files"), builder.contents, strict=True):
        name = entry.get("fileName") or entry["path"].replace("\\", "/").rpartition("/")[2]
        created = builder.time(pointer, entry, "createTime", builder.now - BEFORE_ALL)
        signature, id_ = files.sha256_hex(content), builder.new_id("files", entry)
        stored = files.create_stored_file(
            id_, name, "", content, signature, entry["moduleName"], created
        )
        if "contentType" in entry:
            stored = replace(stored, media_type=entry["contentType"])
        builder.world.files[id_] = stored


def _add_notification_task(builder: ScenarioBuilder, pointer: str, entry: Entry) -> None:
    start, end = _task_window(builder, pointer, entry)
    created = builder.time(pointer, entry, "createTime", min(builder.now, start - LEAD_TIME))
    recipients = _recipients(builder, pointer, entry)
    contents = [
        builder.file_reference(f"{pointer}/contents/{index}", content, "contentValue")
        for index, content in enumerate(entry["contents"])
    ]
    task = NotificationTask(
        id=builder.new_id("notificationTasks", entry),
        name=entry["taskName"],
        type=entry["taskType"],
        contents=contents,
        start=start,
        end=end,
        file_ids=entry.get("fileIds"),
        sent_members=entry.get("members"),
        recipients=recipients,
        created=created,
        updated=builder.time(pointer, entry, "lastUpdateTime", created),
        terminated=builder.optional_time(pointer, entry, "terminateTime"),
        outcomes=_outcomes(builder, pointer, entry, recipients),
    )
    builder.world.notification_tasks[task.id] = task


def _task_window(builder: ScenarioBuilder, pointer: str, entry: Entry) -> tuple[datetime, datetime]:
    """Return start and end of a task, which are on one day (CP-33)."""
    start = builder.time(pointer, entry, "scheduledStartTime", builder.now)
    midnight = start_of_day(start)
    last = midnight + timedelta(days=1, seconds=-1)
    closing = datetime.combine(start, DEFAULT_END_TIME, start.tzinfo)
    default = closing if start < closing else last
    end = builder.time(pointer, entry, "scheduledEndTime", default)
    if is_relative(entry.get("scheduledEndTime", "now")):
        # Late in the day, or a scenario could be used at some hours only.
        end = min(end, last)
    if not start < end <= last:
        accepted = f"> {start:%Y-%m-%d %H:%M:%S}, <= {last:%Y-%m-%d %H:%M:%S}"
        found = entry.get("scheduledEndTime", f"{end:%Y-%m-%d %H:%M:%S}")
        builder.refuse(f"{pointer}/scheduledEndTime", "CP-33", accepted, found)
    return start, end


def _recipients(builder: ScenarioBuilder, pointer: str, entry: Entry) -> list[Recipient]:
    if "recipients" not in entry:
        rules = notification_contents.FILE_RULES
        return [Recipient(one.id, one.name) for one in builder.people(pointer, entry, rules)]
    directory = builder.world.members
    rows = [MemberRow(each["memberId"], None, None, None) for each in entry["recipients"]]
    members = [directory.get_or_create(row) for row in rows]
    named = zip(members, entry["recipients"], strict=True)
    return [Recipient(one.id, each.get("memberName", one.name)) for one, each in named]


def _outcomes(
    builder: ScenarioBuilder, pointer: str, entry: Entry, recipients: list[Recipient]
) -> Mapping[int, ExecutionOutcome] | None:
    """Return the outcomes that an entry sets, by row."""
    people = [recipient.member_id for recipient in recipients]
    found: dict[int, ExecutionOutcome] = {}
    for place, outcome, rows in builder.rows_of_outcomes(pointer, entry, people):
        reason = outcome.get("failureReason")
        if reason and outcome["status"] != "FAILED":
            builder.refuse(f"{place}/failureReason", "CP-32", "status FAILED", reason)
        fixed = ExecutionOutcome(outcome["status"], reason)
        found |= dict.fromkeys(rows, fixed)
    return found or None
