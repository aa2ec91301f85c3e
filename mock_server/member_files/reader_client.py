"""Conversation with the reader process (`reader_process.py`)."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from mock_server.domain.files import StoredFile
from mock_server.domain.member_directory import MemberRow
from mock_server.domain.member_list_rules import MemberListReadings
from mock_server.member_files import reader_process
from mock_server.runtime.process_limits import is_failure

log = logging.getLogger(__name__)
ROWS_PER_LOG_LINE = 25_000
"""Members after which the log has a line about the progress."""


class ReaderProcessError(RuntimeError):
    """The process that reads files failed because of a bug in it."""


def reader_arguments(variables: Sequence[str], readings: MemberListReadings) -> Mapping[str, Any]:
    """Return the arguments of the reader for the files of a task."""
    return {
        "wanted": variables,
        "identifying": readings.identifying,
        "unique": readings.repeated == "refused",
    }


def ask_reader(
    process: subprocess.Popen[bytes], file: StoredFile, rows: list[MemberRow], **asked: Any
) -> Any:
    """Return the reader's response about a file, or None if it ran out of memory or time.

    Members are added to `rows` as they arrive, while the reader continues. Raises
    ReaderProcessError.
    """
    try:
        head = {"name": file.file_name, "size": len(file.content)}
        send(process, head | asked, file.content)
        for line in process.stdout or ():
            if not line.startswith(reader_process.MEMBERS_PREFIX):
                return orjson.loads(line)
            before = len(rows)
            rows += map(MemberRow._make, orjson.loads(line[1:]))
            if len(rows) // ROWS_PER_LOG_LINE > before // ROWS_PER_LOG_LINE:
                log.info("member file %d: %d members so far", file.id, len(rows))
    except OSError:  # BrokenPipeError, or EINVAL on Windows
        pass  # it has ended; its exit code gives the reason
    code, said = process.wait(), _error_output(process)
    if is_failure(code, said):
        # The end of a traceback names the error.
        raise ReaderProcessError(said.decode(errors="replace")[-2000:])
    return None


def is_reusable(process: subprocess.Popen[bytes]) -> bool:
    """Return whether a reader that has finished its task can be used for another."""
    if process.stdout is None:
        return False
    try:
        send(process, {"fit": True})
        return process.stdout.readline() == reader_process.REUSABLE_REPLY
    except OSError:
        return False


def send(process: subprocess.Popen[bytes], head: Mapping[str, Any], content: bytes = b"") -> None:
    """Send a line, and the bytes of a file."""
    if process.stdin:
        process.stdin.write(json.dumps(head).encode() + b"\n")
        process.stdin.write(content)
        process.stdin.flush()


def _error_output(process: subprocess.Popen[bytes]) -> bytes:
    return process.stderr.read() if process.stderr else b""
