"""What may be done to a target: everything, nothing that changes it, or next to nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Literal, get_args
from urllib.parse import urlsplit

from contract_tests.contract import Operation
from contract_tests.target import Unfit

Profile = Literal["full", "safe", "smoke"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


def choose_profile(url: str, wanted: Profile | None) -> Profile:
    """The profile for a target: what is wanted, else `full` on this machine and `safe` elsewhere.

    Raises Unfit when `full` is wanted elsewhere: it creates, and messages reach people.
    """
    local = is_loopback(url)
    if wanted == "full" and not local:
        host = urlsplit(url).hostname
        raise Unfit(f"--profile full writes, and {host} is not this machine: use safe or smoke")
    return wanted or ("full" if local else "safe")


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine, without looking the name up."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def allowed(profile: Profile, operations: Collection[Operation]) -> list[Operation]:
    """The operations that a profile may call: without `full`, those that read."""
    return [each for each in operations if profile == "full" or each.method == "get"]
