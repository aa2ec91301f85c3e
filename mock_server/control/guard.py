"""Access to the control plane.

Without CORS, a page of another origin can neither read nor change anything. Such a page could still
let its own name resolve to this machine (DNS rebinding, as in Mockoon's GHSA-rqx4-3f6q-3x2v).
Therefore Host must be a name that no one else can register, or one that the operator has allowed,
and Origin must be the mock's own. Beyond loopback, a token is required as well.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Collection, Mapping
from ipaddress import ip_address
from typing import Any

from mock_server.errors import ErrorDetail, Forbidden, Unauthorized, display_text
from mock_server.settings import CONTROL_PLANE

HOST_PATTERN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
WILDCARD_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
PRIVATE_SUFFIXES = (".internal", ".local", ".localhost", ".test", ".home.arpa")
"""Suffixes that are never in the public DNS (RFC 6761, 6762, 8375); nor are names without a dot."""
TOKEN_HEADER = "X-Mock-Admin-Token"  # noqa: S105 - a name
ISOLATION_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Headers that keep another site from showing our Swagger UI in a frame (clickjacking)."""
ADMIN_CHALLENGE = 'Bearer realm="hypers-mock control plane"'


class ControlPlaneGuard:
    """Middleware that checks Host and Origin of requests to the control plane."""

    def __init__(self, app: Any, host: str, names: Collection[str] = ()) -> None:
        """Wrap the next application; `host` is the address on which the mock listens.

        `names` are other accepted host names, in lower case, for example behind a proxy.
        """
        self._app = app
        self._host = host.lower()
        self._names = frozenset(names)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Check a request to the control plane, and pass every request on."""
        # Not `async`: requests to the API would pay for one more coroutine.
        if scope["type"] != "http" or not scope["path"].startswith(CONTROL_PLANE):
            passed: Awaitable[None] = self._app(scope, receive, send)
            return passed
        return self._serve_guarded(scope, receive, send)

    async def _serve_guarded(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request to the control plane; raises Forbidden (CP-01, CP-02)."""

        async def send_isolated(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].extend(ISOLATION_HEADERS)
            await send(message)

        self._check_origin(scope["headers"])
        await self._app(scope, receive, send_isolated)

    def _check_origin(self, headers: list[tuple[bytes, bytes]]) -> None:
        hosts, origins = (
            [value.decode("latin-1").lower() for name, value in headers if name == wanted]
            for wanted in (b"host", b"origin")
        )
        if len(hosts) != 1 or not self._is_accepted_host(hosts[0]):
            sent = display_text(", ".join(hosts))
            raise Forbidden(ErrorDetail("/header/Host", "CP-01", self._list_accepted_hosts(), sent))
        if not all(self._is_own_origin(origin, hosts[0]) for origin in origins):
            sent = display_text(", ".join(origins))
            raise Forbidden(ErrorDetail("/header/Origin", "CP-02", f"http://{hosts[0]}", sent))

    def _is_own_origin(self, origin: str, host: str) -> bool:
        """Return whether an Origin is the mock's own."""
        # Not only by Host: Vite's proxy, for one, changes Host (`changeOrigin`) but not Origin.
        scheme, _, place = origin.partition("://")
        if scheme not in ("http", "https"):
            return False
        parsed = HOST_PATTERN.fullmatch(place)
        return place == host or (parsed is not None and parsed[1].strip("[]") in self._names)

    def _is_accepted_host(self, sent: str) -> bool:
        parsed = HOST_PATTERN.fullmatch(sent)
        if parsed is None:
            return False
        name = parsed[1].strip("[]")
        if name in ("localhost", self._host, *self._names) or name.endswith(".localhost"):
            return True
        try:
            # Addresses cannot be rebound. On a wildcard, the mock's own addresses are unknown.
            return ip_address(name).is_loopback or self._host in WILDCARD_ADDRESSES
        except ValueError:
            named = "." not in name or name.endswith(PRIVATE_SUFFIXES)
            return named and self._host in WILDCARD_ADDRESSES

    def _list_accepted_hosts(self) -> str:
        own = {"localhost", "127.0.0.1", "[::1]"}
        names = self._names if self._host in WILDCARD_ADDRESSES else {*self._names, self._host}
        own |= {f"[{name}]" if ":" in name else name for name in names}
        return ", ".join(sorted(own))


class AdminTokenScheme:
    """Connexion's security handler for the token, in its own header or as a bearer token."""

    def __init__(self, token: str) -> None:
        """Require this token (ASCII)."""
        self._token = token.encode()

    def get_fn(self, scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """Return the function that connexion calls for each request.

        It raises Unauthorized (CP-03).
        """
        name = TOKEN_HEADER if scheme["type"] == "apiKey" else "Authorization"
        wanted = name.lower().encode()

        def check(request: Any) -> dict[str, Any]:
            for header, value in request.scope["headers"]:
                if header == wanted and is_admin_token(value, self._token):
                    return {"sub": "admin"}
            violation = ErrorDetail(f"/header/{TOKEN_HEADER}", "CP-03", f"{TOKEN_HEADER}: <token>")
            raise Unauthorized(violation, challenge=ADMIN_CHALLENGE)

        return check


def is_admin_token(credentials: bytes, token: bytes) -> bool:
    """Return whether credentials, with or without the scheme Bearer, are this token."""
    scheme, space, rest = credentials.partition(b" ")
    bare = rest.strip() if space and scheme.lower() == b"bearer" else credentials
    # In constant time, so that the time of a response reveals no part of the token.
    return hmac.compare_digest(bare, token)


def security_map(token: str | None) -> dict[str, Callable[[], AdminTokenScheme]]:
    """Return connexion's `security_map`; empty if no token is required."""
    if token is None:
        return {}
    return {"apiKey": lambda: AdminTokenScheme(token), "bearer": lambda: AdminTokenScheme(token)}
