"""Uploads in tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.serving import RunningMock

FILES = "/api/v1/file"
MODULE = {"moduleName": "notification"}


@dataclass(frozen=True)
class UploadedFile:
    """An uploaded file and the response to its upload."""

    path: str
    content: bytes
    answer: dict[str, Any]


def send_upload(
    mock: RunningMock, content: bytes, name: str = "a.bin", kind: str = ""
) -> httpx.Response:
    """Send an upload; without `kind`, the part has no Content-Type."""
    # httpx would guess a type from the name.
    headers = {"Content-Type": kind} if kind else {"Content-Type": ""}
    part = (name, content, None, headers)
    return mock.client.post(FILES, files={"file": part}, data=MODULE)


def upload_file(
    mock: RunningMock, content: bytes, name: str = "a.bin", kind: str = ""
) -> UploadedFile:
    """Upload a file, which has to succeed."""
    answer = send_upload(mock, content, name, kind)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    return UploadedFile(f"{FILES}/{made['id']}", content, made)
