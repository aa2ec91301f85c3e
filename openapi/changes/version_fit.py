"""Versions of the contract: does `info.version` fit what changed?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from openapi.changes.change import Change, Level

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_CHANGELOG_ENTRY = re.compile(r"^## \[([^\]]+)\]", re.MULTILINE)


class Version(NamedTuple):
    """A version of Semantic Versioning, without a label for previews."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """Return the version as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"

    def next(self, level: Level) -> Version:
        """Return the version after this one, in which the part `level` grows."""
        if level is Level.MAJOR:
            return Version(self.major + 1, 0, 0)
        if level is Level.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return Version(self.major, self.minor, self.patch + 1) if level else self


def parse_version(text: str) -> Version:
    """Return the version; raises ValueError for a text that is none."""
    found = _VERSION.fullmatch(text)
    if not found:
        raise ValueError(f"{text} is not a version such as 1.2.0")
    return Version(*map(int, found.groups()))


def required_level(changes: Iterable[Change]) -> Level:
    """Return the part of the version that has to grow for these changes."""
    return max((change.level for change in changes), default=Level.NONE)


def find_misfit(old: Version, new: Version, required: Level) -> str | None:
    """Return why a version does not fit the changes since the old one, or None if it does.

    A part may grow that need not: the author may have reasons that cannot be computed.
    """
    least = old.next(required)
    if new >= least:
        return None
    reason = _REASONS[required].format(old=old)
    return f"The version {new} does not fit; info.version has to be at least {least}: {reason}"


def newest_entry(changelog: str) -> str:
    """Return the version of the first entry of a changelog, or an empty text."""
    found = _CHANGELOG_ENTRY.search(changelog)
    return found[1] if found else ""


_REASONS = {
    Level.NONE: "versions do not go back from {old}.",
    Level.PATCH: "texts changed since {old}.",
    Level.MINOR: "something was added since {old}.",
    Level.MAJOR: "a change breaks readers of {old}.",
}
