"""Reader for workbooks, by calamine.

calamine is native code that allocates memory for the whole rectangle around the values of a sheet:
a file of 5 kB with a cell at XFD1048576 ends its process. It is used only in the reader process.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from python_calamine import (
    CalamineSheet,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from mock_server.member_files.findings import Finding, SheetError, cut_value
from mock_server.member_files.limits import MAX_CELLS, MAX_UNPACKED_BYTES, check_size
from mock_server.member_files.sheets import Sheet

LONG_DURATION = re.compile("PT([0-9]{1,8})H([0-9]{2})M([0-9]{2})(?:[.,][0-9]+)?S")
MIN_CELL_BYTES = 16
"""Bytes of a cell with a value in the XML: `<c><v>1</v></c>`."""


def open_worksheet(content: bytes, *, is_xlsx: bool) -> Sheet:
    """Return the first visible worksheet (N5). Raises SheetError."""
    is_archive = content.startswith(b"PK")
    largest = _largest_entry(content) if is_archive else 0
    with _translate_errors("file-damaged"):
        book = load_workbook(io.BytesIO(content))
        sheets = book.sheets_metadata
        names = [
            sheet.name
            for sheet in sheets
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    if not sheets:  # every workbook has one
        raise SheetError(Finding("file-damaged"))
    if not names:
        raise SheetError(Finding("workbook-without-sheet", "worksheets >= 1"))
    name, *others = names
    if is_xlsx and largest > MAX_CELLS * MIN_CELL_BYTES:
        _reject_large_sheet(content, name)
    with _translate_errors("sheet-damaged", name):
        sheet = book.get_sheet_by_name(name)

    def open_others() -> Iterator[Sheet]:
        for other in others:
            try:
                with _translate_errors("sheet-damaged", other):
                    found = book.get_sheet_by_name(other)
            except SheetError:
                continue
            yield _open_rows(found)

    opened = _open_rows(sheet)
    if is_archive and not is_xlsx:
        opened = opened._replace(rows=_with_durations(opened.rows))
    return opened._replace(is_xlsx=is_xlsx, others=open_others)


def _with_durations(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Yield the rows of an .ods, of which calamine returns a time above 24 hours as a text."""
    for row in rows:
        yield [
            timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3]))
            if cell.__class__ is str
            and cell.startswith("PT")
            and (found := LONG_DURATION.fullmatch(cell))
            else cell
            for cell in row
        ]


def _open_rows(sheet: CalamineSheet) -> Sheet:
    if sheet.start is None:
        return Sheet(sheet.name, 0, iter(()))
    check_size(sheet.name, sheet.total_height, sheet.width)
    return Sheet(sheet.name, sheet.start[1], iter(sheet.iter_rows()))


def _largest_entry(content: bytes) -> int:
    """Return the unpacked size of the largest entry. Raises SheetError for a zip bomb."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sizes = [entry.file_size for entry in archive.infolist()]
    if (unpacked := sum(sizes)) > MAX_UNPACKED_BYTES:
        raise SheetError(
            Finding(
                "unpacked-too-large",
                f"unpacked <= {MAX_UNPACKED_BYTES}",
                str(unpacked),
                words=(("limit", str(MAX_UNPACKED_BYTES)),),
            )
        )
    return max(sizes)


def _reject_large_sheet(content: bytes, name: str) -> None:
    """Raise SheetError if a sheet has more cells than are read, before calamine reads it."""
    from mock_server.member_files import worksheet_xml  # noqa: PLC0415 - seldom, and slow to import

    if finding := worksheet_xml.cell_limit_finding(content, name):
        raise SheetError(finding)


@contextmanager
def _translate_errors(code: str, sheet: str = "") -> Iterator[None]:
    """Raise SheetError with this code for any error of calamine."""
    try:
        yield
    except PasswordError as error:
        raise SheetError(Finding("file-password")) from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    # A panic in Rust is a PanicException, which is not an Exception.
    except BaseException as error:
        raise SheetError(Finding(code, sheet=cut_value(sheet))) from error
