"""The journal has every request to the API, and no others."""

from __future__ import annotations

import gc
import time

import pytest

from mock_server.http import recorded_exchange
from mock_server.http.protocol import HttpProtocol
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.control.journal_requests import (
    clear_journal,
    last_request,
    list_requests,
    raw_exchange,
)
from tests.serving import RunningMock

LOGIN_HEAD = (
    b"POST /oauth/token HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Authorization: Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ=\r\nTransfer-Encoding: chunked\r\n\r\n"
)


@pytest.fixture
def mock(shared_mock: RunningMock) -> RunningMock:
    """A mock with an empty journal."""
    return clear_journal(shared_mock)


def test_pages_and_the_control_plane_are_not_in_the_journal(mock: RunningMock) -> None:
    """It has the requests to the API; unknown paths belong to it."""
    for path in (
        "/",
        "/openapi.yaml",
        "/openapi.json",
        "/docs/swagger/",
        f"{ADMIN}/health",
        f"{ADMIN}/no",
    ):
        mock.anonymous.get(path)
    assert list_requests(mock) == []
    mock.anonymous.get("/nothing")
    assert [each["path"] for each in list_requests(mock)] == ["/nothing"]


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("pieces", "status", "method", "path", "rule"),
    [
        ((b"nonsense\r\n\r\n",), 400, "", "", "http"),
        ((b"GET /a HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",), 400, "", "", "http"),
        ((b"GET /a HTTP/1.1\r\n\r\n",), 400, "", "/a", "required"),
        ((b"GET /a HTTP/1.1\r\nX: " + b"x" * 99_999,), 431, "", "", "maxHeadSize"),
        (
            (
                LOGIN_HEAD,
                b"2\r\n{}\r\nzz\r\n",
            ),
            400,
            "POST",
            "/oauth/token",
            "http",
        ),
    ],
)
def test_requests_that_never_reach_an_operation_are_in_the_journal(
    mock: RunningMock,
    pieces: tuple[bytes, ...],
    status: int,
    method: str,
    path: str,
    rule: str,
    apart: bool,
) -> None:
    """Malformed and oversized ones are shown once each, with what could be read of them."""
    sent = pieces if apart else (b"".join(pieces),)
    assert raw_exchange(mock, *sent).startswith(b"HTTP/1.1 %d" % status)
    [found] = list_requests(mock)
    assert (found["status"], found["method"], found["accepted"]) == (status, method, False)
    assert found["path"] == path
    assert found["violations"][0]["rule"] == rule
    last_request(mock)


def test_the_start_of_a_request_is_the_same_each_time_it_is_read(
    mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the machine's clock is set meanwhile."""
    mock.anonymous.get("/x")
    [recording] = mock.sessions.default.journal.recordings()
    first = recording.entry().started
    monkeypatch.setattr(recorded_exchange, "machine_seconds", lambda: first + 3600)
    assert recording.entry().started == first


def test_the_journal_counts_the_memory_of_long_paths(mock: RunningMock) -> None:
    """Otherwise requests with long paths would take more than `--max-journal-bytes`."""
    for path in ("/x", f"/{'x' * 50_000}"):
        mock.anonymous.get(path)
    short, long = mock.sessions.default.journal.recordings()
    assert long.size - short.size > 100_000


def test_the_journal_keeps_no_connection_that_is_closed(mock: RunningMock) -> None:
    """One takes 9 KB. Dropped after a while, it would wait for a full collection of garbage."""

    def count_connections() -> int:
        gc.collect()
        return sum(isinstance(each, HttpProtocol) for each in gc.get_objects())

    before = count_connections()
    for _ in range(20):
        mock.anonymous.get("/x", headers={"Connection": "close"})
    assert len(list_requests(mock)) == 20
    ends = time.monotonic() + 10
    while count_connections() > before + 5:
        assert time.monotonic() < ends
        time.sleep(0.05)
