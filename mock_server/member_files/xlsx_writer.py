"""Writer for the workbooks of the mock: the member template, and lists in the initial data."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter import Workbook

# Fixed, because the file is part of the world: same seed, same bytes.
CREATION_DATE = datetime(2025, 1, 1)  # noqa: DTZ001 - OOXML properties carry no zone
COLUMN_WIDTH = 16
"""Width of a column in characters."""
TEXT_FORMAT = "@"
"""Cell format that keeps input as it is typed, such as `007` and long numbers."""


def write_workbook(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return an .xlsx workbook with one sheet and a bold header; same rows, same bytes."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": CREATION_DATE})
        sheet = book.add_worksheet()
        sheet.set_column(
            0, len(columns) - 1, COLUMN_WIDTH, book.add_format({"num_format": TEXT_FORMAT})
        )
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return written.getvalue()
