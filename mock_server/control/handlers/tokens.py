"""Handlers that end tokens before they expire."""

from __future__ import annotations

from typing import Any

from mock_server.control.context import ControlContext
from mock_server.errors import ErrorDetail, InvalidRequest


def expire_tokens(plane: ControlContext, body: dict[str, Any] | None = None) -> dict[str, int]:
    """POST /tokens/expire: an access token, or all; raises InvalidRequest (CP-19)."""
    world, token = plane.session.world, (body or {}).get("token")
    expired = world.tokens.expire(token, world.now())
    return _count(token, expired, 0)


def revoke_tokens(plane: ControlContext, body: dict[str, Any] | None = None) -> dict[str, int]:
    """POST /tokens/revoke: an access or refresh token, or all; raises InvalidRequest (CP-19)."""
    token = (body or {}).get("token")
    access, refresh = plane.session.world.tokens.revoke(token)
    return _count(token, access, refresh)


def _count(token: str | None, access: int, refresh: int) -> dict[str, int]:
    """Return the numbers of tokens; raises InvalidRequest if the one asked for is not valid."""
    if token is not None and not access + refresh:
        # The value is not repeated, since it may be a valid token of another session.
        raise InvalidRequest(ErrorDetail("/body/token", "CP-19"))
    return {"accessTokens": access, "refreshTokens": refresh}
