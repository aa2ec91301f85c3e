"""Ids of the rules for member lists, which differ between the kinds of task."""

from __future__ import annotations

from typing import NamedTuple


class MemberListRules(NamedTuple):
    """Rule ids by the category of a finding; the fields have the names used in member_reader.py."""

    file: str
    member: str
    repeated: str
    variable: str = ""
