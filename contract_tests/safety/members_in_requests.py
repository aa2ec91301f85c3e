"""Members named in requests: in JSON and in the rows of uploaded lists."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from contract_tests.contract.errors import CheckError

MEMBER_ID_FIELDS = ("userId", "ciq", "memberId")
"""Fields that identify a member (N2)."""
MEMBER_ID_BY_KEY = {name.lower(): name for name in MEMBER_ID_FIELDS}
UNUSED_ID_RANGES = (range(-(2**63), 1), range(2**62, 2**64))
"""Numbers that no record has; larger ones might wrap around to an existing id on the server."""
ZIP_SIGNATURE = b"PK"
CSV_DELIMITERS = (",", ";", "\t")

MemberIds = frozenset[tuple[str, str]]
"""Pairs of the name of an id and its value, as text."""


class UnreadableMemberListError(CheckError):
    """A file that cannot be parsed here, though the server might parse it."""


def is_unused_id(value: object) -> bool:
    """Return whether a value, used as an id, is one that no record has, or no number at all."""
    text = str(value)
    if re.fullmatch(r"-?[0-9]{1,20}", text):
        return any(int(text) in numbers for numbers in UNUSED_ID_RANGES)
    # Digits of any script, since a server may parse them as a number.
    return not any(sign.isnumeric() for sign in text)


def members_in_json(node: Any) -> Iterator[tuple[str, str]]:
    """Yield every member named in JSON data, at any depth and in any case."""
    if isinstance(node, dict):
        for name, value in node.items():
            if kind := _member_id_field(name):
                yield from _members_in_value(kind, value)
            yield from members_in_json(value)
    elif isinstance(node, list):
        for each in node:
            yield from members_in_json(each)


# A file is inspected before it is sent, and again when the response shows that it is stored.
@lru_cache(8)
def members_in_file(content: bytes) -> MemberIds:
    """Return every member named in a file: a workbook, or text in columns.

    Empty for a file of another kind. Raises UnreadableMemberListError for a file that cannot be
    parsed and may still be a list.
    """
    try:
        is_book = content.startswith(ZIP_SIGNATURE)
        return frozenset(
            _members_in_workbook(content) if is_book else _members_in_csv(_decode(content))
        )
    # openpyxl raises any exception of its XML and ZIP parsers.
    except Exception as error:
        raise UnreadableMemberListError from error


def _decode(content: bytes) -> str:
    if b"\0" in content:
        raise ValueError("no text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel in Chinese saves CSV files in this encoding (a superset of GBK).
        return content.decode("gb18030")


def _members_in_workbook(content: bytes) -> Iterator[tuple[str, str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and seldom needed

    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        yield from _members_in_rows(sheet.iter_rows(values_only=True))


def _members_in_csv(text: str) -> Iterator[tuple[str, str]]:
    # All of them, since it is unknown which one the server would choose.
    for delimiter in CSV_DELIMITERS:
        yield from _members_in_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _members_in_rows(rows: Iterable[Iterable[Any]]) -> Iterator[tuple[str, str]]:
    """Yield the members below the title of an id column, which need not be in the first row."""
    columns: dict[int, str] = {}
    for row in rows:
        cells = dict(enumerate(row))
        heads = {number: kind for number, cell in cells.items() if (kind := _member_id_field(cell))}
        columns |= heads
        for number in columns.keys() - heads.keys():
            yield from _members_in_value(columns[number], cells.get(number))


def _members_in_value(kind: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the member that an id names; none for an empty id, or a memberId that is no number."""
    # A spreadsheet stores 7 as 7.0.
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    text = "" if whole is None else str(whole).strip()
    if text and not (kind == "memberId" and is_unused_id(text)):
        yield kind, text


def _member_id_field(name: object) -> str:
    """Return the id field that a key or a column title stands for; empty for none."""
    # A lenient server might read "User ID" or "user_id" as userId.
    return MEMBER_ID_BY_KEY.get(re.sub(r"[\s_-]", "", str(name)).lower(), "")
