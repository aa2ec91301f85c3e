"""Reader for the member files of one task: their members, and all mistakes in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from mock_server.member_files.bulk_validation import IDENTITY_COLUMNS, MemberFields
from mock_server.member_files.file_formats import open_member_sheet
from mock_server.member_files.findings import FileFindings, SheetError
from mock_server.member_files.header import read_header
from mock_server.member_files.id_index import IdIndex
from mock_server.member_files.sheet_reading import read_rows
from mock_server.member_files.sheet_state import SheetState
from mock_server.member_files.sheets import Sheet


class SheetObserver(Protocol):
    """An observer of the rows of a sheet, such as `description.FileDescription`.

    count: rows with a member, or with a mistake in place of one.
    """

    count: int

    def observe(self, sheet: Sheet) -> Sheet:
        """Return the sheet with rows that are observed while they are read."""


class MemberFileReader:
    """Reader of several files with a common index of ids, if no member may occur twice (N33)."""

    def __init__(
        self,
        wanted: Sequence[str],
        take: Callable[[list[MemberFields]], None] = lambda _: None,
        identifying: Sequence[str] = IDENTITY_COLUMNS,
        *,
        unique: bool = True,
    ) -> None:
        """Create a reader.

        wanted: variables for which every row needs a value.
        take: called with blocks of members as they are read, as long as there is no finding.
        identifying: identity columns of which every row needs a value in one.
        unique: whether an id that occurs twice is a finding.
        """
        self.rows: list[MemberFields] = []
        self.identifying = identifying
        self.index = IdIndex() if unique else None
        self._wanted = wanted
        self._take = take
        self._has_findings = False
        self._state: SheetState | None = None

    def read(
        self, content: bytes, name: str, observer: SheetObserver | None = None
    ) -> FileFindings:
        """Read another file, and return its mistakes.

        observer: gets the sheet and the number of its rows.
        """
        findings = FileFindings()
        sheet = None
        try:
            sheet = open_member_sheet(content)
            self._read_sheet(content, name, sheet, findings, observer)
        except SheetError as error:
            findings.add(error.finding)
        if sheet:
            findings.sheet = sheet.name
        self._has_findings |= findings.total > 0
        return findings

    def places(self, indexes: Sequence[int]) -> dict[str, Any]:
        """Return where members of the last file stand, given by their indexes in it.

        The sheet, letters and title of each identity column by its name, and the numbers of the
        rows in the order of the indexes.
        """
        if self._state is None:
            return {"sheet": "", "columns": {}, "rows": [0] * len(indexes)}
        sheet, columns = self._state.sheet, self._state.columns
        letters = {
            name: (sheet.column_name(at), columns.titles[at])
            for name, at in columns.identity.items()
        }
        rows = [self._state.row_number(index) for index in indexes]
        return {"sheet": sheet.name, "columns": letters, "rows": rows}

    def hand_over(self, members: list[MemberFields]) -> None:
        """Hand over members unless any file has a mistake."""
        if not self._has_findings:
            self._take(members)

    def _read_sheet(
        self,
        content: bytes,
        name: str,
        sheet: Sheet,
        findings: FileFindings,
        observer: SheetObserver | None,
    ) -> None:
        if observer:
            sheet = observer.observe(sheet)
        columns = read_header(sheet, self._wanted, self.identifying, findings)
        if columns is None:
            return
        if self.index:
            self.index.begin_file(name, sheet, columns.identity)
        self._state = state = SheetState(self, sheet, columns, findings)
        read_rows(state)
        if observer:
            observer.count = state.count
        if sheet.is_xlsx and (findings.total or state.has_number_ids or state.has_blank_ids):
            from mock_server.member_files import cell_explanations  # noqa: PLC0415 - seldom, and slow to import

            cell_explanations.explain(content, state)
