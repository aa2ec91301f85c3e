"""Mistakes in a member file: all are counted, and some of them are kept to be shown.

Part of the reader process, whose start delays a request; so this module imports very little.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ACCEPTED_FORMATS = ".xlsx, .xls, .ods, .csv, .txt"
MAX_FINDINGS = 20
"""Mistakes that are shown, of all files of a task together."""
MAX_SHOWN_LENGTH = 60
"""Characters of a value, or of a header, in a finding."""
Words = tuple[tuple[str, str], ...]


class Finding(NamedTuple):
    """A mistake in a file.

    code: its kind, by which `openapi.member_file_texts` has its sentence; accepted: accepted values
    as shown in the response; row and column: its place as a spreadsheet shows it, 0 and "" for
    none; header: title of the column; words: further names and values of the sentence.
    """

    code: str
    accepted: str = ""
    value: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    sheet: str = ""
    words: Words = ()


class SheetError(ValueError):
    """A file, or a sheet of it, cannot be read as a member list."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class FindingGroup:
    """Findings of one kind in one column: all are counted, the first ones are kept."""

    def __init__(self) -> None:
        self.first: list[Finding] = []
        self.count = 0

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it if it is one of the first."""
        self.count += 1
        if len(self.first) < MAX_FINDINGS:
            self.first.append(finding)


class FileFindings:
    """The findings of one file."""

    def __init__(self) -> None:
        self.total = 0
        self.sheet = ""
        """The name of the sheet, if the file has sheets."""
        self.kept: list[Finding] = []

    def add(self, *findings: Finding) -> None:
        """Add findings."""
        self._extend(findings, len(findings))

    def add_group(self, group: FindingGroup) -> None:
        """Add the findings of a group."""
        self._extend(group.first, group.count)

    def shown(self) -> list[Finding]:
        """Return the first MAX_FINDINGS findings by row; those without a row come first.

        One about a whole column counts as one in its first row with a member.
        """
        return [
            finding._replace(
                row=0 if finding.code.endswith("column-empty") else finding.row,
                sheet=finding.sheet or cut_value(self.sheet),
            )
            for finding in self._first()
        ]

    def _first(self) -> list[Finding]:
        return sorted(self.kept, key=lambda finding: finding.row)[:MAX_FINDINGS]

    def _extend(self, findings: Iterable[Finding], count: int) -> None:
        self.total += count
        self.kept += findings
        if len(self.kept) > 10 * MAX_FINDINGS:
            self.kept = self._first()


def cut_value(text: str) -> str:
    """Return a text of the file as it is shown: at most MAX_SHOWN_LENGTH characters and `…`."""
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"
