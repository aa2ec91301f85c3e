"""The member template: a workbook to fill in, with instructions on a second sheet (M15)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from xlsxwriter import Workbook

from mock_server.member_files.xlsx_writer import COLUMN_WIDTH, CREATION_DATE, TEXT_FORMAT

LIST_SHEET, INSTRUCTION_SHEET = "会员名单", "填写说明"
LAST_COLUMN = 2**14 - 1
"""Index of the last column of a worksheet: whichever columns are added have the text format."""
COLUMNS = {
    "memberId": ("会员ID (memberId)", "会员的编号，正整数", "1001"),
    "userId": ("用户ID (userId)", "会员的 userId", "U1001"),
    "ciq": ("ciq", "会员的 ciq", "C1001"),
    "nickname": ("昵称 (nickname)", "会员的称呼，可以不填", "张丽"),
}
"""Title, meaning and sample value of each column, by the field of a member."""
VARIABLE = ("礼品", "变量 {{礼品}} 的值；按需要添加这样的列", "面膜")
INSTRUCTIONS = (
    f"从“{LIST_SHEET}”工作表的第 2 行起填写，每行一位会员；请保留第 1 行的列名和工作表的顺序。",
    "{}；同一位会员只能出现一次。",
    "通知内容中有变量时，请在右侧添加列，列名与变量名相同。",
    "所有单元格都是文本格式：编号按原样保存，不会变成科学记数法，开头的 0 也不会丢失。",
    "填好后保存为 .xlsx，再上传。本工作表不会被读取，可以删除。",
)
INSTRUCTION_HEIGHT = 32
"""Height of two lines in points."""
TABLE_HEADER = ("列名", "含义", "示例")


@cache
def write_template(identifying: Sequence[str]) -> bytes:
    """Return the template as .xlsx; `identifying`: fields of which a member needs one.

    The sample is on the second sheet, which is never read, so that it cannot become a member.
    """
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": CREATION_DATE})
        text, bold = {"num_format": TEXT_FORMAT}, {"num_format": TEXT_FORMAT, "bold": True}
        as_text, as_title = book.add_format(text), book.add_format(bold)
        sheet = book.add_worksheet(LIST_SHEET)
        sheet.set_column(0, LAST_COLUMN, COLUMN_WIDTH, as_text)
        sheet.set_column(0, 1, COLUMN_WIDTH + 4, as_text)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [title for title, _, _ in COLUMNS.values()], as_title)
        about = book.add_worksheet(INSTRUCTION_SHEET)
        about.set_column(0, 0, 24, as_text)
        about.set_column(1, 1, 40, as_text)
        about.set_column(2, 2, COLUMN_WIDTH, as_text)
        wrapped = book.add_format({**text, "text_wrap": True, "valign": "top"})
        for number, sentence in enumerate(INSTRUCTIONS):
            about.set_row(number, INSTRUCTION_HEIGHT)
            said = f"{number + 1}. {sentence.format(_required(identifying))}"
            about.merge_range(number, 0, number, 2, said, wrapped)
        first = len(INSTRUCTIONS) + 1
        about.write_row(first, 0, TABLE_HEADER, as_title)
        for number, row in enumerate((*COLUMNS.values(), VARIABLE), start=first + 1):
            about.write_row(number, 0, row, as_text)
    return written.getvalue()


def _required(identifying: Sequence[str]) -> str:
    """Return which columns every row needs."""
    titles = [COLUMNS[name][0] for name in identifying]
    if len(titles) == 1:
        return f"每行必须填写{titles[0]}"
    return f"每行至少填写{'、'.join(titles)} 中的一个"
