"""Excel member lists: rows out of .xlsx bytes, and .xlsx bytes out of rows.

An upload is hostile until proved otherwise: sizes are looked up in the zip directory before
anything is unpacked, and whatever openpyxl raises is an unreadable workbook.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 1_000
MAX_ID = 2**63 - 1
STAMP = datetime(2025, 1, 1)  # noqa: DTZ001 - OOXML properties carry no zone
ZIP_STAMP = (2025, 1, 1, 0, 0, 0)


class UnreadableWorkbook(ValueError):
    """Bytes that are no .xlsx workbook, or one that is larger than a member list may be."""


def read_rows(content: bytes) -> list[dict[str, str | int]]:
    """The rows of the first sheet as texts by column name; `memberId` is an int.

    The first row holds the column names; blank rows and columns without a name are passed over,
    blank cells left out. Raises UnreadableWorkbook.
    """
    _check_sizes(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl remarks on extensions it does not read
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                return list(_rows(book.worksheets[0]))
            finally:
                book.close()
    except UnreadableWorkbook:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise UnreadableWorkbook(type(error).__name__) from error


def _check_sizes(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise UnreadableWorkbook("not a zip archive") from error
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableWorkbook("too large when unpacked")


def _rows(sheet: Any) -> Iterator[dict[str, str | int]]:
    rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
    columns = [_text(cell) for cell in next(rows, ())]
    for index, row in enumerate(rows):
        if index >= MAX_ROWS:
            raise UnreadableWorkbook("too many rows")
        cells = {
            name: text
            for name, cell in zip(columns, row, strict=False)
            if name and (text := _text(cell))
        }
        if cells:
            yield _identified(cells)


def _identified(cells: dict[str, str]) -> dict[str, str | int]:
    """A row whose memberId is a number where it can be one."""
    found: dict[str, str | int] = dict(cells)
    number = cells.get("memberId", "")
    if number.isascii() and number.isdigit() and len(number) <= 19 and 0 < int(number) <= MAX_ID:
        found["memberId"] = int(number)
    return found


def _text(cell: Any) -> str:
    """A cell as text; whole numbers without `.0`, as a spreadsheet shows them."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S" if cell.time() != time() else "%Y-%m-%d")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell).strip()


def write_rows(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> bytes:
    """An .xlsx workbook of one sheet; the same rows always give the same bytes."""
    book = Workbook()
    book.properties.created = book.properties.modified = STAMP
    sheet = book.worksheets[0]
    for row in (columns, *rows):
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return _restamped(written.getvalue())


def _restamped(content: bytes) -> bytes:
    """The same archive with fixed times: openpyxl stamps entries and properties with now."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = _core(data)
            target.writestr(zipfile.ZipInfo(entry.filename, ZIP_STAMP), data, zipfile.ZIP_DEFLATED)
    return result.getvalue()


def _core(properties: bytes) -> bytes:
    """Core properties with `modified` as `created`: openpyxl overwrites it when it saves."""
    head, tag, rest = properties.partition(b'<dcterms:modified xsi:type="dcterms:W3CDTF">')
    return head + tag + b"2025-01-01T00:00:00Z" + rest[rest.index(b"</") :] if tag else properties
