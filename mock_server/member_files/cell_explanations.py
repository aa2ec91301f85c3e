"""Findings that need the XML of a worksheet: blank cells with content, formatted ids (N5).

The reader process imports this module only for an .xlsx file with blank cells or number ids.
"""

from __future__ import annotations

from mock_server.member_files.findings import MAX_FINDINGS, Finding, FindingGroup, cut_value
from mock_server.member_files.sheet_state import SheetState
from mock_server.member_files.worksheet_xml import Worksheet

BLANK_CODES = ("id-missing", "id-column-empty", "variable-missing", "variable-column-empty")
MAX_FORMAT_LENGTH = 40
"""Characters of a number format in an error."""
Reasons = dict[tuple[int, int], str]
"""Errors and unsaved formulas because of which cells are blank, by row and column from 1."""


def explain(content: bytes, state: SheetState) -> None:
    """Complete the findings of an .xlsx file by what its XML shows of ids and blank cells."""
    is_blank = any(finding.code in BLANK_CODES for finding in state.findings.kept)
    if not (is_blank or state.has_blank_ids or state.has_number_ids):
        return
    letters = {state.sheet.left + at + 1: at for at in state.columns.used.values()}
    numbers: list[tuple[int, int, str, str]] = []
    reasons: Reasons = {}
    try:
        xml = Worksheet(content, state.sheet.name)
        if is_blank or state.has_blank_ids:
            reasons = xml.blank_cells(letters)
        if state.has_number_ids:
            numbers = [
                (cell.row, cell.column, cell.value, code)
                for cell, code in xml.formatted_numbers(letters)
            ]
    except Exception:  # noqa: BLE001 - calamine has read it; zipfile and expat raise anything
        return
    explanation = _Explanation(state, reasons)
    if is_blank:
        explanation.explain_blank_cells()
    explanation.add_blank_ids()
    explanation.add_formatted_ids(numbers)


class _Explanation:
    def __init__(self, state: SheetState, reasons: Reasons) -> None:
        self._state = state
        self._reasons = reasons
        self._ids = {state.sheet.left + at + 1 for at in state.columns.identity.values()}
        """Identity columns by their number in the sheet, from 1."""

    def explain_blank_cells(self) -> None:
        """Replace findings about blank cells that have an error or an unsaved formula."""
        findings = self._state.findings
        kept, findings.kept = findings.kept, []
        for finding in kept:
            columns = self._columns_of(finding)
            if finding.code.endswith("column-empty"):
                wrong = self._error_cells(columns)
                if len(wrong) >= self._state.count:  # no cell is blank
                    findings.total += len(wrong) - 1
                    shown = wrong[:MAX_FINDINGS]
                    findings.kept += (self._blank_finding(finding, *key) for key in shown)
                    continue
            at = next((c for c in columns if (finding.row, c) in self._reasons), 0)
            findings.kept.append(self._blank_finding(finding, finding.row, at) if at else finding)

    def add_blank_ids(self) -> None:
        """Add ids that are errors or unsaved formulas, in rows that have another id."""
        state, group = self._state, FindingGroup()
        for row, column in self._reasons:
            if row > 1 and column in self._ids and row not in state.rows_without_id:
                group.add(self._blank_finding(Finding("id-missing"), row, column))
        state.findings.add_group(group)

    def add_formatted_ids(self, numbers: list[tuple[int, int, str, str]]) -> None:
        """Add ids whose number format changes their digits: row, column, value and format."""
        group = FindingGroup()
        for row, column, value, code in numbers:
            at = column - 1 - self._state.sheet.left
            if row > 1 and column in self._ids and (row, at) not in self._state.refused_ids:
                found = self._finding("id-number-format", row, column, value)
                words = (("other", code[:MAX_FORMAT_LENGTH]),)
                group.add(found._replace(accepted="General | 0 | @", words=words))
        self._state.findings.add_group(group)

    def _error_cells(self, columns: list[int]) -> list[tuple[int, int]]:
        return [
            (row, column)
            for (row, column), reason in self._reasons.items()
            if row > 1 and column in columns and not reason.startswith("=")
        ]

    def _columns_of(self, finding: Finding) -> list[int]:
        """Return the columns of which one is blank, as numbers from 1."""
        if finding.code not in BLANK_CODES:
            return []
        if finding.code.startswith("id-"):
            return sorted(self._ids)
        name = dict(finding.words)["name"]
        return [self._state.sheet.left + self._state.columns.wanted[name] + 1]

    def _blank_finding(self, finding: Finding, row: int, column: int) -> Finding:
        reason = self._reasons[row, column]
        about = finding.code.partition("-")[0]
        code = f"{about}-formula" if reason.startswith("=") else f"{about}-error"
        found = self._finding(code, row, column, reason)
        return found._replace(accepted=finding.accepted, words=finding.words)

    def _finding(self, code: str, row: int, column: int, value: str) -> Finding:
        at = column - 1 - self._state.sheet.left
        header = cut_value(self._state.columns.titles[at])
        letters = self._state.sheet.column_name(at)
        return Finding(code, "", cut_value(value), row, letters, header)
