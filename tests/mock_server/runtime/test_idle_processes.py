"""A process that has read the files of one task is reused for the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from benchmarks.processes import process_tree
from mock_server.domain.notification_contents import FILE_RULES
from mock_server.member_files.member_lists import MemberList
from mock_server.runtime.idle_processes import IdleProcesses
from mock_server.runtime.worker_processes import WorkerJob
from tests.mock_server.member_files.test_reader_process import HEADER_ROW_XML, read_workbooks
from tests.mock_server.member_files.writers import openpyxl_file, sheet_xml, with_parts

VALID_WORKBOOK = openpyxl_file([["userId", "nickname"], ["U1", "Li Lei"]])
REPEATED_MEMBER_WORKBOOK = openpyxl_file([["userId"], ["U1"], ["U1"]])
DISTANT_CELL_WORKBOOK = with_parts(
    VALID_WORKBOOK,
    sheet=sheet_xml(HEADER_ROW_XML + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>'),
)


@pytest.fixture
def spares() -> Iterator[IdleProcesses]:
    """A pool with one process, which is ended after the test."""
    kept = IdleProcesses(1)
    yield kept
    kept.close()


def read_lists(spares: IdleProcesses, *contents: bytes) -> MemberList:
    """Return the lists in these files, read by a process of `spares`."""
    return read_workbooks(*contents, job=WorkerJob(spares))


def child_processes() -> set[int]:
    """The ids of the processes that this one has started and that have not ended."""
    return {*process_tree(os.getpid())} - {os.getpid()}


def test_a_process_reads_for_one_task_after_another(spares: IdleProcesses) -> None:
    """It forgets the members of the task before, so nobody is a duplicate."""
    before = child_processes()
    first = read_lists(spares, VALID_WORKBOOK)
    (process,) = child_processes() - before
    wrong, again = read_lists(spares, REPEATED_MEMBER_WORKBOOK), read_lists(spares, VALID_WORKBOOK)
    assert child_processes() - before == {process}
    assert first == again
    assert [violation.rule for violation in wrong.violations] == [FILE_RULES.repeated]


def test_a_process_that_a_file_was_too_much_for_reads_no_more(spares: IdleProcesses) -> None:
    """It ends, and the next task finds as much memory as the first."""
    before = child_processes()
    assert read_lists(spares, DISTANT_CELL_WORKBOOK).violations
    assert child_processes() == before
    assert not read_lists(spares, VALID_WORKBOOK).violations


def test_a_process_says_when_it_is_no_longer_as_good_as_new() -> None:
    """It compares the memory that it has retained."""
    code = (
        "from mock_server.member_files import reader_process as r;"
        "r.MAX_RETAINED_BYTES = {}; r.main()"
    )
    for bound, said in ((2**40, b"true\n"), (-(2**40), b"false\n")):
        command = [sys.executable, "-c", code.format(bound)]
        asked = b'{"fit": true}\n'
        assert subprocess.run(command, input=asked, capture_output=True, check=True).stdout == said


def test_a_spare_that_has_died_is_not_given_to_anybody(spares: IdleProcesses) -> None:
    """The system may end a process if memory is short."""
    before = child_processes()
    read_lists(spares, VALID_WORKBOOK)
    (process,) = child_processes() - before
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
    assert not read_lists(spares, VALID_WORKBOOK).violations
    (successor,) = child_processes() - before
    assert successor != process


def test_spares_end_with_the_mock(spares: IdleProcesses) -> None:
    """No process is kept after the shutdown."""
    before = child_processes()
    read_lists(spares, VALID_WORKBOOK)
    assert len(child_processes() - before) == 1
    spares.close()
    assert child_processes() == before
    read_lists(spares, VALID_WORKBOOK)
    assert child_processes() == before


def test_spares_end_with_whoever_forgets_them() -> None:
    """An application that is never closed leaves no process behind."""
    before = child_processes()
    forgotten = IdleProcesses(1)
    read_lists(forgotten, VALID_WORKBOOK)
    assert len(child_processes() - before) == 1
    del forgotten
    assert child_processes() == before
