"""Limits of the files and connections that this process may open."""

from __future__ import annotations

import sys

RESERVED_DESCRIPTORS = 40
"""Descriptors kept for what requests open: pages, member files with the pipes of their readers."""
MAX_DESCRIPTORS = 65_536
"""More are of no use."""
MIN_CONNECTIONS = 8
"""Connections there are at least, however few descriptors."""


def raise_descriptor_limit() -> None:
    """Let the process open as many files as the system allows; a shell's usual limit is lower."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - only there

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS has a lower one of its own
            return


def max_connections() -> int:
    """Return how many connections may be open so that each request can still open files."""
    if sys.platform == "win32":
        return MAX_DESCRIPTORS
    import resource  # noqa: PLC0415 - only there

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MAX_DESCRIPTORS
        if soft == resource.RLIM_INFINITY
        else max(MIN_CONNECTIONS, soft - RESERVED_DESCRIPTORS)
    )
