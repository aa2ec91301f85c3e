"""Titles of columns in member files, and the names of fields for which they stand (N5).

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

import re
from typing import Any

from mock_server.member_files.cell_texts import JOINERS, MAX_CELL_LENGTH, ZERO_WIDTH, cell_text

CHINESE_TITLES = {"会员ID": "memberId", "昵称": "nickname"}
NAME_AT_END = re.compile(r"[(（]\s*(memberId|userId|ciq|nickname)\s*[)）]\Z")
"""The name of a field in parentheses after a text, as in the template: `会员ID (memberId)`."""
# The text is not part of the pattern, which would take seconds for a title of 30,000 blanks.
# What a title contains if it is not taken as it is.
TITLE_MARKS = ('="', *ZERO_WIDTH, *JOINERS)


def clean_title(cell: Any) -> str:
    """Return the title of a column without zero-width characters, at most as long as a cell."""
    text = cell_text(cell)[:MAX_CELL_LENGTH]
    if any(mark in text for mark in TITLE_MARKS):
        from mock_server.member_files import cell_values  # noqa: PLC0415 - seldom, and slow to import

        text = cell_values.clean_title(text)
    return text


def field_of_title(title: str) -> str:
    """Return the field for which a title stands, or the title itself, the name of a variable."""
    if written := NAME_AT_END.search(title):
        return written[1]
    return CHINESE_TITLES.get(title, title)


def aliases_of_title(title: str) -> tuple[str, ...]:
    """Return the names that a text may use for a column beside that of its field."""
    if written := NAME_AT_END.search(title):
        text = title[: written.start()].rstrip()
        return (title, text) if text else (title,)
    return (title,) if title in CHINESE_TITLES else ()
