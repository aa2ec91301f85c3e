"""Sheets of member files, and the names of their cells.

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Sheet(NamedTuple):
    """Rows of a file.

    name: empty for a file without sheets; left: index of the first column with values (column A is
    0), which is the first cell of every row; is_xlsx: whether `worksheet_xml` can read it;
    others: returns the other visible sheets of the workbook, whose rows are read on demand.
    """

    name: str
    left: int
    rows: Iterator[list[Any]]
    is_xlsx: bool = False
    others: Callable[[], Iterator[Sheet]] = lambda: iter(())

    def column_name(self, column: int) -> str:
        """Return the letters of a column, given by its index in a row."""
        return column_letters(self.left + column)


def column_letters(column: int) -> str:
    """Return the letters that a spreadsheet shows for a column; column A is 0."""
    # Letters are digits from 1 to 26 without a zero, hence `rest - 1`.
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def a1_notation(row: int, column: int) -> str:
    """Return the name that a spreadsheet shows for a cell; column A is 0."""
    return f"{column_letters(column)}{row}"
