"""Member lists of tasks, read from uploaded files that are joined in order (N5, M46)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from mock_server.domain.files import StoredFile
from mock_server.domain.member_list_rules import (
    DEFAULT_READINGS,
    MemberListReadings,
    MemberListRules,
)
from mock_server.domain.members import MemberRow, merge_repeated
from mock_server.errors import ErrorDetail
from mock_server.member_files import member_reader, reader_process
from mock_server.member_files.sheets import MAX_NAME_LENGTH
from mock_server.member_files.xlsx_reader import ACCEPTED_FORMATS
from mock_server.runtime.worker_processes import WorkerJob

MAX_VIOLATIONS = member_reader.MAX_FINDINGS
BYTES_PER_CELL = 32
"""Memory that calamine takes for each cell of the rectangle around all values."""
MAX_CELLS = reader_process.MAX_MEMORY_BYTES // BYTES_PER_CELL
TEMPLATE_COLUMNS = ("会员ID", "userId", "ciq", "昵称")
TEMPLATE_SAMPLE = (1001, "U1001", "C1001", "张丽")
IndexedViolation = tuple[int, ErrorDetail]
"""A violation and the index of its file in `fileIds`."""


class MemberList(NamedTuple):
    """Rows of all files, and at most MAX_VIOLATIONS violations in them.

    unknown: the violations that are ids of no file.
    """

    rows: list[MemberRow]
    violations: list[ErrorDetail]
    unknown: list[ErrorDetail]


class ReaderProcessError(RuntimeError):
    """The process that reads files failed because of a bug in it."""


def read_member_lists(
    file_ids: Sequence[int],
    files: Mapping[int, StoredFile],
    rules: MemberListRules,
    variables: Sequence[str] = (),
    readings: MemberListReadings = DEFAULT_READINGS,
    job: WorkerJob | None = None,
) -> MemberList:
    """Return the rows of the files, or all violations in them; blocks until they are read.

    Every file must exist and be a list with at least one member, and every row must have a value
    for each of the variables. By the readings, a member that occurs twice in them, or a file that
    is listed twice, is a violation, or is merged, or is repeated. Together, the files may have
    `member_reader.MAX_ROWS` members. Raises JobCancelledError.
    """
    wrong: list[IndexedViolation] = []
    unknown: list[ErrorDetail] = []
    given: list[tuple[int, StoredFile]] = []
    named: dict[int, int] = {}
    for index, file_id in enumerate(file_ids):
        first = named.setdefault(file_id, index)
        if first != index and readings.repeated == "refused":
            wrong.append(_file_violation(index, rules.repeated, "uniqueItems", str(file_id)))
        elif file_id not in files:
            wrong.append(_file_violation(index, rules.file, ACCEPTED_FORMATS, str(file_id)))
            unknown.append(wrong[-1][1])
        elif first == index or readings.repeated == "repeated":
            given.append((index, files[file_id]))
        if len(wrong) >= MAX_VIOLATIONS:
            break
    rows: list[MemberRow] = []
    if given and len(wrong) < MAX_VIOLATIONS:
        rows, more = _read_files(given, rules, variables, readings, job or WorkerJob())
        # By index in `fileIds`, whether the file or its content is wrong.
        wrong = sorted(wrong + more, key=lambda indexed: indexed[0])
    if readings.repeated == "merged":
        rows = merge_repeated(rows)
    return MemberList(rows, [violation for _, violation in wrong[:MAX_VIOLATIONS]], unknown)


def _file_violation(index: int, rule: str, accepted: str, found: str) -> IndexedViolation:
    return index, ErrorDetail(f"/body/fileIds/{index}", rule, accepted, found)


def _read_files(
    given: Sequence[tuple[int, StoredFile]],
    rules: MemberListRules,
    variables: Sequence[str],
    readings: MemberListReadings,
    job: WorkerJob,
) -> tuple[list[MemberRow], list[IndexedViolation]]:
    """Return rows or violations, one of the two empty. Raises ReaderProcessError."""
    rows: list[MemberRow] = []
    wrong: list[IndexedViolation] = []
    with job.start_process(reader_process.__name__, _is_reusable) as process:
        _send(process, _reader_arguments(variables, readings))
        for index, file in given:
            if (told := _ask_reader(process, file, rows)) is None:
                return [], [*wrong, _limit_violation(index, file, rules, job)]
            # The reader repeats the findings of earlier files, with which it counts to the limit.
            wrong += (
                _file_violation(index, getattr(rules, about), accepted, found)
                for about, accepted, found in told[len(wrong) :]
            )
    return ([], wrong) if wrong else (rows, [])


def _reader_arguments(variables: Sequence[str], readings: MemberListReadings) -> Mapping[str, Any]:
    return {
        "wanted": variables,
        "identifying": readings.identifying,
        "unique": readings.repeated == "refused",
    }


def _ask_reader(
    process: subprocess.Popen[bytes], file: StoredFile, rows: list[MemberRow], **asked: bool
) -> Any:
    """Return the reader's response about a file, or None if it ran out of memory or time.

    Members are added to `rows` as they arrive, while the reader continues. Raises
    ReaderProcessError.
    """
    try:
        head = {"name": file.file_name, "type": file.media_type, "size": len(file.content)}
        _send(process, head | asked, file.content)
        for line in process.stdout or ():
            if not line.startswith(reader_process.MEMBERS_PREFIX):
                return orjson.loads(line)
            rows += map(MemberRow._make, orjson.loads(line[1:]))
    except BrokenPipeError:
        pass  # it has ended; its exit code gives the reason
    # Python exits with 1 after an exception. A signal or EXIT_OUT_OF_MEMORY is the file's fault.
    if process.wait() == 1:
        raise ReaderProcessError(_error_output(process))
    return None


def _is_reusable(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a reader that has finished its task can be used for another."""
    if process.stdout is None:
        return False
    try:
        _send(process, {"fit": True})
        return process.stdout.readline() == reader_process.REUSABLE_REPLY
    except OSError:
        return False


def _limit_violation(
    index: int, file: StoredFile, rules: MemberListRules, job: WorkerJob
) -> IndexedViolation:
    """Return the violation of a file that exceeded the limits of the reader."""
    # A new process, because the first one has ended. It reads the XML of the worksheet without
    # calamine, so the same file does not end it.
    with job.start_process(reader_process.__name__) as process:
        _send(process, _reader_arguments([], DEFAULT_READINGS))
        corner, cells = _ask_reader(process, file, [], extent=True) or ("", 0)
    name = file.file_name[:MAX_NAME_LENGTH]
    if cells > MAX_CELLS:
        reach = f"{name} A1:{corner}: {cells}"
        return _file_violation(index, rules.file, f"cells <= {MAX_CELLS}", reach)
    seconds = reader_process.TASK_TIMEOUT_SECONDS
    limits = f"memory <= {reader_process.MAX_MEMORY_BYTES}, seconds <= {seconds}"
    return _file_violation(index, rules.file, limits, name)


def _send(process: subprocess.Popen[bytes], head: Mapping[str, Any], content: bytes = b"") -> None:
    if process.stdin:
        process.stdin.write(json.dumps(head).encode() + b"\n")
        process.stdin.write(content)
        process.stdin.flush()


def _error_output(process: subprocess.Popen[bytes]) -> str:
    said = process.stderr.read() if process.stderr else b""
    # The end of a traceback names the error.
    return said.decode(errors="replace")[-2000:]
