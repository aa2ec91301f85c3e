"""The Host field of a request, required exactly once (RFC 9112, section 3.2)."""

from __future__ import annotations

import re
from functools import lru_cache

from mock_server.errors import Violation, shown

HOST = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{0,5}))?")
"""A name or an address, with its port; the other letters of RFC 3986 are in no such name."""
POINTER = "/header/Host"


def wrong_host(headers: list[tuple[bytes, bytes]], version: str) -> Violation | None:
    """Return what is wrong with the Host of a request; it is required from HTTP/1.1 on."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) == 1:
        return _wrong(hosts[0])
    if hosts:
        return Violation(POINTER, "repeated", "host[:port]", _shown(hosts))
    return None if version in ("0.9", "1.0") else Violation(POINTER, "required", "host[:port]")


def is_host(sent: bytes) -> bool:
    """Return whether this is a host, with or without a port."""
    return _wrong(sent) is None


@lru_cache(maxsize=128)
def _wrong(host: bytes) -> Violation | None:
    match = HOST.fullmatch(host)
    if match and int(match[1] or 0) <= 65535:
        return None
    return Violation(POINTER, "format", "host[:port]", _shown([host]))


def _shown(hosts: list[bytes]) -> str:
    return shown(", ".join(host.decode("latin-1") for host in hosts))
