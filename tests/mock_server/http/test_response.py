"""Downloads of many megabytes return the same bytes and delay no other request."""

from __future__ import annotations

import asyncio
import random
import socket
from hashlib import sha256
from typing import Any

import pytest

from mock_server.http.response_sending import SEND_CHUNK_BYTES, send_response
from tests.mock_server.uploads import FILES, UploadedFile, upload_file
from tests.serving import RunningMock

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def large_file(shared_mock: RunningMock) -> UploadedFile:
    """50 MB of random bytes in a file with a Chinese name."""
    return upload_file(shared_mock, random.Random(1).randbytes(50 * MEGABYTE), "四月 素材.bin")


def test_50_mb_come_back_as_they_were(shared_mock: RunningMock, large_file: UploadedFile) -> None:
    """Bytes, signature, size, name and type are the same."""
    got = shared_mock.anonymous.get(large_file.path)
    assert got.content == large_file.content
    assert large_file.answer["fileSize"] == 50 * MEGABYTE
    assert large_file.answer["signature"] == sha256(large_file.content).hexdigest()
    assert got.headers["Content-Length"] == str(50 * MEGABYTE)
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert "%E5%9B%9B%E6%9C%88%20%E7%B4%A0%E6%9D%90.bin" in got.headers["Content-Disposition"]
    tag = {"If-None-Match": got.headers["ETag"]}
    assert shared_mock.anonymous.get(large_file.path, headers=tag).status_code == 304


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0, SEND_CHUNK_BYTES - 1),
        (0, SEND_CHUNK_BYTES),
        (1, 2 * SEND_CHUNK_BYTES),
        (30 * MEGABYTE, 40 * MEGABYTE),
        (50 * MEGABYTE - 1, 50 * MEGABYTE - 1),
    ],
)
def test_a_part_of_50_mb_is_that_part(
    shared_mock: RunningMock, large_file: UploadedFile, first: int, last: int
) -> None:
    """Ranges of less than a block, exactly one block, and several blocks are right."""
    asked = {"Range": f"bytes={first}-{last}"}
    got = shared_mock.anonymous.get(large_file.path, headers=asked)
    assert got.status_code == 206
    assert got.headers["Content-Range"] == f"bytes {first}-{last}/{50 * MEGABYTE}"
    assert got.content == large_file.content[first : last + 1]


def test_a_reader_who_stops_holds_up_nobody(
    shared_mock: RunningMock, large_file: UploadedFile
) -> None:
    """Other requests are served meanwhile, and the reader gets the right bytes later."""
    host, port = shared_mock.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as stalled:
        stalled.settimeout(10)
        stalled.sendall(f"GET {large_file.path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        got = stalled.recv(1000)
        assert shared_mock.anonymous.get(f"{FILES}/602").status_code == 200
        while b"\r\n\r\n" not in got:
            got += stalled.recv(1000)
        rest = got.partition(b"\r\n\r\n")[2]
        while len(rest) < 2 * MEGABYTE:
            rest += stalled.recv(65536)
        assert large_file.content.startswith(rest)


@pytest.mark.parametrize(
    "size",
    [0, 1, SEND_CHUNK_BYTES, SEND_CHUNK_BYTES + 1, 3 * SEND_CHUNK_BYTES, 3 * SEND_CHUNK_BYTES + 1],
)
@pytest.mark.parametrize("kind", [bytes, memoryview])
def test_a_large_answer_is_sent_in_pieces(size: int, kind: type[bytes | memoryview]) -> None:
    """No piece exceeds the limit, so no more is ever buffered for a slow reader."""
    content = random.Random(3).randbytes(size)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(send_response({"method": "GET"}, send, 200, kind(content), []))
    start, *pieces = sent
    assert start["headers"] == [(b"content-length", str(size).encode())]
    assert b"".join(piece["body"] for piece in pieces) == content
    assert max(len(piece["body"]) for piece in pieces) <= SEND_CHUNK_BYTES
    assert [piece.get("more_body", False) for piece in pieces] == [
        *[True] * (len(pieces) - 1),
        False,
    ]
