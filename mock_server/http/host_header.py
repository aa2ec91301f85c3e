"""Validation of the Host field, which is required exactly once (RFC 9112, 3.2)."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address

from mock_server.errors import ErrorDetail, display_text

HOST_PATTERN = re.compile(rb"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{0,5}))?")
"""A name or an address, with an optional port. Other characters that RFC 3986 allows in a host,
such as `!` and `%`, do not occur in host names."""
HOST_POINTER = "/header/Host"


def host_violation(headers: list[tuple[bytes, bytes]], version: str) -> ErrorDetail | None:
    """Return the violation of a request's Host, or None; Host is required from HTTP/1.1 on."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) == 1:
        return _host_format_violation(hosts[0])
    if hosts:
        return ErrorDetail(HOST_POINTER, "repeated", "host[:port]", _display_hosts(hosts))
    # HTTP/1.0, which some load testers and health checks use, has no Host.
    return (
        None if version in ("0.9", "1.0") else ErrorDetail(HOST_POINTER, "required", "host[:port]")
    )


def is_valid_host(sent: bytes) -> bool:
    """Return whether the bytes are a host with an optional port."""
    return _host_format_violation(sent) is None


@lru_cache(maxsize=128)  # all requests of a client have the same Host
def _host_format_violation(host: bytes) -> ErrorDetail | None:
    match = HOST_PATTERN.fullmatch(host)
    if match and int(match[1] or 0) <= 65535 and _is_address_if_bracketed(host):
        return None
    return ErrorDetail(HOST_POINTER, "format", "host[:port]", _display_hosts([host]))


def _is_address_if_bracketed(host: bytes) -> bool:
    """Return whether what is in brackets, if anything, is an IPv6 address."""
    if not host.startswith(b"["):
        return True
    try:
        IPv6Address(host[1:].partition(b"]")[0].decode("ascii"))
    except AddressValueError:
        return False
    return True


def _display_hosts(hosts: list[bytes]) -> str:
    return display_text(", ".join(host.decode("latin-1") for host in hosts))
