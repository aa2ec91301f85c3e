"""Servers that are compared."""

from __future__ import annotations

from benchmarks.servers import SERVERS


def test_the_four_servers_are_all_described() -> None:
    """A figure without what it costs would mislead."""
    assert [server.name for server in SERVERS] == ["mock", "prism", "scalar", "starlette"]
    assert all(server.does and server.does_not for server in SERVERS)
