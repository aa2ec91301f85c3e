"""Member files with mistakes, and the violations that are expected for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.mock_server.member_files.writers import (
    csv_file,
    ole2_file,
    openpyxl_file,
    sheet_xml,
    with_parts,
    without_part,
    xlsxwriter_file,
)

FORMATS = ".xlsx, .csv"
IDS = "memberId | userId | ciq"
UNCLOSED = "XmlError: syntax error: tag not closed: `>` not found before end of input"
NUMBER = "memberId 1..9223372036854775807"
VALID = [["userId", "nickname", "礼品"], ["U1", "张丽", "面膜"], ["U2", "王芳", "精华"]]
TEXT = "{{nickname}},您的{{礼品}}已备好。"


class Case(NamedTuple):
    """A file that is no valid list, with rule, accepted and found value of each violation."""

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


BROKEN_FILE_CASES = [
    Case("截断.xlsx", lambda: openpyxl_file(VALID)[:-400], [
        ("NT-10", FORMATS, "截断.xlsx: File is not a zip file"),
    ]),
    Case("加密.xlsx", lambda: ole2_file("EncryptedPackage"), [
        ("NT-10", FORMATS, "加密.xlsx: encrypted"),
    ]),
    Case("旧版.xls", lambda: ole2_file("Workbook"), [
        ("NT-10", FORMATS, "旧版.xls: application/vnd.ms-excel"),
    ]),
    Case("旧版.xlsx", lambda: ole2_file("Workbook"), [
        ("NT-10", FORMATS, "旧版.xlsx: application/vnd.ms-excel"),
    ]),
    Case("图片.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(64), [
        ("NT-10", FORMATS, "图片.xlsx: image/png"),
    ]),
    Case("文字.xlsx", lambda: csv_file(VALID), [
        ("NT-10", FORMATS, "文字.xlsx: text/plain"),
    ]),
    Case("文字.txt", lambda: csv_file(VALID), [
        ("NT-10", FORMATS, "文字.txt: text/plain"),
    ]),
    Case("字节.xlsx", lambda: bytes(range(256)), [
        ("NT-10", FORMATS, "字节.xlsx: application/octet-stream"),
    ]),
    Case("表格.ods", lambda: with_parts(
        openpyxl_file(VALID), mimetype="application/vnd.oasis.opendocument.spreadsheet"
    ), [
        ("NT-10", FORMATS, "表格.ods: application/vnd.oasis.opendocument.spreadsheet"),
    ]),
    Case("缺少部件.xlsx", lambda: without_part(openpyxl_file(VALID), "xl/workbook.xml"), [
        ("NT-10", FORMATS, "缺少部件.xlsx: application/zip"),
    ]),
    Case("缺少工作表.xlsx", lambda: without_part(openpyxl_file(VALID), "xl/worksheets/sheet1.xml"),
         [
        ("NT-10", FORMATS, "缺少工作表.xlsx: 名单: WorksheetNotFound: 名单"),
    ]),
    Case("坏工作表.xlsx", lambda: with_parts(openpyxl_file(VALID), sheet=sheet_xml("<row")[:90]), [
        ("NT-10", FORMATS, f"坏工作表.xlsx: 名单: {UNCLOSED}"),
    ]),
    Case("无边.xlsx", lambda: with_parts(openpyxl_file(VALID), sheet=sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>userId</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )), [
        ("NT-10", "cells <= 33554432", "无边.xlsx A1:XFD1048576: 17179869184"),
    ]),
    Case("空表.xlsx", lambda: openpyxl_file([]), [
        ("NT-05", IDS, "空表.xlsx 名单!A1"),
        ("NT-07", "required nickname", "空表.xlsx 名单!A1"),
        ("NT-07", "required 礼品", "空表.xlsx 名单!A1"),
    ]),
    Case("只有列名.xlsx", with_rows(), [
        ("NT-10", "minItems 1", "只有列名.xlsx 名单!A2: 0"),
    ]),
    Case("只有列名.csv", lambda: csv_file(VALID[:1]), [
        ("NT-10", "minItems 1", "只有列名.csv A2: 0"),
    ]),
    Case("编码.csv", lambda: csv_file(VALID) + b"U3,\xff\xff\r\n", [
        ("NT-10", "UTF-8, GB18030", "编码.csv 4:4: 0xFF"),
    ]),
    Case("宽字符.csv", lambda: csv_file(VALID, "utf-16"), [
        ("NT-10", FORMATS, "宽字符.csv: UTF-16"),
    ]),
    Case("分隔符.csv", lambda: b"userId;nickname,\n1;2,\n", [
        ("NT-10", "',' | ';' | '\\t'", "分隔符.csv 1:1: ',' ';'"),
    ]),
    Case("引号.csv", lambda: b'userId,nickname,\xe7\xa4\xbc\xe5\x93\x81\nU1,a,b\nU2,"a,b\n', [
        ("NT-10", "RFC 4180", "引号.csv 3:3: unexpected end of data"),
    ]),
    Case("零字节.csv", lambda: csv_file([*VALID, ["U3", "李\0娜", "a"]]), [
        ("NT-10", "text", "零字节.csv B4: NUL"),
    ]),
]  # fmt: skip

BROKEN_HEADER_CASES = [
    Case("中文标识.xlsx", lambda: openpyxl_file([["会员编号", "nickname", "礼品"], [1, "a", "b"]]),
         [
        ("NT-05", IDS, "中文标识.xlsx 名单!A1:C1: 会员编号, nickname, 礼品"),
    ]),
    Case("重复列名.xlsx", lambda: openpyxl_file([[*VALID[0], "礼品"], ["U1", "a", "b", "c"]]), [
        ("NT-10", "uniqueItems", "重复列名.xlsx 名单!D1 = C1: 礼品"),
    ]),
    Case("缺列.xlsx", lambda: openpyxl_file([["userId", "nickname"], ["U1", "张丽"]]), [
        ("NT-07", "required 礼品", "缺列.xlsx 名单!A1:B1: userId, nickname"),
    ]),
    Case("无名列.xlsx", lambda: openpyxl_file([[*VALID[0], None], ["U1", "a", "b", "c"]]), [
        ("NT-10", "required D1", "无名列.xlsx 名单!D2: c"),
    ]),
    Case("多出值.csv", lambda: csv_file([*VALID, ["U3", "a", "b", "", "c"]]), [
        ("NT-10", "required E1", "多出值.csv E4: c"),
    ]),
    Case("偏移.xlsx", lambda: openpyxl_file([[], [None, "userId"], [None, "U1"]], "第 1 页"), [
        ("NT-05", IDS, "偏移.xlsx '第 1 页'!B1"),
        ("NT-07", "required nickname", "偏移.xlsx '第 1 页'!B1"),
        ("NT-07", "required 礼品", "偏移.xlsx '第 1 页'!B1"),
    ]),
]  # fmt: skip

BROKEN_CELL_CASES = [
    Case("缺标识.xlsx", lambda: openpyxl_file(
        [["userId", "nickname", "礼品", "ciq"], ["U1", "a", "b"], ["  ", "c", "d"]]
    ), [
        ("NT-05", IDS, "缺标识.xlsx 名单!A3,D3"),
    ]),
    Case("编号.xlsx", lambda: xlsxwriter_file([
        ["memberId", "nickname", "礼品"],
        *([value, "a", "b"] for value in ("王芳", 0, -1, 1.5, "9223372036854775808", 2**63, True)),
    ]), [
        ("NT-05", NUMBER, f"编号.xlsx 名单!A{row}: {shown}")
        for row, shown in enumerate(
            ("王芳", "0", "-1", "1.5", "9223372036854775808", "9.22337203685478E+18", "TRUE"), 2
        )
    ]),
    Case("重复.xlsx", lambda: openpyxl_file([
        ["memberId", "userId", "ciq", "nickname", "礼品"],
        [1, "U1", "C1", "a", "b"],
        [2, "U1", "C2", "a", "b"],
        [None, "U3", "C1", "a", "b"],
        ["001", "U4", None, "a", "b"],
    ]), [
        ("NT-30", "unique userId", "重复.xlsx 名单!B3 = B2: U1"),
        ("NT-30", "unique ciq", "重复.xlsx 名单!C4 = C2: C1"),
        ("NT-30", "unique memberId", "重复.xlsx 名单!A5 = A2: 001"),
    ]),
    Case("空变量.xlsx", with_rows(["U1", "张丽", None], ["U2", None, " "]), [
        ("NT-07", "required 礼品", "空变量.xlsx 名单!C2"),
        ("NT-07", "required nickname", "空变量.xlsx 名单!B3"),
        ("NT-07", "required 礼品", "空变量.xlsx 名单!C3"),
    ]),
    Case("错误值.xlsx", lambda: with_cell("<v>#N/A</v>", ' t="e"'), [
        ("NT-07", "required 礼品", "错误值.xlsx 名单!C2: #N/A"),
    ]),
    Case("公式.xlsx", with_rows(["U1", "张丽", '=A2&"的礼品"']), [
        ("NT-07", "required 礼品", '公式.xlsx 名单!C2: =A2&"的礼品"'),
    ]),
    Case("过长.csv", lambda: csv_file([VALID[0], ["U1", "a", "长" * 32_768]]), [
        ("NT-10", "maxLength 32767", "过长.csv C2: 32768"),
    ]),
    Case("零字节.xlsx", lambda: with_cell("<is><t>a_x0000_b</t></is>", ' t="inlineStr"'), [
        ("NT-10", "text", "零字节.xlsx 名单!C2: NUL"),
    ]),
    Case("各有错.xlsx", with_rows(["U1", "a", "b"], [None, "c", "d"], ["U1", "e", None]), [
        ("NT-05", IDS, "各有错.xlsx 名单!A3"),
        ("NT-30", "unique userId", "各有错.xlsx 名单!A4 = A2: U1"),
        ("NT-07", "required 礼品", "各有错.xlsx 名单!C4"),
    ]),
]  # fmt: skip
