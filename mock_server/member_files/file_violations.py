"""Violations in the member files of a request, made from the findings of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from mock_server.domain.member_list_rules import MemberListRules
from mock_server.errors import ErrorDetail, FileMistake, cut_text
from mock_server.member_files.findings import Finding
from mock_server.member_files.id_index import describe_place

REPEATED = ("id-repeated", "member-repeated")
MAX_FILE_NAME_LENGTH = 80
"""Characters of the name of a file in an error."""


class ReportedFile(NamedTuple):
    """A file of a request: its place in `fileIds`, its id, and its name, empty if it is unknown."""

    at: int
    id: int
    name: str


class FileReport:
    """The findings about one file of a request."""

    def __init__(self, file: ReportedFile, rules: MemberListRules) -> None:
        self.file = file
        self.total = 0
        self.first_row = 0
        """Index of its first member among those of all files."""
        self.violations: list[ErrorDetail] = []
        self._rules = rules

    def add(self, finding: Finding) -> None:
        """Add a finding."""
        self.total += 1
        self.violations.append(self._violation(finding))

    def add_all(self, findings: Iterable[Sequence[Any]], total: int) -> None:
        """Add findings as the reader process sends them, and the number of all that it has made."""
        self.total += total
        for code, accepted, value, row, column, header, sheet, words in findings:
            pairs = tuple((name, text) for name, text in words)
            finding = Finding(code, accepted, value, row, column, header, sheet, pairs)
            self.violations.append(self._violation(finding))

    def _violation(self, finding: Finding) -> ErrorDetail:
        mistake = FileMistake(
            finding.code,
            cut_text(self.file.name, MAX_FILE_NAME_LENGTH),
            self.file.id,
            finding.sheet,
            finding.row,
            finding.column,
            finding.header,
            finding.value,
            finding.words,
        )
        pointer = f"/body/fileIds/{self.file.at}"
        rule = self._rules.rule_of(finding.code)
        return ErrorDetail(pointer, rule, finding.accepted, _found_text(mistake), mistake)


def share_fairly(reports: Sequence[FileReport], most: int) -> list[ErrorDetail]:
    """Return at most `most` violations by file: each has its turn until none are left."""
    shares = [0] * len(reports)
    left = most
    while left > 0:
        before = left
        for index, report in enumerate(reports):
            if left > 0 and shares[index] < len(report.violations):
                shares[index] += 1
                left -= 1
        if left == before:
            break
    return [
        violation
        for report, share in zip(reports, shares, strict=True)
        for violation in report.violations[:share]
    ]


def _found_text(mistake: FileMistake) -> str:
    """Return what was found, with its place, such as `名单.xlsx 名单!B7 = A3: U1001`."""
    if not mistake.file:
        return mistake.value
    if mistake.code == "file-repeated":
        return str(mistake.file_id)
    row = str(mistake.row) if mistake.row else ""
    cells = f"{mistake.column}{row}" if mistake.column else f"{row}:{row}" if row else ""
    place = describe_place(mistake.file, mistake.sheet, cells)
    other = dict(mistake.words).get("other", "") if mistake.code in REPEATED else ""
    same = f" = {other}" if other else ""
    return f"{place}{same}: {mistake.value}" if mistake.value else f"{place}{same}"
