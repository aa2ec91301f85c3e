"""A process that reads the member files of tasks.

Files are hostile until proved otherwise, and the workbook parser is native code that aborts when it
runs out of memory. So files are read here: within bounds of memory and time, and where an end
harms nobody. It is also why reading holds up no other request.

It takes from stdin a line `{"wanted": [...]}` and then each file: a line with its `name`, `type`
and `size`, and its bytes. It answers each file by a line for every block of members that it finds,
marked as such, and a line of the findings so far. All lines are JSON. A file with `"extent": true`
is asked how far its values reach. To `{"fit": true}` it answers whether it is as good as new: what
a large file has taken of memory is not given back, and would be missed by the next one.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mock_server.member_files.bulk_validation import MemberFields
from mock_server.member_files.member_reader import MemberFileReader, ReadLimitReached

MAX_MEMORY_BYTES = 2**30
"""Bytes of address space."""
TASK_TIMEOUT_SECONDS = 60
"""Of work on the files of one task."""
MAX_RETAINED_BYTES = 64 * 2**20
"""Bytes that a process may keep of earlier tasks and still read for another one."""
REUSABLE_REPLY = b"true\n"
MEMBERS_PREFIX = b"+"
"""Begins a line of members."""
FAST_ENCODER_THRESHOLD = 20_000
"""Members, from which on encoding them takes longer than importing a faster encoder."""
EXIT_OUT_OF_MEMORY = 3
"""The exit code of a process that noticed; native code ends by a signal."""


def main() -> None:
    """Read files until stdin ends; exits with EXIT_OUT_OF_MEMORY."""
    _limit_resources()
    gc.disable()  # what one task makes need not be collected before its end
    try:
        _serve()
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)


def _limit_resources() -> None:
    """Bounds that the system keeps. Windows has none of these."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - only there

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _serve() -> None:
    begun, task = _address_space(), _ReadingTask([])
    while head := _receive():
        if "fit" in head:
            gc.collect()
            _send(_is_reusable(begun))
        elif "wanted" in head:
            task = _ReadingTask(head["wanted"])
        else:
            content = sys.stdin.buffer.read(head["size"])
            with task.time_limit():
                said = _used_range(content) if head.get("extent") else task.read(content, head)
            _send(said)


class _ReadingTask:
    """The files of one task: what is found in them, and the seconds that are left for them."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self._reader = MemberFileReader(wanted, _MemberWriter())
        self._enough = False
        self._seconds = TASK_TIMEOUT_SECONDS

    def read(self, content: bytes, head: Mapping[str, Any]) -> Any:
        """The findings so far, those in one more file among them."""
        try:
            if not self._enough:
                self._reader.read(content, head["name"], head["type"])
        except ReadLimitReached:
            self._enough = True
        return self._reader.findings

    @contextmanager
    def time_limit(self) -> Iterator[None]:
        """Let the system end this process when the seconds are over. Windows cannot."""
        if sys.platform == "win32":
            yield
            return
        signal.alarm(self._seconds)
        yield
        self._seconds = signal.alarm(0)


def _is_reusable(begun: int) -> bool:
    """Return whether this process, of so many bytes when it began, has kept little more since."""
    return 0 < _address_space() <= begun + MAX_RETAINED_BYTES


def _address_space() -> int:
    """Bytes that this process has now; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[0]) * 4096
    except OSError:
        return 0


class _MemberWriter:
    """Hands members over while more are read: whoever takes them has work to do with each."""

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
