"""Mistakes in the header of a member file: why there is no column of ids, or of a variable (N5).

The reader process imports this module only for a file with such a mistake.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from mock_server.member_files.bulk_validation import ColumnIndexes
from mock_server.member_files.findings import Finding, SheetError, cut_value
from mock_server.member_files.sheets import Sheet
from mock_server.member_files.titles import clean_title, field_of_title

SIMILAR_TITLES = {
    "memberid": "memberId",
    "memberno": "memberId",
    "userid": "userId",
    "userno": "userId",
    "ciq": "ciq",
    "ciqid": "ciq",
    "会员id": "memberId",
    "会员编号": "memberId",
    "会员号": "memberId",
    "会员卡号": "memberId",
    "会员编码": "memberId",
    "会员标识": "memberId",
    "用户id": "userId",
    "用户编号": "userId",
    "用户号": "userId",
    "用户标识": "userId",
    "客户id": "userId",
    "客户编号": "userId",
    "客户号": "userId",
}
"""Identity columns by other titles that people give them, as `_simplify` returns these."""
MAX_HEADER_ROW = 11
"""Last row in which a header is looked for, if the first row has none."""
MAX_OTHER_SHEETS = 5
"""Other sheets in which a list is looked for."""
PARENTHESIZED = re.compile(r"([^(（]+)[(（]([^)）]+)[)）]")
"""A title with a second name in parentheses: `优惠券 (coupon)`, `coupon（优惠券）`."""
WRONG_SEPARATORS = ("|", "，", "；", "、", "^", "~")
HINTS = ("(必填)", "(选填)", "(可选)", "(required)", "(optional)")
"""Remarks that forms add to titles, in lower case and half width."""
Rows = Sequence[Sequence[Any]]


def explain_missing_ids(sheet: Sheet, titles: Sequence[str], identifying: Sequence[str]) -> Finding:
    """Return why a sheet has no column of ids. Raises SheetError if the first row is no header."""
    accepted = " | ".join(identifying)
    rows = [titles, *islice(sheet.rows, MAX_HEADER_ROW - 1)]
    if not any(map(_has_text, rows)):
        raise SheetError(Finding("sheet-empty", "minItems 1", words=_names_of_others(sheet)))
    if number := _find_header(rows, identifying, exact=True):
        raise SheetError(_misplaced_header(rows, number))
    for at, title in enumerate(titles):
        name = SIMILAR_TITLES.get(_simplify(title))
        if name in identifying:
            words = (("name", name or ""),)
            column = sheet.column_name(at)
            return Finding(
                "id-column-misnamed", accepted, "", 1, column, cut_value(title), words=words
            )
    if other := _find_list(sheet, identifying):
        raise SheetError(Finding("sheet-not-first", accepted, words=(("other", other),)))
    if number := _find_header(rows, identifying, exact=False):
        raise SheetError(_misplaced_header(rows, number))
    _reject_separator(sheet, titles)
    for at, title in enumerate(titles):
        if title.replace(".", "").replace("+", "").isdigit():
            raise SheetError(
                Finding("header-missing", accepted, cut_value(title), 1, sheet.column_name(at))
            )
    shown = cut_value(", ".join(filter(None, titles)))
    return Finding("id-column-missing", accepted, shown, 1, words=(("name", accepted),))


def _misplaced_header(rows: Rows, number: int) -> Finding:
    above = next(filter(None, map(clean_title, rows[0])), "")
    return Finding("header-not-first", "", cut_value(above), number)


def _reject_separator(sheet: Sheet, titles: Sequence[str]) -> None:
    """Raise SheetError if the only title of a text file has another separator."""
    if not sheet.name and len(titles) == 1:
        for separator in WRONG_SEPARATORS:
            if separator in titles[0]:
                accepted = "',' | ';' | '\\t'"
                raise SheetError(Finding("separator-wrong", accepted, separator, 1))


def _find_header(rows: Rows, identifying: Collection[str], *, exact: bool) -> int:
    """Return the number of the first row below the first with the title of an id; 0 for none."""
    for number, row in enumerate(rows[1:], start=2):
        for title in map(clean_title, row):
            name = field_of_title(title)
            if name in identifying or (not exact and SIMILAR_TITLES.get(_simplify(title))):
                return number
    return 0


def _find_list(sheet: Sheet, identifying: Collection[str]) -> str:
    """Return the name of another sheet that has a header; empty if there is none."""
    for other in islice(sheet.others(), MAX_OTHER_SHEETS):
        rows = [[], *islice(other.rows, MAX_HEADER_ROW)]
        if _find_header(rows, identifying, exact=False):
            return cut_value(other.name)
    return ""


def _names_of_others(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    names = [other.name for other in islice(sheet.others(), MAX_OTHER_SHEETS)]
    return (("other", cut_value(", ".join(names))),) if names else ()


def _has_text(row: Sequence[Any]) -> bool:
    return any(map(clean_title, row))


def _simplify(title: str) -> str:
    """Return a title in lower case, without hints, blanks, `_`, `-` and full-width forms."""
    folded = unicodedata.normalize("NFKC", title).lower()
    for hint in HINTS:
        folded = folded.replace(hint, "")
    return "".join(letter for letter in folded if letter.isalnum())


def missing_variables(
    sheet: Sheet, columns: ColumnIndexes, wanted: Sequence[str]
) -> Iterator[Finding]:
    """Yield a finding for each variable without a column."""
    simple = {_simplify(title): at for at, title in enumerate(columns.titles) if title}
    for index, title in enumerate(columns.titles):
        is_identity = index in columns.identity.values()
        if not is_identity and (written := PARENTHESIZED.fullmatch(title)):
            for part in written.groups():
                simple.setdefault(_simplify(part), index)
    for name in wanted:
        if name in columns.wanted:
            continue
        accepted, at = f"required {name}", simple.get(_simplify(name))
        words = (("name", cut_value(name)),)
        if at is None:
            yield Finding(
                "variable-column-missing", accepted, row=1, header=cut_value(name), words=words
            )
        else:
            title = cut_value(columns.titles[at])
            column = sheet.column_name(at)
            yield Finding("variable-column-misnamed", accepted, "", 1, column, title, words=words)
