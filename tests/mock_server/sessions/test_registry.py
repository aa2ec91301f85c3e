"""The sessions of a process: creation, limit, what they share, and what they store together."""

from __future__ import annotations

import asyncio
import gc
import logging
import weakref
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.errors import ContentTooLarge
from mock_server.seed import Scenario
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import Session
from mock_server.settings import Settings
from openapi import default_readings
from tests.serving import FROZEN

DEFAULTS = default_readings()


def registry_of(settings: Settings = FROZEN) -> SessionRegistry:
    """Return the sessions of a new process."""
    return SessionRegistry(settings, DEFAULTS)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run on an event loop, which waits for the threads that were started."""
    return asyncio.run(work)


def add_group(session: Session, name: str = "组") -> None:
    """Store a group as its handler does; raises ContentTooLarge."""
    world = session.world
    world.ensure_room({"name": name})
    number = world.next_id("groups")
    world.groups[number] = NoticeGroup(number, name, world.now(), world.now())


def test_sessions_of_the_same_beginning_share_their_first_records() -> None:
    """The very same objects, in the same containers, until one of them is changed."""
    registry = registry_of()
    one, two = registry.use("one"), registry.use("two")
    assert one.world is not two.world
    assert one.world.notification_tasks[501] is two.world.notification_tasks[501]
    assert one.world.groups._rows is two.world.groups._rows
    add_group(one)
    assert (len(one.world.groups), len(two.world.groups)) == (4, 3)
    assert len(registry.default.world.groups) == 3


def test_the_first_worlds_of_other_beginnings_are_kept_too() -> None:
    """Up to a number; the beginning of the process's start always is."""
    registry = registry_of()

    async def create() -> None:
        for number in range(30):
            await registry.create(f"s{number}", registry.start.changed(seed=number % 10))
        again = [await registry.create(f"t{n}", registry.start.changed(seed=n)) for n in (9, 0)]
        kept, dropped = (made.world.notification_tasks[501] for made in again if made)
        assert kept is registry.use("s29").world.notification_tasks[501]
        assert dropped is not registry.use("s0").world.notification_tasks[501]

    run(create())
    assert len(registry._shared.first_worlds._kept) == 8


def test_a_session_begins_at_the_instant_of_the_processs_start() -> None:
    """Also if the clock runs: the records are relative to it, and all sessions share them."""
    registry = registry_of(Settings())
    registry.default.world.clock.advance(10_000)
    late = registry.use("late")
    assert late.world.clock.started == registry.start.instant.replace(microsecond=0)
    assert late.world.now() - late.world.clock.started < timedelta(seconds=5)
    assert not late.world.clock.frozen


def test_a_reset_goes_back_to_the_beginning_of_its_session() -> None:
    """It does not go back to that of the mock; a body changes the beginning for this reset only."""
    registry = registry_of()

    async def begin() -> list[Any]:
        other = registry.start.changed("empty", 7, instant=DEFAULT_INSTANT + timedelta(days=1))
        session = await registry.create("other", other)
        assert session
        found = []
        scenarios: tuple[Scenario | None, ...] = ("demo", None)
        for scenario in scenarios:
            await session.begin(session.beginning.changed(scenario))
            found.append((session.scenario, session.world.seed, session.world.now()))
        return found

    tomorrow = DEFAULT_INSTANT + timedelta(days=1)
    assert run(begin()) == [("demo", 7, tomorrow), ("empty", 7, tomorrow)]


def test_beyond_the_limit_the_least_recently_used_session_is_removed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Only a use counts, and the default session always stays."""
    registry = registry_of(replace(FROZEN, max_sessions=3))

    async def use() -> None:
        for name in ("a", "b", "c", "a"):
            registry.use(name)
        registry.find("b")
        with caplog.at_level(logging.WARNING):
            registry.use("d")

    run(use())
    assert [session.name for session in registry] == ["default", "c", "a", "d"]
    assert "session b is removed" in caplog.text
    assert len(registry) == 4


def test_a_removed_session_is_freed() -> None:
    """At once, without a garbage collection, and what it stored counts no longer."""
    gc.disable()
    try:
        registry = registry_of()

        async def remove() -> None:
            removed = weakref.ref(registry.use("a"))
            world = weakref.ref(registry.use("a").world)
            add_group(registry.use("a"))
            assert registry.remove("a")
            assert not registry.remove("a")
            await asyncio.sleep(0.01)
            assert (removed(), world()) == (None, None)

        before = registry.default.world.process_bytes()
        run(remove())
        assert registry.default.world.process_bytes() == before
    finally:
        gc.enable()


def test_the_limit_of_storage_holds_for_all_sessions_together() -> None:
    """Each alone would have room; a reset of one of them makes room for the others."""
    registry = registry_of(replace(FROZEN, max_storage=60_000))
    one, two = registry.use("one"), registry.use("two")
    add_group(one, "一" * 6_000)
    add_group(two, "二" * 6_000)
    with pytest.raises(ContentTooLarge):
        add_group(registry.default, "三" * 6_000)
    run(one.begin(one.beginning))
    add_group(registry.default, "三" * 6_000)


def test_a_deletion_in_one_session_makes_room_for_the_others() -> None:
    """Without another write in the first one."""
    registry = registry_of(replace(FROZEN, max_storage=60_000))
    one, two = registry.use("one"), registry.use("two")
    add_group(one, "一" * 6_000)
    add_group(two, "二" * 6_000)
    del one.world.groups[max(one.world.groups)]
    add_group(registry.default, "三" * 6_000)


def test_what_a_session_stores_after_a_reset_counts_once() -> None:
    """Also if nothing was counted between the reset and the change."""
    session = registry_of().use("one")
    before = session.world.process_bytes()
    run(session.begin(session.beginning))
    number = session.world.next_id("groups")
    session.world.groups[number] = NoticeGroup(
        number, "组" * 1_000, session.world.now(), session.world.now()
    )
    assert session.world.process_bytes() == before + session.world.own_bytes()


def test_a_hundred_idle_sessions_store_nothing() -> None:
    """The files of the first world count once."""
    registry = registry_of()
    alone = registry.default.world.process_bytes()
    for number in range(100):
        registry.use(f"s{number}").world.process_bytes()
    assert registry.default.world.process_bytes() == alone > 0


def test_the_tasks_of_a_large_beginning_count_once_until_its_last_session_ends() -> None:
    """Otherwise any number of sessions with other seeds could fill the memory."""
    registry = registry_of(replace(FROZEN, max_storage=350_000))
    large = registry.start.changed("large", size=100)

    async def fill() -> None:
        assert await registry.create("a", large)
        assert await registry.create("b", large)
        assert await registry.create("c", large.changed(seed=1))
        assert await registry.create("d", large.changed(seed=2))
        with pytest.raises(ContentTooLarge):
            await registry.create("e", large.changed(seed=3))
        with pytest.raises(ContentTooLarge):
            await registry.use("e").begin(registry.start.changed("large", seed=3, size=100))
        registry._shared.first_worlds._kept.clear()
        for name in "ab":
            registry.remove(name)
        await asyncio.sleep(0.01)
        assert await registry.create("f", large.changed(seed=3))

    run(fill())
