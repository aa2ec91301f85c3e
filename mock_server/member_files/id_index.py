"""Index of the ids in all files of a task, if no member may occur twice (N33)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mock_server.member_files.bulk_validation import IDENTITY_COLUMNS, CellValue, RowBlock
from mock_server.member_files.findings import cut_value
from mock_server.member_files.sheets import Sheet

# A list has up to 300,000 ids, and an integer takes less memory than a tuple of file and row.
ROWS_PER_FILE = 2**32
"""Factor of a row key, which is the index of a file times this, plus the row."""
QUOTED = "'{}'"


class IndexedFile(NamedTuple):
    """A file whose ids are in the index: its name, its sheet, its identity columns by name."""

    name: str
    sheet: Sheet
    identity: Mapping[str, int]


class IdIndex:
    """Row keys by id, for each identity column."""

    def __init__(self) -> None:
        self._files: list[IndexedFile] = []
        self._seen: dict[str, dict[CellValue, int]] = {name: {} for name in IDENTITY_COLUMNS}

    def begin_file(self, name: str, sheet: Sheet, identity: Mapping[str, int]) -> None:
        """Begin with another file, whose ids are added from now on."""
        # Without its rows, which would be kept in memory.
        self._files.append(IndexedFile(name, sheet._replace(rows=iter(())), identity))

    def add_block(self, first: int, block: RowBlock) -> bool:
        """Add the ids of a block unless one occurs twice; return whether they were added."""
        spots = range(spot := self._row_key(first), spot + len(block.members))
        new = {name: dict(zip(ids, spots, strict=True)) for name, ids in block.ids.items()}
        # No id may occur twice in the block, nor in an earlier one. dict(zip()) keeps one None.
        for name, ids in block.ids.items():
            blank = max(1, ids.count(None)) - 1
            if len(new[name]) + blank < len(ids) or not self._seen[name].keys().isdisjoint(ids):
                return False
        for name, seen in new.items():
            seen.pop(None, None)
            self._seen[name].update(seen)
        return True

    def add(self, name: str, value: CellValue, number: int) -> str:
        """Add an id in a row; return the place of the same id in an earlier row, or an empty text.

        The place has the name of the file, and that of the sheet, if they are others.
        """
        first = self._seen[name].setdefault(value, spot := self._row_key(number))
        return "" if first == spot else self._describe(name, first)

    def _describe(self, name: str, first: int) -> str:
        index, number = divmod(first, ROWS_PER_FILE)
        file = self._files[index]
        cell = f"{file.sheet.column_name(file.identity[name])}{number}"
        return (
            cell
            if index == len(self._files) - 1
            else describe_place(cut_value(file.name), file.sheet.name, cell)
        )

    def _row_key(self, number: int) -> int:
        return (len(self._files) - 1) * ROWS_PER_FILE + number


def describe_place(file: str, sheet: str, cells: str) -> str:
    """Return a place as text, such as `名单.xlsx 工作表1!C7`; sheet and cells may be empty."""
    shown = cut_value(sheet)
    shown = shown if shown.replace("_", "").isalnum() else QUOTED.format(shown)
    within = "!".join(filter(None, (sheet and shown, cells)))
    return f"{file} {within}" if within else file
