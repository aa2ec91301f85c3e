"""Reading of the rows of one sheet: its members, and the mistakes in them.

Blocks without mistakes are taken at once (`bulk_validation.py`), the rows of others one by one
(`row_reading.py`), which takes several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mock_server.member_files.bulk_validation import RowBlock, split_into_blocks
from mock_server.member_files.findings import Finding
from mock_server.member_files.limits import MAX_ROWS
from mock_server.member_files.sheet_state import SheetState


def read_rows(state: SheetState) -> None:
    """Read all rows of a sheet, up to the limit of a task."""
    task, others = state.task, _RowsOneByOne(state)
    for first, rows in split_into_blocks(state.sheet.rows):
        before = len(task.rows)
        block = RowBlock(rows, state.columns, task.identifying)
        if not _take_block(state, first, block) and others.read(first, rows):
            break
        if not state.findings.total:
            task.hand_over(task.rows[before:])
    others.finish()
    if not state.count and not state.findings.total:
        column = state.sheet.column_name(0)
        state.findings.add(Finding("header-only", "minItems 1", "", 2, column))


def _take_block(state: SheetState, first: int, block: RowBlock) -> bool:
    """Take a whole block if nothing is wrong with it; return whether it was taken."""
    rows, index = state.task.rows, state.task.index
    if not block.is_valid or state.is_after_blank or len(rows) + len(block.members) > MAX_ROWS:
        return False
    if index and not index.add_block(first, block):
        return False
    rows += block.members
    state.add_rows(first, len(block.members))
    state.has_number_ids |= block.has_number_ids
    state.has_blank_ids |= any(None in ids for ids in block.ids.values())
    return True


class _RowsOneByOne:
    """The rows of blocks that were not taken."""

    def __init__(self, state: SheetState) -> None:
        self._state = state
        self.finish: Callable[[], None] = lambda: None
        self._read: Callable[[int, Sequence[Sequence[Any]]], bool] | None = None

    def read(self, first: int, rows: Sequence[Sequence[Any]]) -> bool:
        """Read rows one by one; return whether the limit of the task is reached."""
        if self._read is None:
            from mock_server.member_files import row_reading  # noqa: PLC0415 - slow to import

            reading = row_reading.RowReading(self._state)
            self._read, self.finish = reading.read, reading.add_groups
        return self._read(first, rows)
