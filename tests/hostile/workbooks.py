"""Invalid workbooks, and workbooks that are far larger than they seem."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

OOXML = "http://schemas.openxmlformats.org"
OOXML_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_XML = (
    f'<worksheet xmlns="{OOXML}/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
SHEET1 = "xl/worksheets/sheet1.xml"
WORKBOOK_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{OOXML}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{OOXML_TYPE}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OOXML_TYPE}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{OOXML_TYPE}.sharedStrings+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{OOXML}/package/2006/relationships"><Relationship
Id="r1" Type="{OOXML}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{OOXML}/spreadsheetml/2006/main"
xmlns:r="{OOXML}/officeDocument/2006/relationships"><sheets>
<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships
xmlns="{OOXML}/package/2006/relationships"><Relationship Id="r1"
Type="{OOXML}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="{OOXML}/officeDocument/2006/relationships/sharedStrings"
Target="sharedStrings.xml"/></Relationships>""",
    "xl/sharedStrings.xml": f'<sst xmlns="{OOXML}/spreadsheetml/2006/main"/>',
}
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>memberId</t></is></c></row>'
DOCTYPE = "<!DOCTYPE x [%s]>"
BILLION_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@dataclass(frozen=True)
class FileCase:
    """An upload for a task, and the code of the expected error; empty if the list is accepted."""

    name: str
    code: str
    content: Callable[[], bytes]

    @property
    def rule(self) -> str:
        """Return the id of the rule of the error."""
        return "NT-05" if self.code.startswith("id-") else "NT-10"


def zip_archive(parts: dict[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return written.getvalue()


def workbook(rows: str, doctype: str = "", **parts: str | bytes) -> bytes:
    """Return a workbook whose sheet has these rows; `parts` are added or replaced."""
    return zip_archive({**WORKBOOK_PARTS, SHEET1: doctype + SHEET_XML % rows, **parts})


def number_row(written: str, row: str = "2") -> str:
    """Return a row with a number as memberId."""
    return f'<row r="{row}"><c r="A{row}"><v>{written}</v></c></row>'


def text_row(written: str) -> str:
    """Return a row with a text as memberId."""
    return f'<row r="2"><c r="A2" t="inlineStr"><is><t>{written}</t></is></c></row>'


def list_case(name: str, code: str, rows: str) -> FileCase:
    """Return a list with a header and these rows."""
    return FileCase(name, code, lambda: workbook(HEAD + rows))


UNREADABLE_CASES = [
    FileCase("no bytes of a zip", "", lambda: b"memberId,name\n1001,x\n"),
    FileCase("the first bytes of a zip", "file-truncated", lambda: b"PK\3\4 and no more"),
    FileCase(
        "a zip cut short", "file-truncated", lambda: workbook(HEAD + number_row("1001"))[:-30]
    ),
    FileCase("an empty zip", "format-archive", lambda: zip_archive({})),
    FileCase("a zip of something else", "format-archive", lambda: zip_archive({"a.txt": "x"})),
    FileCase(
        "bits that fell over",
        "format-unknown",
        lambda: workbook(HEAD + number_row("1001")).replace(b"K", b"L"),
    ),
    FileCase("no XML", "sheet-damaged", lambda: zip_archive({**WORKBOOK_PARTS, SHEET1: "no"})),
    FileCase(
        "no sheet in it", "sheet-empty", lambda: zip_archive({**WORKBOOK_PARTS, SHEET1: "<a>" * 9})
    ),
    FileCase("100,000 tags deep", "sheet-empty", lambda: workbook("<a>" * 100_000)),
    FileCase(
        "a billion laughs",
        "sheet-damaged",
        lambda: workbook(text_row("&l9;"), DOCTYPE % ('<!ENTITY l0 "ha">' + BILLION_LAUGHS)),
    ),
    FileCase(
        "one long joke, often",
        "sheet-damaged",
        lambda: workbook(text_row("&a;" * 20_000), DOCTYPE % f'<!ENTITY a "{"ha" * 25_000}">'),
    ),
    FileCase(
        "a file of the machine",
        "sheet-damaged",
        lambda: workbook(text_row("&a;"), DOCTYPE % '<!ENTITY a SYSTEM "file:///etc/passwd">'),
    ),
    FileCase(
        "no such shared string",
        "sheet-damaged",
        lambda: workbook(HEAD + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
    ),
    list_case("a row number in words", "sheet-damaged", number_row("1", "x")),
    list_case("a negative row number", "sheet-damaged", number_row("1", "-5")),
]

TOO_LARGE_CASES = [
    list_case("a row number of 5,000 digits", "reading-limit", number_row("1", "9" * 5000)),
    list_case("a row beyond the last", "cells-too-many", number_row("1", "99999999999")),
    list_case(
        "a column beyond the last", "reading-limit", number_row("1").replace("A2", "ZZZZZZZ2")
    ),
    list_case(
        "the last cell of all", "cells-too-many", number_row("1").replace("A2", "XFD1048576")
    ),
    FileCase(
        "210 MB of zeros", "unpacked-too-large", lambda: workbook(HEAD, junk=b"\0" * 210_000_000)
    ),
    FileCase(
        "5 million cells", "sheet-empty", lambda: workbook("<row>" + "<c/>" * 5_000_000 + "</row>")
    ),
    FileCase(
        "5 million shared strings",
        "header-only",
        lambda: workbook(
            HEAD,
            **{
                "xl/sharedStrings.xml": f'<sst xmlns="{OOXML}/spreadsheetml/2006/main">'
                + "<si/>" * 5_000_000
                + "</sst>"
            },
        ),
    ),
    FileCase(
        "2,000 entries",
        "format-archive",
        lambda: zip_archive({f"{n}.xml": "" for n in range(2_000)}),
    ),
]

ROW_CASES = [
    list_case("no rows", "header-only", ""),
    list_case("a number that is none", "id-decimal", number_row("nan")),
    list_case("an infinite id", "id-long-number", number_row("1e999")),
    list_case("an id of 5,000 digits", "id-long-number", number_row("9" * 5000)),
    list_case("an id of zero", "id-invalid", number_row("0")),
    list_case("a negative id", "id-invalid", number_row("-1")),
    list_case("an id that is a fraction", "id-decimal", number_row("1.5")),
    list_case("an id in full-width digits", "id-invalid", text_row("１００１")),
    list_case("a superscript for an id", "id-invalid", text_row("²")),
    list_case("an id after the last", "id-invalid", text_row(str(2**63))),
    list_case("the last id", "", text_row("9223372036854775807")),
    list_case("a member after 50,000 blanks", "", "<row/>" * 50_000 + "<row><c><v>7</v></c></row>"),
    list_case(
        "a member in the last row of all", "", number_row("1001") + number_row("1002", "1048576")
    ),
]

CASES = UNREADABLE_CASES + TOO_LARGE_CASES + ROW_CASES
