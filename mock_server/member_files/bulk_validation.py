"""Validation of rows in blocks, column by column: the fast path for lists without mistakes.

A block only detects that something is wrong. `sheet_reading.py` then reads its rows one by one to
find out what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from mock_server.member_files.cell_texts import (
    ID_NUMBER_LIMIT,
    JOINERS,
    MAX_CELL_LENGTH,
    ZERO_WIDTH,
    cell_text,
    parse_member_id,
)

# Large enough for the loops in C to pay off, small enough to reread a block with a mistake.
ROWS_PER_BLOCK = 1_000
IDENTITY_COLUMNS = ("memberId", "userId", "ciq")
NAME_COLUMNS = ("nickname", "name")
# Every text that a pattern of `cell_values` matches contains one of its marks.
VALUE_MARKS = ("#", '="')
WIDE_VALUE_MARKS = (*VALUE_MARKS, *ZERO_WIDTH)
PLACEHOLDER_MARKS = (
    "null",
    "NULL",
    "Null",
    "nan",
    "NaN",
    "NAN",
    "one",
    "ONE",
    "/A",
    "/a",
    "ndef",
    "NDEF",
    "\\N",
)
ID_MARKS = (*VALUE_MARKS, "'", ".", "E+", "E-", "e+", "e-", "TRUE", "FALSE", "T0", "T1", "T2",
            *PLACEHOLDER_MARKS)  # fmt: skip
WIDE_ID_MARKS = (*ID_MARKS, "无", *ZERO_WIDTH, *JOINERS)
EXTRA_ROW_MARKS = ("otal", "OTAL", "ote", " row", "--", "==", "**")
WIDE_EXTRA_ROW_MARKS = (*EXTRA_ROW_MARKS, *"计总共制审核填办注说提—")
CellValue = str | int | None
MemberFields = tuple[CellValue, ...]
"""memberId, userId, ciq and name; None if the file has no value."""


class ColumnIndexes(NamedTuple):
    """Indexes of columns in a row.

    identity, wanted: by name, those that identify a member and those of required variables; used:
    all that are read; nameless: those without a title; titles: all titles, in order.
    """

    identity: dict[str, int]
    wanted: dict[str, int]
    used: dict[str, int]
    nameless: list[int]
    titles: list[str]

    @property
    def width(self) -> int:
        """Return the number of columns in the header."""
        return len(self.titles)


def split_into_blocks(rows: Iterator[list[Any]]) -> Iterator[tuple[int, list[list[Any]]]]:
    """Yield the rows below the header, ROWS_PER_BLOCK at a time, with the number of the first."""
    number = 2
    while block := list(islice(rows, ROWS_PER_BLOCK)):
        yield number, block
        number += len(block)


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
        self.has_number_ids = False
        """True if any id is a number cell."""
        self.is_valid = not rows or self._parse(rows, columns)

    def _parse(self, rows: Sequence[Sequence[Any]], columns: ColumnIndexes) -> bool:
        if max(map(len, rows)) > columns.width:
            return False
        cells = list(zip(*rows, strict=False))
        if any(cells[at].count("") < len(rows) for at in columns.nameless):
            return False
        texts = self._read_columns(cells, columns)
        if texts is None or any("" in texts[name] for name in columns.wanted):
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

    def _read_columns(
        self, cells: Sequence[Sequence[Any]], columns: ColumnIndexes
    ) -> dict[str, list[str]] | None:
        """Return the texts of the used columns by name; None if any may have a mistake."""
        # Totals and signatures stand in the first column, whether it is used or not.
        if _has_extra_rows(cells[0]):
            return None
        texts: dict[str, list[str]] = {}
        for name, at in columns.used.items():
            if at not in columns.identity.values():
                texts[name] = _cell_texts(cells[at])
                if not _are_valid(texts[name], VALUE_MARKS, WIDE_VALUE_MARKS, "SUSPICIOUS_VALUES"):
                    return None
                continue
            ids = self._id_texts(cells[at])
            if ids is None or not _are_valid(ids, ID_MARKS, WIDE_ID_MARKS, "SUSPICIOUS_IDS"):
                return None
            texts[name] = ids
        return texts

    def _id_texts(self, cells: Sequence[Any]) -> list[str] | None:
        """Return the texts of ids; None if a cell is no text and no number of 15 digits."""
        try:
            return [*map(str.strip, cells)]
        except TypeError:
            pass
        self.has_number_ids = True
        texts: list[str] = []
        for cell in cells:
            if cell.__class__ is str:
                texts.append(cell.strip())
            elif cell.__class__ in (float, int) and -1 < cell < ID_NUMBER_LIMIT:
                if (whole := int(cell)) != cell:
                    return None
                texts.append(str(whole))
            else:
                return None
        return texts

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


def _are_valid(
    texts: Sequence[str], marks: Sequence[str], wide_marks: Sequence[str], pattern: str
) -> bool:
    joined = "\n".join(texts)
    if max(map(len, texts)) > MAX_CELL_LENGTH or "\0" in joined:
        return False
    return not _is_suspicious(joined, marks, wide_marks, pattern)


def _has_extra_rows(cells: Sequence[Any]) -> bool:
    """Return whether any text of the first column is that of a total, a signature or a note."""
    joined = "\n".join(cell for cell in cells if cell.__class__ is str)
    return _is_suspicious(joined, EXTRA_ROW_MARKS, WIDE_EXTRA_ROW_MARKS, "SUSPICIOUS_ROWS")


def _is_suspicious(
    joined: str, marks: Sequence[str], wide_marks: Sequence[str], pattern: str
) -> bool:
    """Return whether a pattern of `cell_values` occurs in the texts of a column.

    marks: one of them is in each text that matches; wide_marks: those for texts beyond ASCII.
    """
    # Faster than the pattern: 10 searches take a tenth of its time.
    if not any(mark in joined for mark in (marks if joined.isascii() else wide_marks)):
        return False
    from mock_server.member_files import cell_values  # noqa: PLC0415 - seldom, and slow to import

    return bool(getattr(cell_values, pattern).search(joined))
