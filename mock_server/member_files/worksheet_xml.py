"""Facts about a worksheet that calamine does not give: why a cell is blank, and its used range.

They are read from the XML, only for files that are refused anyway, and only in the reader process.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator
from typing import IO, NamedTuple
from xml.etree import ElementTree as ET

from mock_server.member_files.sheets import a1_notation

CELL_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
WORKSHEETS_FOLDER = "xl/worksheets/"
MAX_FORMULA_LENGTH = 40
"""Characters of a formula in an error."""


class WorksheetCell(NamedTuple):
    """A cell with content; row and column count from 1."""

    row: int
    column: int
    error: str
    formula: str


def blank_cell_reasons(content: bytes, sheet: str, wanted: Collection[str]) -> dict[str, str]:
    """Return the errors and formulas in the wanted cells, by name in A1 notation.

    An error is for example `#N/A`; a formula (`=A1&B1`) is one whose result was not saved. Cells
    that are really blank are left out, as is everything after XML that cannot be parsed.
    """
    found: dict[str, str] = {}
    last = max((int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for name in wanted), default=0)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for cell in _iter_cells(archive.open(_worksheet_path(archive, sheet))):
                # Rows are in ascending order, and a sheet may have a million of them.
                if cell.row > last:
                    break
                name = a1_notation(cell.row, cell.column - 1)
                if name in wanted and (cell.error or cell.formula):
                    found[name] = cell.error or f"={cell.formula}"[:MAX_FORMULA_LENGTH]
    except Exception:  # noqa: BLE001 - the file is refused without this, and zipfile raises anything
        return found
    return found


def used_range(content: bytes) -> tuple[str, int]:
    """Return the last cell of the largest worksheet (`XFD1048576`) and its number of cells."""
    reach = (0, 0)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.startswith(WORKSHEETS_FOLDER) and name.endswith(".xml"):
                    rows = columns = 0
                    for cell in _iter_cells(archive.open(name)):
                        rows, columns = max(rows, cell.row), max(columns, cell.column)
                    reach = max(reach, (rows, columns), key=lambda corner: corner[0] * corner[1])
    except Exception:  # noqa: BLE001 - likewise
        return "", 0
    rows, columns = reach
    return a1_notation(rows, columns - 1) if rows else "", rows * columns


def _worksheet_path(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the worksheet's entry in the archive, found by the id of its relation."""
    for element in _parse_xml(archive, "xl/workbook.xml").iter():
        if _local_name(element) == "sheet" and element.get("name") == sheet:
            relation = next(value for key, value in element.items() if key.endswith("}id"))
    for element in _parse_xml(archive, "xl/_rels/workbook.xml.rels"):
        if element.get("Id") == relation:
            path = posixpath.join("/xl", element.get("Target", ""))
    return posixpath.normpath(path).lstrip("/")


def _parse_xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(archive.read(name))  # noqa: S314 - expat bounds entities, the process memory


def _iter_cells(part: IO[bytes]) -> Iterator[WorksheetCell]:
    """Yield the cells with content."""
    # The reference of a cell is optional; without one, it follows the previous cell.
    row = column = 0
    for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 - likewise
        match event, _local_name(element):
            case "start", "row":
                row, column = int(element.get("r", row + 1)), 0
            case "end", "row":
                element.clear()  # otherwise the tree of the whole sheet stays in memory
            case "end", "c":
                column += 1
                if place := CELL_REFERENCE.fullmatch(element.get("r", "")):
                    row, column = int(place[2]), _column_number(place[1])
                if len(element):
                    yield _read_cell(row, column, element)


def _read_cell(row: int, column: int, element: ET.Element) -> WorksheetCell:
    words = {_local_name(child): child.text or "" for child in element}
    error = words.get("v", "") if element.get("t") == "e" else ""
    return WorksheetCell(row, column, error, words.get("f", ""))


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
