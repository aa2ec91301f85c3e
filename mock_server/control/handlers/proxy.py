"""Handlers of the proxy to a real server."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from mock_server.control.context import ControlContext
from mock_server.errors import InvalidRequest
from mock_server.http.response import HttpResponse
from mock_server.sessions.proxy_rules import ProxyRules, ProxyRulesError


def get_proxy(plane: ControlContext) -> dict[str, Any]:
    """GET /proxy."""
    return _render_proxy(plane)


async def set_proxy(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /proxy: forward other operations; raises InvalidRequest (CP-35, CP-36, CP-37)."""
    try:
        rules = ProxyRules.create(
            body["url"],
            body["operations"],
            plane.session.contract.contract,
            plane.proxy_hosts,
            body.get("authUrl", ""),
        )
    except ProxyRulesError as error:
        detail = replace(error.detail, pointer=f"/body{error.detail.pointer}")
        raise InvalidRequest(detail) from None
    await asyncio.to_thread(plane.prepare_proxy, rules)
    plane.session.proxy = rules
    return _render_proxy(plane)


def delete_proxy(plane: ControlContext) -> HttpResponse:
    """DELETE /proxy: serve all operations from the mock."""
    plane.session.proxy = None
    return HttpResponse(b"", "", 204)


def _render_proxy(plane: ControlContext) -> dict[str, Any]:
    found: dict[str, Any] = {"hosts": sorted(plane.proxy_hosts), "operations": [], "forwarded": []}
    if rules := plane.session.proxy:
        found["url"] = rules.server.url
        if rules.auth_server != rules.server:
            found["authUrl"] = rules.auth_server.url
        found["operations"] = [*rules.chosen]
        found["forwarded"] = sorted(rules.operations)
    return found
