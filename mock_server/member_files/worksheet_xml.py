"""Facts about a worksheet that calamine does not give, read from its XML in the reader process.

Why a cell is blank, its used range, and number formats of ids. A worksheet may have a million
cells, so that its XML is parsed only where a search in its text finds a reason to.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import IO, NamedTuple
from xml.etree import ElementTree as ET

from mock_server.member_files.findings import Finding, cut_value
from mock_server.member_files.limits import MAX_CELLS, too_many_cells
from mock_server.member_files.number_formats import deceptive_styles
from mock_server.member_files.sheets import a1_notation, column_letters

CELL_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})")
BLOCK_BYTES = 2**20
WORKSHEETS_FOLDER = "xl/worksheets/"


class WorksheetCell(NamedTuple):
    """A cell with content; row and column count from 1.

    value: as stored; kind: the letters of its type, empty for a number; style: index of its style.
    """

    row: int
    column: int
    value: str
    formula: str
    kind: str
    style: int

    @property
    def blank_reason(self) -> str:
        """Return why the cell is blank although it has content; empty if it is not blank.

        It has an error, for example `#N/A`, or a formula (`=A1&B1`) whose result was not saved.
        """
        if self.kind == "e":
            return self.value
        return f"={self.formula}" if self.formula and not self.value else ""


class Worksheet:
    """The XML of one worksheet of a workbook. Raises anything if it is damaged."""

    def __init__(self, content: bytes, sheet: str) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._sheet = sheet
        self._styles = deceptive_styles(self._archive)

    @cached_property
    def _text(self) -> bytes:
        return self._archive.read(_worksheet_path(self._archive, self._sheet))

    def blank_cells(self, columns: Collection[int]) -> dict[tuple[int, int], str]:
        """Return why cells with content are blank, by row and column, which count from 1."""
        if self._cells_have_references():
            letters = _alternatives(columns)
            hint = rb'<c r="(?:%b)[0-9]+"(?:[^>]* t="e"|[^>]*>\s*<f)' % letters
            if not re.search(hint, self._text):
                return {}
        return {
            (cell.row, cell.column): cell.blank_reason
            for cell in _iter_cells(io.BytesIO(self._text))
            if cell.column in columns and cell.blank_reason
        }

    def formatted_numbers(self, columns: Collection[int]) -> Iterator[tuple[WorksheetCell, str]]:
        """Yield number cells whose format changes their digits, with that format."""
        if not self._styles:
            return
        if self._cells_have_references():
            styles = "|".join(map(str, self._styles)).encode()
            hint = rb'<c r="(?:%b)[0-9]+"[^>]* s="(?:%b)"' % (_alternatives(columns), styles)
            if not re.search(hint, self._text):
                return
        for cell in _iter_cells(io.BytesIO(self._text)):
            is_number = cell.column in columns and cell.kind in ("", "n") and cell.value
            if is_number and (code := self._styles.get(cell.style)):
                yield cell, code

    def _cells_have_references(self) -> bool:
        """Return whether all cells begin as programs usually write them."""
        return self._text.count(b"<c r=") == self._text.count(b"<c ") > 0


def _alternatives(columns: Collection[int]) -> bytes:
    return "|".join(column_letters(column - 1) for column in columns).encode()


def cell_limit_finding(content: bytes, sheet: str) -> Finding | None:
    """Return the finding for a worksheet with more than MAX_CELLS cells; None for any other."""
    cells, last = 0, b""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        with archive, archive.open(_worksheet_path(archive, sheet)) as part:
            # A tag that is cut by the end of a block is not counted, which does not matter.
            while block := part.read(BLOCK_BYTES):
                cells += block.count(b"<c ") + block.count(b"<c>")
                last = block
    except Exception:  # noqa: BLE001 - calamine reports what is damaged
        return None
    if cells <= MAX_CELLS:
        return None
    corner = re.findall(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"', last)
    return too_many_cells(cut_value(sheet), corner[-1].decode() if corner else "", cells)


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
    if "is" in words:
        words["v"] = "".join(element.itertext())
    # A formula may be shared, and stand in another cell.
    formula = (words["f"] or "…") if "f" in words else ""
    style = element.get("s", "0")
    number = int(style) if style.isdigit() else 0
    return WorksheetCell(row, column, words.get("v", ""), formula, element.get("t", ""), number)


def _local_name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
