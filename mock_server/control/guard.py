"""Access to the control plane.

It has no CORS: a page of another origin neither reads nor moves anything. Such a page could still
have its own name resolve to this machine (DNS rebinding), so Host has to be a name that nobody
else can own, or one that its operator vouches for, and Origin the mock's own. Beyond loopback a
token is asked for as well.
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
"""Names below these, and names without a dot, are never in the public DNS."""
TOKEN_HEADER = "X-Mock-Admin-Token"  # noqa: S105 - a name
ISOLATION_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Nobody may show our Swagger UI in a page of theirs and have people click in it."""
ADMIN_CHALLENGE = 'Bearer realm="hypers-mock control plane"'


class ControlPlaneGuard:
    """Lets requests for the control plane in by Host and Origin; others pass by."""

    def __init__(self, app: Any, host: str, names: Collection[str] = ()) -> None:
        """Wrap the next application; `host` is where the mock listens.

        `names` are other hosts that it is known by (lower case), as behind a proxy.
        """
        self._app = app
        self._host = host.lower()
        self._names = frozenset(names)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Pass the request on; no coroutine of its own for those that only pass by."""
        if scope["type"] != "http" or not scope["path"].startswith(CONTROL_PLANE):
            passed: Awaitable[None] = self._app(scope, receive, send)
            return passed
        return self._serve_guarded(scope, receive, send)

    async def _serve_guarded(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request for the control plane on. Raises Forbidden (CP-01, CP-02)."""

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
            raise Forbidden(ErrorDetail("/header/Host", "CP-01", self._accepted_hosts(), sent))
        if not all(self._is_own_origin(origin, hosts[0]) for origin in origins):
            sent = display_text(", ".join(origins))
            raise Forbidden(ErrorDetail("/header/Origin", "CP-02", f"http://{hosts[0]}", sent))

    def _is_own_origin(self, origin: str, host: str) -> bool:
        """Return whether this is the mock's own page; a proxy may have changed Host."""
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
            return ip_address(name).is_loopback or self._host in WILDCARD_ADDRESSES
        except ValueError:
            named = "." not in name or name.endswith(PRIVATE_SUFFIXES)
            return named and self._host in WILDCARD_ADDRESSES

    def _accepted_hosts(self) -> str:
        own = {"localhost", "127.0.0.1", "[::1]"}
        names = self._names if self._host in WILDCARD_ADDRESSES else {*self._names, self._host}
        own |= {f"[{name}]" if ":" in name else name for name in names}
        return ", ".join(sorted(own))


class AdminTokenScheme:
    """The token of the control plane, in its own header or as a bearer token."""

    def __init__(self, token: str) -> None:
        """Let in who knows the token (ASCII)."""
        self._token = token.encode()

    def get_fn(self, scheme: Mapping[str, Any], _scopes: list[str]) -> Callable[[Any], Any]:
        """The function connexion calls at each request: raises Unauthorized (CP-03)."""
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
    """Return whether credentials, with or without the word Bearer, are this token."""
    scheme, space, rest = credentials.partition(b" ")
    bare = rest.strip() if space and scheme.lower() == b"bearer" else credentials
    return hmac.compare_digest(bare, token)


def security_map(token: str | None) -> dict[str, Callable[[], AdminTokenScheme]]:
    """What connexion's `security_map` takes; empty when no token is asked for."""
    if token is None:
        return {}
    return {"apiKey": lambda: AdminTokenScheme(token), "bearer": lambda: AdminTokenScheme(token)}
