"""The export of a world as a scenario, which gives the same records when it is loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import openapi
from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.domain.notification_tasks import ExecutionOutcome
from mock_server.domain.tokens import DEMO_CREDENTIALS
from mock_server.seed import create_world
from mock_server.seed.scenario_export import export_scenario
from mock_server.seed.scenario_reader import load_scenario
from mock_server.world.world import World
from openapi.yaml_core import parse_yaml
from tests.mock_server.seed.scenarios import OPERATIONS, build_world, records_of

LATER = DEFAULT_INSTANT + timedelta(hours=5)


def demo_world() -> World:
    """The demo world with outcomes, permissions, an unbound scene, and a plan with another id."""
    world = create_world("demo", 7, Clock(DEFAULT_INSTANT, frozen=True))
    world.notification_tasks[503] = world.notification_tasks[503]._replace(
        outcomes={1: ExecutionOutcome("FAILED", "余额不足"), 2: ExecutionOutcome("PENDING")}
    )
    task = replace(world.notice_tasks[401], outcomes={0: "NOT_REACHED"})
    world.notice_tasks[401] = task.with_enabling(world.notice_of(task), LATER)
    stopped = replace(world.notice_tasks[407], outcomes=None)
    world.notice_tasks[407] = stopped.with_enabling(world.notice_of(stopped), LATER)
    world.scenes[204] = replace(world.scenes[204], external_id=None, unbound=True)
    plan = world.notices[301]
    world.update_notice(plan, replace(plan, id=world.next_id("notices"), first_id=301))
    allowed = {"demo@example.com": frozenset(["listGroups", "getGroup"])}
    world.tokens.credentials = replace(DEMO_CREDENTIALS, allowed=allowed)
    return world


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_an_exported_world_has_the_same_records_when_it_is_loaded(
    tmp_path: Path, form: str
) -> None:
    """Every record of every kind, its history and its outcomes; also the credentials."""
    world = demo_world()
    path = tmp_path / f"world.{form}"
    path.write_text(openapi.dump(export_scenario(world), form), encoding="utf-8")
    scenario = load_scenario(path, OPERATIONS)
    assert (scenario.seed, scenario.start, scenario.frozen) == (7, DEFAULT_INSTANT, True)
    loaded = create_world(scenario, 7, Clock(scenario.start, frozen=True))
    assert records_of(loaded) == records_of(world)
    assert loaded.renamed_notices == world.renamed_notices
    assert loaded.tokens.credentials == world.tokens.credentials
    assert export_scenario(loaded) == export_scenario(world)


def test_an_exported_world_does_not_depend_on_the_instant_at_which_it_is_loaded() -> None:
    """Its times are absolute."""
    world = demo_world()
    assert records_of(build_world(export_scenario(world), LATER)) == records_of(world)


def test_new_records_get_other_ids_than_those_of_an_exported_world() -> None:
    """The next id is above all ids of its kind."""
    loaded = build_world(export_scenario(demo_world()))
    assert loaded.next_id("notices") > max(loaded.notices)
    assert loaded.next_id("notification_tasks") == 505


def test_files_keep_their_bytes() -> None:
    """Text as text, with its line breaks; anything else as base64."""
    files: list[dict[str, Any]] = [
        {"fileName": "a.csv", "moduleName": "m", "text": "memberId\r\n1001\r\n"},
        {"fileName": "b.bin", "moduleName": "m", "base64": "AP8="},
    ]
    world = build_world({"base": "empty", "files": files})
    exported = export_scenario(world)["files"]
    assert [exported[0]["text"], exported[1]["base64"]] == ["memberId\r\n1001\r\n", "AP8="]
    assert [file.content for file in world.files.values()] == [b"memberId\r\n1001\r\n", b"\0\xff"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_every_text_survives_the_export_as_yaml(text: str) -> None:
    """Line breaks of all kinds, texts that look like numbers, emoji, control characters."""
    value: dict[str, object] = {"texts": [text, f"{text}\n{text}"], "key": {text: text}}
    assert parse_yaml(openapi.dump(value, "yaml")) == value
