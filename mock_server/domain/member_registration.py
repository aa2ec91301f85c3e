"""Registration of the members of a list, in the directory or in a draft of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from mock_server.domain.member_directory import MemberDirectory, MemberRow
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD, run_in_thread_if

T = TypeVar("T")
ROWS_PER_BLOCK = 1_000
"""Rows of a long list that are registered at once. Other threads have to wait for a call into C,
so this limits their delay."""
SMALL_LIST_ROWS = 100
"""Rows up to which registering one by one is as fast as registering a block."""
MAX_REGISTRATION_ATTEMPTS = 3
"""Attempts at registering a long list; the last one, on the event loop, always succeeds."""


async def register_members(
    directory: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> list[T]:
    """Register the members of all rows; return `made(id, name)` for each of them."""
    # A list that is registered without a thread needs no draft, since nothing can be added
    # meanwhile, and the few members of most requests need no blocks.
    if len(rows) <= SMALL_LIST_ROWS:
        return _register_one_by_one(directory, rows, made)
    if len(rows) <= MIN_ROWS_FOR_THREAD:
        return _register_in_blocks(directory, rows, made)
    draft, found = await register_in_draft(directory, rows, made)
    directory.apply_draft(draft)
    return found


async def register_in_draft(
    directory: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> tuple[MemberDirectory, list[T]]:
    """Register the members of all rows in a draft; return it, and `made(id, name)` for each row.

    The name is that of the row, else that of the known member. The caller has to apply the draft
    before it awaits anything else. A long list is registered in a thread, and again if the
    directory has changed meanwhile.
    """
    for attempt in range(1, MAX_REGISTRATION_ATTEMPTS + 1):
        draft, changes = directory.create_draft(), directory.changes
        work = partial(_register_in_blocks, draft, rows, made)
        enrolled = await run_in_thread_if(
            len(rows) > MIN_ROWS_FOR_THREAD and attempt < MAX_REGISTRATION_ATTEMPTS, work
        )
        if directory.changes == changes:
            break
    return draft, enrolled


def _register_in_blocks(
    draft: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> list[T]:
    found: list[T] = []
    for start in range(0, len(rows), ROWS_PER_BLOCK):
        block = rows[start : start + ROWS_PER_BLOCK]
        if len(block) > SMALL_LIST_ROWS and (met := draft.register_all_new(block)):
            found += [made(one.id, one.name) for one in met]
        else:
            found += _register_one_by_one(draft, block, made)
    return found


def _register_one_by_one(
    directory: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> list[T]:
    found = []
    for row in rows:
        member = directory.get_or_create(row)
        found.append(made(member.id, row.name or member.name))
    return found
