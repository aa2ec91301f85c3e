"""Validation of rows in blocks, column by column: the fast path for lists without mistakes.

A block only detects that something is wrong. `member_reader.py` then reads its rows one by one to
find out what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from mock_server.member_files.sheets import cell_text

# Large enough for the loops in C to pay off, small enough to reread a block with a mistake.
ROWS_PER_BLOCK = 1_000
IDENTITY_COLUMNS = ("memberId", "userId", "ciq")
NAME_COLUMNS = ("nickname", "name")
TITLES = {"会员ID": "memberId", "昵称": "nickname"}
"""Column names by Chinese title, as in the template (N5)."""
MAX_CELL_LENGTH = 32_767
"""Characters of a cell: the limit of Excel."""
MAX_ID = 2**63 - 1
CellValue = str | int | None
MemberFields = tuple[CellValue, ...]
"""memberId, userId, ciq and name; None if the file has no value."""


class ColumnIndexes(NamedTuple):
    """Indexes of columns in a row.

    identity, wanted: by name, those that identify a member and those of required variables; used:
    all that are read; nameless: those without a title; width: number of columns in the header.
    """

    identity: dict[str, int]
    wanted: dict[str, int]
    used: dict[str, int]
    nameless: list[int]
    width: int


def split_into_blocks(rows: Iterator[list[Any]]) -> Iterator[tuple[int, list[list[Any]]]]:
    """Yield the rows below the header, ROWS_PER_BLOCK at a time, with the number of the first."""
    number = 2
    while block := list(islice(rows, ROWS_PER_BLOCK)):
        yield number, block
        number += len(block)


def parse_member_id(value: str) -> int | None:
    """Return the text as an integer from 1 to MAX_ID, or None if it is not one."""
    if value.isascii() and value.isdigit() and len(value) <= 19 and 0 < int(value) <= MAX_ID:
        return int(value)
    return None


class RowBlock:
    """Rows of a sheet, transposed into columns of texts.

    The other attributes are complete only if `is_valid` is true.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[Any]],
        columns: ColumnIndexes,
        identifying: Collection[str] = IDENTITY_COLUMNS,
    ) -> None:
        self._identifying = identifying
        self.ids: dict[str, list[CellValue]] = {}
        """The values of each identity column, None for blanks."""
        self.members: list[MemberFields] = []
        self.is_valid = not rows or self._parse(rows, columns)

    def _parse(self, rows: Sequence[Sequence[Any]], columns: ColumnIndexes) -> bool:
        if max(map(len, rows)) > columns.width:
            return False
        cells = list(zip(*rows, strict=False))
        if any(cells[at].count("") < len(rows) for at in columns.nameless):
            return False
        texts = {name: _cell_texts(cells[at]) for name, at in columns.used.items()}
        if not all(map(_are_valid_texts, texts.values())):
            return False
        if any("" in texts[name] for name in columns.wanted):
            return False
        keys = [self._parse_keys(name, texts.get(name), len(rows)) for name in IDENTITY_COLUMNS]
        called = [texts[name] for name in NAME_COLUMNS if name in texts] or [[""] * len(rows)]
        names = [first or last or None for first, last in zip(called[0], called[-1], strict=True)]
        self.members = list(zip(*keys, names, strict=True))
        # Texts in memberId that are not numbers have become None, like blanks.
        unread = keys[0].count(None) - texts.get("memberId", [""] * len(rows)).count("")
        named = [
            key
            for name, key in zip(IDENTITY_COLUMNS, keys, strict=True)
            if name in self._identifying
        ]
        return not unread and (any(map(all, named)) or all(map(any, zip(*named, strict=True))))

    def _parse_keys(self, name: str, values: list[str] | None, rows: int) -> list[CellValue]:
        if values is None:
            return [None] * rows
        keys: list[CellValue] = [*map(parse_member_id, values)] if name == "memberId" else [*values]
        self.ids[name] = keys if all(keys) else [key or None for key in keys]
        return self.ids[name]


def _cell_texts(cells: Sequence[Any]) -> list[str]:
    try:
        # Three times as fast as the loop below, and most columns contain nothing but texts.
        return [*map(str.strip, cells)]
    except TypeError:
        return [cell.strip() if cell.__class__ is str else cell_text(cell) for cell in cells]


def _are_valid_texts(texts: Sequence[str]) -> bool:
    return max(map(len, texts)) <= MAX_CELL_LENGTH and "\0" not in "".join(texts)
