"""Files are kept in memory, so there is room for so many bytes and no more."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from mock_server.clock import CST
from mock_server.domain.files import Shelf, StoredFile, stored
from mock_server.runtime.threads import MANY_BYTES
from tests.mock_server.uploads import send, upload
from tests.serving import FROZEN, Mock, running

LEFT = 1_000
"""Bytes that the demo world leaves free below."""
REFUSED = (
    "上传的文件必须能够完整保存；存储空间不足时返回 413，不保存任何部分，也不影响已保存的文件。"
)


@pytest.fixture
def small() -> Iterator[Mock]:
    """A mock of the demo world, in which there is room for LEFT more bytes."""
    with running() as mock:
        files = mock.world.files
        files.room = sum(len(file.content) for file in files.values()) + LEFT
        yield mock


def test_a_file_that_there_is_no_room_for_is_refused_and_says_how_much_there_is(
    small: Mock,
) -> None:
    """FI-14: 413, what is used and what is left; the files of the first world count."""
    room = small.world.files.room
    answer = send(small, bytes(LEFT + 1))
    assert answer.status_code == 413
    assert answer.json()["errors"] == [
        {
            "pointer": "/body/file",
            "rule": "FI-14",
            "message": REFUSED,
            "accepted": f"fileSize <= {LEFT} ({room - LEFT} of {room} used)",
            "found": str(LEFT + 1),
        }
    ]


def test_a_refused_file_leaves_no_trace(small: Mock) -> None:
    """Not an id, not a byte; what fits is still taken, to the last byte (FI-14)."""
    before = small.anonymous.get("/api/v1/file/602").content
    first = upload(small, bytes(LEFT - 1))
    assert send(small, b"ab").status_code == 413
    last = upload(small, b"z")
    assert last.answer["id"] == first.answer["id"] + 1
    assert send(small, b"a").status_code == 413
    assert small.anonymous.get(last.path).content == b"z"
    assert small.anonymous.get("/api/v1/file/602").content == before


def test_files_that_come_at_the_same_time_do_not_share_the_same_room() -> None:
    """Large ones are looked at beside each other; there is still room for one only (FI-14)."""
    size = MANY_BYTES * 2
    with running(replace(FROZEN, scenario="empty", max_storage=size + 1)) as mock:
        with ThreadPoolExecutor(4) as four:
            answers = list(four.map(lambda number: send(mock, bytes([number]) * size), range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 413, 413, 413]
        assert mock.world.files.used == size


def test_a_mock_whose_first_world_is_larger_than_its_room_takes_no_file() -> None:
    """It starts, and says that nothing is left."""
    with running(replace(FROZEN, max_storage=1)) as mock:
        error = send(mock, b"a").json()["errors"][0]
        assert error["rule"] == "FI-14"
        assert error["accepted"].startswith("fileSize <= 0 (")


def file(number: int, size: int) -> StoredFile:
    """A file of so many bytes."""
    made = datetime(2025, 4, 21, tzinfo=CST)
    return stored(number, "a", "", bytes(size), "", "m", made)


def test_a_shelf_counts_what_is_on_it() -> None:
    """Whichever way it came there or left."""
    shelf = Shelf(100)
    shelf[1] = file(1, 10)
    shelf.update({2: file(2, 20), 3: file(3, 30)})
    assert shelf.used == 60
    shelf[2] = file(2, 5)
    assert shelf.used == 45
    del shelf[1]
    shelf.pop(3)
    assert (shelf.used, [*shelf]) == (5, [2])
    assert not shelf.violations(bytes(95), shelf.used)
    assert shelf.violations(bytes(96), shelf.used)
