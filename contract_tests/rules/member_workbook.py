"""Excel member lists, written and read as a client of the API would."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import xlsxwriter
from openpyxl import Workbook, load_workbook

from contract_tests.rules.outcome import RuleViolationError

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A fixed time, since requests must depend on the seed alone.
ZIP_TIMESTAMP = (2025, 1, 1, 0, 0, 0)
CREATION_TIME = datetime(*ZIP_TIMESTAMP[:3])  # noqa: DTZ001 - as a workbook has it
XLSXWRITER_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Options that keep texts from becoming formulas or links."""
FIELD_BY_CHINESE_TITLE = {"会员ID": "memberId", "昵称": "nickname"}
"""Chinese column titles and the names that they stand for (N5)."""
FIELD_IN_TITLE = re.compile(r".*[(（](memberId|userId|ciq|nickname)[)）]", re.DOTALL)
"""A title that ends with the name for which it stands (N5)."""
SAVE_TIME_PATTERN = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z")


def write_member_list(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> bytes:
    """Return an .xlsx workbook with column names in the first row, then a row for each member.

    columns: by default the keys of all rows, in order of appearance; a missing value is a blank
    cell. The same rows give the same bytes.
    """
    names = tuple(columns or dict.fromkeys(name for row in rows for name in row))
    return _write_workbook((names, *(tuple(row.get(name) for name in names) for row in rows)))


@lru_cache(64)
def _write_workbook(rows: tuple[tuple[Any, ...], ...]) -> bytes:
    result = io.BytesIO()
    # openpyxl, which fills in templates, takes ten times as long to write.
    with xlsxwriter.Workbook(result, XLSXWRITER_OPTIONS) as book:
        book.set_properties({"created": CREATION_TIME})
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return result.getvalue()


def fill_in_template(template: bytes, row: Mapping[str, Any]) -> tuple[list[str], bytes]:
    """Return the columns of a template, and the template with only this row below them.

    A Chinese title counts as the name that it stands for. Raises RuleViolationError if the template
    is no workbook.
    """
    try:
        book = load_workbook(io.BytesIO(template))
    # openpyxl raises any exception of its XML and ZIP parsers.
    except Exception as error:
        raise RuleViolationError(
            f"the template is not a workbook: {type(error).__name__}"
        ) from error
    sheet = book.worksheets[0]
    columns = [_field_of_title(str(cell.value)) for cell in sheet[1]]
    # The template may contain an example row, whose member must not be addressed.
    sheet.delete_rows(2, sheet.max_row)
    sheet.append([row.get(column) for column in columns])
    return columns, _save_reproducibly(book)


def _field_of_title(title: str) -> str:
    named = FIELD_IN_TITLE.fullmatch(title)
    return named[1] if named else FIELD_BY_CHINESE_TITLE.get(title, title)


def _save_reproducibly(book: Workbook) -> bytes:
    """Return the workbook's bytes without the time of writing."""
    written, result = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(result, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = SAVE_TIME_PATTERN.sub(b"2025-01-01T00:00:00Z", content)
            target.writestr(
                zipfile.ZipInfo(entry.filename, ZIP_TIMESTAMP), content, zipfile.ZIP_DEFLATED
            )
    return result.getvalue()
