"""Files of XlsxWriter: results of formulas, rich texts, tables, charts and macros."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

import xlsxwriter

from tests.corpus.make.lists import HEADER, LIST, MEMBERS, SHEET, SHORT_HEADER, SHORT_LIST, Rows

CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - properties carry no zone
Change = Callable[[xlsxwriter.Workbook, Any], None]


def written(rows: Rows, change: Change | None = None, **options: Any) -> bytes:
    """Return the workbook of these rows, after a change to its sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.set_properties({"created": CREATED})
        if change:
            change(book, sheet)
    return target.getvalue()


def _saved_formulas(_: xlsxwriter.Workbook, sheet: Any) -> None:
    for row, (number, _name, gift) in enumerate(SHORT_LIST[1:], start=1):
        sheet.write_formula(row, 0, '="U"&90000+ROW()-1', None, number)
        sheet.write_formula(row, 2, "=VLOOKUP(A2,字典!A:B,2,0)", None, gift)


def _zeros_by_formula(_: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_formula(1, 0, '="001"', None, "001")
    sheet.write_formula(2, 0, '="002"', None, "002")


def _number_formula(_: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_formula(1, 0, "=90000+1", None, 90001)
    sheet.write_formula(2, 0, "=1234567890123456+0", None, 1234567890123456)


def _rich_texts(book: xlsxwriter.Workbook, sheet: Any) -> None:
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    sheet.write_rich_string("A2", bold, "U9", "00", red, "01")
    sheet.write_rich_string("B2", "张", bold, "丽")
    sheet.write_rich_string("C2", red, "面", bold, "膜")


def _table(_: xlsxwriter.Workbook, sheet: Any) -> None:
    columns = [{"header": name} for name in SHORT_HEADER]
    columns[0]["total_string"] = "汇总"
    columns[2]["total_function"] = "count"
    sheet.add_table(0, 0, 4, 2, {"data": SHORT_LIST[1:], "columns": columns, "total_row": True})


def _number_formats(book: xlsxwriter.Workbook, sheet: Any) -> None:
    for row, (number_format, value) in enumerate(
        (("0", 90001), ("@", 90002), ("General", 90003)), start=1
    ):
        sheet.write_number(row, 0, value, book.add_format({"num_format": number_format}))


def _format_long_number(book: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.write_number(1, 0, 440301199001011234, book.add_format({"num_format": "0"}))


def _column_format(book: xlsxwriter.Workbook, sheet: Any) -> None:
    # The format of the column does not reach cells that have one of their own.
    sheet.set_column(0, 0, 20, book.add_format({"num_format": "#,##0"}))
    plain = book.add_format({"num_format": "General"})
    for row, (number, *_rest) in enumerate(MEMBERS, start=1):
        sheet.write_number(row, 0, number, plain)


def _chart_and_image_sheets() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        charts = book.add_chartsheet("图表")
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(LIST):
            sheet.write_row(number, 0, row)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{SHEET}'!$A$2:$A$4"})
        charts.set_chart(chart)
        sheet.insert_textbox("G2", "已与门店核对")
    return target.getvalue()


def _two_lists() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for title, rows in (("会员", SHORT_LIST), ("备用", [SHORT_HEADER, ["U90009", "a", "b"]])):
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return target.getvalue()


def _active_second_sheet() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        first, second = book.add_worksheet("Sheet1"), book.add_worksheet("会员")
        for number, row in enumerate(SHORT_LIST):
            second.write_row(number, 0, row)
        first.write_row(0, 0, ["姓名", "城市"])
        first.write_row(1, 0, ["张丽", "上海"])
        second.activate()
    return target.getvalue()


SHORT_TWO: Rows = [SHORT_HEADER, ["", "张丽", "面膜"], ["", "王芳", "精华"]]
RECIPES: dict[str, Callable[[], bytes]] = {
    "formats/xlsxwriter.xlsx": lambda: written(LIST),
    "formats/xlsxwriter-inline-texts.xlsx": lambda: written(LIST, constant_memory=True),
    "formats/xlsxwriter-1904-dates.xlsx": lambda: written(LIST, date_1904=True),
    "formats/xlsxwriter-zip64.xlsx": lambda: written(LIST, use_zip64=True),
    "ids/formula-saved.xlsx": lambda: written(SHORT_LIST, _saved_formulas),
    "ids/formula-of-zeros.xlsx": lambda: written(SHORT_TWO, _zeros_by_formula),
    "ids/formula-of-numbers.xlsx": lambda: written(
        [["memberId", "nickname", "礼品"], *SHORT_TWO[1:]], _number_formula
    ),
    "ids/number-19-digits.xlsx": lambda: written(
        [["memberId", "nickname", "礼品"], [1234567890123456789, "张丽", "面膜"]]
    ),
    "ids/format-without-effect.xlsx": lambda: written(
        [["memberId", "nickname", "礼品"], *([None, *row[1:]] for row in SHORT_LIST[1:])],
        _number_formats,
    ),
    "ids/format-zero-18-digits.xlsx": lambda: written(
        [["memberId", "nickname", "礼品"], [None, "张丽", "面膜"]], _format_long_number
    ),
    "ids/format-of-the-column-only.xlsx": lambda: written(LIST, _column_format),
    "structure/rich-texts.xlsx": lambda: written(SHORT_LIST, _rich_texts),
    "structure/table-with-total.xlsx": lambda: written([], _table),
    "structure/chart-sheet-first.xlsx": _chart_and_image_sheets,
    "structure/two-lists.xlsx": _two_lists,
    "structure/other-table-first.xlsx": _active_second_sheet,
    "structure/sheet-name-with-blanks.xlsx": lambda: _named("会员 名单 (1)'s"),
    "structure/header-of-numbers.xlsx": lambda: written([[1, 2, 3], *SHORT_LIST[1:]]),
    "structure/header-in-two-languages.xlsx": lambda: written(
        [HEADER, ["会员ID", "用户ID", "CIQ", "昵称", "礼品名称"], *MEMBERS]
    ),
}


def _named(title: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, SHORT_HEADER)
        sheet.write_row(1, 0, [None, "张丽", "面膜"])
    return target.getvalue()
