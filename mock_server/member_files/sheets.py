"""A sheet as it is read: rows of cells from row 1 on, the text of a cell, the name of a place.

Part of the reader (`reader.py`), which starts for every request: it imports next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

MAX_EXACT_INTEGER = 2**53
"""Whole numbers up to here are exact in a spreadsheet, which keeps every number as a float."""
MAX_NAME_LENGTH = 80
"""Characters of a file's name that a refusal shows; a sheet's is shorter in any spreadsheet."""


class SheetError(ValueError):
    """A file, or a place in it, that cannot be read as a member list.

    accepted: what would be; found: what is there instead, both as a refusal shows them.
    place: where in the file, when it is not the file as a whole.
    """

    def __init__(self, accepted: str, found: str, place: str = "") -> None:
        super().__init__(found)
        self.accepted = accepted
        self.found = found
        self.place = place


class Sheet(NamedTuple):
    """The rows of a file.

    `name` is empty for a file without sheets; `left` is the first column that has values (column A
    is 0), and the first cell of every row.
    """

    name: str
    left: int
    rows: Iterator[list[Any]]


class SheetLocation(NamedTuple):
    """A file and its sheet, to say where in it something is: `名单.xlsx 工作表1!C7`."""

    file: str
    sheet: str = ""
    left: int = 0

    def describe_cell(self, row: int, column: int) -> str:
        """A cell, by its row (the header is row 1) and its index in the sheet's rows."""
        return self.describe(self.cell_name(row, column))

    def cell_name(self, row: int, column: int) -> str:
        """The cell's name alone: `C7`."""
        return a1_notation(row, self.left + column)

    def describe(self, where: str = "") -> str:
        """What is at these cells; without any, the file."""
        file = self.file[:MAX_NAME_LENGTH]
        if not where:
            return file
        if not self.sheet:
            return f"{file} {where}"
        sheet = self.sheet[:MAX_NAME_LENGTH]
        return f"{file} {sheet if sheet.replace('_', '').isalnum() else repr(sheet)}!{where}"


def a1_notation(row: int, column: int) -> str:
    """The name that a spreadsheet shows for a cell; column A is 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_text(cell: Any) -> str:
    """A cell as a spreadsheet shows it, without blanks around it.

    A formula counts as its last result; dates and times are written as the API writes them.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        whole = abs(cell) <= MAX_EXACT_INTEGER and cell == int(cell)
        return str(int(cell)) if whole else f"{cell:.15G}"
    return _format_moment(cell)


def _format_moment(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()[: len("2025-04-21")]  # or 10:30:00
