"""A session's readings, its world and the contract that serves it change together."""

from __future__ import annotations

import asyncio

from mock_server.app import create_app
from mock_server.sessions.session import Session
from openapi import default_readings
from tests.serving import FROZEN

DEFAULTS = default_readings()
PERCENT = {**DEFAULTS, "rates": "percent"}


def test_new_readings_come_with_a_world_of_the_same_records() -> None:
    """A request that holds the old world keeps the old readings, and sees later changes."""
    session = Session(FROZEN, DEFAULTS)
    old = session.world
    session.use_readings(PERCENT, "contract")
    assert (session.readings, session.contract) == (PERCENT, "contract")
    assert (old.readings, session.world.readings) == (DEFAULTS, PERCENT)
    assert session.world.next_id("groups") + 1 == old.next_id("groups")
    del session.world.groups[103]
    assert 103 not in old.groups
    session.world.clock.advance(5)
    assert old.now() == session.world.now()


def test_readings_that_change_during_a_reset_hold_in_the_new_world() -> None:
    """Otherwise its handlers and the contract would follow different ones."""

    async def change_during_reset() -> Session:
        session = Session(FROZEN, DEFAULTS)
        resetting = asyncio.create_task(session.begin(session.beginning.changed("empty")))
        await asyncio.sleep(0)  # the thread has begun
        session.use_readings(PERCENT, "contract")
        await resetting
        return session

    session = asyncio.run(change_during_reset())
    assert (session.scenario, session.world.readings) == ("empty", PERCENT)
    assert len(session.world.groups) == 0


def test_a_reload_keeps_every_session_and_its_readings() -> None:
    """`--watch` builds a new application on the same sessions; later ones begin as at the start."""
    app = create_app(FROZEN)
    sessions = app.sessions
    other, usual = sessions.use("other"), sessions.use("usual")
    old = usual.contract
    other.use_readings(PERCENT, old)
    worlds = [session.world.groups for session in (other, usual)]
    reloaded = create_app(FROZEN, sessions=sessions)
    assert reloaded.sessions is sessions
    assert [session.world.groups for session in (other, usual)] == worlds
    assert (other.readings, usual.readings) == (PERCENT, DEFAULTS)
    assert other.contract.contract["x-readings"]["rates"] == "percent"
    assert usual.contract is sessions.use("new").contract is not old
    assert sessions.use("new").readings == DEFAULTS
