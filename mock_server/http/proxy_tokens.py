"""Tokens that a real server has issued, which the mock accepts for its own operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import orjson

from mock_server.world.world import World

MAX_REQUEST_BYTES = 64 * 1024
MAX_TOKEN_LENGTH = 16 * 1024
MAX_NAME_LENGTH = 256


class TokenKeeper:
    """Observer of one forwarded request for a token."""

    def __init__(self, world: World) -> None:
        """Accept the issued token in this world, until the real server said that it expires."""
        self._world = world
        self._request = b""

    def observe(self, chunk: bytes) -> None:
        """Keep a part of the request, which names the user."""
        self._request += chunk[: MAX_REQUEST_BYTES - len(self._request)]

    def adopt(self, issued: Any) -> None:
        """Accept the token in a response of the real server, if there is one."""
        if not isinstance(issued, Mapping):
            return
        access, refresh = issued.get("access_token"), issued.get("refresh_token")
        if not isinstance(access, str) or not 0 < len(access) <= MAX_TOKEN_LENGTH:
            return
        if not isinstance(refresh, str) or len(refresh) > MAX_TOKEN_LENGTH:
            refresh = ""
        seconds = issued.get("expires_in")
        is_lifetime = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds >= 0
        asked = self._asked()
        self._world.tokens.adopt(
            access,
            refresh,
            self._world.now(),
            lifetime=seconds if is_lifetime else None,
            username=asked.get("username", "")[:MAX_NAME_LENGTH],
            used=asked.get("refresh_token", ""),
        )

    def _asked(self) -> dict[str, str]:
        """Return the text fields of the request, which is JSON or a form."""
        try:
            fields = orjson.loads(self._request)
        except ValueError:
            text = self._request.decode("utf-8", "replace")
            fields = {name: values[-1] for name, values in parse_qs(text).items()}
        if not isinstance(fields, dict):
            return {}
        return {name: value for name, value in fields.items() if isinstance(value, str)}
