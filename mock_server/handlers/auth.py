"""Token operation (L1-L65)."""

from __future__ import annotations

from typing import Any

from mock_server.domain.tokens import TokenPair
from mock_server.world.world import World


def create_token(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /oauth/token for both grants (A1). Raises InvalidGrant."""
    now = world.now()
    if body["grant_type"] == "password":
        second = world.readings["second-login"]
        pair = world.tokens.issue(body["username"], body["password"], now, second)
    else:
        old = world.readings["old-access-token-after-refresh"]
        pair = world.tokens.refresh(body["refresh_token"], now, old)
    return _render_token_pair(pair)


def _render_token_pair(pair: TokenPair) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "token_type": "bearer",
        "expires_in": pair.lifetime,
        "refresh_token": pair.refresh_token,
        "scope": "all",  # as in both examples of the documents (A7)
    }
