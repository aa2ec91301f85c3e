"""Member files with mistakes, and the violations that are expected for them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import openpyxl

from tests.mock_server.member_files.writers import (
    csv_file,
    ole2_file,
    openpyxl_file,
    sheet_xml,
    with_parts,
    without_part,
    workbook_bytes,
    xlsxwriter_file,
    zip_parts,
)

ODS = "application/vnd.oasis.opendocument.spreadsheet"
VALID: list[list[object]] = [
    ["userId", "nickname", "礼品"],
    ["U1", "张丽", "面膜"],
    ["U2", "王芳", "精华"],
]
TEXT = "{{nickname}},您的{{礼品}}已备好。"


class Case(NamedTuple):
    """A file that is no valid list, with rule, code and found value of each violation."""

    name: str
    content: Callable[[], bytes]
    expected_violations: list[tuple[str, str, str]]

    def __str__(self) -> str:
        return self.name


def with_rows(*rows: list[object]) -> Callable[[], bytes]:
    """Return a workbook with the columns of VALID and these rows."""
    return lambda: openpyxl_file([VALID[0], *rows])


def with_cell(cell: str, kind: str = "") -> bytes:
    """Return a list whose only row has this XML in place of its gift."""
    row = '<row r="2"><c r="A2" t="str"><v>U1</v></c><c r="B2" t="str"><v>丽</v></c>'
    head = "".join(
        f'<c r="{column}1" t="str"><v>{name}</v></c>'
        for column, name in zip("ABC", VALID[0], strict=True)
    )
    rows = f'<row r="1">{head}</row>{row}<c r="C2"{kind}>{cell}</c></row>'
    return with_parts(openpyxl_file(VALID), sheet=sheet_xml(rows))


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
LOCKED_XLS = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12) + b"\x86\0\0\0" + b"\x2f\0\6\0" + bytes(6)
"""The first records of an .xls with a password: BOF, a write protection, FILEPASS."""
XML_TABLE = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


def with_other_sheet(title: str, *rows: list[object], first: list[list[object]]) -> bytes:
    """Return a workbook whose first sheet has other rows than the second, of which it has two."""
    book = openpyxl.Workbook()
    for row in first:
        book.worksheets[0].append(row)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    return workbook_bytes(book)


def with_number(value: float, number_format: str) -> bytes:
    """Return a list with one id, a number cell in this format."""
    book = openpyxl.load_workbook(io.BytesIO(openpyxl_file([*VALID[:2], [value, "a", "b"]])))
    book.worksheets[0]["A3"].number_format = number_format
    return workbook_bytes(book)


def locked_zip(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive whose directory says that its entries have a password."""
    changed = bytearray(zip_parts(parts))
    changed[changed.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def file_case(name: str, code: str, content: Callable[[], bytes]) -> Case:
    """Return a case of a file that cannot be read at all."""
    return Case(name, content, [("NT-10", code, name)])


BROKEN_FILE_CASES = [
    file_case("截断.xlsx", "file-truncated", lambda: openpyxl_file(VALID)[:-400]),
    file_case("加密.xlsx", "file-password", lambda: ole2_file("EncryptedPackage")),
    file_case("加密.ods", "file-password", lambda: zip_parts({
        "mimetype": ODS, "META-INF/manifest.xml": "<manifest:encryption-data/>"})),
    file_case("旧版.xls", "format-xls-old", lambda: ole2_file("Book")),
    file_case("更旧.xls", "format-xls-old", lambda: b"\x09\x04\x06\x00" + bytes(64)),
    file_case("坏旧版.xls", "file-damaged", lambda: ole2_file("Workbook")),
    file_case("截断旧版.xls", "file-truncated", lambda: ole2_file("Workbook")[:900]),
    file_case("截断头.xls", "file-truncated", lambda: ole2_file("Workbook")[:300]),
    file_case("加密旧版.xls", "file-password", lambda: ole2_file("Workbook") + LOCKED_XLS),
    file_case("文档.doc", "format-document", lambda: ole2_file("WordDocument")),
    file_case("其他.xls", "format-unknown", lambda: ole2_file("Contents")),
    file_case("图片.xlsx", "format-image", lambda: PICTURE),
    file_case("矢量图.csv", "format-image", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    file_case("网页.xls", "format-html", lambda: b"<html><table><tr><td>userId</td></tr></table>"),
    file_case("网页归档.xls", "format-html", lambda: b"MIME-Version: 1.0\r\n\r\n<html>"),
    file_case("表格.xml", "format-xml", lambda: XML_TABLE),
    file_case("数据.csv", "format-json", lambda: b'[{"userId": "U1"}]'),
    file_case("打印.pdf", "format-pdf", lambda: b"%PDF-1.7\n" + bytes(64)),
    file_case("字节.xlsx", "format-unknown", lambda: bytes(range(256))),
    file_case("压缩.zip", "format-archive", lambda: zip_parts({"名单.csv": "userId"})),
    file_case("打包.tar", "format-archive", lambda: b"a.csv".ljust(257, b"\0") + b"ustar\0"),
    file_case("加密.zip", "format-archive", lambda: locked_zip({"名单.csv": "userId"})),
    file_case("加密压缩.xlsx", "file-password", lambda: locked_zip({"xl/workbook.xml": "<a/>"})),
    file_case("符号链接.slk", "format-unknown", lambda: b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\nE\r\n"),
    file_case("交换.dif", "format-unknown", lambda: b'TABLE\n0,1\n"EXCEL"\n'),
    file_case("压缩.csv", "format-archive", lambda: b"\x1f\x8b\x08" + bytes(64)),
    file_case("文档.xlsx", "format-document", lambda: zip_parts({"word/document.xml": ""})),
    file_case("文档.odt", "format-document", lambda: zip_parts({
        "mimetype": "application/vnd.oasis.opendocument.text"})),
    file_case("二进制.xlsb", "format-xlsb", lambda: zip_parts({"xl/workbook.bin": ""})),
    file_case("苹果.numbers", "format-numbers", lambda: zip_parts({"Index/Document.iwa": ""})),
    file_case("缺少部件.xlsx", "file-damaged",
              lambda: without_part(openpyxl_file(VALID), "xl/workbook.xml")),
    Case("缺少工作表.xlsx", lambda: without_part(openpyxl_file(VALID), "xl/worksheets/sheet1.xml"),
         [("NT-10", "sheet-damaged", "缺少工作表.xlsx 名单")]),
    Case("坏工作表.xlsx", lambda: with_parts(openpyxl_file(VALID), sheet=sheet_xml("<row")[:90]),
         [("NT-10", "sheet-damaged", "坏工作表.xlsx 名单")]),
    Case("无边.xlsx", lambda: with_parts(openpyxl_file(VALID), sheet=sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>userId</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )), [("NT-10", "cells-too-many", "无边.xlsx: 17179869184")]),
    Case("过宽.csv", lambda: csv_file([["userId", *(f"v{n}" for n in range(500))], ["U1"]]),
         [("NT-10", "columns-too-many", "过宽.csv 1:1: 501")]),
    Case("空表.xlsx", lambda: openpyxl_file([]), [("NT-10", "sheet-empty", "空表.xlsx 名单")]),
    Case("空文本.csv", "\ufeff\r\n\r\n".encode, [("NT-10", "sheet-empty", "空文本.csv")]),
    Case("只有列名.xlsx", with_rows(), [("NT-10", "header-only", "只有列名.xlsx 名单!A2")]),
    Case("只有列名.csv", lambda: csv_file(VALID[:1]),
         [("NT-10", "header-only", "只有列名.csv A2")]),
    Case("编码.csv", lambda: csv_file(VALID) + b"U3,\xff\xff\r\n",
         [("NT-10", "encoding-unreadable", "编码.csv 4:4: 0xFF")]),
    Case("标记编码.csv", lambda: b"\xef\xbb\xbf" + csv_file(VALID, "gb18030"),
         [("NT-10", "encoding-unreadable", "标记编码.csv 1:1: 0xC0")]),
    Case("四字节.csv", lambda: csv_file(VALID, "utf-32"),
         [("NT-10", "encoding-unreadable", "四字节.csv 1:1: UTF-32")]),
    Case("分隔符.csv", lambda: b"userId;nickname,\n1;2,\n",
         [("NT-10", "separator-mixed", "分隔符.csv 1:1: ',' ';'")]),
    Case("竖线.csv", lambda: b"userId|nickname\nU1|a\n",
         [("NT-10", "separator-wrong", "竖线.csv 1:1: |")]),
    Case("全角.csv", "userId，nickname\nU1，a\n".encode,
         [("NT-10", "separator-wrong", "全角.csv 1:1: ，")]),
    Case("引号.csv", lambda: b'userId,nickname,\xe7\xa4\xbc\xe5\x93\x81\nU1,a,b\nU2,"a,b\n',
         [("NT-10", "quote-unclosed", "引号.csv 3:3")]),
    Case("引号后.csv", 'userId,nickname,礼品\nU1,"a"b,c\n'.encode,
         [("NT-10", "quote-misplaced", "引号后.csv 2:2")]),
    Case("零字节.csv", lambda: csv_file([*VALID, ["U3", "李\0娜", "a"]]),
         [("NT-10", "cell-nul", "零字节.csv B4")]),
]  # fmt: skip

BROKEN_HEADER_CASES = [
    Case("中文标识.xlsx", lambda: openpyxl_file([["会员编号", "nickname", "礼品"], [1, "a", "b"]]),
         [("NT-05", "id-column-misnamed", "中文标识.xlsx 名单!A1")]),
    Case("下划线.csv", lambda: csv_file([["nickname", "user_id", "礼品"], ["a", "U1", "b"]]),
         [("NT-05", "id-column-misnamed", "下划线.csv B1")]),
    Case("无标识.csv", lambda: csv_file([["nickname", "手机", "礼品"], ["a", "b", "c"]]),
         [("NT-05", "id-column-missing", "无标识.csv 1:1: nickname, 手机, 礼品")]),
    Case("无列名.csv", lambda: csv_file([["13800138000", "张丽"], ["13800138001", "王芳"]]), [
        ("NT-10", "header-missing", "无列名.csv A1: 13800138000"),
    ]),
    Case("标题行.xlsx", lambda: openpyxl_file([["五一名单"], *VALID]),
         [("NT-10", "header-not-first", "标题行.xlsx 名单!2:2: 五一名单")]),
    Case("说明在前.xlsx", lambda: with_other_sheet("会员", *VALID, first=[["请先阅读"], ["说明"]]),
         [("NT-10", "sheet-not-first", "说明在前.xlsx Sheet")]),
    Case("首表空.xlsx", lambda: with_other_sheet("会员", *VALID, first=[]),
         [("NT-10", "sheet-empty", "首表空.xlsx Sheet")]),
    Case("重复列名.xlsx", lambda: openpyxl_file([[*VALID[0], "礼品"], ["U1", "a", "b", "c"]]),
         [("NT-10", "header-duplicate", "重复列名.xlsx 名单!D1")]),
    Case("缺列.xlsx", lambda: openpyxl_file([["userId", "nickname"], ["U1", "张丽"]]),
         [("NT-07", "variable-column-missing", "缺列.xlsx 名单!1:1")]),
    Case("大写.xlsx", lambda: openpyxl_file([["userId", "Nick Name", "礼品"], ["U1", "张丽", "a"]]),
         [("NT-07", "variable-column-misnamed", "大写.xlsx 名单!B1")]),
    Case("括注.xlsx", lambda: openpyxl_file([["ciq", "a（礼品）", "nickname"], ["C1", "b", "a"]]),
         [("NT-07", "variable-column-misnamed", "括注.xlsx 名单!B1")]),
    Case("前注.xlsx", lambda: openpyxl_file([["ciq", "礼品 (a)", "nickname"], ["C1", "b", "a"]]),
         [("NT-07", "variable-column-misnamed", "前注.xlsx 名单!B1")]),
    Case("别名.xlsx", lambda: openpyxl_file([["礼 品 (memberId)", "nickname"], [1001, "b"]]),
         [("NT-07", "variable-column-missing", "别名.xlsx 名单!1:1")]),
    Case("无名列.xlsx", lambda: openpyxl_file([[*VALID[0], None], ["U1", "a", "b", "c"]]),
         [("NT-10", "header-empty", "无名列.xlsx 名单!D2: c")]),
    Case("旁注.xlsx", lambda: openpyxl_file([*VALID, ["U3", "a", "b", None, "请核对"]]),
         [("NT-10", "note-beside", "旁注.xlsx 名单!E4: 请核对")]),
    Case("多出值.csv", lambda: csv_file([*VALID, ["U3", "a", "b", "", "c"]]),
         [("NT-10", "row-too-long", "多出值.csv E4: c")]),
    Case("偏移.xlsx", lambda: openpyxl_file([[], [None, "userId"], [None, "U1"]], "第 1 页"),
         [("NT-10", "header-not-first", "偏移.xlsx '第 1 页'!2:2")]),
    Case("合计.xlsx", lambda: openpyxl_file([*VALID, ["合计", 2], ["制表人：张三"]]), [
        ("NT-10", "footer-row", "合计.xlsx 名单!A4: 合计"),
        ("NT-10", "footer-row", "合计.xlsx 名单!A5: 制表人：张三"),
    ]),
    Case("序号合计.csv", lambda: csv_file([["序号", *VALID[0]], [1, *VALID[1]], ["合计", 1]]),
         [("NT-10", "footer-row", "序号合计.csv A3: 合计")]),
    Case("下注.xlsx", lambda: openpyxl_file([*VALID, [], ["以上名单由市场部提供，请勿外传"]]),
         [("NT-10", "note-below", "下注.xlsx 名单!A5: 以上名单由市场部提供，请勿外传")]),
]  # fmt: skip
NUMBER_IDS = {
    "王芳": ("id-invalid", "王芳"),
    0: ("id-invalid", "0"),
    -1: ("id-invalid", "-1"),
    1.5: ("id-decimal", "1.5"),
    "9223372036854775808": ("id-invalid", "9223372036854775808"),
    2**63: ("id-long-number", "9.22337203685478E+18"),
    True: ("id-boolean", "TRUE"),
}

BROKEN_CELL_CASES = [
    Case("缺标识.xlsx", lambda: openpyxl_file(
        [["userId", "nickname", "礼品", "ciq"], ["U1", "a", "b"], ["  ", "c", "d"]]
    ), [("NT-05", "id-missing", "缺标识.xlsx 名单!A3")]),
    Case("编号.xlsx", lambda: xlsxwriter_file([
        ["memberId", "nickname", "礼品"], *([value, "a", "b"] for value in NUMBER_IDS),
    ]), [
        ("NT-05", code, f"编号.xlsx 名单!A{row}: {shown}")
        for row, (code, shown) in enumerate(NUMBER_IDS.values(), 2)
    ]),
    Case("坏标识.xlsx", lambda: openpyxl_file([
        ["userId", "nickname", "礼品"],
        *([value, "a", "b"] for value in (440301199001011234, date(2025, 5, 5), True,
                                          "4.40301E+17", "13800138000.0", "#N/A")),
    ]), [
        ("NT-05", "id-long-number", "坏标识.xlsx 名单!A2: 4.40301199001011E+17"),
        ("NT-05", "id-date", "坏标识.xlsx 名单!A3: 2025-05-05"),
        ("NT-05", "id-boolean", "坏标识.xlsx 名单!A4: TRUE"),
        ("NT-05", "id-scientific", "坏标识.xlsx 名单!A5: 4.40301E+17"),
        ("NT-05", "id-decimal", "坏标识.xlsx 名单!A6: 13800138000.0"),
        ("NT-05", "id-error", "坏标识.xlsx 名单!A7: #N/A"),
    ]),
    Case("坏标识.csv", lambda: csv_file([
        VALID[0], ["4.40301E+17", "a", "b"], ["13800138000.0", "a", "b"], ["TRUE", "a", "b"],
        ["#REF!", "a", "b"],
    ]), [
        ("NT-05", "id-scientific", "坏标识.csv A2: 4.40301E+17"),
        ("NT-05", "id-decimal", "坏标识.csv A3: 13800138000.0"),
        ("NT-05", "id-boolean", "坏标识.csv A4: TRUE"),
        ("NT-05", "id-error", "坏标识.csv A5: #REF!"),
    ]),
    Case("补零.xlsx", lambda: with_number(7, "00000"),
         [("NT-05", "id-number-format", "补零.xlsx 名单!A3: 7")]),
    Case("千分位.xlsx", lambda: with_number(13800138000, "#,##0"),
         [("NT-05", "id-number-format", "千分位.xlsx 名单!A3: 13800138000")]),
    Case("标识错误值.xlsx", lambda: openpyxl_file(
        [["userId", "ciq", "nickname", "礼品"], ["#N/A", "C1", "a", "b"], ["=A1", "C2", "a", "b"]]
    ), [
        ("NT-05", "id-error", "标识错误值.xlsx 名单!A2: #N/A"),
        ("NT-05", "id-formula", "标识错误值.xlsx 名单!A3: =A1"),
    ]),
    Case("空标识.csv", lambda: csv_file([VALID[0], ["", "a", "b"], ["", "c", "d"]]),
         [("NT-05", "id-column-empty", "空标识.csv A")]),
    Case("重复.xlsx", lambda: openpyxl_file([
        ["memberId", "userId", "ciq", "nickname", "礼品"],
        [1, "U1", "C1", "a", "b"],
        [2, "U1", "C2", "a", "b"],
        [None, "U3", "C1", "a", "b"],
        ["001", "U4", None, "a", "b"],
    ]), [
        ("NT-30", "id-repeated", "重复.xlsx 名单!B3 = B2: U1"),
        ("NT-30", "id-repeated", "重复.xlsx 名单!C4 = C2: C1"),
        ("NT-30", "id-repeated", "重复.xlsx 名单!A5 = A2: 001"),
    ]),
    Case("空变量.xlsx", with_rows(["U1", "张丽", None], ["U2", None, " "], ["U3", "a", "b"]), [
        ("NT-07", "variable-missing", "空变量.xlsx 名单!C2"),
        ("NT-07", "variable-missing", "空变量.xlsx 名单!B3"),
        ("NT-07", "variable-missing", "空变量.xlsx 名单!C3"),
    ]),
    Case("空列.xlsx", with_rows(["U1", "张丽", None], ["U2", "王芳", " "]),
         [("NT-07", "variable-column-empty", "空列.xlsx 名单!C")]),
    Case("错误值.xlsx", lambda: with_cell("<v>#N/A</v>", ' t="e"'),
         [("NT-07", "variable-error", "错误值.xlsx 名单!C2: #N/A")]),
    Case("错误值.csv", lambda: csv_file([VALID[0], ["U1", "a", "#N/A"]]),
         [("NT-07", "variable-error", "错误值.csv C2: #N/A")]),
    Case("公式.xlsx", with_rows(["U1", "张丽", '=A2&"的礼品"']),
         [("NT-07", "variable-formula", '公式.xlsx 名单!C2: =A2&"的礼品"')]),
    Case("过长.csv", lambda: csv_file([VALID[0], ["U1", "a", "长" * 32_768]]),
         [("NT-10", "cell-too-long", "过长.csv C2: 32768")]),
    Case("零字节.xlsx", lambda: with_cell("<is><t>a_x0000_b</t></is>", ' t="inlineStr"'),
         [("NT-10", "cell-nul", "零字节.xlsx 名单!C2")]),
    Case("各有错.xlsx", with_rows(["U1", "a", "b"], [None, "c", "d"], ["U1", "e", None]), [
        ("NT-05", "id-missing", "各有错.xlsx 名单!A3"),
        ("NT-30", "id-repeated", "各有错.xlsx 名单!A4 = A2: U1"),
        ("NT-07", "variable-missing", "各有错.xlsx 名单!C4"),
    ]),
]  # fmt: skip
