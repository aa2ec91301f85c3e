"""Member lists that tasks are created from: uploaded workbooks, joined in order (M46)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from mock_server.domain.files import StoredFile
from mock_server.domain.queries import unknown_ids
from mock_server.domain.workbook import UnreadableWorkbook, read_rows
from mock_server.errors import Violation

Row = Mapping[str, str | int]
TEMPLATE_COLUMNS = ("memberId", "userId", "ciq", "nickname")
TEMPLATE_SAMPLE = (1001, "U1001", "C1001", "张丽")


class MemberList(NamedTuple):
    """The rows of all files that could be read, and what is wrong with the others."""

    rows: list[Row]
    violations: list[Violation]


def size(file_ids: Sequence[int], files: Mapping[int, StoredFile]) -> int:
    """How many bytes there are to read."""
    return sum(len(files[file_id].content) for file_id in file_ids if file_id in files)


def joined(file_ids: Sequence[int], files: Mapping[int, StoredFile], rule: str) -> MemberList:
    """Read the files one after the other; one that is named twice counts twice.

    Every file must exist, be a workbook and hold at least one row: `rule` is NT-10 or MT-03.
    """
    read: dict[int, MemberList] = {}
    everything = MemberList([], [])
    for index, file_id in enumerate(file_ids):
        pointer = f"/body/fileIds/{index}"
        if file_id not in read:
            read[file_id] = _one(pointer, file_id, files, rule)
        everything.rows.extend(read[file_id].rows)
        everything.violations.extend(
            replace(violation, pointer=pointer) for violation in read[file_id].violations
        )
    return everything


def _one(pointer: str, file_id: int, files: Mapping[int, StoredFile], rule: str) -> MemberList:
    file = files.get(file_id)
    if file is None:
        return MemberList([], unknown_ids(files, [(pointer, file_id)], rule))
    try:
        rows = read_rows(file.content)
    except UnreadableWorkbook:
        return MemberList([], [Violation(pointer, rule, ".xlsx", file.file_name[:80])])
    if rows:
        return MemberList([*rows], [])
    return MemberList([], [Violation(pointer, rule, "minItems 1", "0")])
