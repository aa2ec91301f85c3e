"""Member lists as written by different programs, and workbooks that no program would write."""

from __future__ import annotations

import csv
import io
import struct
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


def ole2_file(*streams: str) -> bytes:
    """Return the header and the directory of an OLE2 file, the format of encrypted workbooks.

    The sectors of the directory do not follow each other, as in files that were saved repeatedly.
    """
    names = ["Root Entry", *streams]
    sectors = [names[start : start + 4] for start in range(0, len(names), 4)]
    table = [0xFFFFFFFD, 0xFFFFFFFF] * 64  # the table itself is sector 0; the directory, 2, 4 ...
    for number in range(1, len(sectors) + 1):
        table[2 * number] = 2 * number + 2 if number < len(sectors) else 0xFFFFFFFE
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6)
    )
    header += bytes(14) + struct.pack("<I", 2) + bytes(24)
    written = header + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + struct.pack("<128I", *table)
    for names_of_sector in sectors:
        written += bytes(512)
        for name in names_of_sector:
            encoded = name.encode("utf-16-le")
            size = struct.pack("<H", len(encoded) + 2)
            written += encoded.ljust(64, b"\0") + size + bytes(62)
        written += bytes(128 * (4 - len(names_of_sector)))
    return written
