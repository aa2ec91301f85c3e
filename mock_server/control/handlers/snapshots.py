"""Handlers of the snapshots of a session."""

from __future__ import annotations

from typing import Any

from mock_server.control.context import ControlContext
from mock_server.control.rendering import render_health, render_records
from mock_server.http.response import HttpResponse
from mock_server.sessions.snapshots import MAX_SNAPSHOTS, Snapshot


def list_snapshots(plane: ControlContext) -> dict[str, Any]:
    """GET /snapshots, in the order in which they were saved."""
    return {
        "snapshots": [_render_snapshot(each) for each in plane.session.snapshots],
        "maximum": MAX_SNAPSHOTS,
    }


async def save_snapshot(plane: ControlContext, name: str) -> dict[str, Any]:
    """PUT /snapshots/{name}; raises Conflict (CP-29) and ContentTooLarge."""
    return _render_snapshot(await plane.session.save_snapshot(name))


async def delete_snapshot(plane: ControlContext, name: str) -> HttpResponse:
    """DELETE /snapshots/{name}; raises NotFound (CP-44)."""
    await plane.session.delete_snapshot(name)
    return HttpResponse(b"", "", 204)


async def restore_snapshot(plane: ControlContext, name: str) -> dict[str, Any]:
    """POST /snapshots/{name}/restore; raises NotFound (CP-44)."""
    session = plane.session
    state = session.snapshots.get(name).state
    _, contract = await plane.readings.contract_of(session, state.readings)
    await session.restore(state, contract)
    return render_health(plane)


def _render_snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "name": snapshot.name,
        "saved": snapshot.saved.isoformat(),
        "records": render_records(snapshot.state.world),
        "bytes": snapshot.size,
    }
