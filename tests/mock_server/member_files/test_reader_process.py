"""Files are read by a separate process, which may end in any way without harm."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from benchmarks.processes import process_tree
from mock_server.domain import document_types
from mock_server.domain.files import StoredFile
from mock_server.domain.notification_contents import FILE_RULES
from mock_server.member_files import member_lists
from mock_server.member_files.findings import MAX_FINDINGS, Finding
from mock_server.member_files.member_reader import MemberFileReader
from mock_server.runtime.worker_processes import WorkerJob
from tests.mock_server.member_files.task_requests import (
    TASKS,
    create_task,
    mistakes_of,
    task_body,
    upload_file,
)
from tests.mock_server.member_files.writers import OOXML, openpyxl_file, sheet_xml, with_parts
from tests.mock_server.test_cli import COMMAND, becomes_true
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import MOCK_ADDRESS
from tests.serving import RunningMock, fetch_token, run_mock

pytestmark = pytest.mark.whole

READER = "mock_server.member_files.reader_process"
LONG_TEXT_LENGTH = 5_000_000
SHARED_STRINGS_XML = (
    f'<sst xmlns="{OOXML}/spreadsheetml/2006/main"><si><t>{"a" * LONG_TEXT_LENGTH}</t></si></sst>'
)
HEADER_ROW_XML = '<row r="1"><c r="A1" t="str"><v>userId</v></c></row>'


def read_workbooks(*contents: bytes, job: WorkerJob | None = None) -> member_lists.MemberList:
    """Return what is read of these workbooks."""
    kind = document_types.XLSX
    files = {
        number: StoredFile(number, f"{number}.xlsx", kind, content, "", "", None)  # type: ignore[arg-type]
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
    assert [(v.pointer, v.mistake and v.mistake.code) for v in read.violations] == [
        ("/body/fileIds/0", "header-only"),
        ("/body/fileIds/1", "reading-limit"),
    ]


def test_the_reader_is_gone_when_files_are_read() -> None:
    """The process ends after valid, invalid and too large files."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    # Only Linux has the list, and only a kernel that is built with CONFIG_PROC_CHILDREN.
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    before = children.read_text(encoding="ascii").split()
    far = sheet_xml(HEADER_ROW_XML + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>')
    base = openpyxl_file([["userId"], ["U1"]])
    for content in (base, b"PK\x03\x04", with_parts(base, sheet=far)):
        read_workbooks(content)
        assert children.read_text(encoding="ascii").split() == before


def test_readers_end_with_a_mock_that_is_killed() -> None:
    """They end when their stdin does; the mock cannot stop them then."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--frozen"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address = next(filter(None, map(MOCK_ADDRESS.search, process.stdout)))[0]
        with httpx.Client(base_url=address) as client:
            client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
            upload = {"file": ("a.xlsx", openpyxl_file([["userId"], ["U1"]]))}
            file_id = client.post(FILES, files=upload, data=MODULE).raise_for_status().json()["id"]
            client.post(TASKS, json=task_body([file_id])).raise_for_status()
        readers = process_tree(process.pid)[1:]
        assert readers
        process.kill()
        process.wait()
        assert becomes_true(lambda: not any(map(is_running, readers)))


def is_running(pid: int) -> bool:
    """Return whether a process exists, and not only because nobody has asked for its exit code."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return False


PARSER_NAMES = (
    "CalamineError",
    "CalamineSheet",
    "PasswordError",
    "SheetTypeEnum",
    "SheetVisibleEnum",
)
BROKEN_PARSERS = {
    "cannot be imported": "raise RuntimeError('broken installation')",
    "panics": f"""
class PanicException(BaseException): pass
{" = ".join(PARSER_NAMES)} = type("", (Exception,), {{}})
def load_workbook(_): raise PanicException("index out of bounds")
""",
}


@pytest.fixture
def broken_parser_mock(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[RunningMock]:
    """A mock whose readers find another package in the place of calamine."""
    code = BROKEN_PARSERS[request.param]
    (tmp_path / "python_calamine.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with run_mock() as mock:
        yield mock


@pytest.mark.parametrize("broken_parser_mock", ["cannot be imported"], indirect=True)
def test_a_mistake_of_ours_is_no_refusal(
    broken_parser_mock: RunningMock, caplog: pytest.LogCaptureFixture
) -> None:
    """It is a 500, and the log has the error of the process; files of other kinds are read."""
    mock = broken_parser_mock
    broken = upload_file(mock, "a.xlsx", openpyxl_file([["userId"], ["U1"]]))
    assert create_task(mock, [broken]).status_code == 500
    assert "RuntimeError: broken installation" in caplog.text
    assert create_task(mock, [upload_file(mock, "a.csv", b"userId\nU1")]).status_code == 500


@pytest.mark.parametrize("broken_parser_mock", ["panics"], indirect=True)
def test_a_panic_of_the_parser_is_an_unreadable_file(broken_parser_mock: RunningMock) -> None:
    """The exceptions in which pyo3 raises panics are not an Exception; other files are read."""
    mock = broken_parser_mock
    broken = upload_file(mock, "a.xlsx", openpyxl_file([["userId"], ["U1"]]))
    assert mistakes_of(create_task(mock, [broken])) == [
        {"code": "file-damaged", "file": "a.xlsx", "fileId": broken}
    ]
    assert create_task(mock, [upload_file(mock, "a.csv", b"userId\nU1")]).status_code == 200


def loaded_modules(module: str) -> int:
    """Return how many modules a new process loads to import one."""
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; before = len(sys.modules); import {module}; "
        "print(len(sys.modules) - before)"
    )
    told = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, check=True)
    return int(told.stdout)


def test_the_reader_starts_quickly() -> None:
    """It loads fewer modules than asyncio alone needs: they are most of its start."""
    assert loaded_modules(READER) < loaded_modules("asyncio")


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    """The time is that of the clock on the wall, and native code ends as well."""
    # Stopped while it reads, until its time is over.
    code = f"import {READER} as reader; reader.TASK_TIMEOUT_SECONDS = 1; reader.main()"
    titles = b"".join(b",v%d" % column for column in range(50))
    rows = b"".join(b"U%d%b\n" % (number, b",x" * 50) for number in range(90_000))
    content = b"userId" + titles + b"\n" + rows
    head = json.dumps({"name": "a.csv", "size": len(content)}).encode()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        assert process.stdin
        process.stdin.write(b'{"wanted": []}\n' + head + b"\n" + content)
        process.stdin.flush()
        time.sleep(0.1)
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        process.send_signal(signal.SIGCONT)
        assert process.wait(20) == -signal.SIGALRM


CELL_VALUES = st.sampled_from(["", " ", "a", "b", "c", "d", "1", "2", 3.0, 0.0, True, "x" * 40_000])
CELL_TABLES = st.lists(st.lists(CELL_VALUES, min_size=4, max_size=4), min_size=1, max_size=5)
HEADER_ROWS = st.sampled_from(
    [
        ["memberId", "userId", "nickname", "礼品"],
        ["ciq", "礼品", "name", "nickname"],
        ["userId", "ciq", "memberId", ""],
    ]
)
BASE_WORKBOOK = openpyxl_file([[""]])
WRONG_ID = "z" * 50_000


def workbook_of(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook with texts, numbers and truth values."""
    written = "".join(
        f'<row r="{number}">{"".join(map(cell_xml, row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return with_parts(BASE_WORKBOOK, sheet=sheet_xml(written))


def cell_xml(value: object) -> str:
    """Return a cell; an empty text is a cell without a value."""
    kind = "b" if value is True else "n" if isinstance(value, float) else "str"
    shown = int(value) if isinstance(value, bool) else value
    return f'<c t="{kind}"><v>{shown}</v></c>' if value != "" else "<c/>"


def read_tables(
    header: list[str], tables: list[list[list[object]]], variables: list[str], wrong: str = ""
) -> tuple[list[object], list[Finding], int]:
    """Return members, findings, and their number, without those of the last rows.

    Each table is a file, and has one row more, with valid ids or with `wrong` in its first column.
    """
    files, findings, total = MemberFileReader(variables), list[Finding](), 0
    ids = {str(number) for number in range(100, 100 + len(tables))}
    for last, rows in zip(sorted(ids), tables, strict=True):
        cells = {"memberId": last, "userId": last, "ciq": last, "": ""}
        added = [cells.get(title, "y") for title in header]
        content = workbook_of([header, *rows, [wrong or added[0], *added[1:]]])
        found = files.read(content, f"{last}.xlsx")
        findings += (each for each in found.shown() if each.row != len(rows) + 2)
        total += found.total
    others: list[object] = [row for row in files.rows if not {*map(str, row)} & {*ids, WRONG_ID}]
    return others, findings, total


@settings(max_examples=200, deadline=None)
@given(
    header=HEADER_ROWS, tables=st.lists(CELL_TABLES, min_size=1, max_size=3), wanted=st.booleans()
)
@example(
    header=["memberId", "userId", "nickname", "礼品"],
    tables=[[["1", "a", "", ""], ["2", "", "", ""], ["3", "a", "", ""]]],
    wanted=False,
)
def test_a_mistake_in_another_row_changes_nothing_of_a_row(
    header: list[str], tables: list[list[list[object]]], wanted: bool
) -> None:
    """Many rows without a mistake are read at once, others row by row, with the same result."""
    variables = ["礼品"] if wanted else []
    rows, findings, total = read_tables(header, tables, variables)
    other_rows, other_findings, total_too = read_tables(header, tables, variables, WRONG_ID)
    assume(max(total, total_too) <= MAX_FINDINGS)
    assert other_rows == rows
    assert other_findings == findings


def test_all_mistakes_are_counted_and_twenty_are_kept() -> None:
    """The total is true, and a later file is read as well."""
    files = MemberFileReader([])
    first = files.read(openpyxl_file([["userId"], *[["U1"]] * 31]), "a.xlsx")
    second = files.read(openpyxl_file([["userId"], ["U1"]]), "b.xlsx")
    assert (first.total, len(first.shown()), second.total) == (30, 20, 1)
