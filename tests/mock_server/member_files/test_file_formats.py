"""Formats and encodings are detected by content, and texts are cleaned."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable

import openpyxl
import pytest

from mock_server.member_files.limits import MAX_COLUMNS
from mock_server.member_files.member_reader import MemberFileReader
from tests.mock_server.member_files.task_requests import create_task, upload_file
from tests.mock_server.member_files.writers import (
    OOXML,
    Rows,
    csv_file,
    openpyxl_file,
    unzip_parts,
    with_parts,
    workbook_bytes,
    zip_parts,
)
from tests.serving import RunningMock

LIST: Rows = [["userId", "nickname"], ["001", "张丽"], ["U2", "王芳"]]
MEMBERS = [(None, "001", None, "张丽"), (None, "U2", None, "王芳")]
TEXT = "userId,nickname\n001,张丽\nU2,王芳\n"
STRICT = "http://purl.oclc.org/ooxml"
ODS_NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)


def read(content: bytes) -> list[tuple[object, ...]]:
    """Return the members of a file without mistakes."""
    found: list[tuple[object, ...]] = []
    findings = MemberFileReader([], found.extend).read(content, "")
    assert not findings.total, findings.shown()
    return found


def strict_file() -> bytes:
    """Return a workbook with the namespaces of ISO/IEC 29500 Strict."""
    parts = unzip_parts(openpyxl_file(LIST))
    for name, part in parts.items():
        text = part.decode() if isinstance(part, bytes) else part
        text = text.replace(f"{OOXML}/spreadsheetml/2006/main", f"{STRICT}/spreadsheetml/main")
        text = text.replace(
            f"{OOXML}/officeDocument/2006/relationships", f"{STRICT}/officeDocument/relationships"
        )
        parts[name] = text
    return zip_parts(parts)


def open_document_file() -> bytes:
    """Return the list as .ods, with a repeated blank column as LibreOffice writes it."""
    rows = "".join(
        f"<table:table-row>{''.join(map(ods_cell, row))}"
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        for row in LIST
    )
    content = (
        f"<office:document-content {ODS_NAMESPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="名单">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zip_parts({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
        "META-INF/manifest.xml": "<manifest/>",
    })  # fmt: skip


def ods_cell(value: object) -> str:
    """Return a text cell."""
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def hidden_rows_file() -> bytes:
    """Return a workbook whose rows are hidden by hand and by a filter."""
    book = openpyxl.load_workbook(io.BytesIO(openpyxl_file(LIST)))
    sheet = book.worksheets[0]
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.auto_filter.ref = "A1:B3"
    sheet.auto_filter.add_filter_column(0, ["U2"])
    return workbook_bytes(book)


def with_main_type(kind: str) -> bytes:
    """Return a workbook with another content type of its main part."""
    content = openpyxl_file(LIST)
    types = str(unzip_parts(content)["[Content_Types].xml"], "utf-8")  # type: ignore[arg-type]
    usual = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    assert usual in types
    return with_parts(content, **{"[Content_Types].xml": types.replace(usual, kind)})


FORMATS: dict[str, Callable[[], bytes]] = {
    "xlsm": lambda: with_main_type("application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    "xltx": lambda: with_main_type(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"
    ),
    "strict": strict_file,
    "ods": open_document_file,
    "hidden rows and columns": hidden_rows_file,
    "utf-8": TEXT.encode,
    "utf-8 with a BOM": lambda: TEXT.encode("utf-8-sig"),
    "gb18030": lambda: TEXT.encode("gb18030"),
    "utf-16 with a BOM": lambda: TEXT.encode("utf-16"),
    "utf-16-le": lambda: TEXT.encode("utf-16-le"),
    "utf-16-be with a BOM": lambda: b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16-be": lambda: TEXT.encode("utf-16-be"),
    "tabs": lambda: TEXT.replace(",", "\t").encode("utf-16"),
    "sep=;": lambda: b"sep=;\r\n" + TEXT.replace(",", ";").encode(),
    "sep=|": lambda: b'"sep=|"\n' + TEXT.replace(",", "|").encode(),
    "a tab after each value": lambda: TEXT.replace(",", "\t,").replace("\n", "\t\n").encode(),
    "a tab before each value": ("\t" + TEXT.strip().replace(",", ",\t")
                                        .replace("\n", "\n\t")).encode,
    "Ctrl-Z at the end": lambda: TEXT.encode() + b"\x1a",
    "mixed line ends": lambda: TEXT.replace("\n", "\r", 1).encode(),
    "formulas of texts": lambda: TEXT.replace("001", '"=""001"""').encode(),
    "plain formulas of texts": lambda: TEXT.replace("001", '="001"').encode(),
    "an apostrophe": lambda: TEXT.replace("001", "'001").encode(),
    "zero-width characters": lambda: TEXT.replace("001", "\u200b0\u200d01\ufeff").encode(),
    "zero-width characters in the header": ("\u200b" + TEXT).encode,
    "zero-width characters in a name": lambda: TEXT.replace("张丽", "\u2060张丽\u200b").encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_is_read_in_every_format_and_encoding(kind: str) -> None:
    """N5: the name of the file plays no part, and hidden rows count like others."""
    assert read(FORMATS[kind]()) == MEMBERS


def test_the_euro_sign_of_windows_is_read() -> None:
    """GBK as Windows writes it has the byte 0x80, which GB18030 lacks."""
    content = TEXT.replace("张丽", "€").encode("cp1252", "replace")
    assert b"\x80" in content
    assert read("userId,nickname\n001,张丽\n".encode("gbk") + b"U2,\x80\n")[1][3] == "€"


def test_a_remark_in_the_first_column_is_no_footer() -> None:
    """Signatures and notes have no id beside them; totals may have a number there."""
    content = "备注,userId\n注：重要客户,U1\n审核：已通过,U2\n".encode()
    assert [row[1] for row in read(content)] == ["U1", "U2"]
    [finding] = MemberFileReader([]).read(content + "合计,2\n".encode(), "").shown()
    assert (finding.code, finding.row) == ("footer-row", 4)


@pytest.mark.parametrize(
    ("below", "codes"),
    [
        ("TOTAL,,2", ["footer-row"]),
        ("Total: 2", ["footer-row"]),
        ("Grand Total Records: 2", ["footer-row"]),
        ("以上共2人", ["footer-row"]),
        ("2 rows selected.", ["footer-row"]),
        ("\n(2 rows)", ["footer-row"]),
        ("---- END ----", ["footer-row"]),
        ("—— 以下空白 ——", ["footer-row"]),
        (
            "\nSpring report of April\nConfidential Information - Do Not Distribute",
            ["note-below"] * 2,
        ),
        ("U-3--x\nU==4,total\nthe row", []),
    ],
)
def test_the_end_of_an_export_is_no_member(below: str, codes: list[str]) -> None:
    """N5: databases and CRM systems write totals and remarks below a list, also of one column."""
    for header in ("userId", "userId,nickname,礼品"):
        content = f"{header}\nU1\nU2\n{below}\n".encode()
        if header == "userId":
            content = content.replace(b",,2", b"").replace(b",total", b"")
        findings = MemberFileReader([]).read(content, "").shown()
        assert [finding.code for finding in findings] == codes


@pytest.mark.parametrize("text", ["NULL", "(null)", "nan", "None", "N/A", "undefined", r"\N", "无"])
def test_a_text_for_a_missing_value_is_no_id(text: str) -> None:
    """N5: databases and scripts write such texts, which would name one member for all."""
    content = f"memberId,userId\n1,U1\n2,{text}\n3,Nancy_null\n".encode()
    [finding] = MemberFileReader([]).read(content, "").shown()
    assert (finding.code, finding.row, finding.column) == ("id-placeholder", 3, "B")


def test_isolates_and_soft_hyphens_do_not_count() -> None:
    """N5: numbers from address books of phones are between U+202D or U+2068 and their ends."""
    content = "userId,nickname\n\u20681380013\u2069,\u2068张丽\u2069\nU\u00ad2,b\n".encode()
    assert [row[1] for row in read(content)] == ["1380013", "U2"]
    assert read(content)[0][3] == "张丽"


def test_blank_lines_count_as_cells() -> None:
    """N5: 15 MB of line breaks took more than a minute to read."""
    content = b"userId" + b"," * 499 + b"\nU1\n" + b"\n" * 8_000
    [finding] = MemberFileReader([]).read(content, "").shown()
    assert (finding.code, dict(finding.words)["other"]) == ("cells-too-many", "SF8001")


@pytest.mark.parametrize("title", ["userId（必填）", "（必填）userId", "User_Id (required)"])
def test_a_title_with_a_hint_is_named_as_near(title: str) -> None:
    """N5: forms mark the columns that have to be filled in."""
    [finding] = MemberFileReader([]).read(f"{title},a\nU1,b\n".encode(), "").shown()
    assert (finding.code, dict(finding.words)["name"]) == ("id-column-misnamed", "userId")


@pytest.mark.parametrize("separator", ["^", "~"])
def test_a_separator_of_databases_is_named(separator: str) -> None:
    """N5: the columns would otherwise seem to have the wrong names."""
    content = separator.join(["userId", "nickname\nU1", "a\n"]).encode()
    [finding] = MemberFileReader([]).read(content, "").shown()
    assert (finding.code, finding.value) == ("separator-wrong", separator)


def test_joiners_stay_in_names() -> None:
    """A family is one emoji of several, joined by U+200D."""
    assert read(TEXT.replace("张丽", "👩\u200d👧").encode())[0][3] == "👩\u200d👧"


def test_number_formats_that_show_all_digits_are_accepted() -> None:
    """N5: General, `0` and `@` of a number; a variable takes the stored value in any format."""
    book = openpyxl.load_workbook(io.BytesIO(openpyxl_file([["userId", "nickname"]])))
    sheet = book.worksheets[0]
    for number, kind in enumerate(("General", "0", "@", "0_ "), start=2):
        sheet.cell(number, 1, 13800138000 + number).number_format = kind
        sheet.cell(number, 2, 0.5).number_format = "0%"
    found = read(workbook_bytes(book))
    assert [row[1] for row in found] == ["13800138002", "13800138003", "13800138004", "13800138005"]
    assert {row[3] for row in found} == {"0.5"}


def test_a_row_beyond_the_columns_that_are_read_is_refused() -> None:
    """A mistake in one row, such as a missing line break, takes no more time than a list."""
    content = csv_file([["userId"], ["U1"] + ["x"] * MAX_COLUMNS])
    [finding] = MemberFileReader([]).read(content, "").shown()
    assert (finding.code, finding.row, finding.value) == ("columns-too-many", 2, "501")


def test_the_log_tells_which_files_were_read(
    shared_mock: RunningMock, caplog: pytest.LogCaptureFixture
) -> None:
    """`--log-level info`: size, members, mistakes and time of each file."""
    file = upload_file(shared_mock, "名单.csv", TEXT.encode())
    with caplog.at_level(logging.INFO, "mock_server"):
        create_task(shared_mock, [file]).raise_for_status()
    assert f"member file {file}: {len(TEXT.encode())} bytes, 2 members, 0 mistakes" in caplog.text
