"""Handlers of scenarios: the present state as one, and the schema of their form."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from mock_server.clock import Clock
from mock_server.control.context import ControlContext
from mock_server.http.response import JSON_MEDIA_TYPE, HttpResponse
from mock_server.seed.scenario_validation import scenario_schema
from mock_server.world.world import World

YAML_MEDIA_TYPE = "application/yaml"


async def get_scenario(plane: ControlContext) -> HttpResponse:
    """GET /scenario: the present state as a scenario, in JSON."""
    return HttpResponse(await _write_state(plane, "json"), JSON_MEDIA_TYPE)


async def get_scenario_as_yaml(plane: ControlContext) -> HttpResponse:
    """GET /scenario.yaml: the same as a file for `--scenario`."""
    headers = {"Content-Disposition": 'attachment; filename="scenario.yaml"'}
    return HttpResponse(await _write_state(plane, "yaml"), YAML_MEDIA_TYPE, headers=headers)


def get_scenario_schema(plane: ControlContext) -> dict[str, Any]:
    """GET /scenario.schema.json: the JSON Schema of a scenario, for editors."""
    del plane
    return scenario_schema()


async def _write_state(plane: ControlContext, form: str) -> bytes:
    """Return the state of the session's world; requests may change the world meanwhile."""
    world = plane.session.world
    clock = world.clock
    stopped = Clock(world.now(), frozen=True)
    work = partial(_write_world, world.fork(stopped), form, frozen=clock.frozen)
    return await asyncio.to_thread(work)


def _write_world(world: World, form: str, *, frozen: bool) -> bytes:
    # Imported here, because no other request needs them.
    from mock_server.seed.scenario_export import export_scenario  # noqa: PLC0415
    from mock_server.seed.scenario_text import write_scenario  # noqa: PLC0415

    return write_scenario(export_scenario(world) | {"frozen": frozen}, form)
