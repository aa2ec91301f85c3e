"""Safety policy of a run that could reach people: members, plans and logins that are allowed.

The user sets it with options; request_guard.py applies it to every request.
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
from contract_tests.safety.members_in_requests import MEMBER_ID_FIELDS
from contract_tests.target.profile import Profile, is_loopback
from contract_tests.target.target import TOKEN_OPERATION, CannotCheckError

MIN_START_DAYS = 7
"""Minimum days until a created task starts, so that there is time to notice and stop it."""
MEMBER_METAVAR = "userId=..."
ENVIRONMENT_PREFIX = "HYPERS_CHECK_"
"""Prefix of the environment variables of all options of the check."""
REACHES_PEOPLE_REASON = "it could reach people: no generated requests, only probes of rules"
ACCOUNT_LOCK_REASON = "wrong logins could lock an account: no generated requests"

AllowedMember = Mapping[str, Any]
"""A member whom a task may name: `userId` and `ciq` as texts, `memberId` as a number, at least one.
"""


@dataclass(frozen=True)
class SafetyPolicy:
    """Permissions of a run on a server that others use too.

    members: the only people who may be addressed, None for no limit. release: whether plans may
    leave DRAFT. token_probes: whether tokens may be refreshed and wrong credentials tried.
    """

    members: tuple[AllowedMember, ...] | None = None
    release: bool = False
    token_probes: bool = False

    def limited_operations(self, chosen: Collection[Operation]) -> dict[str, str]:
        """Return which of these operations get no generated requests, and why."""
        # Generated passwords are wrong ones, and many identity servers lock an account after a few.
        found = {each.name: ACCOUNT_LOCK_REASON for each in chosen if each.name == TOKEN_OPERATION}
        if self.members is None:
            return found
        reaching = [each.name for each in chosen if operation_effects(each.name).reaches_people]
        return found | dict.fromkeys(reaching, REACHES_PEOPLE_REASON)


@dataclass(frozen=True)
class SafetyOptions:
    """Permissions given by the options of `add_safety_options`; `host` is where writes may go."""

    host: str = ""
    members: tuple[AllowedMember, ...] = ()
    release: bool = False
    token_probes: bool = False

    @classmethod
    def from_options(cls, options: argparse.Namespace) -> SafetyOptions:
        """Return the permissions given on the command line or in the environment.

        Raises CannotCheckError for an invalid member in the environment.
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
    """Add the options without which a server other than this machine is only read."""
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
        ("--allow-release", "release plans even if only test members may be addressed"),
        (
            "--allow-token-probes",
            "refresh tokens and try wrong credentials even if only test members may be addressed",
        ),
    ):
        variable = ENVIRONMENT_PREFIX + name.removeprefix("--").replace("-", "_").upper()
        given = os.environ.get(variable, "") not in ("", "0")
        parser.add_argument(name, action="store_true", default=given, help=f"{text} ({variable}=1)")


def parse_member(text: str) -> AllowedMember:
    """Parse a member such as `userId=U1,ciq=C1,memberId=7`; raises ArgumentTypeError."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        name, _, value = (piece.strip() for piece in part.partition("="))
        if name not in MEMBER_ID_FIELDS or not value or name in found:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a member such as userId=U1,ciq=C1"
                f" (of {', '.join(MEMBER_ID_FIELDS)})"
            )
        found[name] = value
    number = found.get("memberId", "1")
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**63):
        raise argparse.ArgumentTypeError(f"memberId {number!r} is not a positive whole number")
    return found | ({"memberId": int(number)} if "memberId" in found else {})


def choose_safety_policy(
    url: str, auth_url: str, profile: Profile, permits: SafetyOptions
) -> SafetyPolicy | None:
    """Return the policy for a run at this URL with tokens from that one; None for no limit.

    A profile other than `full` only reads, and has no policy. Test members are a limit on this
    machine too, since it may forward to a server elsewhere. Raises CannotCheckError if options for
    `full` elsewhere are missing, naming them, and if `--allow-writes` names another host.
    """
    host = urlsplit(url).hostname or ""
    # Checked for every profile: a wrong host is a mistake even when nothing is written.
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
    # A target on this machine with a login elsewhere: only the credentials need protection.
    members = permits.members if is_limited else None
    return SafetyPolicy(members, permits.release, permits.token_probes)
