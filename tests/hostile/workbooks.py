"""Workbooks that are none, or that are far more than they seem."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

OOXML = "http://schemas.openxmlformats.org"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET = f'<worksheet xmlns="{OOXML}/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
SHEET1 = "xl/worksheets/sheet1.xml"
PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{OOXML}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>
<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/></Types>""",
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
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@dataclass(frozen=True)
class Workbook:
    """An upload that a task names, and what the task is refused for.

    rule: of the refusal, empty when the list is taken; accepted: a part of what it says would be.
    """

    name: str
    content: Callable[[], bytes]
    rule: str = "NT-10"
    accepted: str = ".xlsx"


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return written.getvalue()


def workbook(rows: str, doctype: str = "", **parts: str | bytes) -> bytes:
    """A workbook whose sheet has these rows; `parts` come on top, or in place."""
    return archive({**PARTS, SHEET1: doctype + SHEET % rows, **parts})


def number(written: str, row: str = "2") -> str:
    """A row with a number for a memberId."""
    return f'<row r="{row}"><c r="A{row}"><v>{written}</v></c></row>'


def text(written: str) -> str:
    """A row with a text for a memberId."""
    return f'<row r="2"><c r="A2" t="inlineStr"><is><t>{written}</t></is></c></row>'


def listed(name: str, rows: str, rule: str, accepted: str = "") -> Workbook:
    """A list with a head and these rows."""
    return Workbook(name, lambda: workbook(HEAD + rows), rule, accepted)


UNREADABLE = [
    Workbook("no bytes of a zip", lambda: b"memberId,name\n1001,x\n"),
    Workbook("the first bytes of a zip", lambda: b"PK\3\4 and no more"),
    Workbook("a zip cut short", lambda: workbook(HEAD + number("1001"))[:-30]),
    Workbook("an empty zip", lambda: archive({})),
    Workbook("a zip of something else", lambda: archive({"a.txt": "x"})),
    Workbook("bits that fell over", lambda: workbook(HEAD + number("1001")).replace(b"K", b"L")),
    Workbook("no XML", lambda: archive({**PARTS, SHEET1: "no"})),
    Workbook("no sheet in it", lambda: archive({**PARTS, SHEET1: "<a>" * 9}), "NT-05", "userId"),
    Workbook("100,000 tags deep", lambda: workbook("<a>" * 100_000), "NT-05", "userId"),
    Workbook("a billion laughs", lambda: workbook(
        text("&l9;"), DOCTYPE % ('<!ENTITY l0 "ha">' + LAUGHS)
    )),
    Workbook("one long joke, often", lambda: workbook(
        text("&a;" * 20_000), DOCTYPE % f'<!ENTITY a "{"ha" * 25_000}">'
    )),
    Workbook("a file of the machine", lambda: workbook(
        text("&a;"), DOCTYPE % '<!ENTITY a SYSTEM "file:///etc/passwd">'
    )),
    Workbook("no such shared string", lambda: workbook(
        HEAD + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'
    )),
    listed("a row number in words", number("1", "x"), "NT-10", ".xlsx"),
    listed("a negative row number", number("1", "-5"), "NT-10", ".xlsx"),
]  # fmt: skip

TOO_LARGE = [
    listed("a row number of 5,000 digits", number("1", "9" * 5000), "NT-10", "memory <= "),
    listed("a row beyond the last", number("1", "99999999999"), "NT-10", "cells <= "),
    listed("a column beyond the last", number("1").replace("A2", "ZZZZZZZ2"), "NT-10", "memory"),
    listed("the last cell of all", number("1").replace("A2", "XFD1048576"), "NT-10", "cells <= "),
    Workbook("210 MB of zeros", lambda: workbook(HEAD, junk=b"\0" * 210_000_000), "NT-10",
             "unpacked <= 209715200"),
    Workbook("5 million cells", lambda: workbook("<row>" + "<c/>" * 5_000_000 + "</row>"), "NT-05",
             "memberId"),
    Workbook("5 million shared strings", lambda: workbook(HEAD, **{
        "xl/sharedStrings.xml": f'<sst xmlns="{OOXML}/spreadsheetml/2006/main">'
        + "<si/>" * 5_000_000 + "</sst>"
    }), "NT-10", "minItems 1"),
    Workbook("2,000 entries", lambda: archive({f"{n}.xml": "" for n in range(2_000)}), "NT-10",
             ".xlsx"),
]  # fmt: skip

ROWS = [
    listed("no rows", "", "NT-10", "minItems 1"),
    listed("a number that is none", number("nan"), "NT-05"),
    listed("an infinite id", number("1e999"), "NT-05"),
    listed("an id of 5,000 digits", number("9" * 5000), "NT-05"),
    listed("an id of zero", number("0"), "NT-05"),
    listed("a negative id", number("-1"), "NT-05"),
    listed("an id that is a fraction", number("1.5"), "NT-05"),
    listed("an id in full-width digits", text("１００１"), "NT-05"),
    listed("a superscript for an id", text("²"), "NT-05"),
    listed("an id after the last", text(str(2**63)), "NT-05"),
    listed("the last id", text("9223372036854775807"), ""),
    listed("a member after 50,000 blanks", "<row/>" * 50_000 + "<row><c><v>7</v></c></row>", ""),
    listed("a member in the last row of all", number("1001") + number("1002", "1048576"), ""),
]  # fmt: skip

CASES = UNREADABLE + TOO_LARGE + ROWS
