"""Handlers of the control plane: unpack, change the session, render."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mock_server.clock import LATEST_INSTANT, Clock, InstantPassedError, InstantTooLateError
from mock_server.control.context import ControlContext
from mock_server.control.guard import TOKEN_HEADER, is_admin_token
from mock_server.domain import datetime_text
from mock_server.errors import Conflict, ErrorDetail

T = TypeVar("T")


def get_health(plane: ControlContext, headers: Mapping[str, str]) -> dict[str, Any]:
    """GET /health; without a required token, only the status.

    headers: names in lower case.
    """
    # Health checks of containers and load balancers send no token.
    if plane.token is not None:
        sent = (headers.get(name, "") for name in (TOKEN_HEADER.lower(), "authorization"))
        token = plane.token.encode()
        if not any(is_admin_token(value.encode("latin-1"), token) for value in sent):
            return {"status": "ok"}
    return _full_health(plane)


def _full_health(plane: ControlContext) -> dict[str, Any]:
    world = plane.session.world
    clock = world.clock
    return {
        "status": "ok",
        "version": plane.version(),
        "contractVersion": plane.contract_version,
        "scenario": plane.session.scenario,
        "seed": world.seed,
        "readings": plane.readings.changed(),
        "clock": _render_clock(clock),
        "uptime": int((clock.now() - clock.started).total_seconds()),
        "records": {_camel_case(table): count for table, count in world.count_records().items()},
    }


async def reset_world(plane: ControlContext, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """POST /reset: a new world, in which access tokens of the old one are invalid."""
    wanted = body or {}
    await plane.session.reset(wanted.get("scenario"), wanted.get("seed"))
    return _full_health(plane)


def get_readings(plane: ControlContext) -> dict[str, Any]:
    """GET /readings."""
    return _render_readings(plane)


async def set_readings(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /readings: change some, or all of them; raises InvalidRequest and Conflict."""
    await plane.readings.change(body.get("readings", {}), reset=body.get("reset", False))
    return _render_readings(plane)


def _render_readings(plane: ControlContext) -> dict[str, Any]:
    return {"readings": dict(plane.readings.in_force()), "changed": plane.readings.changed()}


def get_clock(plane: ControlContext) -> dict[str, Any]:
    """GET /clock."""
    return _render_clock(plane.session.world.clock)


def set_clock(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /clock: set instant, scale and whether the clock runs.

    Raises Conflict (CP-04, CP-05).
    """
    # The instant comes first: it alone can be refused, and a refused request changes nothing.
    clock = plane.session.world.clock
    if "now" in body:
        _move_forward("/body/now", clock.move_to, datetime_text.parse_rfc_3339(body["now"]))
    if "scale" in body:
        clock.rescale(body["scale"])
    if "frozen" in body:
        (clock.freeze if body["frozen"] else clock.run)()
    return _render_clock(clock)


def advance_clock(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /clock/advance, by seconds or to an instant; raises Conflict (CP-04, CP-05)."""
    clock = plane.session.world.clock
    if "to" in body:
        _move_forward("/body/to", clock.move_to, datetime_text.parse_rfc_3339(body["to"]))
    else:
        _move_forward("/body/seconds", clock.advance, body["seconds"])
    return _render_clock(clock)


def _move_forward(pointer: str, move: Callable[[T], object], asked: T) -> None:
    """Move the clock; raises Conflict (CP-04, CP-05) if it cannot move there."""
    try:
        move(asked)
    except InstantPassedError as error:
        earliest = f">= {error.present.isoformat()}"
        raise Conflict(ErrorDetail(pointer, "CP-04", earliest, error.asked)) from None
    except InstantTooLateError as error:
        latest = f"<= {LATEST_INSTANT.isoformat()}"
        raise Conflict(ErrorDetail(pointer, "CP-05", latest, error.asked)) from None


def _render_clock(clock: Clock) -> dict[str, Any]:
    return {"now": clock.now().isoformat(), "frozen": clock.frozen, "scale": clock.scale}


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
