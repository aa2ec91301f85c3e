"""Data for operations: names, people, times, member files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st
from openpyxl import Workbook

T = TypeVar("T")
HOUR, DAY = 3600, 86_400
UNKNOWN_ID = 999_999
COLUMNS = ("memberId", "userId", "ciq", "nickname")
MEMBERS_BY_IDENTITY: dict[str, dict[str, Any]] = {
    "by id": {"memberId": 41, "nickname": "张丽"},
    "by another id": {"memberId": 42, "nickname": "王芳🌸"},
    "by user id": {"userId": "u-1", "nickname": "欧阳娜娜"},
    "by ciq": {"ciq": "c-1", "nickname": "Zoë"},
    "by both keys": {"userId": "u-2", "ciq": "c-2", "nickname": "𠮷野"},
    "by all": {"memberId": 43, "userId": "u-3", "ciq": "c-3", "nickname": "zoë lin"},
    **{
        f"by id {number}": {"memberId": number, "nickname": f"会员{number}"}
        for number in range(60, 68)
    },
}
"""A row of each kind by an identity of ours; no key occurs in two rows."""
RECORD_NAMES = st.sampled_from(
    ["春季焕肤", "会员关怀 💐", "Zoë & Söhne", "ABC", "abc 𠮷", "到店礼"]
)
UNIQUE_IDENTITIES = st.lists(
    st.sampled_from(sorted(MEMBERS_BY_IDENTITY)), min_size=1, max_size=8, unique=True
)
MANY_IDENTITIES = st.lists(
    st.sampled_from(sorted(MEMBERS_BY_IDENTITY)), min_size=6, max_size=10, unique=True
)
IDENTITY_LISTS = st.one_of(
    UNIQUE_IDENTITIES,
    UNIQUE_IDENTITIES,
    UNIQUE_IDENTITIES,
    st.lists(st.sampled_from(sorted(MEMBERS_BY_IDENTITY)), min_size=2, max_size=8),
)
RECORD_INDEX = st.integers(0, 11)
START_OFFSETS = st.sampled_from(
    [-3 * DAY, -2 * HOUR, -600, 0, 0, 0, 1, 61, 300, 600, 1800, HOUR, 5 * HOUR, 13 * HOUR, 3 * DAY]
)
SOON_OFFSETS = st.sampled_from([0, 61, 300])
"""Seconds from now."""
KEYWORDS = st.sampled_from([None, None, "", "ab", "ZOË", "会员", "💐", "%", "没有这个词"])


class DrawFunction(Protocol):
    """Function by which a rule draws from a strategy."""

    def __call__(self, strategy: st.SearchStrategy[T]) -> T:
        """Return a value of the strategy."""


def draw_record(draw: DrawFunction, records: Mapping[int, T]) -> T:
    """Return a record by index, modulo their number."""
    known = list(records.values())
    return known[draw(RECORD_INDEX) % len(known)]


def draw_ids(draw: DrawFunction, ids: Sequence[int]) -> list[int]:
    """Return up to three ids, possibly with a duplicate."""
    return draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else []


@lru_cache
def workbook_of_identities(identities: Sequence[str]) -> bytes:
    """Return a member file with these people, as a spreadsheet would save it."""
    return build_workbook([MEMBERS_BY_IDENTITY[identity] for identity in identities])


def build_workbook(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return an .xlsx file with a row for each member and the columns of the template."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([row.get(column) for column in COLUMNS])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def identities_and_names(identities: Sequence[str]) -> list[tuple[str, str]]:
    """Return identity and name of each row."""
    return [(identity, MEMBERS_BY_IDENTITY[identity]["nickname"]) for identity in identities]
