"""Uploaded files and the limit of their total size (L211-L246)."""

from __future__ import annotations

import re
from collections import UserDict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mock_server.domain.change_listeners import ChangeListener, ignore_change
from mock_server.domain.media_type_detection import detect_media_type
from mock_server.errors import ErrorDetail

MAX_NAME_LENGTH = 255
"""Maximum length of a file name in characters (X7); no file system has longer ones (F14)."""
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")


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
        self._first_ids: dict[str, int] = {}
        """Id of the first file with a content, by signature."""
        self.on_change: ChangeListener = ignore_change
        self._is_shared = False

    def fork(self) -> FileStore:
        """Return a store with the same files; changes of one of the two leave the other."""
        made = FileStore(self.room)
        made.data, made._first_ids = self.data, self._first_ids
        made.used_bytes = self.used_bytes
        made._is_shared = self._is_shared = True
        return made

    def __setitem__(self, id_: int, file: StoredFile) -> None:
        self._take_copy()
        self.pop(id_, None)  # by __delitem__, which subtracts the size of a replaced file
        self.used_bytes += len(file.content)
        self._first_ids.setdefault(file.signature, id_)
        super().__setitem__(id_, file)
        self.on_change()

    def __delitem__(self, id_: int) -> None:
        self._take_copy()
        file = self[id_]
        self.used_bytes -= len(file.content)
        if self._first_ids.get(file.signature) == id_:
            del self._first_ids[file.signature]
        super().__delitem__(id_)
        self.on_change()

    def _take_copy(self) -> None:
        """Take a copy of what is shared with forks, before a change."""
        if self._is_shared:
            self.data, self._first_ids = self.data.copy(), self._first_ids.copy()
            self._is_shared = False

    def find_uploaded(self, signature: str, same_file_twice: str) -> StoredFile | None:
        """Return the first file with this content if the reading is same-id, else None (F12)."""
        if same_file_twice != "same-id" or signature not in self._first_ids:
            return None
        return self[self._first_ids[signature]]

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
    """Return the violations of an upload: its file name (FI-01, F14), no content (FI-02)."""
    found = []
    name = file_name or ""
    if not name.strip():
        found.append(ErrorDetail("/body/file", "FI-01", 'filename="report.pdf"', name))
    if len(name) > MAX_NAME_LENGTH:
        accepted = f"maxLength {MAX_NAME_LENGTH}"
        found.append(ErrorDetail("/body/file", "maxFileName", accepted, str(len(name))))
    if control := CONTROL_CHARACTER.search(name):
        shown = f"U+{ord(control[0]):04X}"
        found.append(ErrorDetail("/body/file", "fileNameControl", 'filename="report.pdf"', shown))
    if not content:
        found.append(ErrorDetail("/body/file", "FI-02", "minLength 1", "0"))
    return found
