"""Workbooks by hand: what the standard allows and common programs seldom write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from tests.corpus.make.archives import SHEET1, zip_parts
from tests.corpus.make.lists import HEADER, MEMBERS, SHEET, SHORT_LIST, Rows

TRANSITIONAL = "http://schemas.openxmlformats.org"
MAIN = f"{TRANSITIONAL}/spreadsheetml/2006/main"
RELATIONS = f"{TRANSITIONAL}/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MACRO_TYPE = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
STRICT = (
    (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)
"""Namespaces of transitional OOXML and what strict OOXML has instead."""
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def text_cell(text: str, place: str = "") -> str:
    """Return the XML of a cell with a text in it."""
    there = f' r="{place}"' if place else ""
    return f'<c{there} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def rows_xml(rows: Rows) -> str:
    """Return the XML of rows without references, as the standard allows it."""
    return "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return "<c/>"
    return f"<c><v>{value}</v></c>" if isinstance(value, int) else text_cell(str(value))


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    """Return the XML of a worksheet with these rows."""
    data = f"{before}<sheetData>{rows}</sheetData>{after}"
    return f'{DECLARATION}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{data}</worksheet>'


def workbook_parts(
    sheet: str, main_type: str = f"{TYPE}.sheet.main+xml", state: str = "visible"
) -> dict[str, str | bytes]:
    """Return the parts of a workbook with one sheet and nothing that can be left out."""
    package = f"{TRANSITIONAL}/package/2006"
    return {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main_type}"/>'
        f'<Override PartName="/{SHEET1}" ContentType="{TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="{SHEET}" sheetId="1" state="{state}" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": DECLARATION
        + f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        SHEET1: sheet,
    }


def workbook(rows: str, **options: str) -> bytes:
    """Return a workbook whose sheet has this XML of rows."""
    return zip_parts(workbook_parts(sheet_xml(rows), **options))


def _strict() -> bytes:
    parts = {}
    for name, part in workbook_parts(sheet_xml(rows_xml([HEADER, *MEMBERS]))).items():
        text = str(part)
        for transitional, strict in STRICT:
            text = text.replace(transitional, strict)
        parts[name] = text.replace("<workbook ", '<workbook conformance="strict" ')
    return zip_parts(parts)


def _prefixed() -> bytes:
    rows = rows_xml(SHORT_LIST)
    for tag in ("row", "c", "v", "is", "t"):
        for end in (">", " ", "/"):
            rows = rows.replace(f"<{tag}{end}", f"<x:{tag}{end}")
        rows = rows.replace(f"</{tag}>", f"</x:{tag}>")
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    return zip_parts(workbook_parts(sheet))


def _backslashes() -> bytes:
    parts = workbook_parts(sheet_xml(rows_xml(SHORT_LIST)))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.filename = name.replace("/", "\\")
            archive.writestr(entry, part)
    return target.getvalue()


def _phonetic() -> bytes:
    name = '<c t="inlineStr"><is><t>田中</t><rPh sb="0" eb="2"><t>タナカ</t></rPh></is></c>'
    head = rows_xml([SHORT_LIST[0]])
    return workbook(f"{head}<row>{text_cell('U90001')}{name}{text_cell('面膜')}</row>")


def _escaped() -> bytes:
    rows: Rows = [SHORT_LIST[0], ["U90001", "张_x000D_丽", "A&amp;B &lt;3&gt;"],
                  ["U90002", "_x005F_x0041_", "&#x1F381;"]]  # fmt: skip
    return workbook(rows_xml(rows))


def _sparse(last: str) -> bytes:
    row = last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    there = f'<row r="{row}"><c r="{last}"><v>1</v></c></row>'
    return workbook(
        f'<row r="1">{text_cell("userId", "A1")}</row>'
        f'<row r="2">{text_cell("U90001", "A2")}</row>{there}'
    )


def _cells_of_one_row(count: int) -> bytes:
    named = "".join(text_cell(f"c{number}") for number in range(count - 1))
    values = "".join(text_cell("x") for number in range(count - 1))
    return workbook(
        f"<row>{text_cell('userId')}{named}</row><row>{text_cell('U90001')}{values}</row>"
    )


def _ids(values: Sequence[int]) -> str:
    return "<row>" + text_cell("memberId") + "</row>" + "".join(
        f"<row><c><v>{value}</v></c></row>" for value in values
    )  # fmt: skip


def _dimension_lies() -> bytes:
    sheet = sheet_xml(rows_xml(SHORT_LIST), before='<dimension ref="A1:XFD1048576"/>')
    return zip_parts(workbook_parts(sheet))


def _two_text_parts() -> bytes:
    head = rows_xml([SHORT_LIST[0]])
    runs = "<c t='inlineStr'><is><r><t>U9</t></r><r><t>0001</t></r></is></c>"
    return workbook(f"{head}<row>{runs}{text_cell('张丽')}{text_cell('面膜')}</row>")


RECIPES: dict[str, Callable[[], bytes]] = {
    "formats/strict.xlsx": _strict,
    "formats/by-hand.xlsx": lambda: workbook(rows_xml([HEADER, *MEMBERS])),
    "formats/by-hand-macros.xlsm": lambda: workbook(
        rows_xml([HEADER, *MEMBERS]), main_type=MACRO_TYPE
    ),
    "formats/prefixed-elements.xlsx": _prefixed,
    "broken/backslashes-in-entries.xlsx": _backslashes,
    "formats/dimension-that-lies.xlsx": _dimension_lies,
    "structure/phonetic-texts.xlsx": _phonetic,
    "structure/escaped-characters.xlsx": _escaped,
    "structure/runs-of-text.xlsx": _two_text_parts,
    "structure/all-sheets-hidden.xlsx": lambda: workbook(
        rows_xml([HEADER, *MEMBERS]), state="hidden"
    ),
    "limits/last-cell.xlsx": lambda: _sparse("XFD1048576"),
    "limits/last-row.xlsx": lambda: _sparse("A1048576"),
    "limits/far-column.xlsx": lambda: _sparse("XFD2"),
    "limits/16384-columns.xlsx": lambda: _cells_of_one_row(16_384),
    "limits/100001-rows.xlsx": lambda: workbook(_ids(range(1, 100_002))),
    "limits/cell-of-40000-characters.xlsx": lambda: workbook(
        rows_xml([SHORT_LIST[0], ["U90001", "张丽", "长" * 40_000]])
    ),
    "limits/nul-escaped.xlsx": lambda: workbook(
        rows_xml([SHORT_LIST[0], ["U90001", "张_x0000_丽", "面膜"]])
    ),
}
