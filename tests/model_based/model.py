"""A small model of the platform, after the documents and the decisions.

It gets every operation and every change of the clock, has its own tables, and sends no requests. It
does not predict random outcomes (who replies, what fails): the checks of this package compare
responses with each other, and with earlier ones. Instants have no zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.model_based.time_texts import DailyHours, daily_hours, parse_bound

DRAFT, EXECUTION, TERMINATION, COMPLETE = "DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"
OPEN_STATUSES = ("NOT_STARTED", "EXECUTION")
BUSY_STATUSES = ("EXECUTION", "TERMINATING")
Row = dict[str, Any]
Interval = tuple[datetime, datetime]


@dataclass
class ModelGroup:
    """A group of plans."""

    id: int
    name: str
    created: datetime
    updated: datetime


@dataclass
class ModelScene:
    """A scene.

    external: absent, a text, or None after unbinding (M40).
    """

    id: int
    name: str
    method: str
    prompt: str
    kind: str
    created: datetime
    updated: datetime
    external: dict[str, str | None] = field(default_factory=dict)


@dataclass
class ModelPlan:
    """A plan.

    phase: the last requested one; scenes: its CUSTOM scenes; past_scenes: all that it ever had;
    idle: when it was not in execution; idle_since: since when it is not.
    """

    id: int
    data: dict[str, Any]
    phase: str
    created: datetime
    updated: datetime
    scenes: list[int] = field(default_factory=list)
    past_scenes: set[int] = field(default_factory=set)
    idle: list[Interval] = field(default_factory=list)
    idle_since: datetime | None = None

    def enter(self, phase: str, now: datetime) -> None:
        """A new phase begins."""
        self.phase, self.updated = phase, now
        if phase != EXECUTION:
            self.idle_since = self.idle_since or now
        elif self.idle_since:
            self.idle.append((self.idle_since, now))
            self.idle_since = None

    def is_running(self, at: datetime) -> bool:
        """Return whether it is in execution at an instant, within its full dates (M25, M48)."""
        opens = parse_bound(self.data.get("startTime"), "00:00:00")
        return self.phase == EXECUTION and (opens is None or opens <= at) and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Return whether the end given by a full date has passed."""
        closes = parse_bound(self.data.get("endTime"), "23:59:59")
        return closes is not None and at > closes

    def hours(self) -> DailyHours | None:
        """Hours of the day in which members are contacted (M25)."""
        return daily_hours(self.data.get("startTime"), self.data.get("endTime"))


@dataclass
class ModelTask:
    """A task of a plan.

    people: identity and name of each row; ran_at_start: whether the plan ran at the start, None
    until then; begins: when the first member can be contacted; idle: its terminations that have
    ended; rows, status, seen_at: last observation and its time; resumed: whether it was enabled
    since then.
    """

    id: int
    plan: int
    name: str
    start: datetime
    people: Sequence[tuple[str, str]]
    hours: DailyHours | None
    created: datetime
    updated: datetime
    begins: datetime
    ran_at_start: bool | None = None
    idle: list[Interval] = field(default_factory=list)
    terminated: datetime | None = None
    status: str = ""
    rows: list[Row] = field(default_factory=list)
    seen_at: datetime | None = None
    resumed: bool = False

    @property
    def begun(self) -> bool:
        """True if members are contacted: started in a running plan, not terminated before."""
        return bool(self.ran_at_start) and (
            self.terminated is None or self.terminated >= self.begins
        )

    def misses_its_start(self) -> bool:
        """True if the task was terminated before its start."""
        return self.terminated is not None and self.terminated < self.start


@dataclass
class ModelNotification:
    """A notification task; rows, status and seen_at are the last observation and its time."""

    id: int
    sent: dict[str, Any]
    people: Sequence[tuple[str, str]]
    start: datetime
    end: datetime
    created: datetime
    terminated: datetime | None = None
    status: str = ""
    rows: list[Row] = field(default_factory=list)
    seen_at: datetime | None = None


@dataclass
class PlatformModel:
    """All records by id, in order of creation."""

    now: datetime
    groups: dict[int, ModelGroup] = field(default_factory=dict)
    scenes: dict[int, ModelScene] = field(default_factory=dict)
    plans: dict[int, ModelPlan] = field(default_factory=dict)
    tasks: dict[int, ModelTask] = field(default_factory=dict)
    notifications: dict[int, ModelNotification] = field(default_factory=dict)
    files: dict[int, Sequence[tuple[str, str]] | None] = field(default_factory=dict)
    """Rows of each file; None for one that is not a member list."""
    members: dict[str, int] = field(default_factory=dict)
    """Member id of each identity, known since it was first seen."""
    used_ids: dict[str, set[int]] = field(default_factory=dict)
    days: dict[int, dict[str, Row]] = field(default_factory=dict)
    """Daily reports that were seen and may not change any more, by member and date."""
    reported: dict[int, str] = field(default_factory=dict)
    """State with which each member's reports were last compared."""

    def advance_to(self, now: datetime) -> None:
        """Advance the time; record for every start whether the plan was running."""
        for task in self.tasks.values():
            if task.ran_at_start is None and task.start <= now and not task.misses_its_start():
                task.ran_at_start = self.plans[task.plan].is_running(task.start)
        self.now = now

    def register_id(self, table: str, found: int) -> int:
        """Check that an id is new."""
        used = self.used_ids.setdefault(table, set())
        assert found not in used, f"{table}: {found} was given before"
        used.add(found)
        return found

    def tasks_of(self, plan: int) -> list[ModelTask]:
        """Return the tasks of a plan, newest first (N25)."""
        return newest_first(task for task in self.tasks.values() if task.plan == plan)

    def plan_status(self, plan: ModelPlan) -> str:
        """Return the phase, or COMPLETE if its end has passed and no task is running (M48)."""
        if plan.phase != EXECUTION or not plan.is_over(self.now):
            return plan.phase
        busy = any(task.status in BUSY_STATUSES for task in self.tasks_of(plan.id))
        return EXECUTION if busy else COMPLETE

    def custom_scene_ids(self) -> list[int]:
        """Return the ids of all CUSTOM scenes."""
        return [scene.id for scene in self.scenes.values() if scene.kind == "CUSTOM"]

    def broken_plan_rules(self, options: str, data: dict[str, Any]) -> set[str]:
        """Return the rules that a plan breaks: unknown ids (X1), end before start (MN-23)."""
        named = [
            *data.get("sceneIds", ()),
            *(strategy["sceneId"] for strategy in data.get("monitoringStrategy", ())),
        ]
        broken = {"MN-02"} if data["groupId"] not in self.groups else set()
        opens = parse_bound(data.get("startTime"), "00:00:00")
        closes = parse_bound(data.get("endTime"), "23:59:59")
        if options == "RELEASE" and opens and closes and opens > closes:
            broken.add("MN-23")
        return broken | ({"MN-03"} if any(i not in self.scenes for i in named) else set())

    def terminate_task(self, task: ModelTask) -> None:
        """Terminate a task now."""
        task.terminated = task.updated = self.now

    def resume_task(self, task: ModelTask) -> None:
        """Enable a task now, which replaces a start that it has missed (M41)."""
        assert task.terminated
        if task.start <= self.now and task.misses_its_start():
            task.ran_at_start, task.begins = self.plans[task.plan].is_running(self.now), self.now
        task.idle.append((task.terminated, self.now))
        task.terminated, task.updated, task.resumed = None, self.now, True

    def rename_scene(self, scene: ModelScene, name: str) -> None:
        """Rename a scene, also in earlier observations."""
        for task in self.tasks.values():
            for row in task.rows:
                row["scenes"] = [name if one == scene.name else one for one in row["scenes"]]
        scene.name = name
        self.forget_reports()

    def forget_reports(self) -> None:
        """Forget reports, after an operation that may change those of past days."""
        self.days.clear()
        self.reported.clear()


def newest_first(records: Iterable[Any]) -> list[Any]:
    """Return records in the default order of lists (N25)."""
    return sorted(records, key=lambda record: (record.created, record.id), reverse=True)
