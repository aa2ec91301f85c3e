"""Files are read by a separate process, which may end in any way without harm."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain import file_signatures
from mock_server.domain.files import StoredFile
from mock_server.domain.notification_contents import FILE_RULES
from mock_server.member_files import member_lists, reader_process
from mock_server.member_files.member_reader import MemberFileReader, ReadLimitReached
from mock_server.member_files.sheets import Sheet, SheetError, SheetLocation, a1_notation
from mock_server.member_files.xlsx_reader import open_worksheet
from mock_server.runtime.threads import running_process
from mock_server.runtime.worker_processes import WorkerJob
from tests.mock_server.member_files.writers import OOXML, openpyxl_file, sheet_xml, with_parts

LONG_TEXT_LENGTH = 5_000_000
SHARED_STRINGS_XML = (
    f'<sst xmlns="{OOXML}/spreadsheetml/2006/main"><si><t>{"a" * LONG_TEXT_LENGTH}</t></si></sst>'
)
HEADER_ROW_XML = '<row r="1"><c r="A1" t="str"><v>userId</v></c></row>'


def read_workbooks(*contents: bytes, job: WorkerJob | None = None) -> member_lists.MemberList:
    """Return what is read of these workbooks."""
    files = {
        number: StoredFile(number, f"{number}.xlsx", file_signatures.XLSX, content, "", "", None)  # type: ignore[arg-type]
        for number, content in enumerate(contents)
    }
    return member_lists.read_member_lists([*files], files, FILE_RULES, job=job)


def test_a_file_that_exhausts_the_reader_is_refused_and_others_are_told_of() -> None:
    """A text of 5 MB in 400 cells takes 2 GB; mistakes in the file before it are reported."""
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(2, 402)
    )
    base = openpyxl_file([["userId"], ["U1"]])
    parts = {"sheet": sheet_xml(HEADER_ROW_XML + cells), "xl/sharedStrings.xml": SHARED_STRINGS_XML}
    read = read_workbooks(openpyxl_file([["userId"]]), with_parts(base, **parts), base)
    assert not read.rows
    assert [(v.pointer, v.rule, v.accepted) for v in read.violations] == [
        ("/body/fileIds/0", "NT-10", "minItems 1"),
        ("/body/fileIds/1", "NT-10", f"memory <= {reader_process.MAX_MEMORY_BYTES}, seconds <= 60"),
    ]


def test_the_reader_is_gone_when_files_are_read() -> None:
    """The process ends after valid, invalid and too large files."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("this system does not tell")
    before = children.read_text(encoding="ascii").split()
    far = sheet_xml(HEADER_ROW_XML + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>')
    base = openpyxl_file([["userId"], ["U1"]])
    for content in (base, b"PK\x03\x04", with_parts(base, sheet=far)):
        read_workbooks(content)
        assert children.read_text(encoding="ascii").split() == before


def test_a_reader_that_is_left_alone_ends() -> None:
    """It ends when its stdin does, as after a kill of the mock."""
    with running_process(reader_process.__name__) as process:
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=20) in {0, 1}


def test_a_mistake_of_ours_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of the process itself is an error of the mock, not of the file."""
    monkeypatch.setattr(member_lists, "reader_process", json_reader := type(sys)("no_such_module"))
    json_reader.__dict__["MAX_MEMORY_BYTES"] = 0
    with pytest.raises(member_lists.ReaderProcessError, match="No module named 'no_such_module'"):
        read_workbooks(openpyxl_file([["userId"], ["U1"]]))


def test_the_reader_starts_quickly() -> None:
    """It imports no package that takes longer to import than the reader itself."""
    heavy = ("asyncio", "dataclasses", "openpyxl", "orjson", "mock_server.errors")
    code = (
        f"import sys, {reader_process.__name__}; print(*[m for m in {heavy!r} if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not told.stdout.split()


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    """The process sets an alarm, which ends native code as well."""
    code = (
        "from mock_server.member_files import reader_process as reader;"
        "reader.TASK_TIMEOUT_SECONDS = 1;"
        "reader._ReadingTask.read = lambda *_: [None for _ in iter(int, 1)]; reader.main()"
    )
    asked = b'{"wanted": []}\n{"name": "", "type": "", "size": 0}\n'
    begun = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], input=asked, check=False, timeout=60)
    assert ended.returncode < 0
    assert time.monotonic() - begun < 30


def test_a_panic_of_the_parser_is_an_unreadable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A panic is not an Exception; a KeyboardInterrupt is passed on."""

    class PanicException(BaseException):
        """An exception such as pyo3 raises."""

    def panics(_: object) -> None:
        raise PanicException("index out of bounds")

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    content = openpyxl_file([["userId"], ["U1"]])
    monkeypatch.setattr("mock_server.member_files.xlsx_reader.load_workbook", panics)
    with pytest.raises(SheetError, match="PanicException: index out of bounds"):
        open_worksheet(content)
    monkeypatch.setattr("mock_server.member_files.xlsx_reader.load_workbook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_worksheet(content)


CELL_VALUES = st.sampled_from(
    ["", " ", "a", "b", "c", "d", "1", "2", 3.0, 0.0, True, "x" * 40_000, "a\0"]
)
CELL_TABLES = st.lists(st.lists(CELL_VALUES, min_size=4, max_size=4), min_size=1, max_size=4)
HEADER_ROWS = st.sampled_from(
    [
        ["memberId", "userId", "nickname", "礼品"],
        ["ciq", "礼品", "name", "nickname"],
        ["userId", "ciq", "memberId", ""],
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    header=HEADER_ROWS, tables=st.lists(CELL_TABLES, min_size=1, max_size=3), wanted=st.booleans()
)
def test_rows_taken_as_a_block_are_as_rows_taken_one_by_one(
    header: list[str], tables: list[list[list[object]]], wanted: bool
) -> None:
    """Members and findings are the same by the fast and the slow path."""
    told = []
    for quick in (True, False):
        files = MemberFileReader(["礼品"] if wanted else [])
        with pytest.MonkeyPatch.context() as patch, suppress(ReadLimitReached):
            if not quick:
                patch.setattr(MemberFileReader, "_take_block", lambda *_: False)
            for number, rows in enumerate(tables):
                sheet = Sheet("", 0, iter([header, *map(list, rows)]))
                patch.setattr(
                    "mock_server.member_files.member_reader._open_sheet", lambda *_, s=sheet: s
                )
                files.read(b"", f"{number}.csv", "")
        told.append((files.rows, files.findings))
    assert told[0] == told[1]


def test_members_are_read_once_and_no_more_than_needed() -> None:
    """A reader with twenty findings reads no further file."""
    files = MemberFileReader([])
    rows = [["userId"], *[["U1"]] * 30]
    with pytest.raises(ReadLimitReached):
        files.read(openpyxl_file(rows), "a.xlsx", file_signatures.XLSX)
    assert len(files.findings) == 20


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [(1, 0, "A1"), (7, 25, "Z7"), (7, 26, "AA7"), (2, 701, "ZZ2"), (2**20, 16_383, "XFD1048576")],
)
def test_cells_are_named_as_in_a_spreadsheet(row: int, column: int, name: str) -> None:
    """Column A is 0, and the header is row 1."""
    assert a1_notation(row, column) == name


def test_a_place_names_file_sheet_and_cells() -> None:
    """The name of a sheet with blanks is quoted; a file without sheets has none."""
    assert SheetLocation("名单.xlsx", "工作表1").describe_cell(7, 2) == "名单.xlsx 工作表1!C7"
    assert (
        SheetLocation("名单.xlsx", "第 1 页", left=3).describe_cell(1, 0)
        == "名单.xlsx '第 1 页'!D1"
    )
    assert SheetLocation("名单.csv").describe("A3,B3") == "名单.csv A3,B3"
    assert SheetLocation("名" * 200).describe() == "名" * 80
