"""Sheets of member files: rows of cells, texts of cells, descriptions of places.

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

MAX_EXACT_INTEGER = 2**53
"""Largest integer that is exact in a spreadsheet, which stores all numbers as floats."""
MAX_NAME_LENGTH = 80
"""Characters of the name of a file in an error; Excel allows 31 for the name of a sheet."""


class SheetError(ValueError):
    """A file, or a place in it, cannot be read as a member list.

    accepted, found: accepted and actual value, as shown in the response; place: cells in the file,
    or empty for the file as a whole.
    """

    def __init__(self, accepted: str, found: str, place: str = "") -> None:
        super().__init__(found)
        self.accepted = accepted
        self.found = found
        self.place = place


class Sheet(NamedTuple):
    """Rows of a file.

    name: empty for a file without sheets; left: index of the first column with values (column A is
    0), which is the first cell of every row.
    """

    name: str
    left: int
    rows: Iterator[list[Any]]


class SheetLocation(NamedTuple):
    """File and sheet, from which descriptions such as `名单.xlsx 工作表1!C7` are made."""

    file: str
    sheet: str = ""
    left: int = 0

    def describe_cell(self, row: int, column: int) -> str:
        """Return the description of a cell; the header is row 1, and column an index of a row."""
        return self.describe(self.cell_name(row, column))

    def cell_name(self, row: int, column: int) -> str:
        """Return the name of a cell without file and sheet, such as `C7`."""
        return a1_notation(row, self.left + column)

    def describe(self, where: str = "") -> str:
        """Return the description of these cells, or that of the file without any."""
        file = self.file[:MAX_NAME_LENGTH]
        if not where:
            return file
        if not self.sheet:
            return f"{file} {where}"
        sheet = self.sheet[:MAX_NAME_LENGTH]
        return f"{file} {sheet if sheet.replace('_', '').isalnum() else repr(sheet)}!{where}"


def a1_notation(row: int, column: int) -> str:
    """Return the name that a spreadsheet shows for a cell; column A is 0."""
    # Letters are digits from 1 to 26 without a zero, hence `rest - 1`.
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_text(cell: Any) -> str:
    """Return the text of a cell as a spreadsheet shows it, without surrounding blanks.

    The value of a formula is its stored result. Dates and times have the API's format.
    """
    if isinstance(cell, str):
        return cell.strip()
    # Before int, of which bool is a subclass.
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        whole = abs(cell) <= MAX_EXACT_INTEGER and cell == int(cell)
        # 15 significant digits, like Excel: 0.1 + 0.2 is shown as 0.3.
        return str(int(cell)) if whole else f"{cell:.15G}"
    return _format_moment(cell)


def _format_moment(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()[: len("2025-04-21")]  # or 10:30:00
