"""Header fields and paths of forwarded requests and of their responses.

Nothing goes to the real server that is meant for the mock, for this hop or for another application
on the client's host; nothing of the real server's hop or of its CORS reaches the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mock_server.http.address import base_url, forwarded_prefix
from mock_server.http.documented_responses import SOURCE_HEADER
from mock_server.http.preferences import has_preference, without_preferences
from mock_server.http.session_selection import session_prefix
from mock_server.sessions.proxy_rules import RealServer

Headers = list[tuple[bytes, bytes]]
HOP_BY_HOP = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding",
        b"upgrade",
    }
)  # fmt: skip
"""Fields of one connection (RFC 9110, 7.6.1), besides those that `Connection` names."""
NOT_FORWARDED = HOP_BY_HOP | {
    # Written anew for the real server.
    b"host", b"via", b"forwarded", b"x-real-ip", b"accept-encoding", b"content-length",
    # Answered by our own server before the body is read.
    b"expect",
    # Cookies of a host name apply to all its ports: on localhost they belong to other applications.
    b"cookie",
    # The mock answers CORS itself; a real server would refuse the origin of a development server.
    b"origin", b"referer",
}  # fmt: skip
"""Fields of a request that are never forwarded."""
NOT_RETURNED = HOP_BY_HOP | {b"date", b"set-cookie", b"set-cookie2", b"alt-svc", b"clear-site-data",
    b"strict-transport-security", b"public-key-pins"}  # fmt: skip
"""Fields of a response that are not returned: they would apply to the mock's host or to this hop,
or our server writes them.
"""
OWN_PREFIXES = (b"x-mock-", b"x-forwarded-", b"proxy-", b"access-control-")
"""Prefixes of fields that belong to the mock, to proxies, or to CORS, which the mock answers."""
SANDBOX_HEADERS = [
    (b"content-security-policy", b"sandbox"),
    (b"x-content-type-options", b"nosniff"),
]
"""Fields that keep HTML of the real server from running scripts with the mock's origin."""
READABLE_CODINGS = (b"gzip", b"deflate")
"""Content codings that the mock can undo, to compare the body with the contract."""
PROXY_SOURCE = b"proxy"


def request_headers(
    scope: Mapping[str, Any], server: RealServer, via: bytes, secrets: tuple[bytes, ...]
) -> Headers:
    """Return the header of a forwarded request.

    via: the mock's name in `Via`; secrets: credentials of the mock, which are left out.
    """
    sent: Headers = scope["headers"]
    dropped = NOT_FORWARDED | _connection_options(sent)
    found = [(b"host", server.authority.encode())]
    found += [
        (name, value)
        for name, value in sent
        if name not in dropped
        and not name.startswith(OWN_PREFIXES)
        and not any(secret in value for secret in secrets)
        # A real server might apply them again.
        and not (name == b"prefer" and has_preference(value))
    ]
    found.append((b"accept-encoding", _readable_codings(sent)))
    found += _body_headers(sent)
    earlier = [value for name, value in sent if name == b"via"]
    found.append((b"via", b", ".join([*earlier, b"1.1 " + via])))
    return found + _forwarded_headers(scope)


def _connection_options(headers: Headers) -> frozenset[bytes]:
    """Return the names of the fields that `Connection` limits to this hop."""
    named = (value for name, value in headers if name == b"connection")
    return frozenset(word.strip().lower() for value in named for word in value.split(b","))


def _readable_codings(headers: Headers) -> bytes:
    """Return an Accept-Encoding with those codings of the client's that the mock can undo."""
    asked = b",".join(value for name, value in headers if name == b"accept-encoding").lower()
    words = {
        word.strip()
        for word, _, weight in (part.partition(b";") for part in asked.split(b","))
        if weight.replace(b" ", b"") not in (b"q=0", b"q=0.0")
    }
    return b", ".join(c for c in READABLE_CODINGS if c in words) or b"identity"


def _body_headers(headers: Headers) -> Headers:
    """Return the field that gives the length of the body; none if there is no body."""
    if any(name == b"transfer-encoding" for name, _ in headers):
        return [(b"transfer-encoding", b"chunked")]
    return [field for field in headers if field[0] == b"content-length"][:1]


def has_body(headers: Headers) -> bool:
    """Return whether a request has a body."""
    return bool(_body_headers(headers))


def _forwarded_headers(scope: Mapping[str, Any]) -> Headers:
    """Return X-Forwarded-*, with the mock's address as the client sees it."""
    # Those of the client are replaced: a server may trust these fields, and anyone can write them.
    scheme, _, rest = base_url(scope).partition("://")
    found = [
        (b"x-forwarded-host", rest.partition("/")[0].encode("latin-1")),
        (b"x-forwarded-proto", scheme.encode()),
    ]
    if client := scope.get("client"):
        found.append((b"x-forwarded-for", str(client[0]).encode()))
    if prefix := forwarded_prefix(scope) + session_prefix(scope):
        found.append((b"x-forwarded-prefix", prefix.encode()))
    return found


def forwarded_path_and_query(scope: Mapping[str, Any], server: RealServer) -> bytes:
    """Return path and query of a forwarded request; `scope` has the path without prefixes."""
    raw = scope.get("raw_path") or quote(scope["path"], safe="/:@!$&'()*+,;=~").encode()
    path = server.path.encode() + raw.partition(b"?")[0]
    kept = without_preferences(scope["query_string"])
    return path + b"?" + kept if kept else path


def has_dot_segment(path: str) -> bool:
    """Return whether a decoded path has a segment by which a server may go to another path."""
    return not {".", ".."}.isdisjoint(path.replace("\\", "/").split("/"))


def response_headers(headers: Headers, scope: Mapping[str, Any], server: RealServer) -> Headers:
    """Return the header of a response of the real server, for the client."""
    lower = [(name.lower(), value) for name, value in headers]
    dropped = NOT_RETURNED | _connection_options(lower)
    found = [
        (name, _own_location(value, scope, server) if name == b"location" else value)
        for name, value in lower
        if name not in dropped and not name.startswith(OWN_PREFIXES)
    ]
    return [*found, *SANDBOX_HEADERS, (SOURCE_HEADER.lower().encode(), PROXY_SOURCE)]


def _own_location(value: bytes, scope: Mapping[str, Any], server: RealServer) -> bytes:
    """Return a redirect to the real server as one to the mock; to another host, as it is."""
    url, path = server.url.encode(), server.path.encode()
    if _is_below(value, url):
        return base_url(scope).encode("latin-1") + value[len(url) :]
    if value.startswith(b"/") and not value.startswith(b"//") and _is_below(value, path):
        prefix = forwarded_prefix(scope) + session_prefix(scope)
        return prefix.encode() + value[len(path) :]
    return value


def _is_below(value: bytes, base: bytes) -> bool:
    """Return whether a URL begins with a base URL, and not with one of a longer name."""
    return value.startswith(base) and value[len(base) : len(base) + 1] in (b"", b"/", b"?", b"#")


def is_loop(scope: Mapping[str, Any], via: bytes) -> bool:
    """Return whether a request has already been forwarded by this mock."""
    return any(name == b"via" and via in value for name, value in scope["headers"])
