"""Handlers of the clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mock_server.clock import LATEST_INSTANT, InstantPassedError, InstantTooLateError
from mock_server.control.context import ControlContext
from mock_server.control.rendering import render_clock
from mock_server.domain import datetime_text
from mock_server.errors import Conflict, ErrorDetail

T = TypeVar("T")


def get_clock(plane: ControlContext) -> dict[str, Any]:
    """GET /clock."""
    return render_clock(plane.session.world.clock)


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
    return render_clock(clock)


def advance_clock(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /clock/advance, by seconds or to an instant; raises Conflict (CP-04, CP-05)."""
    clock = plane.session.world.clock
    if "to" in body:
        _move_forward("/body/to", clock.move_to, datetime_text.parse_rfc_3339(body["to"]))
    else:
        _move_forward("/body/seconds", clock.advance, body["seconds"])
    return render_clock(clock)


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
