"""Texts of cells, and numbers as which ids are read (N5).

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

MAX_EXACT_INTEGER = 2**53
"""Largest integer that is exact in a spreadsheet, which stores all numbers as floats."""
MAX_ID = 2**63 - 1
ID_NUMBER_LIMIT = 10**15
"""A spreadsheet keeps 15 digits of a number, so larger ones may have lost some."""
SMALLEST_PLAIN = 1e-15
"""Smallest fraction without an exponent, as LibreOffice exports it: 0.0000001, not 1E-07."""
MAX_CELL_LENGTH = 32_767
"""Characters of a cell: the limit of Excel."""
ZERO_WIDTH = (
    "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2066\u2067\u2068\u2069\ufeff"
)
"""Invisible characters: address books of phones put isolates (U+2068, U+2069) around numbers."""
JOINERS = "\u200c\u200d"
"""Zero-width characters that change how a name is written, and so are removed from ids only."""


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
        return str(int(cell)) if whole else _format_fraction(cell)
    return _format_moment(cell)


def parse_member_id(value: str) -> int | None:
    """Return the text as an integer from 1 to MAX_ID, or None if it is not one."""
    if value.isascii() and value.isdigit() and len(value) <= 19 and 0 < int(value) <= MAX_ID:
        return int(value)
    return None


def _format_fraction(number: float) -> str:
    """Return a number with 15 significant digits, like Excel: 0.1 + 0.2 is shown as 0.3."""
    text = f"{number:.15G}"
    exponent = text.partition("E-")[2]
    if not exponent or abs(number) < SMALLEST_PLAIN:
        return text
    return f"{number:.{int(exponent) + 14}f}".rstrip("0")


def _format_moment(cell: datetime | date | time | timedelta) -> str:
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat()[: len("2025-04-21")]  # or 10:30:00
