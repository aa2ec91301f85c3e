"""Access to the control plane and the console.

Without CORS, a page of another origin can neither read nor change anything. Such a page could still
let its own name resolve to this machine (DNS rebinding, as in Mockoon's GHSA-rqx4-3f6q-3x2v).
Therefore Host must be a name that no one else can register, or one that the operator has allowed,
and Origin must be the mock's own, or for the control plane one of `--admin-cors`. Without Origin,
a request that a browser sends for another site (Sec-Fetch-Site) may only open a page, by a link.
Beyond loopback, a token is required as well.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from typing import Any

from mock_server.errors import ErrorDetail, Forbidden, Unauthorized, display_text
from mock_server.settings import CONTROL_PLANE, OWN_PATHS, Settings

HOST_PATTERN = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
WILDCARD_ADDRESSES = ("", "0.0.0.0", "::")  # noqa: S104 - compared, not bound
PRIVATE_SUFFIXES = (".internal", ".local", ".localhost", ".test", ".home.arpa")
"""Suffixes that are never in the public DNS (RFC 6761, 6762, 8375); nor are names without a dot."""
TOKEN_HEADER = "X-Mock-Admin-Token"  # noqa: S105 - a name
FOREIGN_SITES = ("cross-site", "same-site")
"""Values of Sec-Fetch-Site for pages of other origins; another port of a host is `same-site`."""
ADMIN_CHALLENGE = 'Bearer realm="hypers-mock control plane"'


class ControlPlaneGuard:
    """Middleware that checks Host and Origin of requests to the control plane and the console."""

    def __init__(self, app: Any, settings: Settings) -> None:
        """Wrap the next application."""
        self._app = app
        self._host = settings.host.lower()
        self._names = frozenset(settings.admin_hosts)
        self._origins = frozenset(settings.admin_origins)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Check a request to the control plane, and pass every request on."""
        # Not `async`: requests to the API would pay for one more coroutine.
        if scope["type"] != "http" or not scope["path"].startswith(OWN_PATHS):
            passed: Awaitable[None] = self._app(scope, receive, send)
            return passed
        return self._serve_guarded(scope, receive, send)

    async def _serve_guarded(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request to the control plane; raises Forbidden (CP-01, CP-02)."""
        self._check_origin(scope)
        await self._app(scope, receive, send)

    def _check_origin(self, scope: Any) -> None:
        hosts, origins, sites, modes = (
            [value.decode("latin-1").lower() for name, value in scope["headers"] if name == wanted]
            for wanted in (b"host", b"origin", b"sec-fetch-site", b"sec-fetch-mode")
        )
        if len(hosts) != 1 or not self._is_accepted_host(hosts[0]):
            sent = display_text(", ".join(hosts))
            raise Forbidden(ErrorDetail("/header/Host", "CP-01", self._list_accepted_hosts(), sent))
        # The console is for people, and has cookies: no other page may use it.
        in_plane = scope["path"].startswith(CONTROL_PLANE)
        allowed = sorted(self._origins) if in_plane else []
        accepted = ", ".join((f"http://{hosts[0]}", *allowed))
        if not all(each in allowed or self._is_own_origin(each, hosts[0]) for each in origins):
            sent = display_text(", ".join(origins))
            raise Forbidden(ErrorDetail("/header/Origin", "CP-02", accepted, sent))
        # Browsers send no Origin with a GET for an image or a script.
        opens_page = modes == ["navigate"] and scope["method"] in ("GET", "HEAD")
        if not origins and not opens_page and any(site in FOREIGN_SITES for site in sites):
            sent = display_text(", ".join(sites))
            raise Forbidden(ErrorDetail("/header/Sec-Fetch-Site", "CP-02", "same-origin", sent))

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
