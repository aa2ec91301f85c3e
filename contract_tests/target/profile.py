"""Profiles: operations that a run may call on a target (all, reads, or examples of reads)."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Literal, get_args
from urllib.parse import urlsplit

from contract_tests.contract.operations import Operation

Profile = Literal["full", "safe", "smoke"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


def choose_profile(url: str, wanted: Profile | None) -> Profile:
    """Return the requested profile; by default `full` on this machine and `safe` elsewhere."""
    return wanted or ("full" if is_loopback(url) else "safe")


def is_loopback(url: str) -> bool:
    """Return whether a URL names this machine, without a name lookup."""
    host = urlsplit(url).hostname or ""
    try:
        # No lookup: the name server could answer differently when the request is sent.
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed_operations(profile: Profile, operations: Collection[Operation]) -> list[Operation]:
    """Return the operations that a profile may call: all for `full`, else those that read."""
    return [each for each in operations if profile == "full" or each.method == "get"]
