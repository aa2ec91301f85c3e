"""Delimited text by hand, as CRM exports, payment platforms, Excel and scripts write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from tests.corpus.make.lists import HEADER, LIST, MEMBERS, SHORT_HEADER, SHORT_LIST, Rows, with_id

CTRL_Z = b"\x1a"
RARE = [["userId", "nickname", "礼品"], ["U90001", "𠮷田", "㐂字福袋"], ["U90002", "王㛃", "龘龗"]]
"""Characters beyond the BMP, and those that take four bytes in GB18030."""


def delimited(rows: Rows, separator: str = ",", end: str = "\r\n") -> str:
    """Return the text of rows, with quotes only where they are needed."""
    written = io.StringIO()
    csv.writer(written, delimiter=separator, lineterminator=end).writerows(rows)
    return written.getvalue()


def encoded(encoding: str, rows: Rows = LIST, bom: bytes = b"", separator: str = ",") -> bytes:
    """Return rows in this encoding, after the bytes of a BOM."""
    return bom + delimited(rows, separator).encode(encoding)


def _each_value_ends_in(end: str, rows: Rows = LIST) -> bytes:
    return "".join(",".join(f"{value}{end}" for value in row) + "\r\n" for row in rows).encode()


def _lines(*lines: str, end: str = "\r\n") -> bytes:
    return "".join(line + end for line in lines).encode()


def _quoted(rows: Rows) -> bytes:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue().encode()


def _wide(columns: int) -> bytes:
    extra = [f"c{number}" for number in range(columns - len(SHORT_HEADER))]
    return delimited([[*SHORT_HEADER, *extra], [*SHORT_LIST[1], *("x" for _ in extra)]]).encode()


ENCODED: dict[str, Callable[[], bytes]] = {
    "text/utf-8.csv": lambda: encoded("utf-8"),
    "text/utf-8-bom.csv": lambda: encoded("utf-8-sig"),
    "text/utf-8-bom-bad-byte.csv": lambda: encoded("utf-8-sig") + b"90004,U90004,,\xd5\xc5,\r\n",
    "text/utf-8-cut-in-a-character.csv": lambda: encoded("utf-8")[:-3],
    "text/utf-16-le-bom.csv": lambda: encoded("utf-16-le", bom=b"\xff\xfe"),
    "text/utf-16-be-bom.csv": lambda: encoded("utf-16-be", bom=b"\xfe\xff"),
    "text/utf-16-le.csv": lambda: encoded("utf-16-le"),
    "text/utf-16-be.csv": lambda: encoded("utf-16-be"),
    "text/utf-16-le-bom-tabs.txt": lambda: encoded("utf-16-le", bom=b"\xff\xfe", separator="\t"),
    "text/utf-16-le-tabs.txt": lambda: encoded("utf-16-le", separator="\t"),
    "text/utf-16-odd-byte.csv": lambda: encoded("utf-16-le", bom=b"\xff\xfe") + b"\x41",
    "text/utf-16-rare-characters.csv": lambda: encoded("utf-16-le", RARE, b"\xff\xfe"),
    "text/utf-32.csv": lambda: encoded("utf-32"),
    "text/gb18030.csv": lambda: encoded("gb18030"),
    "text/gbk.txt": lambda: encoded("gbk", separator="\t"),
    "text/gb18030-rare-characters.csv": lambda: encoded("gb18030", RARE),
    "text/gbk-euro-sign.csv": lambda: encoded("gbk", [*SHORT_LIST, ["U90004", "赵敏", "100_元券"]])
    .replace(b"100_", b"100\x80"),
    "text/utf-8-rare-characters.csv": lambda: encoded("utf-8", RARE),
    "text/latin-1.csv": lambda: encoded("latin-1", [["userId", "nickname", "gift"],
                                                   ["U90001", "Zoé", "crème"]]),
    "text/bytes-of-no-encoding.csv": lambda: encoded("utf-8") + b"90004,U90004,,\xff\xff,\r\n",
    "text/emoji.csv": lambda: encoded("utf-8", [
        SHORT_HEADER, ["U90001", "丽丽🌸", "👨\u200d👩\u200d👧 亲子装"], ["U90002", "🇨🇳王芳", "☕️"],
    ]),
    "text/right-to-left.csv": lambda: encoded("utf-8", [SHORT_HEADER, ["U90001", "مريم", "هدية"]]),
    "text/line-separators-in-names.csv": lambda: encoded("utf-8", [
        SHORT_HEADER, ["U90001", "张\u2028丽", "面\x85膜"], ["U90002", "王\x0b芳", "精\x0c华"],
    ]),
}  # fmt: skip
SEPARATED: dict[str, Callable[[], bytes]] = {
    "text/semicolons.csv": lambda: delimited(LIST, ";").encode(),
    "text/tabs.tsv": lambda: delimited(LIST, "\t").encode(),
    "text/tabs.csv": lambda: delimited(LIST, "\t").encode(),
    "text/tabs.txt": lambda: delimited(LIST, "\t").encode(),
    "text/commas.txt": lambda: delimited(LIST).encode(),
    "text/commas-named-xlsx.xlsx": lambda: delimited(LIST).encode(),
    "text/commas-named-xls.xls": lambda: delimited(LIST).encode("gb18030"),
    "text/tabs-named-xls.xls": lambda: delimited(LIST, "\t").encode("gb18030"),
    "text/commas-without-suffix": lambda: delimited(LIST).encode(),
    "text/sep-semicolon.csv": lambda: b"sep=;\r\n" + delimited(LIST, ";").encode(),
    "text/sep-comma-bom.csv": lambda: "\ufeffsep=,\r\n".encode() + delimited(LIST).encode(),
    "text/sep-tab-utf-16.csv": lambda: ("\ufeffsep=\t\r\n" + delimited(LIST, "\t")).encode(
        "utf-16-le"
    ),
    "text/sep-quoted.csv": lambda: b'"sep=,"\r\n' + delimited(LIST).encode(),
    "text/sep-bar.csv": lambda: b"sep=|\r\n" + delimited(LIST, "|").encode(),
    "text/bars.csv": lambda: delimited(LIST, "|").encode(),
    "text/full-width-commas.csv": lambda: delimited(LIST, "，").encode(),
    "text/ideographic-commas.txt": lambda: delimited(LIST, "、").encode(),
    "text/mixed-separators.csv": lambda: b"userId;nickname,\xe7\xa4\xbc\xe5\x93\x81\r\n1;2,3\r\n",
    "text/tab-after-each-value.csv": lambda: _each_value_ends_in("\t"),
    "text/tab-before-each-value.csv": lambda: "".join(
        ",".join(f"\t{value}" for value in row) + "\r\n" for row in LIST
    ).encode(),
    "text/tab-after-ids.csv": lambda: delimited(
        [SHORT_HEADER, *([f"{row[0]}\t", *row[1:]] for row in SHORT_LIST[1:])]
    ).encode(),
    "text/one-column.csv": lambda: _lines("userId", "U90001", "U90002"),
}
LINES: dict[str, Callable[[], bytes]] = {
    "text/line-feeds.csv": lambda: delimited(LIST, end="\n").encode(),
    "text/carriage-returns.csv": lambda: delimited(LIST, end="\r").encode(),
    "text/no-last-line-end.csv": lambda: delimited(LIST).encode().rstrip(),
    "text/mixed-line-ends.csv": lambda: delimited(LIST).replace("\r\n", "\n", 2).encode(),
    "text/ctrl-z-at-the-end.csv": lambda: delimited(LIST).encode() + CTRL_Z,
    "text/ctrl-z-after-a-value.csv": lambda: _lines("userId", "U90001", "U90002")[:-2] + CTRL_Z,
    "text/blank-lines-at-the-end.csv": lambda: delimited(LIST).encode() + b"\r\n\r\n,,,,\r\n",
    "text/blank-line-first.csv": lambda: b"\r\n" + delimited(LIST).encode(),
    "text/blank-lines-between.csv": lambda: delimited(LIST).replace("\r\n", "\r\n\r\n").encode(),
    "text/short-rows.csv": lambda: _lines("userId,nickname,礼品,门店", "U90001,张丽,面膜",
                                          "U90002,王芳,精华,"),
    "text/more-values-than-columns.csv": lambda: _lines("userId,nickname,礼品", "U90001,张,丽,面膜",
                                                        "U90002,王芳,精华", "U90003,李娜,口红"),
    "text/all-quoted.csv": lambda: _quoted(LIST),
    "text/quotes-and-separators-in-values.csv": lambda: _quoted([
        SHORT_HEADER, ["U90001", '"丽丽"', "面膜，2 盒,A 款"], ["U90002", "王\n芳", "精华;50ml"],
    ]),
    "text/blank-after-separator.csv": lambda: delimited(LIST, ",").replace(",", ", ").encode(),
    "text/quote-unclosed.csv": lambda: _lines("userId,nickname,礼品", "U90001,张丽,面膜",
                                              'U90002,"王芳,精华', "U90003,李娜,口红"),
    "text/quote-misplaced.csv": lambda: _lines("userId,nickname,礼品", 'U90001,"张"丽,面膜'),
    "text/nul-in-a-value.csv": lambda: _lines("userId,nickname,礼品", "U90001,张\0丽,面膜"),
    "text/only-a-bom.csv": lambda: b"\xef\xbb\xbf",
    "text/only-blank-lines.csv": lambda: b"\r\n\r\n",
    "text/header-only.csv": lambda: delimited([HEADER]).encode(),
    "text/footer.csv": lambda: delimited([*LIST, ["共 3 条"]]).encode(),
    "text/report-with-remarks.csv": lambda: delimited([
        *SHORT_LIST, [], ["Confidential Information - Do Not Distribute"],
        ["Copyright (c) 2025 All rights reserved."], ["TOTAL", "", "3"],
    ]).encode(),
    "text/missing-values-of-a-database.csv": lambda: _lines(
        "memberId,userId,礼品", "90001,U90001,面膜", "90002,NULL,精华", "\\N,U90003,口红"),
    "text/ids-of-an-address-book.csv": lambda: _lines(
        "userId,nickname,礼品", "\u2068U90001\u2069,\u2068张丽\u2069,面膜",
        "\u202dU90002\u202c,王芳,精华", "U\xad90003,李娜,口红"),
    "text/title-row.csv": lambda: "会员导出\r\n".encode() + delimited(LIST).encode(),
    "text/20000-columns.csv": lambda: _wide(20_000),
    "text/cell-of-32767-characters.csv": lambda: delimited(
        [SHORT_HEADER, ["U90001", "张丽", "长" * 32_767]]).encode(),
    "text/cell-of-32768-characters.csv": lambda: delimited(
        [SHORT_HEADER, ["U90001", "张丽", "长" * 32_768]]).encode(),
}  # fmt: skip
IDS: dict[str, Callable[[], bytes]] = {
    "ids/zeros-kept-by-a-formula.csv": lambda: _lines("userId,nickname,礼品", '="001",张丽,面膜',
                                                     '"=""002""",王芳,精华'),
    "ids/zeros-kept-by-an-apostrophe.csv": lambda: _lines("userId,nickname,礼品", "'001,张丽,面膜"),
    "ids/scientific.csv": lambda: delimited(with_id("memberId", "4.40301E+17")).encode(),
    "ids/scientific-userid.csv": lambda: delimited(with_id("userId", "U90001", "1.38001E+10")
                                                  ).encode(),
    "ids/decimal.csv": lambda: delimited(with_id("userId", "13800138000.0")).encode(),
    "ids/18-digits.csv": lambda: delimited(with_id("memberId", "440301199001011234")).encode(),
    "ids/zero-width.csv": lambda: delimited(with_id("userId", "\u200bU90001", "U90002\ufeff")
                                           ).encode(),
    "ids/boolean.csv": lambda: delimited(with_id("userId", "U90001", "TRUE")).encode(),
    "ids/error-value.csv": lambda: delimited(with_id("userId", "#N/A", "U90002")).encode(),
    "ids/repeated.csv": lambda: delimited([HEADER, *MEMBERS, MEMBERS[0]]).encode(),
    "ids/blanks-around.csv": lambda: delimited(with_id("userId", " U90001\u3000")).encode(),
    "ids/leading-zeros-memberid.csv": lambda: delimited(with_id("memberId", "090001")).encode(),
}  # fmt: skip
RECIPES = ENCODED | SEPARATED | LINES | IDS
