"""Member lists of tasks, read from uploaded files that are joined in order (N5, M46)."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mock_server.domain.files import StoredFile
from mock_server.domain.member_directory import (
    MemberDirectory,
    MemberRow,
    merge_repeated_members,
)
from mock_server.domain.member_list_rules import (
    DEFAULT_READINGS,
    MemberListReadings,
    MemberListRules,
)
from mock_server.errors import ErrorDetail
from mock_server.member_files import limits, reader_process
from mock_server.member_files.file_violations import FileReport, ReportedFile, share_fairly
from mock_server.member_files.findings import ACCEPTED_FORMATS, MAX_FINDINGS, Finding
from mock_server.member_files.known_members import add_conflicts
from mock_server.member_files.reader_client import ask_reader, is_reusable, reader_arguments, send
from mock_server.runtime.worker_processes import WorkerJob

log = logging.getLogger(__name__)


class MemberList(NamedTuple):
    """Rows of all files, and at most MAX_FINDINGS violations in them.

    unknown: the violations if all of them are ids of no file; total: the number of all violations.
    """

    rows: list[MemberRow]
    violations: list[ErrorDetail]
    unknown: list[ErrorDetail]
    total: int = 0


FileDescription = dict[str, Any]
"""`fileId`, and what `description.py` says about a file."""


def read_member_lists(
    file_ids: Sequence[int],
    files: Mapping[int, StoredFile],
    rules: MemberListRules,
    variables: Sequence[str] = (),
    readings: MemberListReadings = DEFAULT_READINGS,
    job: WorkerJob | None = None,
    descriptions: list[FileDescription] | None = None,
    known: MemberDirectory | None = None,
) -> MemberList:
    """Return the rows of the files, or the violations in them; blocks until they are read.

    Every file must exist and be a list with at least one member, and every row must have a value
    for each of the variables. By the readings, a member that occurs twice in them, or a file that
    is listed twice, is a violation, or is merged, or is repeated. Together, the files may have
    `limits.MAX_ROWS` members. The violations that are returned are shared among the files.

    descriptions: gets a description of each file that is read; known: members whom a row must not
    confuse, and whom no two rows may name by different ids. Raises JobCancelledError.
    """
    reports: list[FileReport] = []
    given: list[FileReport] = []
    named: dict[int, int] = {}
    for index, file_id in enumerate(file_ids):
        first = named.setdefault(file_id, index)
        file = files.get(file_id)
        report = FileReport(ReportedFile(index, file_id, file.file_name if file else ""), rules)
        reports.append(report)
        if first != index and readings.repeated == "refused":
            report.add(Finding("file-repeated", "uniqueItems", str(file_id)))
        elif file is None:
            report.add(Finding("file-unknown", ACCEPTED_FORMATS, str(file_id)))
        elif first == index or readings.repeated == "repeated":
            given.append(report)
    rows: list[MemberRow] = []
    if given:
        arguments = reader_arguments(variables, readings)
        job = job or WorkerJob()
        rows = _read_files(given, files, arguments, job, descriptions)
        if known is not None and not any(report.total for report in reports):
            add_conflicts(given, files, rows, known, readings, job)
    total = sum(report.total for report in reports)
    shown = share_fairly(reports, MAX_FINDINGS)
    unknown = [each for each in shown if each.mistake and each.mistake.code == "file-unknown"]
    if sum(file_id not in files for file_id in file_ids) < total:
        unknown = []
    if readings.repeated == "merged":
        rows = merge_repeated_members(rows)
    return MemberList([] if total else rows, shown, unknown, total)


def _read_files(
    given: Sequence[FileReport],
    files: Mapping[int, StoredFile],
    arguments: Mapping[str, Any],
    job: WorkerJob,
    descriptions: list[FileDescription] | None,
) -> list[MemberRow]:
    """Return the rows of the files, and add the findings to their reports.

    The rows are incomplete if there are findings. Raises ReaderProcessError.
    """
    rows: list[MemberRow] = []
    with job.start_process(reader_process.__name__, is_reusable) as process:
        send(process, arguments)
        for report in given:
            file = files[report.file.id]
            report.first_row, begun = len(rows), time.monotonic()
            describe = descriptions is not None
            if (told := ask_reader(process, file, rows, describe=describe)) is None:
                report.add(_limit_finding(file, job))
                log.info("member file %d: over the limits of the reader", file.id)
                break
            report.add_all(told["findings"], told["total"])
            if descriptions is not None:
                descriptions.append({"fileId": file.id, **told["description"]})
            seconds = time.monotonic() - begun
            count = len(rows) - report.first_row
            log.info(
                "member file %d: %d bytes, %d members, %d mistakes, %.2f s",
                file.id,
                len(file.content),
                count,
                told["total"],
                seconds,
            )
    return rows


def _limit_finding(file: StoredFile, job: WorkerJob) -> Finding:
    """Return the finding about a file that exceeded the limits of the reader."""
    # A new process, because the first one has ended. It reads the XML of the worksheet without
    # calamine, so the same file does not end it.
    with job.start_process(reader_process.__name__) as process:
        send(process, reader_arguments([], DEFAULT_READINGS))
        corner, cells = ask_reader(process, file, [], extent=True) or ("", 0)
    if cells > limits.MAX_CELLS:
        return limits.too_many_cells("", corner, cells)
    seconds = reader_process.TASK_TIMEOUT_SECONDS
    accepted = f"memory <= {reader_process.MAX_MEMORY_BYTES}, seconds <= {seconds}"
    megabytes = reader_process.MAX_MEMORY_BYTES // 2**20
    return Finding("reading-limit", accepted, words=(("limit", f"{megabytes} MiB, {seconds} s"),))
