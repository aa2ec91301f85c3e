"""Reading of rows one by one, with the place of each mistake.

The reader process imports this module only for a list with a mistake or a blank row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mock_server.member_files.bulk_validation import (
    IDENTITY_COLUMNS,
    NAME_COLUMNS,
)
from mock_server.member_files.cell_texts import MAX_CELL_LENGTH, MAX_ID, parse_member_id
from mock_server.member_files.cell_values import (
    ERROR_VALUE,
    FOOTER,
    NOTE,
    TOTAL,
    clean_id,
    clean_text,
    id_mistake,
)
from mock_server.member_files.findings import Finding, FindingGroup, cut_value
from mock_server.member_files.limits import MAX_ROWS
from mock_server.member_files.sheet_state import SheetState

PROSE_LENGTH = 8
"""Characters from which a single text below a blank row is a note and not an id."""
PROSE_WORDS = 3
"""Words from which such a text in English is a note."""
PROSE_MARKS = "，。；：、！（） "


class RowReading:
    """The rows of a sheet that were read one by one."""

    def __init__(self, state: SheetState) -> None:
        self._state = state
        self._task = state.task
        self._sheet = state.sheet
        self._columns = state.columns
        self._findings = state.findings
        self._blank_ids = FindingGroup()
        self._blank_values = {name: FindingGroup() for name in state.columns.wanted}
        self._unnamed: dict[int, FindingGroup] = {}

    def read(self, first: int, rows: Sequence[Sequence[Any]]) -> bool:
        """Read rows one by one; return whether the limit of the task is reached."""
        for number, row in enumerate(rows, start=first):
            texts = [clean_text(cell) for cell in row] if row.count("") < len(row) else []
            filled = [at for at, text in enumerate(texts) if text]
            code = self._extra_row_code(texts, filled) if filled else ""
            if code:
                self._add(code, "", number, filled[0], texts[filled[0]])
            elif filled and len(self._task.rows) == MAX_ROWS:
                column = self._sheet.column_name(0)
                words = (("limit", str(MAX_ROWS)),)
                accepted = f"maxItems {MAX_ROWS}"
                self._findings.add(
                    Finding("rows-too-many", accepted, "", number, column, words=words)
                )
                # The members are not needed, and the next file is counted from the start.
                self._task.rows.clear()
                return True
            elif filled:
                self._read_row(number, row, texts)
            # A note often has several lines.
            self._state.is_after_blank = not filled or bool(code)
        return False

    def _extra_row_code(self, texts: Sequence[str], filled: Sequence[int]) -> str:
        """Return the code for a row that is no member: a total, a signature or a note."""
        first = texts[filled[0]]
        # A member may have a remark in the first column, but no total.
        has_id = any(texts[at] for at in self._columns.identity.values() if at != filled[0])
        if TOTAL.fullmatch(first) or (FOOTER.fullmatch(first) and not has_id):
            return "footer-row"
        if NOTE.fullmatch(first) and not has_id:
            return "note-below"
        if len(filled) > 1:
            return ""
        if filled[0] < self._columns.width and filled[0] not in self._columns.used.values():
            return "note-below" if self._columns.titles[filled[0]] else ""
        is_prose = len(first.split()) >= PROSE_WORDS
        if not first.isascii():
            is_prose |= len(first) >= PROSE_LENGTH or any(mark in first for mark in PROSE_MARKS)
        return "note-below" if self._state.is_after_blank and is_prose else ""

    def _read_row(self, number: int, row: Sequence[Any], texts: Sequence[str]) -> None:
        columns = self._columns
        self._state.add_rows(number, 1)
        self._check_unnamed_columns(number, texts)
        self._check_texts(number, texts)
        ids = self._read_ids(number, row)
        for name, at in columns.wanted.items():
            self._check_value(number, name, at, texts[at])
        called = (texts[columns.used[name]] for name in NAME_COLUMNS if name in columns.used)
        name_text = next(filter(None, called), None)
        self._task.rows.append((*(ids.get(name) for name in IDENTITY_COLUMNS), name_text))

    def _read_ids(self, number: int, row: Sequence[Any]) -> dict[str, str | int]:
        """Return the ids of a row, and report invalid, repeated and missing ones."""
        found: dict[str, str | int] = {}
        for name, at in self._columns.identity.items():
            cell = row[at]
            if not (value := clean_id(cell)):
                continue
            self._state.has_number_ids |= not isinstance(cell, str)
            found[name] = value
            code = id_mistake(cell, value)
            if not code and name == "memberId":
                if member_id := parse_member_id(value):
                    found[name] = member_id
                else:
                    code = "id-invalid"
            if code:
                self._state.refused_ids.add((number, at))
                accepted = f"memberId 1..{MAX_ID}" if name == "memberId" else "text"
                self._add(code, accepted, number, at, value)
            elif self._task.index and (other := self._task.index.add(name, found[name], number)):
                words = {"name": name, "other": other}
                self._add("id-repeated", f"unique {name}", number, at, value, **words)
        if found.keys().isdisjoint(self._task.identifying):
            self._blank_ids.add(self._missing_id(number))
            self._state.rows_without_id.add(number)
        self._state.has_blank_ids |= len(found) < len(self._columns.identity)
        return found

    def _missing_id(self, number: int) -> Finding:
        columns = [name for name in self._columns.identity if name in self._task.identifying]
        at = self._columns.identity[columns[0]]
        accepted = " | ".join(self._task.identifying)
        return self._finding("id-missing", accepted, number, at, "", name=" | ".join(columns))

    def _check_value(self, number: int, name: str, at: int, text: str) -> None:
        accepted = f"required {name}"
        if not text:
            found = self._finding("variable-missing", accepted, number, at, "", name=name)
            self._blank_values[name].add(found)
        elif text[0] == "#" and ERROR_VALUE.fullmatch(text):
            self._add("variable-error", accepted, number, at, text, name=name)

    def _check_unnamed_columns(self, number: int, texts: Sequence[str]) -> None:
        """Count values in columns without a title, which would be lost silently."""
        for at in (*self._columns.nameless, *range(self._columns.width, len(texts))):
            if text := texts[at]:
                accepted = f"required {self._sheet.column_name(at)}1"
                found = self._finding("header-empty", accepted, number, at, text)
                self._unnamed.setdefault(at, FindingGroup()).add(found)

    def _check_texts(self, number: int, texts: Sequence[str]) -> None:
        for at in {*self._columns.used.values()}:
            if len(texts[at]) > MAX_CELL_LENGTH:
                accepted, limit = f"maxLength {MAX_CELL_LENGTH}", str(MAX_CELL_LENGTH)
                length = str(len(texts[at]))
                self._add("cell-too-long", accepted, number, at, length, limit=limit)
            elif "\0" in texts[at]:
                self._add("cell-nul", "text", number, at, "")

    def add_groups(self) -> None:
        """Add the findings about blank cells (one for a blank column) and missing titles."""
        groups = [("id-column-empty", self._blank_ids)]
        groups += [("variable-column-empty", group) for group in self._blank_values.values()]
        for code, group in groups:
            if group.count == self._state.count > 1:
                self._findings.add(group.first[0]._replace(code=code))
            else:
                self._findings.add_group(group)
        for at, group in self._unnamed.items():
            if group.count * 2 >= self._state.count:
                self._findings.add(group.first[0])
            elif self._sheet.name or at < self._columns.width:
                self._findings.add(group.first[0]._replace(code="note-beside"))
            else:
                group.first = [each._replace(code="row-too-long") for each in group.first]
                self._findings.add_group(group)

    def _add(self, code: str, accepted: str, number: int, at: int, text: str, **words: str) -> None:
        self._findings.add(self._finding(code, accepted, number, at, text, **words))

    def _finding(
        self, code: str, accepted: str, number: int, at: int, text: str, **words: str
    ) -> Finding:
        titles = self._columns.titles
        header = titles[at] if at < len(titles) else ""
        column = self._sheet.column_name(at)
        return Finding(
            code,
            accepted,
            cut_value(text),
            number,
            column,
            cut_value(header),
            words=tuple(words.items()),
        )
