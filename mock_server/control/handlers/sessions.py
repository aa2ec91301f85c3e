"""Handlers of the sessions."""

from __future__ import annotations

from typing import Any

from mock_server.clock import elapsed_seconds, machine_instant, machine_seconds
from mock_server.control.beginnings import read_beginning, scenario_refusals
from mock_server.control.context import ControlContext
from mock_server.control.rendering import render_clock, render_records
from mock_server.errors import Conflict, ErrorDetail, NotFound
from mock_server.http.response import HttpResponse
from mock_server.seed import scenario_name
from mock_server.sessions.names import DEFAULT_SESSION
from mock_server.sessions.session import Session


def list_sessions(plane: ControlContext) -> dict[str, Any]:
    """GET /sessions: the default one, then the others, the least recently used one first."""
    return {"sessions": [_render_session(session) for session in plane.sessions]}


async def create_session(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /sessions; raises InvalidRequest (CP-12, CP-31 to 34, CP-42) and Conflict (CP-11)."""
    name, made = body["name"], None
    served = plane.session.contract.contract
    beginning = await read_beginning(body, plane.sessions.start, served)
    # Before the first world is created, which may take seconds, and after.
    if not plane.sessions.find(name):
        with scenario_refusals():
            made = await plane.sessions.create(name, beginning)
    if made is None:
        raise Conflict(ErrorDetail("/body/name", "CP-11", "", name))
    return _render_session(made)


def get_session(plane: ControlContext, name: str) -> dict[str, Any]:
    """GET /sessions/{name}; raises NotFound (CP-13)."""
    session = plane.sessions.find(name)
    if session is None:
        raise _unknown(plane, name)
    return _render_session(session)


def delete_session(plane: ControlContext, name: str) -> HttpResponse:
    """DELETE /sessions/{name}; raises NotFound (CP-13) and Conflict (CP-43)."""
    if name == DEFAULT_SESSION:
        raise Conflict(ErrorDetail("/path/name", "CP-43", "", name))
    if not plane.sessions.remove(name):
        raise _unknown(plane, name)
    return HttpResponse(b"", "", 204)


def _unknown(plane: ControlContext, name: str) -> NotFound:
    accepted = ", ".join([session.name for session in plane.sessions][:20])
    return NotFound(ErrorDetail("/path/name", "CP-13", accepted, name))


def _render_session(session: Session) -> dict[str, Any]:
    begun = session.current
    found = {
        "name": session.name,
        "path": f"/__session/{session.name}",
        "scenario": scenario_name(begun.scenario),
        "seed": begun.seed,
        "instant": begun.instant.isoformat(),
        "clock": render_clock(session.world.clock),
        "requests": len(session.journal),
        "records": render_records(session.world),
    }
    if session.last_used is not None:
        seconds = machine_seconds() - (elapsed_seconds() - session.last_used)
        found["lastUsed"] = machine_instant(seconds).isoformat(timespec="milliseconds")
    return found
