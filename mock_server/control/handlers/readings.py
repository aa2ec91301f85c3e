"""Handlers of the readings."""

from __future__ import annotations

from typing import Any

from mock_server.control.context import ControlContext


def get_readings(plane: ControlContext) -> dict[str, Any]:
    """GET /readings."""
    return _render_readings(plane)


async def set_readings(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /readings: change some, or all of them; raises InvalidRequest and Conflict."""
    changes, all_others = body.get("readings", {}), body.get("reset", False)
    await plane.readings.change(plane.session, changes, reset=all_others)
    return _render_readings(plane)


def _render_readings(plane: ControlContext) -> dict[str, Any]:
    session = plane.session
    return {"readings": dict(session.readings), "changed": plane.readings.changed(session)}
