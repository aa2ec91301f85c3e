"""Uploads and downloads of many megabytes return the same bytes."""

from __future__ import annotations

import asyncio
import random
import socket
from hashlib import sha256
from typing import Any

import pytest

from mock_server.errors import InvalidRequest
from mock_server.http import multipart_form
from mock_server.http.multipart_form import Upload
from mock_server.http.operation import SEND_CHUNK_BYTES, send_response
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
    assert len(pieces) == max(1, -(-size // SEND_CHUNK_BYTES))


def form_body(*parts: bytes) -> bytes:
    """Return a form with these parts and their headers."""
    return b"".join(b"--B\r\n%b\r\n" % part for part in parts) + b"--B--\r\n"


FIELD_PART = b'Content-Disposition: form-data; name="moduleName"\r\n\r\nm'
FILE_PART = b'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
FORM_BODIES = [
    form_body(FIELD_PART, FILE_PART + b"x" * 500),
    form_body(FIELD_PART, FILE_PART + b"\r\n--" * 150 + b"\r\n-" * 50),
    form_body(FILE_PART + b"\r\n--C\r\n" * 80, FIELD_PART),
    form_body(FIELD_PART, FILE_PART + b"x") + b"and what comes after the end" * 10,
    b"before the beginning\r\n" * 10 + form_body(FIELD_PART, FILE_PART + b"x"),
    form_body(FIELD_PART, FILE_PART + b"x" * 500)[:-7],
    b"-" * 500,
]
UNALIGNED_FORM = b"before the beginning" * 10 + form_body(FIELD_PART, FILE_PART + b"x")
"""A form with a boundary that does not begin a line; the parser detects it within a block only."""


def parse_form(chunks: list[bytes]) -> object:
    """Return the parts of a form, or the error."""
    try:
        found: list[tuple[str, Upload]] = multipart_form.read_parts(chunks, "B")
    except InvalidRequest as refusal:
        return refusal.violations
    return found


def split_randomly(sent: bytes, draw: random.Random) -> list[bytes]:
    """Return the same bytes in up to twenty packets."""
    cuts = sorted(draw.randrange(len(sent)) for _ in range(draw.randrange(20)))
    chunks = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    return [chunk for chunk in chunks if chunk]


@pytest.mark.parametrize("sent", [*FORM_BODIES, UNALIGNED_FORM], ids=range(len(FORM_BODIES) + 1))
def test_a_form_is_read_alike_however_it_arrives(sent: bytes) -> None:
    """Parts and errors do not depend on how the network splits the bytes."""
    draw = random.Random(2)
    for _ in range(50):
        assert parse_form(split_randomly(sent, draw)) == parse_form([sent])


@pytest.mark.parametrize("sent", FORM_BODIES, ids=range(len(FORM_BODIES)))
@pytest.mark.parametrize("block", [16, 64, 100])
def test_a_form_is_read_alike_in_one_block_and_in_many(
    sent: bytes, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost or mistaken for a boundary where two blocks meet."""
    whole = parse_form([sent])
    monkeypatch.setattr(multipart_form, "BLOCK_BYTES", block)
    assert parse_form([sent]) == whole


def test_a_form_has_a_hundred_parts_at_most() -> None:
    """The hundredth part is accepted, one more is refused."""
    part = b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n'
    assert len(multipart_form.read_parts([part * 100 + b"--b--\r\n"], "b")) == 100
    with pytest.raises(InvalidRequest):
        multipart_form.read_parts([part * 101 + b"--b--\r\n"], "b")
