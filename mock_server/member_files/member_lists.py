"""Member lists that tasks are created from: uploaded files, joined in order (N5, M46)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from mock_server.domain.files import StoredFile
from mock_server.domain.member_list_rules import Rules
from mock_server.domain.members import MemberRow
from mock_server.errors import Violation
from mock_server.member_files import member_reader, reader_process
from mock_server.member_files.sheets import NAME_LENGTH
from mock_server.member_files.xlsx_reader import FORMATS
from mock_server.runtime.worker_processes import Job

MAX_VIOLATIONS = member_reader.MAX_FINDINGS
CELL_SIZE = 32
"""Bytes that calamine takes for each cell of the rectangle around all values."""
MAX_CELLS = reader_process.MAX_MEMORY // CELL_SIZE
TEMPLATE_COLUMNS = ("会员ID", "userId", "ciq", "昵称")
TEMPLATE_SAMPLE = (1001, "U1001", "C1001", "张丽")
Indexed = tuple[int, Violation]
"""A violation and the place of its file in `fileIds`."""


class MemberList(NamedTuple):
    """The rows of all files, and at most MAX_VIOLATIONS of what is wrong with them."""

    rows: list[MemberRow]
    violations: list[Violation]


class BrokenReader(RuntimeError):
    """The process that reads files failed for a reason of our own making."""


def joined(
    file_ids: Sequence[int],
    files: Mapping[int, StoredFile],
    rules: Rules,
    variables: Sequence[str] = (),
    job: Job | None = None,
) -> MemberList:
    """Read the files one after the other; it takes as long as that takes. Raises Ended.

    Every file must exist and be a list with at least one member, no member may be in them twice,
    and every row must have a value for each of the variables. Together the files have at most as
    many members as one may have (member_files.MAX_ROWS).
    """
    wrong: list[Indexed] = []
    named: dict[int, int] = {}
    for index, file_id in enumerate(file_ids):
        first = named.setdefault(file_id, index)
        if first != index:
            wrong.append(_violation(index, rules.repeated, "uniqueItems", str(file_id)))
        elif file_id not in files:
            wrong.append(_violation(index, rules.file, FORMATS, str(file_id)))
        if len(wrong) >= MAX_VIOLATIONS:
            break
    given = [(index, files[file_id]) for file_id, index in named.items() if file_id in files]
    rows: list[MemberRow] = []
    if given and len(wrong) < MAX_VIOLATIONS:
        rows, more = _read(given, rules, variables, job or Job())
        wrong = sorted(wrong + more, key=lambda indexed: indexed[0])
    return MemberList(rows, [violation for _, violation in wrong[:MAX_VIOLATIONS]])


def _violation(index: int, rule: str, accepted: str, found: str) -> Indexed:
    return index, Violation(f"/body/fileIds/{index}", rule, accepted, found)


def _read(
    given: Sequence[tuple[int, StoredFile]], rules: Rules, variables: Sequence[str], job: Job
) -> tuple[list[MemberRow], list[Indexed]]:
    """Rows, or what is wrong. Raises BrokenReader."""
    rows: list[MemberRow] = []
    wrong: list[Indexed] = []
    with job.isolated(reader_process.__name__, _is_fit) as process:
        _tell(process, {"wanted": variables})
        for index, file in given:
            if (told := _asked(process, file, rows)) is None:
                return [], [*wrong, _exhausted(index, file, rules, job)]
            wrong += (
                _violation(index, getattr(rules, about), accepted, found)
                for about, accepted, found in told[len(wrong) :]
            )
    return ([], wrong) if wrong else (rows, [])


def _asked(
    process: subprocess.Popen[bytes], file: StoredFile, rows: list[MemberRow], **asked: bool
) -> Any:
    """What the reader says of a file; None when it ran out of memory or time.

    Its members go to `rows` as they come in, while the reader goes on. Raises BrokenReader.
    """
    try:
        head = {"name": file.file_name, "type": file.media_type, "size": len(file.content)}
        _tell(process, head | asked, file.content)
        for line in process.stdout or ():
            if not line.startswith(reader_process.MEMBERS):
                return orjson.loads(line)
            rows += map(MemberRow._make, orjson.loads(line[1:]))
    except BrokenPipeError:
        pass
    if process.wait() == 1:
        raise BrokenReader(_complaint(process))
    return None


def _is_fit(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a reader that has answered may read for another task."""
    if process.stdout is None:
        return False
    try:
        _tell(process, {"fit": True})
        return process.stdout.readline() == reader_process.FIT
    except OSError:
        return False


def _exhausted(index: int, file: StoredFile, rules: Rules, job: Job) -> Indexed:
    """Say what of a file was too much."""
    with job.isolated(reader_process.__name__) as process:
        _tell(process, {"wanted": []})
        corner, cells = _asked(process, file, [], extent=True) or ("", 0)
    name = file.file_name[:NAME_LENGTH]
    if cells > MAX_CELLS:
        reach = f"{name} A1:{corner}: {cells}"
        return _violation(index, rules.file, f"cells <= {MAX_CELLS}", reach)
    limits = f"memory <= {reader_process.MAX_MEMORY}, seconds <= {reader_process.MAX_SECONDS}"
    return _violation(index, rules.file, limits, name)


def _tell(process: subprocess.Popen[bytes], head: Mapping[str, Any], content: bytes = b"") -> None:
    if process.stdin:
        process.stdin.write(json.dumps(head).encode() + b"\n")
        process.stdin.write(content)
        process.stdin.flush()


def _complaint(process: subprocess.Popen[bytes]) -> str:
    said = process.stderr.read() if process.stderr else b""
    return said.decode(errors="replace")[-2000:]
