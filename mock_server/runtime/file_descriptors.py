"""Limits of the number of open files and connections of this process."""

from __future__ import annotations

from types import ModuleType

RESERVED_DESCRIPTORS = 40
"""Descriptors reserved for pages, member files, and pipes of worker processes."""
MAX_DESCRIPTORS = 65_536
"""Upper bound of the limit that is set; in containers the hard limit can be a billion."""
MIN_CONNECTIONS = 8
"""Minimum number of connections, whatever the limit of descriptors."""


def raise_descriptor_limit() -> None:
    """Raise the limit of open files to what the system allows, at most MAX_DESCRIPTORS."""
    # Shells start programs with 256 (macOS) or 1024 (Linux), which a load test exceeds.
    resource = _resource_module()
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):  # macOS refuses more than `kern.maxfilesperproc`
            return


def max_connections() -> int:
    """Return the maximum number of connections with which requests can still open files."""
    resource = _resource_module()
    if resource is None:
        return MAX_DESCRIPTORS
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        MAX_DESCRIPTORS
        if soft == resource.RLIM_INFINITY
        else max(MIN_CONNECTIONS, soft - RESERVED_DESCRIPTORS)
    )


def _resource_module() -> ModuleType | None:
    """Return the module `resource`, or None on Windows."""
    try:
        import resource  # noqa: PLC0415 - missing on Windows
    except ModuleNotFoundError:
        return None
    return resource
