"""Uploaded files and the limit of their total size (L211-L246)."""

from __future__ import annotations

from collections import UserDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mock_server.domain.media_type_detection import detect_media_type
from mock_server.errors import ErrorDetail


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file; signature is the SHA-256 of its bytes in 64 hexadecimal digits."""

    id: int
    file_name: str
    media_type: str
    content: bytes
    signature: str
    module_name: str
    created: datetime


class FileStore(UserDict[int, StoredFile]):
    """Files by id. They are kept in memory, so their total size is limited."""

    def __init__(self, room: int) -> None:
        """Create an empty store for at most `room` bytes."""
        super().__init__()
        self.room = room
        self.used_bytes = 0

    def __setitem__(self, id_: int, file: StoredFile) -> None:
        self.pop(id_, None)  # by __delitem__, which subtracts the size of a replaced file
        self.used_bytes += len(file.content)
        super().__setitem__(id_, file)

    def __delitem__(self, id_: int) -> None:
        self.used_bytes -= len(self[id_].content)
        super().__delitem__(id_)

    def room_violations(self, content: bytes, used: int) -> list[ErrorDetail]:
        """Return a violation if the content does not fit (FI-14); `used`: bytes already stored."""
        left = max(0, self.room - used)
        if len(content) <= left:
            return []
        accepted = f"fileSize <= {left} ({used} of {self.room} used)"
        return [ErrorDetail("/body/file", "FI-14", accepted, str(len(content)))]


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes in lower-case hexadecimal digits (F5)."""
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
    """Return a new file; `declared` is the Content-Type of its part in the upload, if any."""
    kind = detect_media_type(name, declared, content)
    return StoredFile(file_id, name, kind, content, signature, module_name, now)


def upload_violations(file_name: str | None, content: bytes) -> list[ErrorDetail]:
    """Return the violations of an upload: no file name (FI-01), no content (FI-02)."""
    found = []
    if not (file_name or "").strip():
        found.append(ErrorDetail("/body/file", "FI-01", 'filename="report.pdf"', file_name or ""))
    if not content:
        found.append(ErrorDetail("/body/file", "FI-02", "minLength 1", "0"))
    return found
