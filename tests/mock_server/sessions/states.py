"""States for tests: of a new world, and as parsed documents."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.domain.files import create_stored_file, sha256_hex
from mock_server.domain.member_directory import Member
from mock_server.domain.notification_tasks import ExecutionOutcome
from mock_server.seed import Scenario, create_world
from mock_server.sessions.state_document import SessionState, encode_state
from mock_server.sessions.state_reader import read_state
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES, World

USER, PASSWORD = "demo@example.com", "demo-password"


def new_state(scenario: Scenario = "demo", size: int = 100) -> SessionState:
    """Return the state of a new world with a token."""
    world = create_world(scenario, 7, Clock(DEFAULT_INSTANT, frozen=True), size=size)
    world.tokens.issue(USER, PASSWORD, world.now())
    return state_of(world, scenario)


def state_of(world: World, scenario: Scenario = "demo") -> SessionState:
    """Return the present state of a world."""
    return SessionState(world.fork(world.clock), world.clock.state(), scenario, world.readings)


def rich_state() -> SessionState:
    """Return a state in which every field that a record may have has a value."""
    state = new_state()
    world = state.world
    now = world.now()
    task = world.notification_tasks[501]
    odd = {"$file": 1, "inner": {"$file": 2}, "object": {"$object": {"$file": 3}}, "big": 2**80}
    world.notification_tasks[501] = task._replace(
        contents=[*task.contents, odd],
        sent_members=[odd, {"userId": "U1", "score": 1e-7}],
        file_ids=(601,),
        outcomes={0: ExecutionOutcome("FAILED", "原因"), 1: ExecutionOutcome("PENDING")},
    )
    world.members.add(Member(-5, "负", None, "C1001"))
    content = bytes(range(256)) * 700
    signature = sha256_hex(content)
    world.files[605] = create_stored_file(605, "b.bin", "", content, signature, "m", now)
    world.set_next_ids({"files": 606})
    users = {USER: PASSWORD, "读者": "p"}
    allowed = {"读者": frozenset({"listGroups", "getGroup"})}
    world.tokens.credentials = replace(world.tokens.credentials, users=users, allowed=allowed)
    world.tokens.refresh(world.tokens.entries().refresh[0].refresh_token, now)
    return state


def document_of(state: SessionState) -> Any:
    """Return the parsed document of a state."""
    return json.loads(encode_state(state))


def read(document: Any, max_storage: int = DEFAULT_MAX_STORAGE_BYTES) -> SessionState:
    """Return the state of a document."""
    return read_state(document, max_storage)
