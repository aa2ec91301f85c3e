"""The mock's address as seen by the client of a request.

It is used only in responses: in links, in the contract's servers, in `instance` of a problem. No
permission depends on it, so the headers of a proxy are trusted from any client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mock_server.http.host_header import is_valid_host
from mock_server.http.session_selection import SESSION_PREFIX_KEY, session_prefix

ROOT_PATH_KEY = "mock_server.root"
"""Key of a scope with the path under which a proxy serves the mock (`--root-path`)."""
REQUESTED_PATH_KEY = "mock_server.requested_path"
"""Key of a scope with the path of the request, if it is another one of the operation's path."""
# Only characters that need no escaping, because the prefix becomes part of URLs.
PREFIX_PATTERN = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
MAX_PREFIX_LENGTH = 200
URL_SCHEMES = ("http", "https")
ADDRESS_HEADERS = frozenset(
    {b"host", b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-prefix"}
)


def forwarded_prefix(scope: Mapping[str, Any]) -> str:
    """Return the path under which the client reaches the mock: `/gw/hypers`, or empty."""
    return _prefix(scope, _address_headers(scope))


def is_valid_prefix(text: str) -> bool:
    """Return whether a proxy may serve the mock under this path."""
    return len(text) <= MAX_PREFIX_LENGTH and PREFIX_PATTERN.fullmatch(text) is not None


def base_url(scope: Mapping[str, Any]) -> str:
    """Return the mock's address as the client sees it: `http://127.0.0.1:4010`, without a slash.

    It contains the session of the request, unless that is the default one, so that a link leads to
    the same session without a header.
    """
    sent = _address_headers(scope)
    if sent.keys() == {b"host"}:  # the usual request, which no proxy has forwarded
        host, scheme = _first_value(sent[b"host"]), scope["scheme"]
    else:
        scheme = _first_value(sent.get(b"x-forwarded-proto", b"")).lower()
        if scheme not in URL_SCHEMES:
            scheme = scope["scheme"]
        host = _first_value(sent.get(b"x-forwarded-host", b""))
        if not is_valid_host(host.encode("latin-1")):
            host = _first_value(sent.get(b"host", b""))
    host = host or "{}:{}".format(*scope.get("server") or ("localhost", 80))
    return f"{scheme}://{host}{_prefix(scope, sent)}{session_prefix(scope)}"


def requested_path(scope: Mapping[str, Any]) -> str:
    """Return the path that the client requested."""
    below = scope.get(REQUESTED_PATH_KEY, scope["path"])
    return f"{forwarded_prefix(scope)}{scope.get(SESSION_PREFIX_KEY, '')}{below}"


def with_root_path(scope: Mapping[str, Any], root: str) -> dict[str, Any]:
    """Return the scope of a request with its path relative to `root`."""
    # Some proxies strip the prefix (nginx with `proxy_pass http://mock/`), others do not.
    found = {**scope, ROOT_PATH_KEY: root}
    if scope["path"].startswith(f"{root}/"):
        found["path"] = scope["path"][len(root) :]
        found["raw_path"] = scope.get("raw_path", b"").removeprefix(root.encode())
    return found


def _prefix(scope: Mapping[str, Any], sent: Mapping[bytes, bytes]) -> str:
    if ROOT_PATH_KEY in scope:
        return str(scope[ROOT_PATH_KEY])
    if b"x-forwarded-prefix" not in sent:
        return ""
    prefix = _first_value(sent[b"x-forwarded-prefix"]).rstrip("/")
    return prefix if is_valid_prefix(prefix) else ""


def _address_headers(scope: Mapping[str, Any]) -> dict[bytes, bytes]:
    """Return the first field of each header in ADDRESS_HEADERS, in one pass."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in ADDRESS_HEADERS:
            found.setdefault(name, value)
    return found


def _first_value(field: bytes) -> str:
    """Return the first value of a header field, or an empty string."""
    # Each proxy appends its value, so the first one is that of the proxy next to the client.
    return field.partition(b",")[0].strip().decode("latin-1")
