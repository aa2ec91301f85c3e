"""Uploaded files and how they are downloaded (L211-L246)."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from mock_server.errors import Violation

MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}")
UNKNOWN_TYPE = "application/octet-stream"
mimetypes.init(files=())  # the standard library's own table: the same answer on every machine
mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")


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


def stored(
    file_id: int, name: str, sent_type: str, content: bytes, module_name: str, now: datetime
) -> StoredFile:
    """A new file; its media type is the part's, else guessed from the name (L241)."""
    media_type = sent_type.partition(";")[0].strip().lower()
    if not MEDIA_TYPE.fullmatch(media_type) or media_type == UNKNOWN_TYPE:
        media_type = mimetypes.guess_type(name, strict=True)[0] or UNKNOWN_TYPE
    return StoredFile(
        file_id, name, media_type, content, sha256(content).hexdigest(), module_name, now
    )


def violations(file_name: str | None, content: bytes) -> list[Violation]:
    """What an upload breaks: it has a name (FI-01) and is not empty (FI-02)."""
    found = []
    if not (file_name or "").strip():
        found.append(Violation("/body/file", "FI-01", 'filename="report.pdf"', file_name or ""))
    if not content:
        found.append(Violation("/body/file", "FI-02", "minLength 1", "0"))
    return found
