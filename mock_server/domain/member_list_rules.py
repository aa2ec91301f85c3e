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


REPEATED_CODES = ("file-repeated", "id-repeated", "member-repeated")
"""Codes of the mistakes that are against N33."""


class MemberListRules(NamedTuple):
    """Rule ids by the category of a mistake.

    file: the file as such, and its layout; member: a missing or wrong id; repeated: a member or a
    file that occurs twice; variable: a missing value of a variable.
    """

    file: str
    member: str
    repeated: str
    variable: str = ""

    def rule_of(self, code: str) -> str:
        """Return the id of the rule that a mistake breaks, by its code."""
        if code in REPEATED_CODES:
            return self.repeated
        if code.startswith("id-"):
            return self.member
        return self.variable if code.startswith("variable-") else self.file


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
