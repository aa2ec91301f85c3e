"""Blocks of rows, looked at by columns: a large list without mistakes is taken in no time.

A block says what it holds and whether all is as it should be. What is wrong, and where, is for
`member_reader.py` to find out, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from mock_server.member_files.sheets import cell_text

ROWS_PER_BLOCK = 1_000
IDENTITY_COLUMNS = ("memberId", "userId", "ciq")
NAME_COLUMNS = ("nickname", "name")
TITLES = {"会员ID": "memberId", "昵称": "nickname"}
"""Chinese titles of columns, as in the template, and the names that they stand for (N5)."""
MAX_CELL_LENGTH = 32_767
"""Characters of a cell, which is all that a spreadsheet takes."""
MAX_ID = 2**63 - 1
CellValue = str | int | None
MemberFields = tuple[CellValue, ...]
"""memberId, userId, ciq and name; None where the file has none."""


class ColumnIndexes(NamedTuple):
    """Where in a row the columns are that matter, by their names; `width` is the header's."""

    identity: dict[str, int]
    wanted: dict[str, int]
    used: dict[str, int]
    nameless: list[int]
    width: int


def split_into_blocks(rows: Iterator[list[Any]]) -> Iterator[tuple[int, list[list[Any]]]]:
    """The rows below the header, ROWS_PER_BLOCK at a time, with the number of the first."""
    number = 2
    while block := list(islice(rows, ROWS_PER_BLOCK)):
        yield number, block
        number += len(block)


def parse_member_id(value: str) -> int | None:
    """A positive 64-bit integer, when the text is one."""
    if value.isascii() and value.isdigit() and len(value) <= 19 and 0 < int(value) <= MAX_ID:
        return int(value)
    return None


class RowBlock:
    """Rows as columns of texts. What it says of them is only true when `is_valid` is."""

    def __init__(self, rows: Sequence[Sequence[Any]], columns: ColumnIndexes) -> None:
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
        unread = keys[0].count(None) - texts.get("memberId", [""] * len(rows)).count("")
        return not unread and (any(map(all, keys)) or all(map(any, zip(*keys, strict=True))))

    def _parse_keys(self, name: str, values: list[str] | None, rows: int) -> list[CellValue]:
        if values is None:
            return [None] * rows
        keys: list[CellValue] = [*map(parse_member_id, values)] if name == "memberId" else [*values]
        self.ids[name] = keys if all(keys) else [key or None for key in keys]
        return self.ids[name]


def _cell_texts(cells: Sequence[Any]) -> list[str]:
    try:
        return [*map(str.strip, cells)]  # three times as fast, and most columns are of texts alone
    except TypeError:
        return [cell.strip() if cell.__class__ is str else cell_text(cell) for cell in cells]


def _are_valid_texts(texts: Sequence[str]) -> bool:
    return max(map(len, texts)) <= MAX_CELL_LENGTH and "\0" not in "".join(texts)
