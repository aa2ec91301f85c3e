"""State of the reading of a sheet, and of the task that it belongs to.

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mock_server.member_files.bulk_validation import ColumnIndexes, MemberFields
from mock_server.member_files.findings import FileFindings
from mock_server.member_files.id_index import IdIndex
from mock_server.member_files.sheets import Sheet


class ReadingTask(Protocol):
    """State that all files of a task share.

    rows: the members so far; identifying: identity columns of which every row needs a value in
    one; index: the ids so far, None if a member may occur twice.
    """

    rows: list[MemberFields]
    identifying: Sequence[str]
    index: IdIndex | None

    def hand_over(self, members: list[MemberFields]) -> None:
        """Hand over the members of a block, if no file has a mistake so far."""


class SheetState:
    """A sheet with its columns, its findings, and facts about its ids."""

    def __init__(
        self, task: ReadingTask, sheet: Sheet, columns: ColumnIndexes, findings: FileFindings
    ) -> None:
        self.task = task
        self.sheet = sheet
        self.columns = columns
        self.findings = findings
        self.count = 0
        """Rows with a member, or with a mistake in place of one."""
        self._spans: list[tuple[int, int]] = []
        """First row and number of rows, for each sequence of rows with members."""
        self.is_after_blank = False
        """True if the last row is blank, or is a note."""
        self.has_number_ids = False
        """True if any id is a number cell."""
        self.has_blank_ids = False
        """True if any row has a blank cell in an identity column."""
        self.rows_without_id: set[int] = set()
        self.refused_ids: set[tuple[int, int]] = set()
        """Rows and columns of ids with a mistake."""

    def add_rows(self, first: int, count: int) -> None:
        """Note that the next members are those of `count` rows from `first` on."""
        self.count += count
        if self._spans and sum(self._spans[-1]) == first:
            first, before = self._spans.pop()
            count += before
        self._spans.append((first, count))

    def row_number(self, index: int) -> int:
        """Return the number of the row of a member of this sheet, given by its index."""
        for first, count in self._spans:
            if index < count:
                return first + index
            index -= count
        raise IndexError(index)
