"""Comparison of the members in files with those that are known (N2, N33).

The reader process has no records, so rows are compared here, after all files were read. Files with
such a mistake are read again to find its place, which the rows do not contain.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_server.domain.files import StoredFile
from mock_server.domain.member_conflicts import MemberConflict, find_conflicts
from mock_server.domain.member_directory import IDENTITY_FIELDS, MemberDirectory, MemberRow
from mock_server.domain.member_list_rules import MemberListReadings
from mock_server.member_files import reader_process
from mock_server.member_files.file_violations import FileReport
from mock_server.member_files.findings import MAX_FINDINGS, Finding, cut_value
from mock_server.member_files.id_index import describe_place
from mock_server.member_files.reader_client import ask_reader, is_reusable, reader_arguments, send
from mock_server.runtime.worker_processes import WorkerJob


class _Place(NamedTuple):
    """The place of a member: index of the file, name of the sheet, and number of the row.

    columns: letters and title of each identity column, by the name of the field.
    """

    file: int
    sheet: str
    row: int
    columns: Mapping[str, tuple[str, str]]


def add_conflicts(
    reports: Sequence[FileReport],
    files: Mapping[int, StoredFile],
    rows: Sequence[MemberRow],
    known: MemberDirectory,
    readings: MemberListReadings,
    job: WorkerJob,
) -> None:
    """Add to the reports of files the rows that name two known members, or one again."""
    starts = [report.first_row for report in reports]
    kept: list[MemberConflict] = []
    for conflict in find_conflicts(rows, known, unique=readings.repeated == "refused"):
        if len(kept) < MAX_FINDINGS:
            kept.append(conflict)
        else:
            reports[bisect_right(starts, conflict.row) - 1].total += 1
    if not kept:
        return
    wanted = {conflict.row for conflict in kept}
    wanted |= {conflict.earlier for conflict in kept if conflict.earlier is not None}
    places = _find_places(sorted(wanted), reports, files, readings, job)
    for conflict in kept:
        place = places[conflict.row]
        report = reports[place.file]
        if conflict.earlier is None:
            report.add(_confusion(conflict, rows, place))
        else:
            earlier = places[conflict.earlier]
            file = "" if earlier.file == place.file else reports[earlier.file].file.name
            report.add(_repetition(conflict, rows, place, earlier, file))


def _find_places(
    indexes: Sequence[int],
    reports: Sequence[FileReport],
    files: Mapping[int, StoredFile],
    readings: MemberListReadings,
    job: WorkerJob,
) -> dict[int, _Place]:
    """Return the places of members by their indexes among those of all files."""
    starts = [report.first_row for report in reports]
    by_file: dict[int, list[int]] = defaultdict(list)
    for index in indexes:
        by_file[bisect_right(starts, index) - 1].append(index)
    found: dict[int, _Place] = {}
    with job.start_process(reader_process.__name__, is_reusable) as process:
        for number, members in by_file.items():
            # Every file for itself: one that is given twice may repeat all of its members.
            send(process, reader_arguments([], readings._replace(repeated="repeated")))
            asked = [index - starts[number] for index in members]
            file = files[reports[number].file.id]
            told: Any = ask_reader(process, file, [], locate=asked)
            if told is None:  # it was read a moment ago, so only a full machine explains it
                break
            place = told["places"]
            for index, row in zip(members, place["rows"], strict=True):
                found[index] = _Place(number, place["sheet"], row, place["columns"])
    missing = {index: _Place(bisect_right(starts, index) - 1, "", 0, {}) for index in indexes}
    return missing | found


def _confusion(conflict: MemberConflict, rows: Sequence[MemberRow], place: _Place) -> Finding:
    names = _given_ids(rows[conflict.row])
    words = {"name": " / ".join(names), "other": ", ".join(map(str, conflict.members))}
    return _finding("id-conflict", "one member", names, place, words)


def _repetition(
    conflict: MemberConflict,
    rows: Sequence[MemberRow],
    place: _Place,
    earlier: _Place,
    file: str,
) -> Finding:
    first = next(iter(_given_ids(rows[conflict.earlier or 0])))
    cell = f"{earlier.columns.get(first, ('', ''))[0]}{earlier.row or ''}"
    other = describe_place(cut_value(file), earlier.sheet, cell) if file else cell
    names = _given_ids(rows[conflict.row])
    return _finding("member-repeated", "unique member", names, place, {"other": other})


def _given_ids(row: MemberRow) -> dict[str, str]:
    """Return the ids of a row by the name of the field."""
    ids = zip(IDENTITY_FIELDS, row, strict=False)
    return {name: str(value) for name, value in ids if value is not None}


def _finding(
    code: str, accepted: str, ids: Mapping[str, str], place: _Place, words: Mapping[str, str]
) -> Finding:
    name, value = next(iter(ids.items()))
    column, header = place.columns.get(name, ("", ""))
    return Finding(
        code,
        accepted,
        cut_value(value),
        place.row,
        column,
        cut_value(header),
        cut_value(place.sheet),
        tuple(words.items()),
    )
