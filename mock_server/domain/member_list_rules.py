"""The rule ids that a kind of task uses for its member lists."""

from __future__ import annotations

from typing import NamedTuple


class MemberListRules(NamedTuple):
    """Which rule is broken by what is wrong with a file, by its names in member_reader.py."""

    file: str
    member: str
    repeated: str
    variable: str = ""
