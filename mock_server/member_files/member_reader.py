"""Member files of one task, read one after the other: their members, and all that is wrong.

Rules are named by what they are about; `member_lists.py` knows their ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from mock_server.domain.file_signatures import CSV, XLSX, kind_of
from mock_server.member_files import delimited_text, xlsx_reader
from mock_server.member_files.bulk_validation import (
    IDENTITY,
    MAX_ID,
    MAX_TEXT,
    NAMES,
    TITLES,
    Block,
    Columns,
    Member,
    Value,
    blocks,
    memberid,
)
from mock_server.member_files.sheets import Place, Sheet, Unreadable, text

MAX_ROWS = 100_000
MAX_FINDINGS = 20
SHOWN = 60
"""Characters of a value, or of a header."""
FILE, MEMBER, REPEATED, VARIABLE = "file", "member", "repeated", "variable"
"""What a finding is about: the file, whom a row names, who is named twice, a text's variable."""
FIRST_ROW = 2**32
"""A spot is a file's number times this, and a row of it."""


class Finding(NamedTuple):
    """Something wrong with a file: what it is about, what would be accepted, what was found."""

    about: str
    accepted: str
    found: str


class Enough(Exception):
    """There are as many findings, or members, as a request may have."""


class Reader:
    """Reads files, and remembers whom they name: nobody is in a task twice."""

    def __init__(
        self, wanted: Sequence[str], hand_over: Callable[[list[Member]], None] | None = None
    ) -> None:
        """`wanted` are the variables that every row has to have a value for.

        `hand_over` gets the members as they are found, some at a time, while nothing is wrong.
        """
        self.rows: list[Member] = []
        self.findings: list[Finding] = []
        self._wanted = wanted
        self._hand_over = hand_over
        self._place = Place("")
        self._files: list[tuple[Place, Columns]] = []
        self._seen: dict[str, dict[Value, int]] = {name: {} for name in IDENTITY}
        """The spot of each id."""
        self._blank: dict[str, int] = {}

    def read(self, content: bytes, name: str, media_type: str) -> None:
        """Read one more file. Raises Enough when no more need be read."""
        self._place, self._blank = Place(name), {}
        before = len(self.rows), len(self.findings)
        try:
            self._read(_opened(content, media_type))
        except Unreadable as error:
            self._find(FILE, error.accepted, f"{self._place.at(error.place)}: {error.found}")
        finally:
            if self._blank:
                self._explain(content)
        if before == (len(self.rows), len(self.findings)):
            self._find(FILE, "minItems 1", f"{self._place.cell(2, 0)}: 0")

    def _read(self, sheet: Sheet) -> None:
        self._place = self._place._replace(sheet=sheet.name, left=sheet.left)
        columns = self._columns([text(cell) for cell in next(sheet.rows, [])])
        if columns.identity:
            self._files.append((self._place, columns))
            for first, rows in blocks(sheet.rows):
                before = len(self.rows)
                if not self._took(first, Block(rows, columns)):
                    for number, row in enumerate(rows, start=first):
                        self._row(number, row, columns)
                if self._hand_over and not self.findings:
                    self._hand_over(self.rows[before:])

    def _took(self, first: int, block: Block) -> bool:
        """Whether a block could be taken as a whole, since nothing is wrong with it."""
        if not block.sound or len(self.rows) + len(block.members) > MAX_ROWS:
            return False
        spots = range(spot := self._spot(first), spot + len(block.members))
        new = {name: dict(zip(ids, spots, strict=True)) for name, ids in block.ids.items()}
        for name, ids in block.ids.items():
            blank = max(1, ids.count(None)) - 1
            if len(new[name]) + blank < len(ids) or not self._seen[name].keys().isdisjoint(ids):
                return False
        for name, seen in new.items():
            seen.pop(None, None)
            self._seen[name].update(seen)
        self.rows += block.members
        return True

    def _spot(self, number: int) -> int:
        return (len(self._files) - 1) * FIRST_ROW + number

    def _columns(self, header: Sequence[str]) -> Columns:
        """The columns of a file; one that is missing, or there twice, is a finding."""
        found: dict[str, int] = {}
        for at, title in enumerate(header):
            first = found.setdefault(TITLES.get(title, title), at)
            if title and first != at:
                same = f"{self._place.cell(1, at)} = {self._place.name(1, first)}"
                self._find(FILE, "uniqueItems", f"{same}: {title[:SHOWN]}")
        # A text may have {{昵称}} or {{nickname}} for a column with the title 昵称.
        found |= {title: found[TITLES[title]] for title in header if title in TITLES}
        nameless = [at for at, name in enumerate(header) if not name]
        identity, wanted, names = (
            {name: found[name] for name in some if name and name in found}
            for some in (IDENTITY, self._wanted, NAMES)
        )
        if not identity:
            self._lack(MEMBER, " | ".join(IDENTITY), header)
        for name in self._wanted:
            if name not in wanted:
                self._lack(VARIABLE, f"required {name}", header)
        return Columns(identity, wanted, {**identity, **names, **wanted}, nameless, len(header))

    def _lack(self, about: str, accepted: str, header: Sequence[str]) -> None:
        cells = self._place.name(1, 0)
        if len(header) > 1:
            cells += f":{self._place.name(1, len(header) - 1)}"
        names = ", ".join(filter(None, header))[:SHOWN]
        self._find(about, accepted, self._place.at(cells) + (f": {names}" if names else ""))

    def _row(self, number: int, row: Sequence[Any], columns: Columns) -> None:
        if row.count("") == len(row) or not any(map(text, row)):
            return
        cells = {name: text(row[at]) for name, at in columns.used.items()}
        if len(self.rows) == MAX_ROWS:
            self._find(FILE, f"maxItems {MAX_ROWS}", self._place.cell(number, 0))
            raise Enough
        if columns.nameless or len(row) > columns.width:
            self._check_headed(number, row, columns)
        self._check_texts(number, cells, columns)
        member = self._identified(number, cells, columns)
        for name, at in columns.wanted.items():
            if not cells[name]:
                self._lacks_value(number, [at], VARIABLE, f"required {name}")
        called = next((cells[name] for name in NAMES if cells.get(name)), None)
        self.rows.append((*(member.get(name) for name in IDENTITY), called))

    def _identified(
        self, number: int, cells: dict[str, str], columns: Columns
    ) -> dict[str, str | int]:
        """The ids of a row, none of them in another row."""
        found: dict[str, str | int] = {}
        for name, at in columns.identity.items():
            if not (value := cells[name]):
                continue
            found[name] = (memberid(value) or value) if name == "memberId" else value
            if name == "memberId" and found[name] is value:
                wrong = f"{self._place.cell(number, at)}: {value[:SHOWN]}"
                self._find(MEMBER, f"{name} 1..{MAX_ID}", wrong)
                continue
            first = self._seen[name].setdefault(found[name], spot := self._spot(number))
            if first != spot:
                self._repeats(name, self._place.cell(number, at), first, value)
        if not found:
            self._lacks_value(number, [*columns.identity.values()], MEMBER, " | ".join(IDENTITY))
        return found

    def _repeats(self, name: str, cell: str, first: int, value: str) -> None:
        file, number = divmod(first, FIRST_ROW)
        place, columns = self._files[file]
        shown = place.name if place is self._place else place.cell
        same = shown(number, columns.identity[name])
        self._find(REPEATED, f"unique {name}", f"{cell} = {same}: {value[:SHOWN]}")

    def _check_headed(self, number: int, row: Sequence[Any], columns: Columns) -> None:
        """A value below no name belongs to nothing."""
        for at in (*columns.nameless, *range(columns.width, len(row))):
            if value := text(row[at]):
                there = f"{self._place.cell(number, at)}: {value[:SHOWN]}"
                self._find(FILE, f"required {self._place.name(1, at)}", there)

    def _check_texts(self, number: int, cells: dict[str, str], columns: Columns) -> None:
        for name, value in cells.items():
            if len(value) > MAX_TEXT:
                there = self._place.cell(number, columns.used[name])
                self._find(FILE, f"maxLength {MAX_TEXT}", f"{there}: {len(value)}")
            elif "\0" in value:
                there = self._place.cell(number, columns.used[name])
                self._find(FILE, "text", f"{there}: NUL")

    def _lacks_value(self, number: int, columns: Iterable[int], about: str, accepted: str) -> None:
        names = [self._place.name(number, at) for at in columns]
        self._blank |= dict.fromkeys(names, len(self.findings))
        self._find(about, accepted, self._place.at(",".join(names)))

    def _explain(self, content: bytes) -> None:
        """Say of cells that look filled in a spreadsheet why they count as blank."""
        if self._place.sheet:
            from mock_server.member_files import worksheet_xml  # noqa: PLC0415 - seldom, and slow to import

            found = worksheet_xml.reasons(content, self._place.sheet, self._blank)
            for name, reason in found.items():
                finding = self.findings[self._blank[name]]
                said = f"{finding.found}: {reason}"
                self.findings[self._blank[name]] = finding._replace(found=said)

    def _find(self, about: str, accepted: str, found: str) -> None:
        self.findings.append(Finding(about, accepted, found))
        if len(self.findings) >= MAX_FINDINGS:
            raise Enough


def _opened(content: bytes, media_type: str) -> Sheet:
    kind = kind_of(content, media_type)
    if kind == XLSX:
        return xlsx_reader.opened(content)
    if kind == CSV:
        return delimited_text.opened(content)
    raise Unreadable(xlsx_reader.FORMATS, kind)
