"""Limits of the number of open files and connections of this process."""

from __future__ import annotations

import sys

RESERVED_DESCRIPTORS = 40
"""Descriptors reserved for pages, member files, and pipes of worker processes."""
MAX_DESCRIPTORS = 65_536
"""Upper bound of the limit that is set; in containers the hard limit can be a billion."""
MIN_CONNECTIONS = 8
"""Minimum number of connections, whatever the limit of descriptors."""


def raise_descriptor_limit() -> None:
    """Raise the limit of open files to what the system allows, at most MAX_DESCRIPTORS."""
    # Shells start programs with 256 (macOS) or 1024 (Linux), which a load test exceeds.
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - missing on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS refuses more than `kern.maxfilesperproc`
            return


def max_connections() -> int:
    """Return the maximum number of connections with which requests can still open files."""
    if sys.platform == "win32":
        return MAX_DESCRIPTORS
    import resource  # noqa: PLC0415 - missing on Windows

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MAX_DESCRIPTORS
        if soft == resource.RLIM_INFINITY
        else max(MIN_CONNECTIONS, soft - RESERVED_DESCRIPTORS)
    )
