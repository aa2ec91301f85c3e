"""Workbooks whose CSV exports by LibreOffice have to give the same members and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.make import xlsxwriter_files, xlwt_files
from tests.corpus.make.lists import LIST, SHEET, Rows
from tests.corpus.make.openpyxl_files import written

TEXTS: Rows = [
    ["userId", "nickname", "礼品", "备注"],
    ["001", "张丽", "面膜", "  前后有空格  "],
    ["0002", 'O"Neil, A.', "A,B;C D", "第一行\n第二行"],
    ["440301199001011234", "𠮷田🌸", "100%", "+86 138"],
    ["U-90004_x", "李 娜", "=1+1", "-"],
    ["1.0.1", "赵'敏", "'口红", "2025-05-05"],
]
# Beyond 1E+16, LibreOffice exports exponents of three digits (1E+021), unlike what it shows.
NUMBERS: Rows = [
    ["memberId", "ciq", "nickname", "礼品", "金额"],
    [90001, 13800138000, "张丽", 1, 0.1 + 0.2],
    [123456789012345, 1, "王芳", 100, 1 / 3],
    [90003.0, 20250505, "李娜", -5, 1234567.891],
    [90004, 7, 12345, 0.5, 1e-7],
    [90005, 999999999999, "赵敏", 1e15, 12.50],
    [90006, 8, "周芷若", 1.5e-9, 123456789.12345678],
    [90007, 9, "郭靖", 999999999999999, 1.25e-12],
    [90008, 10, "黄蓉", 123456789012.345, 0.00012345678901234567],
    [90009, 11, "杨过", -0.25, 100.10],
]
MIXED: Rows = [
    ["userId", "memberId", "nickname", "礼品"],
    ["U90001", 90001, "张丽", True],
    [90002, "90002", "王芳", 3.25],
    [None, 90003, "李娜", "口红"],
    ["U90004", None, "赵敏", False],
]
# LibreOffice takes the booleans of xlwt for numbers.
MIXED_OF_XLS: Rows = [MIXED[0], MIXED[2], MIXED[3]]
FORMULAS: Rows = [["userId", "nickname", "礼品"], *([None, "张丽", None] for _ in range(3))]


def _text_formula_like(sheet: Worksheet) -> None:
    cell = sheet.cell(5, 3)
    cell.value, cell.data_type = "=1+1", "s"


def _formulas(_: Any, sheet: Any) -> None:
    for row in range(1, 4):
        sheet.write_formula(row, 0, '="U"&90000+ROW()-1', None, f"U{90_000 + row}")
        sheet.write_formula(row, 2, "=ROW()*1.5", None, (row + 1) * 1.5)


RECIPES: dict[str, Callable[[], bytes]] = {
    "exports/list.xlsx": lambda: written(LIST),
    "exports/texts.xlsx": lambda: written(TEXTS, _text_formula_like),
    "exports/numbers.xlsx": lambda: written(NUMBERS),
    "exports/mixed.xlsx": lambda: written(MIXED),
    "exports/mixed-of-xlwt.xls": lambda: xlwt_files.written((SHEET, MIXED_OF_XLS)),
    "exports/formulas.xlsx": lambda: xlsxwriter_files.written(FORMULAS, _formulas),
    "exports/texts-of-xlsxwriter.xlsx": lambda: xlsxwriter_files.written(
        TEXTS, strings_to_formulas=False, strings_to_numbers=False
    ),
    "exports/blank-rows.xlsx": lambda: written([LIST[0], [], LIST[1], [], *LIST[2:]]),
    "exports/ids-refused.xlsx": lambda: written([
        ["userId", "nickname", "礼品"], [True, "张丽", "面膜"], ["#N/A", "王芳", "精华"],
        ["4.40301E+17", "李娜", "口红"], ["13800138000.0", "赵敏", "口红"],
    ]),
}  # fmt: skip
