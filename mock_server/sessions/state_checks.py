"""Consistency of a world that was read from a document: ids, references, histories, instants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice, pairwise
from typing import Any, TypeVar

from mock_server.clock import EARLIEST_INSTANT
from mock_server.domain import files, notices, notification_tasks
from mock_server.domain.conversations import OUTCOME_BY_STATUS
from mock_server.domain.datetime_text import format_datetime
from mock_server.domain.files import StoredFile
from mock_server.domain.notice_scenes import SYSTEM_SCENES, Scene
from mock_server.domain.notice_tasks import NoticeTask
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import NotificationTask
from mock_server.domain.schedules import SECONDS_PER_DAY, DailyWindow
from mock_server.errors import ErrorDetail, display_text
from mock_server.sessions.record_codec import camel_case
from mock_server.world.record_sizes import rows_json_size
from mock_server.world.world import World

FIT_RULE = "CP-27"
"""Rule that records which do not fit together break."""
MEDIA_TYPE = re.compile(r"[!-~]{1,200}/[ -~]{1,200}")
"""Media types of files, as in a scenario file."""
MAX_VIOLATIONS = 20
EARLIEST_RECORD = EARLIEST_INSTANT.replace(year=EARLIEST_INSTANT.year - 10)
"""Records of the initial data are older than the clock's start, but not by so much."""
STATUSES = (notices.DRAFT, notices.EXECUTION, notices.TERMINATION, notices.COMPLETE)
EXECUTION_STATUSES = (
    notification_tasks.SUCCESS,
    notification_tasks.FAILED,
    notification_tasks.PENDING,
)
T = TypeVar("T")
Found = Iterator[tuple[str, str, Any]]
"""Place below the record, what would be accepted, what was found."""


def drop_repeated_ids(
    records: Iterable[T], pointer: str, violations: list[ErrorDetail]
) -> Iterator[T]:
    """Yield the records without those that have an id of an earlier one, which are violations."""
    seen: set[int] = set()
    for index, record in enumerate(records):
        id_ = record.id  # type: ignore[attr-defined]
        if id_ in seen:
            violations.append(ErrorDetail(f"{pointer}/{index}/id", FIT_RULE, "unique", str(id_)))
        else:
            seen.add(id_)
            yield record


def find_inconsistencies(world: World, pointer: str) -> list[ErrorDetail]:
    """Return the first violations of a world whose records have the right types."""
    found = (
        ErrorDetail(f"{pointer}/{place}", FIT_RULE, accepted, given)
        for place, accepted, given in _find(world)
    )
    return [*islice(found, MAX_VIOLATIONS)]


def _find(world: World) -> Iterator[tuple[str, str, str]]:
    if missing := SYSTEM_SCENES.keys() - world.scenes.keys():
        yield "scenes", f"id: {', '.join(map(str, sorted(missing)))}", ""
    keys = {notice.original_id for notice in world.notices.values()}
    if len(keys) < len(world.notices):
        yield "notices", "unique firstId", ""
    checks: dict[str, Callable[[Any], Found]] = {
        "files": _check_file,
        "groups": lambda _group: iter(()),
        "scenes": lambda scene: _check_scene(world, scene),
        "notices": lambda notice: _check_notice(world, notice),
        "notice_tasks": lambda task: _check_notice_task(world, keys, task),
        "notification_tasks": _check_notification_task,
    }
    now, ids = world.now(), world.next_ids()
    for name, check in checks.items():
        for index, record in enumerate(getattr(world, name).values()):
            for place, accepted, value in (
                *_check_id(record.id, ids[name]),
                *_check_instants(record, now),
                *check(record),
            ):
                shown = format_datetime(value) if isinstance(value, datetime) else value
                yield f"{camel_case(name)}/{index}/{place}", accepted, display_text(shown)


def _check_id(id_: int, fresh: int) -> Found:
    if not 1 <= id_ < fresh:
        yield "id", f"1 to {fresh - 1} (nextIds)", id_


def _check_instants(record: Any, now: datetime) -> Found:
    for name in ("created", "updated", "terminated"):
        value = getattr(record, name, None)
        if value is not None and not EARLIEST_RECORD <= value <= now:
            yield name, _until(now), value


def _until(now: datetime) -> str:
    return f"{format_datetime(EARLIEST_RECORD)} to {format_datetime(now)}"


def _check_file(file: StoredFile) -> Found:
    signature = files.sha256_hex(file.content)
    if file.signature != signature:
        yield "signature", signature, file.signature
    if not MEDIA_TYPE.fullmatch(file.media_type):  # it becomes a header field
        yield "mediaType", MEDIA_TYPE.pattern, file.media_type


def _check_scene(world: World, scene: Scene) -> Found:
    if scene.notice_id is not None and not 1 <= scene.notice_id < world.next_ids()["notices"]:
        yield "noticeId", "id of a plan, now or earlier", scene.notice_id


def _check_notice(world: World, notice: Notice) -> Found:
    ids = world.next_ids()
    if not 1 <= notice.group_id < ids["groups"]:
        yield "groupId", "id of a group, now or earlier", notice.group_id
    if notice.first_id is not None and not 1 <= notice.first_id < notice.id:
        yield "firstId", f"1 to {notice.id - 1}", notice.first_id
    yield from _check_history("phases", [phase.since for phase in notice.phases], world.now())
    yield from _check_history("sceneSets", [each.since for each in notice.scene_sets], world.now())
    for index, phase in enumerate(notice.phases):
        if phase.status not in STATUSES:
            yield f"phases/{index}/status", ", ".join(STATUSES), phase.status
    for index, scenes in enumerate(notice.scene_sets):
        yield from _check_scenes(world, f"sceneSets/{index}/ids", scenes.ids)


def _check_history(name: str, instants: Sequence[datetime], now: datetime) -> Found:
    if not instants:
        yield name, "at least one", ""
    for index, instant in enumerate(instants):
        if not EARLIEST_RECORD <= instant <= now:
            yield f"{name}/{index}/since", _until(now), instant
    for index, (one, next_one) in enumerate(pairwise(instants)):
        if next_one < one:
            yield f"{name}/{index + 1}/since", f">= {format_datetime(one)}", next_one


def _check_scenes(world: World, place: str, ids: Iterable[int]) -> Found:
    for index, id_ in enumerate(ids):
        if id_ not in world.scenes:
            yield f"{place}/{index}", "id of a scene", id_


def _check_notice_task(world: World, keys: set[int], task: NoticeTask) -> Found:
    if task.notice_id not in keys:
        yield "noticeId", "first id of a plan", task.notice_id
    yield from _check_scenes(world, "sceneIds", task.scene_ids)
    if task.window and not _is_window(task.window):
        yield "window", f"opens < {SECONDS_PER_DAY}, opens < closes <= opens + a day", ""
    for index, pause in enumerate(task.pauses):
        if not EARLIEST_RECORD <= pause.since <= pause.until <= world.now():
            yield f"pauses/{index}", f"since <= until, {_until(world.now())}", pause.until
    for row, status in (task.outcomes or {}).items():
        if not 0 <= row < len(task.members) or status not in OUTCOME_BY_STATUS:
            yield f"outcomes/{row}", ", ".join(OUTCOME_BY_STATUS), status


def _is_window(window: DailyWindow) -> bool:
    return (
        0 <= window.opens < SECONDS_PER_DAY
        and window.opens < window.closes <= window.opens + SECONDS_PER_DAY
    )


def _check_notification_task(task: NotificationTask) -> Found:
    if not task.recipients:
        yield "recipients", "at least one", ""
    # Tasks of the initial data have 0.
    if task.sent_size and task.sent_size != (size := rows_json_size(task.sent_members or ())):
        yield "sentSize", f"0, {size}", task.sent_size
    for row, outcome in (task.outcomes or {}).items():
        if not 0 <= row < len(task.recipients) or outcome.status not in EXECUTION_STATUSES:
            yield f"outcomes/{row}", ", ".join(EXECUTION_STATUSES), outcome.status
