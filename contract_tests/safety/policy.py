"""How far a run may go where people could be reached: whose members, which plans, which logins.

Said by the user, option by option; request_guard.py keeps every request within it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.operations import Operation
from contract_tests.safety.named_members import MEMBER_ID_FIELDS
from contract_tests.target.profile import Profile, is_loopback
from contract_tests.target.target import TOKEN_OPERATION, CannotCheckError

MIN_START_DAYS = 7
"""How many days ahead a task starts at least: time to see it and to stop it."""
MEMBER_METAVAR = "userId=..."
ENVIRONMENT_PREFIX = "HYPERS_CHECK_"
"""The beginning of the environment variables of all options of the check."""
REACHES_PEOPLE_REASON = "it could reach people: no generated requests, the probes of rules alone"
ACCOUNT_LOCK_REASON = "another login could lock an account: no generated requests"

AllowedMember = Mapping[str, Any]
"""Whom a task may name: `userId` and `ciq` as texts, `memberId` as a number; one at least."""


@dataclass(frozen=True)
class SafetyPolicy:
    """What a run may do on a server that it does not have to itself.

    members: the only people whom it may address, None for no such limit. release: whether plans
    may leave DRAFT. token_probes: whether tokens are refreshed, and wrong credentials tried.
    """

    members: tuple[AllowedMember, ...] | None = None
    release: bool = False
    token_probes: bool = False

    def limits(self, chosen: Collection[Operation]) -> dict[str, str]:
        """Which of these operations get no generated requests, and why."""
        found = {each.name: ACCOUNT_LOCK_REASON for each in chosen if each.name == TOKEN_OPERATION}
        if self.members is None:
            return found
        reaching = [each.name for each in chosen if operation_effects(each.name).reaches_people]
        return found | dict.fromkeys(reaching, REACHES_PEOPLE_REASON)


@dataclass(frozen=True)
class SafetyOptions:
    """What the user allows, by the options of `add_safety_options`; `host` is where to write."""

    host: str = ""
    members: tuple[AllowedMember, ...] = ()
    release: bool = False
    token_probes: bool = False

    @classmethod
    def read(cls, options: argparse.Namespace) -> SafetyOptions:
        """From the command line.

        Raises CannotCheckError for a member in the environment that is none.
        """
        members = options.test_member
        if members is None:
            texts = os.environ.get(f"{ENVIRONMENT_PREFIX}TEST_MEMBER", "").split(";")
            try:
                members = [parse_member(text) for text in texts if text.strip()]
            except argparse.ArgumentTypeError as error:
                raise CannotCheckError(f"{ENVIRONMENT_PREFIX}TEST_MEMBER: {error}") from None
        return cls(
            options.allow_writes, tuple(members), options.allow_release, options.allow_token_probes
        )


def add_safety_options(parser: argparse.ArgumentParser) -> None:
    """The options without which a server that is not this machine is only read."""
    parser.add_argument(
        "--allow-writes",
        metavar="HOST",
        default=os.environ.get(f"{ENVIRONMENT_PREFIX}ALLOW_WRITES", ""),
        help="the target's host name, repeated as confirmation that the check may write to it"
        f" ({ENVIRONMENT_PREFIX}ALLOW_WRITES)",
    )
    parser.add_argument(
        "--test-member",
        metavar=MEMBER_METAVAR,
        action="append",
        type=parse_member,
        help="member who may be addressed, as userId, ciq and memberId, separated by commas;"
        f" repeatable ({ENVIRONMENT_PREFIX}TEST_MEMBER, separated by semicolons)",
    )
    for name, text in (
        ("--allow-release", "release plans even where only test members may be addressed"),
        ("--allow-token-probes", "refresh tokens and try wrong credentials even there"),
    ):
        variable = ENVIRONMENT_PREFIX + name.removeprefix("--").replace("-", "_").upper()
        given = os.environ.get(variable, "") not in ("", "0")
        parser.add_argument(name, action="store_true", default=given, help=f"{text} ({variable}=1)")


def parse_member(text: str) -> AllowedMember:
    """A member from `userId=U1,ciq=C1,memberId=7`; raises ArgumentTypeError for anything else."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in MEMBER_ID_FIELDS or not value or name in found:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no member such as userId=U1,ciq=C1 (of {', '.join(MEMBER_ID_FIELDS)})"
            )
        found[name] = value
    number = found.get("memberId", "1")
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**63):
        raise argparse.ArgumentTypeError(f"memberId {number!r} is not a positive whole number")
    return found | ({"memberId": int(number)} if "memberId" in found else {})


def choose_safety_policy(
    url: str, auth_url: str, profile: Profile, permits: SafetyOptions
) -> SafetyPolicy | None:
    """What limits a run at this URL with tokens from that one; None for no limit.

    Without `full` it only reads, and needs none. Test members are a limit on this machine too: a
    server elsewhere may be reached through it. Raises CannotCheckError for `full` elsewhere that is
    not allowed, naming what is missing, and for a host that is another one.
    """
    host = urlsplit(url).hostname or ""
    if permits.host and permits.host.lower() != host:
        raise CannotCheckError(
            f"--allow-writes {permits.host} is not the target's host: expected {host}"
        )
    if profile != "full":
        return None
    is_far = not is_loopback(url)
    if is_far:
        needed = {
            f"--allow-writes {host}": permits.host,
            f"--test-member {MEMBER_METAVAR}": permits.members,
        }
        if missing := [option for option, given in needed.items() if not given]:
            options = " and ".join(missing)
            raise CannotCheckError(
                f"--profile full writes, and {host} is not this machine: give {options}"
            )
    is_limited = is_far or bool(permits.members)
    if not is_limited and is_loopback(auth_url or url):
        return None
    members = permits.members if is_limited else None
    return SafetyPolicy(members, permits.release, permits.token_probes)
