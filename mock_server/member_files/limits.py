"""Limits of what is read of a member file (N5).

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from mock_server.member_files.findings import Finding, SheetError, cut_value
from mock_server.member_files.sheets import a1_notation

MAX_ROWS = 100_000
"""Members of a task."""
MAX_COLUMNS = 500
MAX_CELLS = 4_000_000
"""Cells of the rectangle around the values of a sheet. Each takes a microsecond and 32 bytes."""
MAX_SAMPLE_ROWS = 20
"""Rows in the sample of a dry run."""
MAX_UNPACKED_BYTES = 200 * 2**20
"""Unpacked size of all entries of a workbook, as given in the directory of the archive."""


def check_size(sheet: str, rows: int, columns: int) -> None:
    """Raise SheetError if a sheet has more columns or cells than are read."""
    name = cut_value(sheet)
    if columns > MAX_COLUMNS:
        raise SheetError(too_many_columns(name, 1, columns))
    if rows * columns > MAX_CELLS:
        corner = a1_notation(rows, columns - 1)
        raise SheetError(too_many_cells(name, corner, rows * columns))


def too_many_columns(sheet: str, row: int, columns: int) -> Finding:
    """Return the finding for a row with more columns than are read."""
    words = (("limit", str(MAX_COLUMNS)),)
    accepted = f"columns <= {MAX_COLUMNS}"
    return Finding("columns-too-many", accepted, str(columns), row, sheet=sheet, words=words)


def too_many_cells(sheet: str, corner: str, cells: int) -> Finding:
    """Return the finding for a sheet that extends to this last cell."""
    words = (("limit", str(MAX_CELLS)), ("other", corner))
    return Finding("cells-too-many", f"cells <= {MAX_CELLS}", str(cells), sheet=sheet, words=words)
