"""Marketing notice plans, and the changes that each of their states allows.

A plan contains the history of its phases and of its scenes. Its status at an instant, and whether
a task could start then, are derived from them. So nothing is written as time passes, and no change
of a plan affects the past.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from mock_server.domain import schedules
from mock_server.domain.contact_schedules import Interval
from mock_server.domain.record_errors import state_violations, unknown_id_violations
from mock_server.domain.schedules import ActivePeriod
from mock_server.errors import ErrorDetail

DRAFT, EXECUTION, TERMINATION, COMPLETE = "DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"
STATUS_BY_OPTION = {"DRAFT": DRAFT, "RELEASE": EXECUTION}
"""Status of a plan after a request with each of the `options` (MN-04)."""
DETAIL_FIELDS = (
    "description",
    "startTime",
    "endTime",
    "replyStrategy",
    "replyDelay",
    "unifiedReply",
    "segmentSeparator",
    "minReplyInterval",
    "prompt",
    "backgroundInfo",
    "timeInfo",
    "referenceCase",
    "timeoutWakeUp",
    "timeout",
    "timeoutPrompt",
    "monitoringStrategy",
    "greetings",
)
"""Optional fields that a response repeats (L828-L847); `sceneIds` is not among them (M21)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Status and active period of a plan from `since` until the next phase."""

    since: datetime
    status: str
    active_period: ActivePeriod

    def is_running_at(self, instant: datetime) -> bool:
        """Return whether the plan starts tasks at an instant of this phase."""
        return self.status == EXECUTION and self.active_period.includes(instant)


@dataclass(frozen=True, slots=True)
class SceneSet:
    """CUSTOM scenes of a plan from `since` until the next set."""

    since: datetime
    ids: tuple[int, ...]


T = TypeVar("T", Phase, SceneSet)


@dataclass(frozen=True, slots=True)
class Notice:
    """A plan (L822-L847).

    first_id: the id that it had first, if updates give it others (M22), else None.
    details: the optional fields as they were sent, by wire name, without `sceneIds` (M21).
    scene_sets: history of the scenes; `sceneIds` replaces them, a scene's `planId` adds one (M49).
    phases: history of the status. Both histories are oldest first and not empty.
    """

    id: int
    group_id: int
    name: str
    details: Mapping[str, Any]
    scene_sets: tuple[SceneSet, ...]
    created: datetime
    updated: datetime
    phases: tuple[Phase, ...]
    first_id: int | None = None

    @property
    def original_id(self) -> int:
        """The id that the plan had first, by which its tasks and scenes name it."""
        return self.id if self.first_id is None else self.first_id

    @property
    def external_id(self) -> str:
        """Id in another system, which no operation sets or returns (M39)."""
        return f"PLAN-{self.original_id}"

    @property
    def scene_ids(self) -> tuple[int, ...]:
        """The plan's current CUSTOM scenes."""
        return self.scene_sets[-1].ids

    def is_running(self, now: datetime) -> bool:
        """Return whether the plan starts tasks now."""
        return self.phases[-1].is_running_at(now)

    def was_running_at(self, instant: datetime) -> bool:
        """Return whether the plan was running for tasks with the start `instant`."""
        # A phase that began in the same second does not count: tasks start first in their second,
        # so that the termination of a plan never undoes a start.
        for phase in reversed(self.phases):
            if phase.since < instant:
                return phase.is_running_at(instant)
        return False

    def find_pauses(self) -> tuple[list[Interval], datetime | None]:
        """Return when the plan was not in execution, and since when it is not; None if it is."""
        found: list[Interval] = []
        stopped: datetime | None = None
        for phase in self.phases:
            if phase.status != EXECUTION:
                stopped = stopped or phase.since
            elif stopped:
                found.append((stopped, phase.since))
                stopped = None
        return found, stopped

    def scene_ids_at(self, instant: datetime) -> tuple[int, ...]:
        """Return the scenes that a reply at `instant` could trigger; see `was_running_at`."""
        for scenes in reversed(self.scene_sets):
            if scenes.since < instant:
                return scenes.ids
        return ()

    def with_scene(self, scene_id: int, now: datetime) -> Notice:
        """Return the plan with another scene from now on."""
        added = SceneSet(now, (*self.scene_ids, scene_id))
        return replace(self, scene_sets=(*_entries_before(self.scene_sets, now), added))

    def with_status(self, status: str, now: datetime) -> Notice:
        """Return the plan with a new phase from now on."""
        # Stored with the phase, so that a later change of the texts does not affect this one.
        active_period = schedules.parse_active_period(
            self.details.get("startTime"), self.details.get("endTime")
        )
        phases = (*_entries_before(self.phases, now), Phase(now, status, active_period))
        return replace(self, updated=now, phases=phases)


def _entries_before(history: tuple[T, ...], now: datetime) -> tuple[T, ...]:
    """Return a history without its entry of this second, which the next one replaces."""
    # Instants are whole seconds: two changes within one cannot be told apart afterwards.
    return history[:-1] if history and history[-1].since == now else history


def notice_from_request(
    notice_id: int,
    body: Mapping[str, Any],
    system: Collection[int],
    now: datetime,
    before: Notice | None = None,
) -> Notice:
    """Return the plan of a create or update request (L1787-L1894).

    notice_id: that of `before`, or a new one if an update changes it (M22).
    before: the plan to update. All of its data is replaced, including the set of scenes (M29); only
        its creation time and its history are kept.
    system: ids of the SYSTEM scenes, which serve every plan and are related to none (M49).
    """
    data = body["data"]
    chosen = tuple(dict.fromkeys(i for i in data.get("sceneIds", ()) if i not in system))
    notice = Notice(
        id=notice_id,
        group_id=data["groupId"],
        name=data["name"],
        details={k: v for k, v in data.items() if k not in ("name", "groupId", "sceneIds")},
        scene_sets=(
            *_entries_before(before.scene_sets if before else (), now),
            SceneSet(now, chosen),
        ),
        created=before.created if before else now,
        updated=now,
        phases=before.phases if before else (),
        first_id=before.original_id if before and before.original_id != notice_id else None,
    )
    return notice.with_status(STATUS_BY_OPTION[body["options"]], now)


def merge_update(before: Notice, body: Mapping[str, Any], update: str) -> Mapping[str, Any]:
    """Return the request to update a plan with what it keeps.

    update: answer to plan-update (M29). With `merge`, these are the optional fields that are not
    sent, and the scenes; with `replace`, nothing.
    """
    if update != "merge":
        return body
    kept = {**before.details, "sceneIds": before.scene_ids}
    return {**body, "data": {**kept, **body["data"]}}


def data_violations(
    body: Mapping[str, Any], groups: Collection[int], scenes: Collection[int]
) -> list[ErrorDetail]:
    """Return violations for unknown ids in a plan's data: group (MN-02), scenes (MN-03)."""
    data = body["data"]
    named = [
        (f"/body/data/sceneIds/{index}", found)
        for index, found in enumerate(data.get("sceneIds", ()))
    ]
    named += [
        (f"/body/data/monitoringStrategy/{index}/sceneId", strategy["sceneId"])
        for index, strategy in enumerate(data.get("monitoringStrategy", ()))
    ]
    return [
        *unknown_id_violations(groups, [("/body/data/groupId", data["groupId"])], "MN-02"),
        *unknown_id_violations(scenes, named, "MN-03"),
    ]


def period_violations(
    body: Mapping[str, Any], sent: Mapping[str, Any] | None = None
) -> list[ErrorDetail]:
    """Return a violation if a plan is released with an end before its start (MN-23).

    Only full dates and date-times are compared. sent: the request itself, if `body` has more (see
    `merge_update`).
    """
    data, given = body["data"], (sent or body)["data"]
    bounds = schedules.parse_active_period(data.get("startTime"), data.get("endTime"))
    if body["options"] != "RELEASE" or not (bounds.opens and bounds.closes):
        return []
    if bounds.opens <= bounds.closes:
        return []
    start, end = data["startTime"], data["endTime"]
    if "startTime" in given and "endTime" not in given:
        return [ErrorDetail("/body/data/startTime", "MN-23", f"<= {end}", start)]
    return [ErrorDetail("/body/data/endTime", "MN-23", f">= {start}", end)]


def update_violations(status: str, options: str) -> list[ErrorDetail]:
    """Return a violation if a complete plan is changed, or a running one made a draft (MN-07).

    A terminated plan can be changed: RELEASE starts it again, DRAFT makes it a draft. Its
    terminated tasks stay terminated in both cases.
    """
    if status == EXECUTION and options == "DRAFT":
        return [ErrorDetail("/body/options", "MN-07", "RELEASE", options)]
    return state_violations("/path/id", "MN-07", (DRAFT, EXECUTION, TERMINATION), status)


def termination_violations(status: str) -> list[ErrorDetail]:
    """Return a violation unless a plan with this status can be terminated (MN-05)."""
    return state_violations("/path/id", "MN-05", (EXECUTION,), status)


def enabling_violations(status: str) -> list[ErrorDetail]:
    """Return a violation unless a plan with this status can be enabled (MN-06)."""
    return state_violations("/path/id", "MN-06", (TERMINATION,), status)


def deletion_violations(status: str) -> list[ErrorDetail]:
    """Return a violation if the plan is running: it has to be terminated first (MN-08)."""
    return state_violations("/path/id", "MN-08", (DRAFT, TERMINATION, COMPLETE), status)
