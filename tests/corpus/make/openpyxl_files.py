"""Files of openpyxl: what people do to ids, in ordinary workbooks."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.make.archives import without_moments
from tests.corpus.make.lists import HEADER, LIST, MEMBERS, SHEET, Rows, with_id

Change = Callable[[Worksheet], Any]
MOMENT = datetime(2025, 5, 5, 10, 30)  # noqa: DTZ001 - cells carry no zone


def workbook(rows: Rows, title: str = SHEET) -> openpyxl.Workbook:
    """Return a workbook with one sheet of these rows."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook, without the moment at which it was saved."""
    written = io.BytesIO()
    book.save(written)
    return without_moments(written.getvalue())


def written(rows: Rows, change: Change | None = None, title: str = SHEET) -> bytes:
    """Return the workbook of these rows, after a change to its sheet."""
    book = workbook(rows, title)
    if change:
        change(book.worksheets[0])
    return saved(book)


def formatted(number_format: str, *values: Any, column: str = "memberId") -> Callable[[], bytes]:
    """Return the recipe of a list whose ids are numbers with this format."""

    def change(sheet: Worksheet) -> None:
        for row in range(2, len(values) + 2):
            sheet.cell(row, 1).number_format = number_format

    return lambda: written(with_id(column, *values), change)


def ids(column: str, *values: Any) -> Callable[[], bytes]:
    """Return the recipe of a list with these ids."""
    return lambda: written(with_id(column, *values))


def _book_as(content_type: str) -> Callable[[], bytes]:
    def make() -> bytes:
        book = workbook(LIST)
        book.template = content_type == "template"
        return saved(book)

    return make


def _quote_prefix(sheet: Worksheet) -> None:
    for row in (2, 3):
        sheet.cell(row, 1).style = "Normal"
        sheet.cell(row, 1).alignment = Alignment(horizontal="left")
        sheet.cell(row, 1).quotePrefix = True


RECIPES: dict[str, Callable[[], bytes]] = {
    "formats/openpyxl.xlsx": lambda: written(LIST),
    "formats/openpyxl.xltx": _book_as("template"),
    "formats/openpyxl-named-xls.xls": lambda: written(LIST),
    "formats/openpyxl-named-csv.csv": lambda: written(LIST),
    "formats/openpyxl-without-suffix": lambda: written(LIST),
    "ids/number-15-digits.xlsx": ids("memberId", 123456789012345, 999999999999999),
    "ids/number-16-digits.xlsx": ids("memberId", 90001, 1234567890123456),
    "ids/number-18-digits.xlsx": ids("memberId", 440301199001011234, 440301199001011235),
    "ids/number-18-digits-userid.xlsx": ids("userId", 440301199001011234, "U90002"),
    "ids/number-18-digits-ciq.xlsx": ids("ciq", 440301199001011234, "C90002"),
    "ids/number-phone.xlsx": ids("userId", 13800138000, 13800138001),
    "ids/number-whole-float.xlsx": ids("userId", 13800138000.0, 90002.0),
    "ids/number-fraction.xlsx": ids("memberId", 90001, 90002.5),
    "ids/number-fraction-userid.xlsx": ids("userId", "U90001", 0.5),
    "ids/number-negative.xlsx": ids("memberId", -90001, 0),
    "ids/text-19-digits.xlsx": ids("memberId", "9223372036854775807", "1000000000000000001"),
    "ids/text-beyond-int64.xlsx": ids("memberId", "9223372036854775808"),
    "ids/text-leading-zeros.xlsx": ids("userId", "001", "0002"),
    "ids/text-scientific.xlsx": ids("memberId", "4.40301E+17", "4.40301e+17"),
    "ids/text-scientific-userid.xlsx": ids("userId", "4.40301E+17", "1E+05"),
    "ids/text-decimal.xlsx": ids("userId", "13800138000.0", "90002.00"),
    "ids/text-decimal-memberid.xlsx": ids("memberId", "13800138000.0"),
    "ids/text-like-a-formula.xlsx": lambda: written(
        [HEADER[1:], *(["", *row[2:]] for row in MEMBERS[:2])],
        lambda sheet: _set_texts(sheet, '="001"', "'002"),
    ),
    "ids/text-quote-prefix.xlsx": lambda: written(with_id("userId", "001", "002"), _quote_prefix),
    "ids/text-zero-width.xlsx": ids("userId", "\u200bU90001", "U90\ufeff002\u2060", "U90003\u200b"),
    "ids/text-zero-width-memberid.xlsx": ids("memberId", "\u200b90001", "90002\ufeff"),
    "ids/text-blanks-around.xlsx": ids("userId", "  U90001 ", "\u3000U90002\u3000", "U90003\xa0"),
    "ids/text-only-zero-width.xlsx": ids("userId", "U90001", "\u200b\u200b"),
    "ids/text-full-width.xlsx": ids("memberId", "９０００１", 90002),
    "ids/text-full-width-userid.xlsx": ids("userId", "Ｕ９０００１", "U90002"),
    "ids/date.xlsx": ids("userId", "U90001", date(2025, 5, 5)),
    "ids/date-time-memberid.xlsx": ids("memberId", MOMENT),
    "ids/boolean.xlsx": ids("userId", True, "U90002"),
    "ids/boolean-memberid.xlsx": ids("memberId", 90001, False),
    "ids/error-value.xlsx": ids("userId", "U90001", "#N/A"),
    "ids/error-values.xlsx": ids("memberId", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"),
    "ids/formula-unsaved.xlsx": ids("userId", '="U"&90001', "U90002"),
    "ids/format-zeros.xlsx": formatted("000000", 901, 902),
    "ids/format-thousands.xlsx": formatted("#,##0", 90001, 90002),
    "ids/format-decimals.xlsx": formatted("0.00", 90001),
    "ids/format-scientific.xlsx": formatted("0.00E+00", 90001),
    "ids/format-own.xlsx": formatted('"VIP"0', 90001, column="userId"),
    "ids/format-percent.xlsx": formatted("0%", 90001),
    "ids/format-currency.xlsx": formatted('"¥"#,##0.00', 90001),
    "ids/format-text.xlsx": formatted("@", "001", "U90002", column="userId"),
    "ids/two-known-members.xlsx": lambda: written([
        HEADER, [1001, "U1001", "C1001", "张丽", "面膜"], [1002, "U1003", "C1002", "王芳", "精华"],
    ]),
    "ids/one-member-twice.xlsx": lambda: written([
        HEADER, [1001, None, None, "张丽", "面膜"], [1002, None, None, "王芳", "精华"],
        [None, "U1001", None, "张丽", "面膜"],
    ]),
    "ids/one-member-by-ciq.xlsx": lambda: written([
        HEADER, [None, "U1001", None, "张丽", "面膜"], [None, None, "C1001", "张丽", "面膜"],
    ]),
    "ids/one-new-member-twice.xlsx": lambda: written([
        HEADER, [90001, "U90001", None, "张丽", "面膜"], [90002, None, None, "王芳", "精华"],
        [None, "U90001", None, "张丽", "面膜"],
    ]),
    "ids/repeated.xlsx": lambda: written([
        HEADER, *MEMBERS[:2], [90003, "U90001", "C90003", "张丽", "面膜"],
    ]),
    "ids/repeated-after-zeros.xlsx": ids("memberId", 90001, "090001"),
    "ids/missing-in-one-row.xlsx": lambda: written([
        HEADER, MEMBERS[0], [None, None, " ", "王芳", "精华"], MEMBERS[2],
    ]),
    "ids/each-row-another-column.xlsx": lambda: written([
        HEADER, [90001, None, None, "张丽", "面膜"], [None, "U90002", None, "王芳", "精华"],
        [None, None, "C90003", "李娜", "口红"],
    ]),
    "ids/many-mistakes.xlsx": ids("memberId", *(f"x{number}" for number in range(60))),
}  # fmt: skip


def _set_texts(sheet: Worksheet, *texts: str) -> None:
    """Write ids as texts, whatever openpyxl takes them for."""
    for row, text in enumerate(texts, start=2):
        cell = sheet.cell(row, 1)
        cell.value = text
        cell.data_type = "s"
