"""How tests upload, and what they upload."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.serving import RunningMock

FILES = "/api/v1/file"
MODULE = {"moduleName": "notification"}


@dataclass(frozen=True)
class UploadedFile:
    """A file that was uploaded, and what its upload answered."""

    path: str
    content: bytes
    answer: dict[str, Any]


def send_upload(
    mock: RunningMock, content: bytes, name: str = "a.bin", kind: str = ""
) -> httpx.Response:
    """Try to upload; without `kind` the part says nothing of its type."""
    # httpx would guess a type from the name.
    headers = {"Content-Type": kind} if kind else {"Content-Type": ""}
    part = (name, content, None, headers)
    return mock.client.post(FILES, files={"file": part}, data=MODULE)


def upload_file(
    mock: RunningMock, content: bytes, name: str = "a.bin", kind: str = ""
) -> UploadedFile:
    """Upload; it has to succeed."""
    answer = send_upload(mock, content, name, kind)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    return UploadedFile(f"{FILES}/{made['id']}", content, made)
