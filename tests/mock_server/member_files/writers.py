"""Member lists as different programs write them, and workbooks that no program would."""

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
    """The first writer: shared strings, no styles to speak of."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return workbook_bytes(book)


def workbook_bytes(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook of openpyxl."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def xlsxwriter_file(rows: Rows, title: str = "名单", **options: Any) -> bytes:
    """The second writer; with `constant_memory` texts stand in the cells themselves."""
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
    """Values separated as a spreadsheet does it, with line ends of Windows."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    return written.getvalue().encode(encoding)


def with_parts(content: bytes, **parts: str | bytes) -> bytes:
    """A workbook with some parts replaced (`sheet` is its first sheet) or added."""
    given = {SHEET if name == "sheet" else name: part for name, part in parts.items()}
    return zip_parts({**unzip_parts(content), **given})


def without_part(content: bytes, name: str) -> bytes:
    """A workbook that lacks a part."""
    return zip_parts({entry: part for entry, part in unzip_parts(content).items() if entry != name})


def unzip_parts(content: bytes) -> dict[str, str | bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_parts(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def sheet_xml(rows: str) -> str:
    """The XML of a worksheet with these rows."""
    return WORKSHEET_XML % rows


def ole2_file(stream: str) -> bytes:
    """The signature and the directory entry of an OLE2 file, which is what Excel encrypts into."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(480)
    )
