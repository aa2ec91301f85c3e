"""Parts of responses that several handlers of the control plane share."""

from __future__ import annotations

from typing import Any

from mock_server.clock import Clock
from mock_server.control.context import ControlContext
from mock_server.seed import scenario_name
from mock_server.sessions.record_codec import camel_case
from mock_server.world.world import World


def render_records(world: World) -> dict[str, int]:
    """Return the number of records of each kind."""
    return {camel_case(table): count for table, count in world.count_records().items()}


def render_clock(clock: Clock) -> dict[str, Any]:
    """Return a clock as JSON: its instant, whether it is frozen, its scale."""
    return {"now": clock.now().isoformat(), "frozen": clock.frozen, "scale": clock.scale}


def render_health(plane: ControlContext) -> dict[str, Any]:
    """Return the state of the mock, with versions, clock and the number of records."""
    world = plane.session.world
    clock = world.clock
    return {
        "status": "ok",
        "version": plane.version(),
        "contractVersion": plane.contract_version,
        "session": plane.session.name,
        "scenario": scenario_name(plane.session.scenario),
        "seed": world.seed,
        "readings": plane.readings.changed(plane.session),
        "clock": render_clock(clock),
        "uptime": int((clock.now() - clock.started).total_seconds()),
        "records": render_records(world),
    }
