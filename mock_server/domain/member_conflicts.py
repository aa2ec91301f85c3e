"""Rows of member files whose ids contradict the members that are known (N2, N33)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mock_server.domain.member_directory import (
    BY_CIQ,
    BY_ID,
    BY_USER_ID,
    MemberDirectory,
    MemberRow,
)

ROWS_PER_BLOCK = 1_000
"""Rows that are compared by one call into C, for which other threads have to wait."""


class MemberConflict(NamedTuple):
    """A row that names two known members, or one that an earlier row names by another id.

    row: index of the row; members: ids of the members; earlier: index of the earlier row, None if
    the row itself names two.
    """

    row: int
    members: tuple[int, ...]
    earlier: int | None


def find_conflicts(
    rows: Sequence[MemberRow], directory: MemberDirectory, *, unique: bool
) -> Iterator[MemberConflict]:
    """Yield the rows that name two known members; if `unique`, also those that repeat one."""
    kinds = [kind for kind in (BY_ID, BY_USER_ID, BY_CIQ) if _is_known(rows, directory, kind)]
    # By ids of one kind, a row names one member, and equal ids are reported by the reader.
    if len(kinds) < 2:
        return
    first: dict[int, int] = {}
    for index, row in enumerate(rows):
        met = directory.find_all(row, kinds)
        if len(met) > 1:
            yield MemberConflict(index, tuple(sorted(met)), None)
        elif unique:
            for member_id in met:
                if (earlier := first.setdefault(member_id, index)) != index:
                    yield MemberConflict(index, (member_id,), earlier)


def _is_known(rows: Sequence[MemberRow], directory: MemberDirectory, kind: int) -> bool:
    """Return whether any row has an id of this kind that a member has."""
    for start in range(0, len(rows), ROWS_PER_BLOCK):
        if directory.has_any(kind, [row[kind] for row in rows[start : start + ROWS_PER_BLOCK]]):
            return True
    return False
