"""What may be done to a target: everything, nothing that changes it, or next to nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Literal, get_args
from urllib.parse import urlsplit

from contract_tests.contract.operations import Operation

Profile = Literal["full", "safe", "smoke"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


def choose_profile(url: str, wanted: Profile | None) -> Profile:
    """What is wanted for a target, else `full` on this machine and `safe` elsewhere."""
    return wanted or ("full" if is_loopback(url) else "safe")


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine, without looking the name up."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed_operations(profile: Profile, operations: Collection[Operation]) -> list[Operation]:
    """The operations that a profile may call: without `full`, those that read."""
    return [each for each in operations if profile == "full" or each.method == "get"]
