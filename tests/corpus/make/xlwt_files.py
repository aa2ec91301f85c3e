"""Files of xlwt: Excel 97 to 2003 (BIFF8)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import xlwt

from tests.corpus.make.lists import HEADER, LIST, MEMBERS, SHEET, SHORT_LIST, Rows, with_id


def written(*sheets: tuple[str, Rows], style: str = "General") -> bytes:
    """Return a workbook with these sheets; `style` is the format of all numbers and dates."""
    book = xlwt.Workbook(encoding="utf-8")
    formatted = xlwt.easyxf(num_format_str=style)
    for title, rows in sheets:
        sheet = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                is_text = value is None or isinstance(value, str | bool)
                sheet.write(number, column, value, *([] if is_text else [formatted]))
    return _saved(book)


def _saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _hidden() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    first, second = book.add_sheet("字典"), book.add_sheet(SHEET)
    first.write(0, 0, "请勿修改")
    for number, row in enumerate(SHORT_LIST):
        for column, value in enumerate(row):
            second.write(number, column, value)
    first.visibility = 1
    second.row(2).hidden = True
    book.set_active_sheet(1)
    return _saved(book)


def one(rows: Rows, style: str = "General") -> Callable[[], bytes]:
    """Return the recipe of a workbook with one sheet."""
    return lambda: written((SHEET, rows), style=style)


RECIPES: dict[str, Callable[[], bytes]] = {
    "formats/xlwt.xls": one(LIST),
    "formats/xlwt-named-xlsx.xlsx": one(LIST),
    "formats/xlwt-without-suffix": one(LIST),
    "formats/xlwt-hidden-sheet-and-row.xls": _hidden,
    "ids/xls-18-digits.xls": one(with_id("memberId", 440301199001011234)),
    "ids/xls-15-digits.xls": one(with_id("memberId", 123456789012345)),
    "ids/xls-date.xls": one(with_id("userId", date(2025, 5, 5)), "YYYY-MM-DD"),
    "ids/xls-boolean.xls": one(with_id("userId", True)),
    "ids/xls-text.xls": one(with_id("userId", "001", "0002")),
    "structure/xls-header-only.xls": one([HEADER]),
    "structure/xls-title-row.xls": one([["五一活动会员名单"], *LIST]),
    "structure/xls-readme-sheet-first.xls": lambda: written(
        ("说明", [["填写说明"], ["请勿修改列名。"]]), (SHEET, LIST)
    ),
    "structure/xls-note-below.xls": one([*LIST, [], ["注：礼品以到店实物为准"]]),
    "structure/xls-repeated.xls": one([HEADER, *MEMBERS, [90004, "U90001", None, "张丽", "面膜"]]),
}
