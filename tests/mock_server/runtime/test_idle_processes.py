"""`idle_processes.py`: a process that has read the files of one task is reused for the next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from mock_server.domain.notification_contents import FILE_RULES
from mock_server.member_files.member_lists import MemberList
from mock_server.runtime.idle_processes import Spares
from mock_server.runtime.worker_processes import Job
from tests.mock_server.member_files.test_reader_process import SINGLE, joined
from tests.mock_server.member_files.writers import by_openpyxl, sheet_of, with_parts

GOOD = by_openpyxl([["userId", "nickname"], ["U1", "Li Lei"]])
SAME = by_openpyxl([["userId"], ["U1"], ["U1"]])
FAR = with_parts(GOOD, sheet=sheet_of(SINGLE + '<row r="9"><c r="XFD1048576"><v>1</v></c></row>'))


@pytest.fixture
def spares() -> Iterator[Spares]:
    """Room for one process, which is ended."""
    kept = Spares(1)
    yield kept
    kept.close()


def read(spares: Spares, *contents: bytes) -> MemberList:
    """The lists in these files, by a process of `spares`."""
    return joined(*contents, job=Job(spares))


def idle(spares: Spares) -> list[subprocess.Popen[bytes]]:
    """The processes that wait for a job."""
    return list(spares._idle)


def test_a_process_reads_for_one_task_after_another(spares: Spares) -> None:
    """It remembers nobody of the task before: who is in both is in no list twice."""
    first = read(spares, GOOD)
    (process,) = idle(spares)
    wrong, again = read(spares, SAME), read(spares, GOOD)
    assert idle(spares) == [process]
    assert first == again
    assert [violation.rule for violation in wrong.violations] == [FILE_RULES.repeated]


def test_a_process_that_a_file_was_too_much_for_reads_no_more(spares: Spares) -> None:
    """Nor one that has used much memory: the next task finds as much as the first."""
    assert read(spares, FAR).violations
    assert not idle(spares)
    assert not read(spares, GOOD).violations


def test_a_process_says_when_it_is_no_longer_as_good_as_new() -> None:
    """By the memory that it has kept."""
    code = "from mock_server.member_files import reader_process as r; r.MAX_KEPT = {}; r.main()"
    for bound, said in ((2**40, b"true\n"), (-(2**40), b"false\n")):
        command = [sys.executable, "-c", code.format(bound)]
        asked = b'{"fit": true}\n'
        assert subprocess.run(command, input=asked, capture_output=True, check=True).stdout == said


def test_a_spare_that_has_died_is_not_given_to_anybody(spares: Spares) -> None:
    """The system may end a process whenever memory is short."""
    read(spares, GOOD)
    (process,) = idle(spares)
    process.kill()
    process.wait()
    assert not read(spares, GOOD).violations
    assert idle(spares) != [process]


def test_spares_end_with_the_mock(spares: Spares) -> None:
    """And no process is kept from then on."""
    read(spares, GOOD)
    (process,) = idle(spares)
    spares.close()
    assert process.poll() is not None
    read(spares, GOOD)
    assert not idle(spares)


def test_spares_end_with_whoever_forgets_them() -> None:
    """An application that is never closed leaves no process behind."""
    forgotten = Spares(1)
    read(forgotten, GOOD)
    (process,) = idle(forgotten)
    del forgotten
    assert process.poll() is not None
