"""Marketing notice plans: what they are and which changes their state allows.

A plan remembers the phases it went through and the scenes it had. Its status at an instant, and
whether a task could start then, follow from them; nothing is written when time goes by, and no
change of a plan reaches back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from mock_server.domain import schedules
from mock_server.domain.marketing_queries import state_violations, unknown_id_violations
from mock_server.domain.schedules import ActivePeriod
from mock_server.errors import ErrorDetail

DRAFT, EXECUTION, TERMINATION, COMPLETE = "DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"
STATUS_BY_OPTION = {"DRAFT": DRAFT, "RELEASE": EXECUTION}
"""The status a plan enters with each of the `options` (MN-04)."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a plan's life: its status and bounds from `since` until the next phase."""

    since: datetime
    status: str
    active_period: ActivePeriod

    def is_running_at(self, instant: datetime) -> bool:
        """Whether the plan starts tasks at an instant of this phase."""
        return self.status == EXECUTION and self.active_period.includes(instant)


@dataclass(frozen=True, slots=True)
class SceneSet:
    """The CUSTOM scenes of a plan from `since` until the next set."""

    since: datetime
    ids: tuple[int, ...]


T = TypeVar("T", Phase, SceneSet)


@dataclass(frozen=True, slots=True)
class Notice:
    """A plan (L822-L847).

    details: the optional fields as they were sent, by wire name, without `sceneIds` (M21).
    scene_sets: what `sceneIds` set and a scene's `planId` added to (M49).
    phases: like scene_sets, oldest first, at least one.
    """

    id: int
    group_id: int
    name: str
    details: Mapping[str, Any]
    scene_sets: tuple[SceneSet, ...]
    created: datetime
    updated: datetime
    phases: tuple[Phase, ...]

    @property
    def scene_ids(self) -> tuple[int, ...]:
        """The plan's CUSTOM scenes, as they are now."""
        return self.scene_sets[-1].ids

    def is_running(self, now: datetime) -> bool:
        """Whether the plan starts tasks now."""
        return self.phases[-1].is_running_at(now)

    def was_running_at(self, instant: datetime) -> bool:
        """Whether the plan started the tasks whose start was `instant`.

        A phase that began in the same second comes too late: a start is the first thing to happen
        in its second, so that terminating a plan never undoes what had begun.
        """
        for phase in reversed(self.phases):
            if phase.since < instant:
                return phase.is_running_at(instant)
        return False

    def scene_ids_at(self, instant: datetime) -> tuple[int, ...]:
        """Return the scenes that a reply at `instant` could trigger; see `was_running_at`."""
        for scenes in reversed(self.scene_sets):
            if scenes.since < instant:
                return scenes.ids
        return ()

    def with_scene(self, scene_id: int, now: datetime) -> Notice:
        """The plan after a scene was created for it."""
        added = SceneSet(now, (*self.scene_ids, scene_id))
        return replace(self, scene_sets=(*_entries_before(self.scene_sets, now), added))

    def with_status(self, status: str, now: datetime) -> Notice:
        """The plan after a new phase began now."""
        active_period = schedules.parse_active_period(
            self.details.get("startTime"), self.details.get("endTime")
        )
        phases = (*_entries_before(self.phases, now), Phase(now, status, active_period))
        return replace(self, updated=now, phases=phases)


def _entries_before(history: tuple[T, ...], now: datetime) -> tuple[T, ...]:
    """Return a history without entries of this second, which are replaced."""
    return history[:-1] if history and history[-1].since == now else history


def notice_from_request(
    notice_id: int,
    body: Mapping[str, Any],
    custom: Collection[int],
    now: datetime,
    before: Notice | None = None,
) -> Notice:
    """The plan a create or update request describes (L1787-L1894).

    All data is replaced (M29), the set of scenes included; only creation time and history of
    `before` go on. `custom` holds the ids of all CUSTOM scenes: SYSTEM scenes belong to every plan
    and are related to none (M49).
    """
    data = body["data"]
    chosen = tuple(dict.fromkeys(i for i in data.get("sceneIds", ()) if i in custom))
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
    )
    return notice.with_status(STATUS_BY_OPTION[body["options"]], now)


def data_violations(
    body: Mapping[str, Any], groups: Collection[int], scenes: Collection[int]
) -> list[ErrorDetail]:
    """The ids a plan's data names must exist: its group (MN-02) and its scenes (MN-03)."""
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


def update_violations(status: str, options: str) -> list[ErrorDetail]:
    """A complete plan cannot be changed, a running one cannot become a draft (MN-07).

    A terminated plan can: RELEASE starts it again, DRAFT makes it a draft. Its terminated tasks
    stay so in both cases.
    """
    if status == EXECUTION and options == "DRAFT":
        return [ErrorDetail("/body/options", "MN-07", "RELEASE", options)]
    return state_violations("/path/id", "MN-07", (DRAFT, EXECUTION, TERMINATION), status)


def termination_violations(status: str) -> list[ErrorDetail]:
    """Only a plan in EXECUTION can be terminated (MN-05)."""
    return state_violations("/path/id", "MN-05", (EXECUTION,), status)


def enabling_violations(status: str) -> list[ErrorDetail]:
    """Only a plan in TERMINATION can be enabled (MN-06)."""
    return state_violations("/path/id", "MN-06", (TERMINATION,), status)


def deletion_violations(status: str) -> list[ErrorDetail]:
    """A running plan is terminated before it is deleted (MN-08)."""
    return state_violations("/path/id", "MN-08", (DRAFT, TERMINATION, COMPLETE), status)
