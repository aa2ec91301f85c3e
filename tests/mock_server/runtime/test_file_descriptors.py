"""A mock with a low limit of open files never responds with 500."""

from __future__ import annotations

import errno
import json
import select
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException

import httpx
import pytest

from mock_server.http.protocol import NEW_CONNECTION_SECONDS
from mock_server.runtime.file_descriptors import RESERVED_DESCRIPTORS
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import MockProcess, start_mock_process
from tests.serving import fetch_token, run_mock

LOW_LIMIT, MANY_CONNECTIONS = 64, 150
TASKS_PATH = "/api/v1/notification-tasks"
NEW_TASK = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 15:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好。"}],
}


def open_connection(mock: MockProcess) -> socket.socket:
    """Open a connection without sending a request."""
    return socket.create_connection(("127.0.0.1", int(mock.address.rsplit(":", 1)[1])), timeout=5)


@pytest.mark.whole
def test_more_callers_than_files_meet_no_failure_of_the_mock() -> None:
    """`ulimit -n 64` and 150 connections: no response is a 500, and the mock recovers."""
    statuses: Counter[int] = Counter()
    with start_mock_process(files=LOW_LIMIT) as mock:
        with httpx.Client(base_url=mock.address) as client:
            token = {"Authorization": f"Bearer {fetch_token(client)}"}
            headers = {**token, "Content-Type": "application/json"}
            form = {"file": ("members.csv", b"userId\nU1001\n")}
            file = client.post(FILES, files=form, data=MODULE, headers=token).json()["id"]
        together = threading.Barrier(MANY_CONNECTIONS)

        def ask(number: int) -> None:
            client = HTTPConnection(mock.address.removeprefix("http://"), timeout=30)
            together.wait(30)
            body = json.dumps({**NEW_TASK, "fileIds": [file]}) if number % 10 == 0 else None
            for path in ("/docs/swagger/swagger-ui.css", "/", TASKS_PATH, f"{ADMIN}/health"):
                writes = path == TASKS_PATH and body
                try:
                    sent = (body, headers) if writes else (None, headers)
                    client.request("POST" if writes else "GET", path, *sent)
                    answer = client.getresponse()
                    answer.read()
                    statuses[answer.status] += 1
                except (OSError, HTTPException):
                    client.close()
            client.close()

        with ThreadPoolExecutor(MANY_CONNECTIONS) as callers:
            list(callers.map(ask, range(MANY_CONNECTIONS)))
        assert statuses.keys() <= {200, 400, 503}  # a list without `taskType` is a 400
        assert statuses[200] > MANY_CONNECTIONS
        assert httpx.get(f"{mock.address}{ADMIN}/health").status_code == 200
        assert "Traceback" not in mock.stderr_text()


@pytest.mark.whole
def test_idle_connections_keep_nobody_out() -> None:
    """The connection that has been idle the longest is closed; one in use is not."""
    with start_mock_process(files=LOW_LIMIT) as mock:
        used = open_connection(mock)
        used.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: a\r\n")
        idle = [open_connection(mock) for _ in range(LOW_LIMIT - RESERVED_DESCRIPTORS - 1)]
        time.sleep(NEW_CONNECTION_SECONDS * 1.2)
        for _ in range(3):
            assert httpx.get(f"{mock.address}{ADMIN}/health").status_code == 200
        readable, _, _ = select.select(idle, [], [], 1)
        assert readable
        assert all(connection.recv(1) == b"" for connection in readable)
        used.sendall(b"Content-Length: 0\r\n\r\n")
        assert used.recv(12) == b"HTTP/1.1 401"
        for connection in (used, *idle):
            connection.close()


def test_idle_connections_do_not_hold_up_the_end() -> None:
    """They are closed as soon as the mock has to stop."""
    with (
        start_mock_process() as mock,
        httpx.Client(base_url=mock.address) as client,
        open_connection(mock),
    ):
        client.get(f"{ADMIN}/health").raise_for_status()
        asked = time.monotonic()
    assert time.monotonic() - asked < 3


def test_where_no_file_can_be_opened_the_answer_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    """The response has Retry-After and the limit to raise, for operations and pages."""

    def no_file(*_: object, **__: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("mock_server.runtime.threads.subprocess.Popen", no_file)
    monkeypatch.setattr("starlette.responses.FileResponse._open_file", no_file)
    with run_mock() as mock:
        form = {"file": ("members.csv", b"userId\nU1001\n")}
        file = mock.client.post(FILES, files=form, data=MODULE).json()["id"]
        english = {"Accept-Language": "en"}
        made = mock.client.post(TASKS_PATH, json={**NEW_TASK, "fileIds": [file]}, headers=english)
        style = mock.client.get("/docs/swagger/swagger-ui.css", headers=english)
    for answer in (made, style):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "1"
        assert "ulimit -n" in answer.json()["detail"]
