"""Random operations and clock changes, mirrored in the model and compared at every step."""

from __future__ import annotations

from collections.abc import Sized
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.model_based import notification_tasks, plan_tasks, plans
from tests.model_based.caller import MockCaller
from tests.model_based.daily_reports import check_daily_reports
from tests.model_based.marketing import NOTICES, check_marketing
from tests.model_based.model import BUSY_STATUSES, ModelScene, PlatformModel
from tests.model_based.notifications import check_notifications
from tests.model_based.queries import QUERIES, ModelOperation
from tests.model_based.strategies import DAY, HOUR
from tests.model_based.time_texts import parse_bound, parse_time

SHORT_ADVANCES = st.sampled_from([1, 10, 61, 120, 240])
MEDIUM_ADVANCES = st.sampled_from([300, 400, 600, 1200])
LONG_ADVANCES = st.sampled_from([2400, HOUR, 5 * HOUR, 14 * HOUR, DAY, 3 * DAY, 20 * DAY])
MAX_RECORDS = 5
"""Maximum number of records of a kind; more would only take time."""


class PlatformStateMachine(RuleBasedStateMachine):
    """An example: operations in an empty world with a random seed."""

    caller: ClassVar[MockCaller]
    model: PlatformModel

    @initialize(seed=st.integers(0, 2**31), data=st.data())
    def begin(self, seed: int, data: st.DataObject) -> None:
        """Start with the SYSTEM scenes, a running plan and a task."""
        self.caller.reset_world("empty", seed)
        self.model = PlatformModel(self.caller.now)
        for row in self.caller.get(f"{NOTICES}/scene").ok()["content"]:
            created, updated = parse_time(row["createTime"]), parse_time(row["lastUpdateTime"])
            assert row["sceneType"] == "SYSTEM"
            self.model.scenes[row["id"]] = ModelScene(
                self.model.register_id("scenes", row["id"]),
                *(row["name"], row["statisticalMethod"], row["prompt"], row["sceneType"]),
                *(created, updated),
            )
        self.model.scenes = dict(sorted(self.model.scenes.items()))
        plans.create_group(self.caller, self.model, data.draw)
        plans.create_running_plan(self.caller, self.model, data.draw)
        plans.create_scene(self.caller, self.model, data.draw)
        plan_tasks.create_imminent_task(self.caller, self.model, data.draw)

    @rule(seconds=SHORT_ADVANCES)
    def advance(self, seconds: int) -> None:
        """Advance the clock a little."""
        self.caller.advance(seconds)
        self.model.advance_to(self.caller.now)

    @rule(seconds=MEDIUM_ADVANCES)
    def advance_some_minutes(self, seconds: int) -> None:
        """Advance the clock by a time in which a conversation can begin or end."""
        self.advance(seconds)

    @rule(seconds=LONG_ADVANCES, patient=st.integers(0, 3))
    def advance_far(self, seconds: int, patient: int) -> None:
        """Advance the clock far, but usually less far while a task is running."""
        at_work = any(task.status in BUSY_STATUSES for task in self.model.tasks.values())
        self.advance(seconds % 500 + 100 if at_work and patient < 3 else seconds)

    @rule(which=st.integers(0, 20), off=st.sampled_from([-1, 0, 1]))
    def advance_to_an_edge(self, which: int, off: int) -> None:
        """Advance the clock to the second in which something begins or ends, or beside it."""
        edges = [task.start for task in self.model.tasks.values()]
        for task in self.model.notifications.values():
            edges += [task.start, task.end]
        for plan in self.model.plans.values():
            for name, time_of_day in (("startTime", "00:00:00"), ("endTime", "23:59:59")):
                edges += [edge] if (edge := parse_bound(plan.data.get(name), time_of_day)) else []
        now = self.model.now
        midnight = parse_time(f"{now.date()} 00:00:00") + timedelta(days=1)
        near, far = now + timedelta(seconds=1), now + timedelta(hours=15)
        ahead = sorted(edge for edge in edges if near < edge < far) or [midnight]
        seconds = int((ahead[which % len(ahead)] - now).total_seconds())
        self.advance(seconds + off)

    @precondition(lambda self: self.model.groups)
    @rule(data=st.data())
    def write_plan(self, data: st.DataObject) -> None:
        """Create or update a plan."""
        self.create_or_change(data, self.model.plans, plans.create_plan, plans.update_plan)

    @precondition(lambda self: self.model.plans)
    @rule(data=st.data())
    def change_plan(self, data: st.DataObject) -> None:
        """Terminate, enable or delete a plan."""
        plans.change_plan(self.caller, self.model, data.draw)

    @precondition(lambda self: self.model.plans and len(self.model.tasks) < MAX_RECORDS)
    @rule(data=st.data())
    def create_task(self, data: st.DataObject) -> None:
        """Create a task of a plan."""
        plan_tasks.create_task(self.caller, self.model, data.draw)

    @precondition(lambda self: self.model.tasks)
    @rule(data=st.data())
    def change_task(self, data: st.DataObject) -> None:
        """Terminate or enable a plan task."""
        plan_tasks.change_task(self.caller, self.model, data.draw)

    @rule(data=st.data())
    def write_notification(self, data: st.DataObject) -> None:
        """Create or terminate a notification task."""
        known = self.model.notifications
        self.create_or_change(
            data,
            known,
            notification_tasks.create_notification,
            notification_tasks.terminate_notification,
        )

    @rule(data=st.data(), of_scene=st.booleans())
    def write_name(self, data: st.DataObject, of_scene: bool) -> None:
        """Create or change a group or a scene."""
        if of_scene and self.model.plans:
            scenes = self.model.scenes
            self.create_or_change(data, scenes, plans.create_scene, plans.change_scene)
        else:
            groups = self.model.groups
            self.create_or_change(data, groups, plans.create_group, plans.change_group)

    @rule(query=st.sampled_from(QUERIES), data=st.data())
    def ask(self, query: ModelOperation, data: st.DataObject) -> None:
        """Query a list."""
        query(self.caller, self.model, data.draw)

    @invariant()
    def mock_agrees_with_model(self) -> None:
        """Compare everything that can be read with the model."""
        check_notifications(self.caller, self.model)
        check_marketing(self.caller, self.model)
        check_daily_reports(self.caller, self.model)

    def create_or_change(
        self, data: st.DataObject, known: Sized, create: ModelOperation, change: ModelOperation
    ) -> None:
        """Create a record or change an existing one, whichever is possible."""
        room = len(known) < MAX_RECORDS
        operation = create if room and (not known or data.draw(st.booleans())) else change
        operation(self.caller, self.model, data.draw)
