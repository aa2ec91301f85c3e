"""The rows that most files of the corpus have."""

from __future__ import annotations

from typing import Any

Row = list[Any]
Rows = list[Row]
SHEET = "名单"
"""Name of the sheet with the list."""
HEADER = ["memberId", "userId", "ciq", "nickname", "礼品"]
MEMBERS = [
    [90001, "U90001", "C90001", "张丽", "面膜"],
    [90002, "U90002", "C90002", "王芳", "精华"],
    [90003, "U90003", "C90003", "李娜", "口红"],
]
LIST: Rows = [HEADER, *MEMBERS]
"""The list that is expected of all files whose form is tried, and not their content."""
SHORT_HEADER = ["userId", "nickname", "礼品"]
SHORT_MEMBERS = [["U90001", "张丽", "面膜"], ["U90002", "王芳", "精华"], ["U90003", "李娜", "口红"]]
SHORT_LIST: Rows = [SHORT_HEADER, *SHORT_MEMBERS]
"""The same members by one id."""


def numbered_rows(count: int) -> Rows:
    """Return `count` rows for SHORT_HEADER, each with another member."""
    return [[f"U{90_000 + number}", f"会员{number}", "面膜"] for number in range(1, count + 1)]


def with_id(column: str, *values: Any) -> Rows:
    """Return a list whose first column has these values, one in each row."""
    return [[column, "nickname", "礼品"], *([value, "张丽", "面膜"] for value in values)]
