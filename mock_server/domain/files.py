"""Uploaded files, and how many of them there is room for (L211-L246)."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mock_server.domain.media_type_detection import detect_media_type
from mock_server.errors import ErrorDetail


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was uploaded; signature is the SHA-256 of its bytes, 64 hex digits."""

    id: int
    file_name: str
    media_type: str
    content: bytes
    signature: str
    module_name: str
    created: datetime


class FileStore(UserDict[int, StoredFile]):
    """Files by id. They are kept in memory, so there is room for so many bytes and no more."""

    def __init__(self, room: int) -> None:
        """`room` in bytes, of all files together."""
        super().__init__()
        self.room = room
        self.used_bytes = 0

    def __setitem__(self, id_: int, file: StoredFile) -> None:
        self.pop(id_, None)
        self.used_bytes += len(file.content)
        super().__setitem__(id_, file)

    def __delitem__(self, id_: int) -> None:
        self.used_bytes -= len(self[id_].content)
        super().__delitem__(id_)

    def room_violations(self, content: bytes, used: int) -> list[ErrorDetail]:
        """A file that there is no room for (FI-14); `used`: bytes of all that is stored."""
        left = max(0, self.room - used)
        if len(content) <= left:
            return []
        accepted = f"fileSize <= {left} ({used} of {self.room} used)"
        return [ErrorDetail("/body/file", "FI-14", accepted, str(len(content)))]


def sha256_hex(content: bytes) -> str:
    """The SHA-256 of a file's bytes, as lower-case hex (F5)."""
    return sha256(content).hexdigest()


def create_stored_file(
    file_id: int,
    name: str,
    declared: str,
    content: bytes,
    signature: str,
    module_name: str,
    now: datetime,
) -> StoredFile:
    """A new file; `declared` is the Content-Type that it was sent with, if any."""
    kind = detect_media_type(name, declared, content)
    return StoredFile(file_id, name, kind, content, signature, module_name, now)


def upload_violations(file_name: str | None, content: bytes) -> list[ErrorDetail]:
    """What an upload breaks: it has a name (FI-01) and is not empty (FI-02)."""
    found = []
    if not (file_name or "").strip():
        found.append(ErrorDetail("/body/file", "FI-01", 'filename="report.pdf"', file_name or ""))
    if not content:
        found.append(ErrorDetail("/body/file", "FI-02", "minLength 1", "0"))
    return found
