"""Handlers of the world: health, version, reset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.control.beginnings import read_beginning, scenario_refusals
from mock_server.control.context import ControlContext
from mock_server.control.guard import TOKEN_HEADER, is_admin_token
from mock_server.control.rendering import render_health


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
    return render_health(plane)


def get_version(plane: ControlContext) -> dict[str, Any]:
    """GET /version."""
    return {"version": plane.version(), "contractVersion": plane.contract_version}


async def reset_world(plane: ControlContext, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """POST /reset: a new world, in which access tokens of the old one are invalid.

    Raises InvalidRequest (CP-12, CP-42; CP-31 to CP-34 for an inline scenario).
    """
    served = plane.session.contract.contract
    wanted = await read_beginning(body or {}, plane.session.beginning, served)
    with scenario_refusals():
        await plane.session.begin(wanted)
    return render_health(plane)
