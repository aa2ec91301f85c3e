"""Description of a member file for a dry run: its columns and its first rows.

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from mock_server.member_files.bulk_validation import IDENTITY_COLUMNS, NAME_COLUMNS
from mock_server.member_files.cell_values import clean_id, clean_text
from mock_server.member_files.limits import MAX_COLUMNS, MAX_SAMPLE_ROWS
from mock_server.member_files.sheets import Sheet
from mock_server.member_files.titles import aliases_of_title, clean_title, field_of_title

MAX_SAMPLE_LENGTH = 200
"""Characters of a value in the sample."""


class FileDescription:
    """The sheet, columns and first rows of a file, which may have mistakes."""

    def __init__(self, wanted: Sequence[str]) -> None:
        """Create the description of a file; `wanted`: the required variables."""
        self._wanted = wanted
        self._sheet: Sheet | None = None
        self._seen: list[Sequence[Any]] = []
        self.count = 0
        """Rows with a member, or with a mistake in place of one."""

    def observe(self, sheet: Sheet) -> Sheet:
        """Return the sheet with rows of which the first are kept while they are read."""
        self._sheet = sheet
        return sheet._replace(rows=self._keep_first(sheet.rows))

    def _keep_first(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        for row in rows:
            if not self._seen or row.count("") < len(row):  # the header, and rows with a value
                self._seen.append(row)
            yield row
            if len(self._seen) > MAX_SAMPLE_ROWS:
                break
        yield from rows

    def document(self) -> dict[str, Any]:
        """Return the description as JSON: sheet, columns, number of rows, and the first of them."""
        if self._sheet is None or not self._seen:
            return {"sheet": "", "rows": 0, "columns": [], "sample": []}
        titles = [clean_title(cell) for cell in self._seen[0][:MAX_COLUMNS]]
        columns = [
            self._describe(title, self._sheet.column_name(at))
            for at, title in enumerate(titles)
            if title
        ]
        rows = (self._sample(titles, row) for row in self._seen[1:])
        return {
            "sheet": self._sheet.name,
            "rows": self.count,
            "columns": columns,
            "sample": [row for row in rows if row],
        }

    def _describe(self, title: str, letters: str) -> dict[str, Any]:
        names = (field_of_title(title), title, *aliases_of_title(title))
        use = _field(title)
        variables = [name for name in self._wanted if name in names]
        if not use:
            use = "variable" if variables else "unused"
        found = {"column": letters, "header": _cut(title), "use": use}
        return found | {"variables": variables} if variables else found

    @staticmethod
    def _sample(titles: Sequence[str], row: Sequence[Any]) -> dict[str, str]:
        """Return the values of a row that are not blank, by field or title."""
        found = {}
        for title, cell in zip(titles, row, strict=False):
            field = _field(title)
            text = clean_id(cell) if field in IDENTITY_COLUMNS else clean_text(cell)
            if title and text:
                found[field or title] = _cut(text)
        return found


def _field(title: str) -> str:
    """Return the field of a member for which a column is read; empty for none."""
    field = field_of_title(title)
    return "nickname" if field in NAME_COLUMNS else field if field in IDENTITY_COLUMNS else ""


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SAMPLE_LENGTH else f"{text[: MAX_SAMPLE_LENGTH - 1]}…"
