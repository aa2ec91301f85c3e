"""The present state as a scenario over HTTP."""

from __future__ import annotations

from typing import Any

import yaml

from mock_server.clock import Clock
from mock_server.seed import create_world
from mock_server.seed.scenario_reader import read_scenario
from mock_server.seed.scenario_text import ENTRIES_PER_BLOCK
from mock_server.seed.scenario_validation import scenario_schema
from mock_server.world.world import World
from openapi.yaml_core import parse_yaml
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.mock_server.seed.scenarios import OPERATIONS, records_of
from tests.serving import RunningMock

SCENARIO = f"{ADMIN}/scenario"
GROUPS = "/api/v1/marketing-notice/group"


def load_world(document: Any) -> World:
    """Return the world of a scenario."""
    scenario = read_scenario(document, OPERATIONS)
    assert scenario.seed is not None
    return create_world(scenario, scenario.seed, Clock(scenario.start, frozen=scenario.frozen))


def test_the_state_is_returned_as_json_and_as_yaml(mock: RunningMock) -> None:
    """Both have the changes that were made by requests, and both can be loaded."""
    for number in range(ENTRIES_PER_BLOCK + 1):
        mock.client.post(GROUPS, json={"name": f"组 {number}"}).raise_for_status()
    mock.client.put(f"{GROUPS}/101", json={"name": "1e3\r\n🌻"}).raise_for_status()
    found = expect_ok(mock.anonymous.get(SCENARIO))
    answer = mock.anonymous.get(f"{SCENARIO}.yaml")
    assert answer.headers["Content-Type"] == "application/yaml"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="scenario.yaml"'
    assert parse_yaml(answer.text) == found
    assert records_of(load_world(found)) == records_of(mock.world)
    assert "&id" not in answer.text


def test_a_usual_yaml_parser_reads_the_same_texts(mock: RunningMock) -> None:
    """PyYAML reads YAML 1.1, in which `12:30` is a number unless it is quoted."""
    mock.client.put(f"{GROUPS}/101", json={"name": "12:30"}).raise_for_status()
    found = yaml.safe_load(mock.anonymous.get(f"{SCENARIO}.yaml").text)
    assert found["groups"][0]["name"] == "12:30"
    assert found["now"] == "2025-04-21 09:00:00"


def test_the_clock_of_the_state_is_that_of_the_world(mock: RunningMock) -> None:
    """Its instant, and whether it stands still."""
    mock.anonymous.put(f"{ADMIN}/clock", json={"frozen": False}).raise_for_status()
    found = expect_ok(mock.anonymous.get(SCENARIO))
    assert (found["frozen"], found["seed"]) == (False, mock.world.seed)


def test_the_schema_is_served_for_editors(mock: RunningMock) -> None:
    """As it is shipped."""
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/scenario.schema.json")) == scenario_schema()
