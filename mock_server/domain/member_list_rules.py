"""Rules for member lists: their ids, which differ between the kinds of task, and readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

IDENTIFICATIONS = {
    "one-of-three": ("memberId", "userId", "ciq"),
    "memberId": ("memberId",),
    "userId-or-ciq": ("userId", "ciq"),
}
"""Fields of which a member needs one, by the answer to member-identification (N2)."""


class MemberListRules(NamedTuple):
    """Rule ids by the category of a finding; the fields have the names used in member_reader.py."""

    file: str
    member: str
    repeated: str
    variable: str = ""


class MemberListReadings(NamedTuple):
    """Answers to the open questions about member lists.

    identifying: fields of which a member needs one; repeated: the answer to repeated-members (N33).
    """

    identifying: tuple[str, ...] = IDENTIFICATIONS["one-of-three"]
    repeated: str = "refused"

    @classmethod
    def of(cls, readings: Mapping[str, str]) -> MemberListReadings:
        """Return those among all readings of a world."""
        return cls(IDENTIFICATIONS[readings["member-identification"]], readings["repeated-members"])


DEFAULT_READINGS = MemberListReadings()
