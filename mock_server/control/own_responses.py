"""Header fields of all responses of the control plane and the console, errors included.

By default there is no CORS. With `--admin-cors`, pages of exactly these origins may read responses
of the control plane, never those of the console. Credentials of the browser (cookies) are not
allowed: such a page sends the admin token, if there is one, in a header field.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from mock_server.settings import CONTROL_PLANE

Fields = list[tuple[bytes, bytes]]
ISOLATION_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Fields that keep another site from showing our pages in a frame (clickjacking)."""
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
PREFLIGHT_FIELDS = [
    (b"access-control-allow-methods", b"DELETE, GET, HEAD, POST, PUT"),
    (
        b"access-control-allow-headers",
        b"Accept-Language, Authorization, Content-Type, X-Mock-Admin-Token, X-Mock-Session",
    ),
    (b"access-control-max-age", b"600"),
]
EXPOSED_FIELDS = (
    b"access-control-expose-headers",
    b"Content-Disposition, ETag, Retry-After, WWW-Authenticate, X-Mock-Session",
)


class OwnResponses:
    """Middleware that adds these fields."""

    def __init__(self, app: Any, origins: Collection[str] = ()) -> None:
        """Wrap the control plane; `origins` are those of `--admin-cors`."""
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        added = [*ISOLATION_HEADERS, *self._cors_fields(scope)]

        async def send_with_fields(message: Any) -> None:
            if message["type"] == "http.response.start":
                sent = message["headers"]
                given = any(name.lower() == NO_SNIFFING[0] for name, _ in sent)
                message["headers"] = [*sent, *added, *(() if given else (NO_SNIFFING,))]
            await send(message)

        await self._app(scope, receive, send_with_fields)

    def _cors_fields(self, scope: Any) -> Fields:
        if not self._origins or not scope["path"].startswith(CONTROL_PLANE):
            return []
        sent = dict(scope["headers"])
        origin = sent.get(b"origin")
        fields: Fields = [(b"vary", b"Origin")]
        if origin not in self._origins:
            return fields
        fields.append((b"access-control-allow-origin", origin))
        if scope["method"] == "OPTIONS" and b"access-control-request-method" in sent:
            # Chromium requires the last one if a public page calls a private address.
            private = b"access-control-request-private-network" in sent
            fields += PREFLIGHT_FIELDS
            fields += [(b"access-control-allow-private-network", b"true")] if private else []
        else:
            fields.append(EXPOSED_FIELDS)
        return fields
