"""Reader for the member files of one task: their members, and all mistakes in them.

Findings have a category, which `member_lists.py` maps to the id of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from mock_server.domain.file_kind_detection import CSV, XLSX, detect_file_kind
from mock_server.member_files import delimited_text, xlsx_reader
from mock_server.member_files.bulk_validation import (
    IDENTITY_COLUMNS,
    MAX_CELL_LENGTH,
    MAX_ID,
    NAME_COLUMNS,
    TITLES,
    CellValue,
    ColumnIndexes,
    MemberFields,
    RowBlock,
    parse_member_id,
    split_into_blocks,
)
from mock_server.member_files.sheets import Sheet, SheetError, SheetLocation, cell_text

MAX_ROWS = 100_000
MAX_FINDINGS = 20
MAX_SHOWN_LENGTH = 60
"""Characters of a value, or of a header, in a finding."""
FILE, MEMBER, REPEATED, VARIABLE = "file", "member", "repeated", "variable"
"""Categories of findings: the file as such, a missing or wrong id, a duplicate id, a missing value
of a variable."""
# A list has up to 300,000 ids, and an integer takes less memory than a tuple of file and row.
ROWS_PER_FILE = 2**32
"""Factor of a row key, which is the index of a file times this, plus the row."""


class Finding(NamedTuple):
    """A mistake in a file: category, accepted values, and the value found with its place."""

    about: str
    accepted: str
    found: str


class ReadLimitReached(Exception):
    """Raised once a request has the maximum number of findings or members."""


class MemberFileReader:
    """Reader of several files with a common index of ids, if no member may occur twice (N33)."""

    def __init__(
        self,
        wanted: Sequence[str],
        hand_over: Callable[[list[MemberFields]], None] | None = None,
        identifying: Sequence[str] = IDENTITY_COLUMNS,
        *,
        unique: bool = True,
    ) -> None:
        """Create a reader.

        wanted: variables for which every row needs a value.
        hand_over: called with blocks of members as they are read, as long as there is no finding.
        identifying: identity columns of which every row needs a value in one.
        unique: whether an id that occurs twice is a finding.
        """
        self.rows: list[MemberFields] = []
        self.findings: list[Finding] = []
        self._wanted = wanted
        self._hand_over = hand_over
        self._identifying = identifying
        self._unique = unique
        self._place = SheetLocation("")
        self._files: list[tuple[SheetLocation, ColumnIndexes]] = []
        self._seen: dict[str, dict[CellValue, int]] = {name: {} for name in IDENTITY_COLUMNS}
        """Row keys by id, for each identity column."""
        self._blank: dict[str, int] = {}

    def read(self, content: bytes, name: str, media_type: str) -> None:
        """Read another file. Raises ReadLimitReached if nothing more needs to be read."""
        self._place, self._blank = SheetLocation(name), {}
        before = len(self.rows), len(self.findings)
        try:
            self._read_sheet(_open_sheet(content, media_type))
        except SheetError as error:
            self._add_finding(
                FILE, error.accepted, f"{self._place.describe(error.place)}: {error.found}"
            )
        # Also after ReadLimitReached, since the findings so far are reported.
        finally:
            if self._blank:
                self._explain_blank_cells(content)
        if before == (len(self.rows), len(self.findings)):
            self._add_finding(FILE, "minItems 1", f"{self._place.describe_cell(2, 0)}: 0")

    def _read_sheet(self, sheet: Sheet) -> None:
        self._place = self._place._replace(sheet=sheet.name, left=sheet.left)
        columns = self._read_header([cell_text(cell) for cell in next(sheet.rows, [])])
        if not columns.identity.keys().isdisjoint(self._identifying):
            self._files.append((self._place, columns))
            for first, rows in split_into_blocks(sheet.rows):
                before = len(self.rows)
                # Row by row only if something is wrong, because it takes several times as long.
                if not self._take_block(first, RowBlock(rows, columns, self._identifying)):
                    for number, row in enumerate(rows, start=first):
                        self._read_row(number, row, columns)
                if self._hand_over and not self.findings:
                    self._hand_over(self.rows[before:])

    def _take_block(self, first: int, block: RowBlock) -> bool:
        """Take a whole block if nothing is wrong with it; return whether it was taken."""
        if not block.is_valid or len(self.rows) + len(block.members) > MAX_ROWS:
            return False
        if self._unique and not self._take_ids(first, block):
            return False
        self.rows += block.members
        return True

    def _take_ids(self, first: int, block: RowBlock) -> bool:
        """Index the ids of a block unless one occurs twice; return whether they were indexed."""
        spots = range(spot := self._row_key(first), spot + len(block.members))
        new = {name: dict(zip(ids, spots, strict=True)) for name, ids in block.ids.items()}
        # No id may occur twice in the block, nor in an earlier one. dict(zip()) keeps one None.
        for name, ids in block.ids.items():
            blank = max(1, ids.count(None)) - 1
            if len(new[name]) + blank < len(ids) or not self._seen[name].keys().isdisjoint(ids):
                return False
        for name, seen in new.items():
            seen.pop(None, None)
            self._seen[name].update(seen)
        return True

    def _row_key(self, number: int) -> int:
        return (len(self._files) - 1) * ROWS_PER_FILE + number

    def _read_header(self, header: Sequence[str]) -> ColumnIndexes:
        """Return the columns of a file, and report missing and duplicate ones."""
        found: dict[str, int] = {}
        for at, title in enumerate(header):
            first = found.setdefault(TITLES.get(title, title), at)
            if title and first != at:
                same = f"{self._place.describe_cell(1, at)} = {self._place.cell_name(1, first)}"
                self._add_finding(FILE, "uniqueItems", f"{same}: {title[:MAX_SHOWN_LENGTH]}")
        # A text may contain {{昵称}} or {{nickname}} for a column with the title 昵称 (N5).
        found |= {title: found[TITLES[title]] for title in header if title in TITLES}
        nameless = [at for at, name in enumerate(header) if not name]
        identity, wanted, names = (
            {name: found[name] for name in some if name and name in found}
            for some in (IDENTITY_COLUMNS, self._wanted, NAME_COLUMNS)
        )
        if identity.keys().isdisjoint(self._identifying):
            self._report_missing_column(MEMBER, " | ".join(self._identifying), header)
        for name in self._wanted:
            if name not in wanted:
                self._report_missing_column(VARIABLE, f"required {name}", header)
        return ColumnIndexes(
            identity, wanted, {**identity, **names, **wanted}, nameless, len(header)
        )

    def _report_missing_column(self, about: str, accepted: str, header: Sequence[str]) -> None:
        cells = self._place.cell_name(1, 0)
        if len(header) > 1:
            cells += f":{self._place.cell_name(1, len(header) - 1)}"
        names = ", ".join(filter(None, header))[:MAX_SHOWN_LENGTH]
        self._add_finding(
            about, accepted, self._place.describe(cells) + (f": {names}" if names else "")
        )

    def _read_row(self, number: int, row: Sequence[Any], columns: ColumnIndexes) -> None:
        if row.count("") == len(row) or not any(map(cell_text, row)):
            return
        cells = {name: cell_text(row[at]) for name, at in columns.used.items()}
        if len(self.rows) == MAX_ROWS:
            self._add_finding(FILE, f"maxItems {MAX_ROWS}", self._place.describe_cell(number, 0))
            raise ReadLimitReached
        if columns.nameless or len(row) > columns.width:
            self._check_unnamed_columns(number, row, columns)
        self._check_texts(number, cells, columns)
        member = self._read_identity(number, cells, columns)
        for name, at in columns.wanted.items():
            if not cells[name]:
                self._report_missing_value(number, [at], VARIABLE, f"required {name}")
        called = next((cells[name] for name in NAME_COLUMNS if cells.get(name)), None)
        self.rows.append((*(member.get(name) for name in IDENTITY_COLUMNS), called))

    def _read_identity(
        self, number: int, texts: dict[str, str], columns: ColumnIndexes
    ) -> dict[str, str | int]:
        """Return the ids of a row, and report invalid, duplicate and missing ones."""
        found: dict[str, str | int] = {}
        for name, at in columns.identity.items():
            if not (value := texts[name]):
                continue
            found[name] = (parse_member_id(value) or value) if name == "memberId" else value
            if name == "memberId" and found[name] is value:
                wrong = f"{self._place.describe_cell(number, at)}: {value[:MAX_SHOWN_LENGTH]}"
                self._add_finding(MEMBER, f"{name} 1..{MAX_ID}", wrong)
                continue
            first = self._seen[name].setdefault(found[name], spot := self._row_key(number))
            if self._unique and first != spot:
                self._report_duplicate(name, self._place.describe_cell(number, at), first, value)
        if found.keys().isdisjoint(self._identifying):
            cells = [at for name, at in columns.identity.items() if name in self._identifying]
            self._report_missing_value(number, cells, MEMBER, " | ".join(self._identifying))
        return found

    def _report_duplicate(self, name: str, cell: str, first: int, value: str) -> None:
        file, number = divmod(first, ROWS_PER_FILE)
        place, columns = self._files[file]
        shown = place.cell_name if place is self._place else place.describe_cell
        same = shown(number, columns.identity[name])
        self._add_finding(
            REPEATED, f"unique {name}", f"{cell} = {same}: {value[:MAX_SHOWN_LENGTH]}"
        )

    def _check_unnamed_columns(
        self, number: int, row: Sequence[Any], columns: ColumnIndexes
    ) -> None:
        """Report values in columns without a title, which would be lost silently."""
        for at in (*columns.nameless, *range(columns.width, len(row))):
            if value := cell_text(row[at]):
                there = f"{self._place.describe_cell(number, at)}: {value[:MAX_SHOWN_LENGTH]}"
                self._add_finding(FILE, f"required {self._place.cell_name(1, at)}", there)

    def _check_texts(self, number: int, cells: dict[str, str], columns: ColumnIndexes) -> None:
        for name, value in cells.items():
            if len(value) > MAX_CELL_LENGTH:
                there = self._place.describe_cell(number, columns.used[name])
                self._add_finding(FILE, f"maxLength {MAX_CELL_LENGTH}", f"{there}: {len(value)}")
            elif "\0" in value:
                there = self._place.describe_cell(number, columns.used[name])
                self._add_finding(FILE, "text", f"{there}: NUL")

    def _report_missing_value(
        self, number: int, columns: Iterable[int], about: str, accepted: str
    ) -> None:
        names = [self._place.cell_name(number, at) for at in columns]
        self._blank |= dict.fromkeys(names, len(self.findings))
        self._add_finding(about, accepted, self._place.describe(",".join(names)))

    def _explain_blank_cells(self, content: bytes) -> None:
        """Add to findings about blank cells why they are blank although they look filled."""
        if self._place.sheet:
            from mock_server.member_files import worksheet_xml  # noqa: PLC0415 - seldom, and slow to import

            found = worksheet_xml.blank_cell_reasons(content, self._place.sheet, self._blank)
            for name, reason in found.items():
                finding = self.findings[self._blank[name]]
                said = f"{finding.found}: {reason}"
                self.findings[self._blank[name]] = finding._replace(found=said)

    def _add_finding(self, about: str, accepted: str, found: str) -> None:
        self.findings.append(Finding(about, accepted, found))
        if len(self.findings) >= MAX_FINDINGS:
            raise ReadLimitReached


def _open_sheet(content: bytes, media_type: str) -> Sheet:
    kind = detect_file_kind(content, media_type)
    if kind == XLSX:
        return xlsx_reader.open_worksheet(content)
    if kind == CSV:
        return delimited_text.open_delimited_text(content)
    raise SheetError(xlsx_reader.ACCEPTED_FORMATS, kind)
