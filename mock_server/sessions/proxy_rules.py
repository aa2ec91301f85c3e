"""Rules of a session's proxy: the real server, and the operations that are forwarded to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from mock_server.errors import ErrorDetail
from mock_server.sessions.operation_names import named_operations, suggest_operations
from openapi import iter_operations

DEFAULT_PORTS = {"http": 80, "https": 443}
URL_FORM = "http(s)://host[:port][/path]"
TOKEN_OPERATION = "createToken"  # noqa: S105 - a name
"""The operation whose server may be another one than that of the other operations (G5)."""


class ProxyRulesError(Exception):
    """A proxy that cannot be set; `detail.pointer` is the field of ProxyRules that is wrong."""

    def __init__(self, detail: ErrorDetail) -> None:
        super().__init__(f"{detail.found!r}: expected {detail.accepted}")
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RealServer:
    """The base URL of a server that is not ours, in its parts.

    host: name or address, in lower case and without brackets; path: prefix of all its paths,
    without a slash at the end.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @classmethod
    def from_url(cls, url: str, pointer: str = "/url") -> RealServer:
        """Return the parts of a base URL; raises ProxyRulesError (CP-35) at `pointer`."""
        # The URL is not repeated in the error if it may contain a password.
        parts = _split_url(url)
        if parts is None or not parts.hostname:
            shown = "" if "@" in url else url[:200]
            raise ProxyRulesError(ErrorDetail(pointer, "CP-35", URL_FORM, shown))
        port = parts.port or DEFAULT_PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """Return the value of the field Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port as a URL without a path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """Return the base URL, without a slash at the end."""
        return self.origin + self.path

    @property
    def is_loopback(self) -> bool:
        """Return whether the server is on this machine, without a name lookup."""
        try:
            # No lookup: the name server could answer differently when a request is sent.
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class ProxyRules:
    """The operations that a session forwards, and their servers.

    server: where to; auth_server: where requests for tokens go; chosen: the names as they were
    given, operationIds, tags or `*`; operations: the operationIds that these stand for.
    """

    server: RealServer
    auth_server: RealServer
    chosen: tuple[str, ...]
    operations: frozenset[str]

    @classmethod
    def create(
        cls,
        url: str,
        chosen: Iterable[str],
        contract: Mapping[str, Any],
        hosts: Collection[str],
        auth_url: str = "",
    ) -> ProxyRules:
        """Return the rules for a bundled contract; raises ProxyRulesError (CP-35, CP-36, CP-37).

        hosts: names beyond loopback to which requests may be forwarded, in lower case; auth_url:
        the base URL of the token operation, if it is another one.
        """
        server = _allowed_server(url, hosts, "/url")
        auth_server = _allowed_server(auth_url, hosts, "/authUrl") if auth_url else server
        names = tuple(dict.fromkeys(chosen))
        return cls(server, auth_server, names, _select_operations(names, contract))

    def server_of(self, operation: str) -> RealServer:
        """Return the server of a forwarded operation."""
        return self.auth_server if operation == TOKEN_OPERATION else self.server


def _allowed_server(url: str, hosts: Collection[str], pointer: str) -> RealServer:
    server = RealServer.from_url(url, pointer)
    if server.is_loopback or server.host in hosts:
        return server
    accepted = ", ".join(("localhost", "127.0.0.1", "[::1]", *sorted(hosts)))
    raise ProxyRulesError(ErrorDetail(pointer, "CP-36", accepted, server.host[:200]))


def _split_url(url: str) -> SplitResult | None:
    """Return the parts of a usable base URL, or None."""
    if not url.isascii() or not url.isprintable() or any(c in url for c in ' \\"<>^`{|}?#@'):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:  # a port above 65535, or an unfinished IPv6 address
        return None
    dots = {".", ".."}.intersection(parts.path.split("/"))
    return parts if usable and not dots and "%" not in parts.netloc else None


def _select_operations(names: Iterable[str], contract: Mapping[str, Any]) -> frozenset[str]:
    """Return the operationIds of these names; raises ProxyRulesError (CP-37)."""
    tags = {
        each.operation["operationId"]: each.operation.get("tags", ())
        for each in iter_operations(contract)
    }
    found: frozenset[str] = frozenset()
    for index, name in enumerate(names):
        named = named_operations(name, tags)
        if not named:
            near = suggest_operations(name[:200], tags)
            raise ProxyRulesError(ErrorDetail(f"/operations/{index}", "CP-37", near, name[:200]))
        found |= named
    return found
