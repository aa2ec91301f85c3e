"""Files of openpyxl: what people put around their lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tests.corpus.make.lists import (
    HEADER,
    LIST,
    MEMBERS,
    SHORT_HEADER,
    SHORT_LIST,
    Rows,
    numbered_rows,
    with_id,
)
from tests.corpus.make.openpyxl_files import saved, workbook, written

README: Rows = [["填写说明"], ["1. 请勿修改列名。"], ["2. 会员 ID 请使用文本格式。"]]


def _with_first_sheet(title: str, rows: Rows, state: str = "visible") -> bytes:
    book = workbook(LIST)
    sheet = book.create_sheet(title, 0)
    for row in rows:
        sheet.append(row)
    sheet.sheet_state = state
    book.active = 1 if state != "visible" else 0
    return saved(book)


def _with_title(*titles: str, merged: bool = False) -> bytes:
    rows: Rows = [*([title] for title in titles), *LIST]
    return written(rows, lambda sheet: merged and sheet.merge_cells("A1:E1"))


def _offset(rows: int, columns: int) -> bytes:
    blank: list[Any] = [None] * columns
    return written([*([] for _ in range(rows)), *([*blank, *row] for row in LIST)])


def _hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def _filter(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = "A1:E4"
    sheet.auto_filter.add_filter_column(4, ["面膜", "口红"])
    sheet.row_dimensions[3].hidden = True


def _group(sheet: Worksheet) -> None:
    sheet.row_dimensions.group(2, 3, hidden=True)
    sheet.column_dimensions.group("B", "C", hidden=True)


def _table(sheet: Worksheet) -> None:
    sheet.add_table(Table(displayName="会员", ref="A1:E4"))


def _decorate(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A2"
    sheet["A2"].comment = Comment("已核对", "李雷")
    sheet["B2"].hyperlink = "https://example.com/U90001"
    sheet["B2"].value = "U90001"
    validation = DataValidation(type="list", formula1='"面膜,精华,口红"')
    sheet.add_data_validation(validation)
    validation.add("E2:E100")
    sheet.protection.sheet = True
    sheet.print_title_rows = "1:1"
    sheet["A1"].font = Font(bold=True, color="FF0000")


def _style_blank_rows(sheet: Worksheet) -> None:
    for row in range(5, 200):
        for column in range(1, 6):
            sheet.cell(row, column).number_format = "@"


def _merge_ids(sheet: Worksheet) -> None:
    sheet.merge_cells("A2:A3")


def _headers(*header: str) -> Callable[[], bytes]:
    return lambda: written([list(header), *(row[-len(header) :] for row in MEMBERS)])


# Cells carry no zone.
MOMENTS = (
    datetime(2025, 5, 5, 10, 30),  # noqa: DTZ001
    datetime(2025, 1, 1),  # noqa: DTZ001
    datetime(2025, 5, 5, 0, 0, 1),  # noqa: DTZ001
)
VALUES: Rows = [
    ["userId", "nickname", "礼品", "日期", "时刻", "时间", "数字", "比例", "是否"],
    ["U90001", "张丽", 12, date(2025, 5, 5), MOMENTS[0], time(9, 5), 0.1 + 0.2,
     0.15, True],
    ["U90002", "王芳", 1.5, date(1999, 12, 31), MOMENTS[1], time(23, 59, 59), 1e21,
     1, False],
    ["U90003", "李娜", -3, date(2024, 2, 29), MOMENTS[2], timedelta(hours=30),
     13800138000, 0.5, True],
]  # fmt: skip


def _format_values(sheet: Worksheet) -> None:
    for row in range(2, 5):
        sheet.cell(row, 3).number_format = '"¥"#,##0.00'
        sheet.cell(row, 8).number_format = "0%"


RECIPES: dict[str, Callable[[], bytes]] = {
    "structure/readme-sheet-first.xlsx": lambda: _with_first_sheet("说明", README),
    "structure/empty-sheet-first.xlsx": lambda: _with_first_sheet("Sheet1", []),
    "structure/hidden-sheet-first.xlsx": lambda: _with_first_sheet("字典", README, "hidden"),
    "structure/very-hidden-sheet-first.xlsx": lambda: _with_first_sheet("字典", README,
                                                                        "veryHidden"),
    "structure/empty-workbook.xlsx": lambda: written([]),
    "structure/title-row.xlsx": lambda: _with_title("五一活动会员名单"),
    "structure/title-row-merged.xlsx": lambda: _with_title("五一活动会员名单", merged=True),
    "structure/title-rows.xlsx": lambda: _with_title("五一活动会员名单", "导出时间：2025-04-20"),
    "structure/blank-row-above.xlsx": lambda: _offset(1, 0),
    "structure/blank-columns-left.xlsx": lambda: _offset(0, 2),
    "structure/blank-rows-between.xlsx": lambda: written([
        HEADER, MEMBERS[0], [], [None, " ", ""], MEMBERS[1], [], MEMBERS[2],
    ]),
    "structure/hidden-row-and-column.xlsx": lambda: written(LIST, _hide),
    "structure/filtered-row.xlsx": lambda: written(LIST, _filter),
    "structure/grouped-and-collapsed.xlsx": lambda: written(LIST, _group),
    "structure/table.xlsx": lambda: written(LIST, _table),
    "structure/decorated.xlsx": lambda: written(LIST, _decorate),
    "structure/formatted-blank-rows.xlsx": lambda: written(LIST, _style_blank_rows),
    "structure/merged-ids.xlsx": lambda: written(SHORT_LIST, _merge_ids),
    "structure/merged-header.xlsx": lambda: written(
        [["memberId", None, "ciq", "nickname", "礼品"], *MEMBERS],
        lambda sheet: sheet.merge_cells("A1:B1"),
    ),
    "structure/header-only.xlsx": lambda: written([HEADER]),
    "structure/header-and-blank-rows.xlsx": lambda: written([HEADER, [" "], [None, ""]]),
    "structure/header-missing.xlsx": lambda: written(MEMBERS),
    "structure/header-duplicate.xlsx": lambda: written([
        [*HEADER, "礼品"], *([*row, "小样"] for row in MEMBERS),
    ]),
    "structure/header-duplicate-title.xlsx": lambda: written([
        ["memberId", "会员ID", "nickname", "礼品"], [90001, 90001, "张丽", "面膜"],
    ]),
    "structure/header-empty.xlsx": lambda: written([
        ["memberId", None, "ciq", "nickname", "礼品"], *MEMBERS,
    ]),
    "structure/header-empty-column-empty.xlsx": lambda: written([
        ["userId", None, "nickname", "礼品"],
        *([row[0], None, *row[1:]] for row in SHORT_LIST[1:]),
    ]),
    "structure/header-blanks-around.xlsx": lambda: written([
        [f" {name}\u3000" for name in HEADER], *MEMBERS,
    ]),
    "structure/header-zero-width.xlsx": lambda: written([
        ["\ufeffmemberId", *HEADER[1:4], "礼\u200b品"], *MEMBERS,
    ]),
    "structure/header-chinese-titles.xlsx": lambda: written([
        ["会员ID", "userId", "ciq", "昵称", "礼品"], *MEMBERS,
    ]),
    "structure/header-userid-capital.xlsx": _headers("UserID", "nickname", "礼品"),
    "structure/header-user-id-snake.xlsx": _headers("user_id", "nickname", "礼品"),
    "structure/header-member-number.xlsx": _headers("会员编号", "nickname", "礼品"),
    "structure/header-memberid-lower.xlsx": _headers("memberid", "nickname", "礼品"),
    "structure/header-ciq-capital.xlsx": _headers("CIQ", "nickname", "礼品"),
    "structure/header-no-id.xlsx": lambda: written([["姓名", "电话", "礼品"],
                                                    ["张丽", "13800138000", "面膜"]]),
    "structure/variable-column-missing.xlsx": lambda: written([row[:4] for row in LIST]),
    "structure/variable-column-misnamed.xlsx": lambda: written([
        ["userId", "nickname", "Gift_Name"], *SHORT_LIST[1:],
    ]),
    "structure/variable-column-empty.xlsx": lambda: written([
        SHORT_HEADER, *([*row[:2], None] for row in numbered_rows(60)),
    ]),
    "structure/variable-missing-in-two-rows.xlsx": lambda: written([
        SHORT_HEADER, ["U90001", "张丽", None], ["U90002", "王芳", "精华"], ["U90003", "李娜", " "],
    ]),
    "structure/variable-error.xlsx": lambda: written([SHORT_HEADER, ["U90001", "张丽", "#REF!"]]),
    "structure/variable-formula-unsaved.xlsx": lambda: written([
        SHORT_HEADER, ["U90001", "张丽", '=B2&"的礼品"'],
    ]),
    "structure/id-column-empty.xlsx": lambda: written(
        with_id("userId", *([None] * 60)),
    ),
    "structure/note-beside.xlsx": lambda: written([
        HEADER, [*MEMBERS[0], None, "已与门店核对"], *MEMBERS[1:],
    ]),
    "structure/note-below.xlsx": lambda: written([*LIST, [], ["注：礼品以到店实物为准"]]),
    "structure/footer-total.xlsx": lambda: written([*SHORT_LIST, ["合计", None, 3]]),
    "structure/footer-signature.xlsx": lambda: written([*SHORT_LIST, [], ["制表人：李雷"]]),
    "structure/footer-total-english.xlsx": lambda: written([*SHORT_LIST, ["Total", None, 3]]),
    "structure/values-of-other-types.xlsx": lambda: written(VALUES, _format_values),
    "structure/extra-columns.xlsx": lambda: written([
        [*HEADER, "门店", "备注"], *([*row, "南京西路", None] for row in MEMBERS),
    ]),
    "structure/columns-in-other-order.xlsx": lambda: written([row[::-1] for row in LIST]),
}  # fmt: skip
