"""Process that reads the member files of tasks.

Files may be hostile, and the workbook parser is native code that aborts when it runs out of memory.
They are therefore read in a process with limits on memory and time, whose end affects one request
only. A separate process also keeps reading from delaying other requests.

The input on stdin is a line `{"wanted": [...], "identifying": [...], "unique": true}` with the
arguments of the reader, of which only the first is required, then for each file a line with its
`name` and `size`, followed by its bytes. The output for a file is a line with the prefix
MEMBERS_PREFIX for each block of members, and a line `{"total": 1, "findings": [...]}` with the
number of findings and those that may be shown; with `"describe": true`, also a `description` of the
file for a dry run, and with `"locate": [0]`, the `places` of these members. All lines are JSON. A
file with `"extent": true` gets the range of its values instead. A line `{"fit": true}` gets whether
the process can be reused: memory that a large file has taken is not returned to the system, and
would be missing for the next file.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mock_server.member_files.bulk_validation import IDENTITY_COLUMNS, MemberFields
from mock_server.member_files.member_reader import MemberFileReader
from mock_server.runtime.process_limits import TimeLimit, address_space_bytes, limit_memory

if TYPE_CHECKING:
    from mock_server.member_files.description import FileDescription

MAX_MEMORY_BYTES = 2**30
"""Limit of the address space."""
TASK_TIMEOUT_SECONDS = 60
"""Seconds for all files of one task."""
MAX_RETAINED_BYTES = 64 * 2**20
"""Memory that a process may retain from earlier tasks and still be reused."""
REUSABLE_REPLY = b"true\n"
MEMBERS_PREFIX = b"+"
"""Prefix of a line of members."""
FAST_ENCODER_THRESHOLD = 20_000
"""Number of members above which encoding takes longer than the import of a faster encoder."""
EXIT_OUT_OF_MEMORY = 3
"""Exit code after a MemoryError; native code that runs out of memory ends by a signal."""


def main() -> None:
    """Read files until stdin ends; exit with EXIT_OUT_OF_MEMORY after a MemoryError."""
    limit_memory(MAX_MEMORY_BYTES)
    gc.disable()  # objects of a task live until its end, so collections would find nothing
    try:
        _serve()
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)


def _serve() -> None:
    begun, task = address_space_bytes(), _ReadingTask([], IDENTITY_COLUMNS, unique=True)
    while head := _receive():
        if "fit" in head:
            gc.collect()
            _send(_is_reusable(begun))
        elif "wanted" in head:
            identifying = head.get("identifying", IDENTITY_COLUMNS)
            task = _ReadingTask(head["wanted"], identifying, unique=head.get("unique", True))
        else:
            content = sys.stdin.buffer.read(head["size"])
            with task.time_limit():
                said = _used_range(content) if head.get("extent") else task.read(content, head)
            _send(said)


class _ReadingTask:
    """Files of one task, with their findings and the remaining seconds."""

    def __init__(self, wanted: Sequence[str], identifying: Sequence[str], *, unique: bool) -> None:
        self._reader = MemberFileReader(wanted, _MemberWriter(), identifying, unique=unique)
        self._wanted = wanted
        self._limit = TimeLimit(TASK_TIMEOUT_SECONDS)

    def read(self, content: bytes, head: Mapping[str, Any]) -> Any:
        """Read another file, and return the response about it."""
        description = self._new_description() if head.get("describe") else None
        findings = self._reader.read(content, head["name"], description)
        said: dict[str, Any] = {"total": findings.total, "findings": findings.shown()}
        if description:
            said["description"] = description.document()
        if indexes := head.get("locate"):
            said["places"] = self._reader.places(indexes)
        return said

    def _new_description(self) -> FileDescription:
        from mock_server.member_files.description import FileDescription  # noqa: PLC0415 - seldom

        return FileDescription(self._wanted)

    @contextmanager
    def time_limit(self) -> Iterator[None]:
        """End this process once the remaining seconds of the task have passed."""
        self._limit.start()
        yield
        self._limit.stop()


def _is_reusable(begun: int) -> bool:
    """Return whether the process is at most MAX_RETAINED_BYTES larger than `begun`, in bytes."""
    return 0 < address_space_bytes() <= begun + MAX_RETAINED_BYTES


class _MemberWriter:
    """Writer of members to stdout while more are read, so that both processes work in parallel."""

    def __init__(self) -> None:
        self._count = 0
        self._encoded: Callable[[Any], bytes] = _encode

    def __call__(self, members: Sequence[MemberFields]) -> None:
        self._count += len(members)
        if self._count > FAST_ENCODER_THRESHOLD and self._encoded is _encode:
            import orjson  # noqa: PLC0415 - five times as fast, but it takes 20 ms to import

            self._encoded = orjson.dumps
        sys.stdout.buffer.write(MEMBERS_PREFIX + self._encoded(members) + b"\n")


def _used_range(content: bytes) -> tuple[str, int]:
    from mock_server.member_files import worksheet_xml  # noqa: PLC0415 - seldom, and slow to import

    return worksheet_xml.used_range(content)


def _receive() -> Any:
    line = sys.stdin.buffer.readline()
    return json.loads(line) if line else None


def _send(said: Any) -> None:
    sys.stdout.buffer.write(_encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _encode(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()
