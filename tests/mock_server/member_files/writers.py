"""Member lists as written by different programs, and workbooks that no program would write."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter

Rows = Sequence[Sequence[Any]]
OOXML = "http://schemas.openxmlformats.org"
SHEET = "xl/worksheets/sheet1.xml"
WORKSHEET_XML = (
    f'<worksheet xmlns="{OOXML}/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)


def openpyxl_file(rows: Rows, title: str = "名单") -> bytes:
    """Return a workbook of openpyxl, with shared strings and few styles."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return workbook_bytes(book)


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook of openpyxl."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def xlsxwriter_file(rows: Rows, title: str = "名单", **options: Any) -> bytes:
    """Return a workbook of XlsxWriter; `constant_memory` puts texts into the cells."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, **options}) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                kind = dates if hasattr(value, "year") else None
                sheet.write(number, column, value, kind)
    return written.getvalue()


def csv_file(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Return separated values as a spreadsheet writes them, with line ends of Windows."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode(encoding)


def with_parts(content: bytes, **parts: str | bytes) -> bytes:
    """Return a workbook with some parts replaced (`sheet` is its first sheet) or added."""
    given = {SHEET if name == "sheet" else name: part for name, part in parts.items()}
    return zip_parts({**unzip_parts(content), **given})


def without_part(content: bytes, name: str) -> bytes:
    """Return a workbook that lacks a part."""
    return zip_parts({entry: part for entry, part in unzip_parts(content).items() if entry != name})


def unzip_parts(content: bytes) -> dict[str, str | bytes]:
    """Return the entries of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_parts(parts: Mapping[str, str | bytes]) -> bytes:
    """Return an archive of these entries."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def sheet_xml(rows: str) -> str:
    """Return the XML of a worksheet with these rows."""
    return WORKSHEET_XML % rows


def ole2_file(stream: str) -> bytes:
    """Return signature and directory entry of an OLE2 file, the format of encrypted workbooks."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(480)
    )
