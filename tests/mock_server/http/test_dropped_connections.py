"""Connections end before or within a response; clients that disconnect leave nothing behind."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.serving import RunningMock

GROUPS = "/api/v1/marketing-notice/group"


def set_rule(mock: RunningMock, **rule: object) -> None:
    """Let a rule decide all operations."""
    body = [{"operation": "*", **rule}]
    expect_ok(mock.anonymous.put(f"{ADMIN}/faults", json=body))


def remove_rules(mock: RunningMock) -> None:
    """Remove all rules."""
    assert mock.anonymous.delete(f"{ADMIN}/faults").status_code == 204


def connect(mock: RunningMock) -> socket.socket:
    """A connection to the mock."""
    host, _, port = mock.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def read_all(client: socket.socket) -> bytes:
    """Return the bytes that arrive until the connection ends."""
    found = b""
    while piece := client.recv(65_536):
        found += piece
    return found


def head_of(mock: RunningMock, method: str, path: str, *more: str) -> bytes:
    """The head of a request, with credentials."""
    token = f"Authorization: {mock.client.headers['Authorization']}"
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", token, *more, "", ""]
    return "\r\n".join(lines).encode()


def test_a_connection_that_ends_before_the_response_has_no_effect(mock: RunningMock) -> None:
    """Not a byte is sent, and nothing is created."""
    before = mock.client.get(GROUPS).json()
    set_rule(mock, disconnect="before")
    with connect(mock) as client:
        body = b'{"name": "lost"}'
        more = ("Content-Type: application/json", f"Content-Length: {len(body)}")
        client.sendall(head_of(mock, "POST", GROUPS, *more) + body)
        assert read_all(client) == b""
    remove_rules(mock)
    assert mock.client.get(GROUPS).json() == before


def test_a_connection_that_ends_amid_the_body_has_sent_half_of_it(mock: RunningMock) -> None:
    """The length that was announced is that of the whole response."""
    whole = mock.client.get(GROUPS).content
    set_rule(mock, disconnect="body")
    with connect(mock) as client:
        client.sendall(head_of(mock, "GET", GROUPS))
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head
    assert b"x-mock-fault: 1" in head
    assert body == whole[: len(whole) // 2]


def test_a_dropped_error_is_half_of_the_error(mock: RunningMock) -> None:
    """A rule may have a status as well."""
    set_rule(mock, disconnect="body", status=503)
    with connect(mock) as client:
        client.sendall(head_of(mock, "GET", GROUPS))
        head, _, body = read_all(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert body
    assert not body.endswith(b"}")


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_response_without_a_body_is_not_begun(mock: RunningMock, method: str) -> None:
    """It could not be cut, so the connection ends before it."""
    set_rule(mock, disconnect="body", status=204, undocumented=True)
    with connect(mock) as client:
        client.sendall(head_of(mock, method, GROUPS))
        assert read_all(client) == b""


@pytest.mark.parametrize("when", ["before", "body"])
def test_clients_see_an_error_and_the_mock_logs_none(
    mock: RunningMock, when: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The next request on a new connection is served; refused ones are dropped, too."""
    set_rule(mock, disconnect=when)
    for client in (mock.client, mock.anonymous):
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(GROUPS)
    remove_rules(mock)
    assert mock.client.get(GROUPS).status_code == 200
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


def test_a_client_that_ends_during_an_upload_leaves_no_file(mock: RunningMock) -> None:
    """Neither a file nor stored bytes."""
    files, stored = mock.world.files.copy(), mock.world.used_bytes()
    more = ("Content-Type: multipart/form-data; boundary=b", "Content-Length: 500000")
    begun = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    with connect(mock) as client:
        client.sendall(head_of(mock, "POST", "/api/v1/file", *more) + begun + b"x" * 200_000)
        time.sleep(0.1)
    time.sleep(0.2)
    assert mock.world.files.keys() == files.keys()
    assert mock.world.used_bytes() == stored


def test_a_client_that_ends_during_a_download_changes_nothing(mock: RunningMock) -> None:
    """The file is served completely to the next one, and nothing else has changed."""
    content = b"0123456789" * 1_000_000
    sent = {"file": ("long.txt", content)}
    data = {"moduleName": "recipes"}
    file = mock.client.post("/api/v1/file", files=sent, data=data, timeout=30).json()
    counts = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"]
    with connect(mock) as client:
        client.sendall(head_of(mock, "GET", f"/api/v1/file/{file['id']}"))
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
    time.sleep(0.2)
    again = mock.client.get(f"/api/v1/file/{file['id']}", timeout=30)
    assert again.content == content
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"] == counts
