"""The total size of uploaded files is limited."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime

import pytest

from mock_server.clock import CST
from mock_server.domain.files import FileStore, StoredFile, create_stored_file
from mock_server.runtime.threads import MIN_BYTES_FOR_THREAD
from tests.mock_server.uploads import send_upload, upload_file
from tests.serving import FROZEN, RunningMock, run_mock

FREE_BYTES = 1_000
"""Free space beside the demo data in these tests."""
REFUSAL_TEXT = (
    "上传的文件必须能够完整保存；存储空间不足时返回 413，不保存任何部分，也不影响已保存的文件。"
)


@pytest.fixture
def nearly_full_mock() -> Iterator[RunningMock]:
    """A mock with the demo data and FREE_BYTES of free space."""
    with run_mock() as mock:
        files = mock.world.files
        files.room = sum(len(file.content) for file in files.values()) + FREE_BYTES
        yield mock


def test_a_file_that_there_is_no_room_for_is_refused_and_says_how_much_there_is(
    nearly_full_mock: RunningMock,
) -> None:
    """FI-14: 413 with the used and the free bytes; files of the initial data count."""
    room = nearly_full_mock.world.files.room
    answer = send_upload(nearly_full_mock, bytes(FREE_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["errors"] == [
        {
            "pointer": "/body/file",
            "rule": "FI-14",
            "message": REFUSAL_TEXT,
            "accepted": f"fileSize <= {FREE_BYTES} ({room - FREE_BYTES} of {room} used)",
            "found": str(FREE_BYTES + 1),
        }
    ]


def test_a_refused_file_leaves_no_trace(nearly_full_mock: RunningMock) -> None:
    """It takes no id and no space, and a file that fits exactly is accepted (FI-14)."""
    before = nearly_full_mock.anonymous.get("/api/v1/file/602").content
    first = upload_file(nearly_full_mock, bytes(FREE_BYTES - 1))
    assert send_upload(nearly_full_mock, b"ab").status_code == 413
    last = upload_file(nearly_full_mock, b"z")
    assert last.answer["id"] == first.answer["id"] + 1
    assert send_upload(nearly_full_mock, b"a").status_code == 413
    assert nearly_full_mock.anonymous.get(last.path).content == b"z"
    assert nearly_full_mock.anonymous.get("/api/v1/file/602").content == before


def test_files_that_come_at_the_same_time_do_not_share_the_same_room() -> None:
    """Large files are hashed in threads at the same time; only one of two is accepted (FI-14)."""
    size = MIN_BYTES_FOR_THREAD * 2
    with run_mock(replace(FROZEN, scenario="empty", max_storage=size + 1)) as mock:
        with ThreadPoolExecutor(4) as four:
            answers = list(
                four.map(lambda number: send_upload(mock, bytes([number]) * size), range(4))
            )
        assert sorted(answer.status_code for answer in answers) == [200, 413, 413, 413]
        assert mock.world.files.used_bytes == size


def test_a_mock_whose_first_world_is_larger_than_its_room_takes_no_file() -> None:
    """It starts, and reports that no space is left."""
    with run_mock(replace(FROZEN, max_storage=1)) as mock:
        error = send_upload(mock, b"a").json()["errors"][0]
        assert error["rule"] == "FI-14"
        assert error["accepted"].startswith("fileSize <= 0 (")


def make_file(number: int, size: int) -> StoredFile:
    """Return a file of this size."""
    made = datetime(2025, 4, 21, tzinfo=CST)
    return create_stored_file(number, "a", "", bytes(size), "", "m", made)


def test_a_shelf_counts_what_is_on_it() -> None:
    """The used bytes are right after every way of adding and removing files."""
    shelf = FileStore(100)
    shelf[1] = make_file(1, 10)
    shelf.update({2: make_file(2, 20), 3: make_file(3, 30)})
    assert shelf.used_bytes == 60
    shelf[2] = make_file(2, 5)
    assert shelf.used_bytes == 45
    del shelf[1]
    shelf.pop(3)
    assert (shelf.used_bytes, [*shelf]) == (5, [2])
    assert not shelf.room_violations(bytes(95), shelf.used_bytes)
    assert shelf.room_violations(bytes(96), shelf.used_bytes)
