"""The ledger of what all worlds of a process store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import InitVar, dataclass, replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.domain.member_directory import MemberRow
from mock_server.domain.member_registration import register_members
from mock_server.domain.notice_tasks import create_task
from mock_server.domain.notification_tasks import Recipient
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD
from mock_server.seed import create_world
from mock_server.world.storage import StorageAccount, StorageLedger
from mock_server.world.world import World

PLACES = st.integers(0, 4)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("store"), PLACES, st.integers(-50, 100)),
        st.tuples(st.sampled_from(("close", "sum")), PLACES, st.just(0)),
    )
)


@dataclass(eq=False)
class StoringWorld:
    """A world as the ledger sees it."""

    ledger: InitVar[StorageLedger]
    stored: int = 0
    measured: int = 0

    def __post_init__(self, ledger: StorageLedger) -> None:
        self.account = StorageAccount(ledger, self)

    def store(self, amount: int) -> None:
        """Store bytes, or delete them."""
        self.stored += amount
        self.account.note_change()

    def own_bytes(self) -> int:
        """Return the bytes of the world; counts the calls."""
        self.measured += 1
        return self.stored


@given(STEPS)
@settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_the_sum_is_that_of_all_open_worlds_at_any_time(
    steps: list[tuple[str, int, int]],
) -> None:
    """Whichever world has changed last, and after any removals."""
    ledger = StorageLedger()
    worlds = [StoringWorld(ledger) for _ in range(5)]
    for step, place, amount in steps:
        if step == "store":
            worlds[place].store(amount)
        elif step == "sum":
            assert ledger.used_bytes() == sum(each.stored for each in worlds)
        else:
            worlds[place].account.close()
            worlds[place] = StoringWorld(ledger)
    assert ledger.used_bytes() == sum(each.stored for each in worlds)


def test_only_worlds_that_have_changed_are_measured() -> None:
    """So the cost of a write does not depend on the number of sessions."""
    ledger = StorageLedger()
    worlds = [StoringWorld(ledger) for _ in range(50)]
    for world in worlds:
        world.store(1)
    assert ledger.used_bytes() == 50
    for _ in range(10):
        worlds[0].store(1)
        ledger.used_bytes()
    assert [world.measured for world in worlds] == [11, *[1] * 49]


def test_what_a_closed_world_stores_does_not_count() -> None:
    """A request that began before a reset may still store something in it."""
    ledger = StorageLedger()
    old = StoringWorld(ledger)
    old.store(1)
    assert ledger.used_bytes() == 1
    old.account.close()
    old.store(1_000)
    assert ledger.used_bytes() == 0


def _add_task(world: World) -> None:
    now = world.now()
    task = create_task(world.next_id("notice_tasks"), world.notices[301], "任务", now, (), now)
    world.notice_tasks[task.id] = task


def _register(rows: int, world: World) -> None:
    found = [MemberRow(None, f"new-{number}", None, None) for number in range(rows)]
    asyncio.run(register_members(world.members, found, Recipient))


CHANGES: dict[str, Callable[[World], object]] = {
    "a record": lambda world: world.groups.pop(103),
    "a plan with its tasks": lambda world: world.remove_notice(world.notices[301]),
    "a plan task": _add_task,
    "a file": lambda world: world.files.pop(601),
    "a replaced file": lambda world: world.files.update(
        {601: replace(world.files[601], content=b"longer" * 1_000)}
    ),
    "one member": partial(_register, 1),
    "a block of members": partial(_register, 100),
    "members of a thread": partial(_register, MIN_ROWS_FOR_THREAD + 1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_a_world_is_counted(change: Callable[[World], object]) -> None:
    """Also deletions, and what a request stores long after it was found to have room."""
    ledger = StorageLedger()
    world = create_world("demo", 7, Clock(DEFAULT_INSTANT, frozen=True)).fork(Clock())
    world.free_bytes = 0
    world.join_ledger(ledger)
    world.account.note_change()
    before = ledger.used_bytes()
    change(world)
    assert ledger.used_bytes() == world.own_bytes() != before


def test_a_world_is_counted_under_other_readings_as_well() -> None:
    """The world under the old ones is freed."""
    ledger = StorageLedger()
    world = create_world("demo", 7, Clock(DEFAULT_INSTANT, frozen=True)).fork(Clock())
    world.join_ledger(ledger)
    world = world.with_readings(world.readings)
    del world.files[601]
    assert ledger.used_bytes() == world.own_bytes()
