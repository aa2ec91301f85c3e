"""`--log-level info` prints one line for each request, with the reason of a refusal."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
import time

import pytest

from tests.mock_server.test_cli import MOCK_ADDRESS
from tests.serving import PASSWORD_GRANT, RunningMock, client_for, fetch_token

TASKS = "/api/v1/notification-tasks"
TASK_LIST = f"{TASKS}?taskType=APPOINTMENT_REMINDER"


def logged(mock: RunningMock, caplog: pytest.LogCaptureFixture, method: str, path: str) -> str:
    """The line of a request."""
    with caplog.at_level(logging.INFO, "mock_server.requests"):
        caplog.clear()
        mock.client.request(method, path, json={"nmae": 1} if method == "POST" else None)
        for _ in range(100):  # that of a page is written after its response has arrived
            if caplog.messages:
                break
            time.sleep(0.01)
    [line] = caplog.messages
    return line


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", f"{TASKS}/501",
         r"GET \S+ 200 [\d.]+ ms getNotificationTask caller=demo@example.com session=default"),
        ("GET", f"{TASK_LIST}&staus=1", r"GET \S+ 200 .*; ignored: /query/staus \(status\?\)"),
        ("GET", f"{TASK_LIST}&size=x", r"GET \S+ 400 .*; refused: /query/size type: The value .*"),
        ("POST", "/api/v1/marketing-notice/group",
         r"POST .* createGroup .*; refused: /body/name \S+: .*; ignored: /body/nmae \(name\?\)"),
        ("GET", "/nothing", r"GET /nothing 404 [\d.]+ ms session=default; refused: /path path: .*"),
        ("GET", "/", r"GET / 200 [\d.]+ ms session=default"),
        ("GET", "/__admin/health", r"GET /__admin/health 200 [\d.]+ ms getHealth session=default"),
        ("GET", f"{TASK_LIST}&token=hidden", r"GET .*&token=\[Filtered\] 200 .*"),
        ("GET", "/nothing?a=%1b[31m%0a", r"GET /nothing\?a=%1b\[31m%0a 404 .*"),
    ],
)  # fmt: skip
def test_a_line_has_what_a_developer_looks_for(
    shared_mock: RunningMock,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    expected: str,
) -> None:
    """Address, status, time, operation, caller, session; why it was refused; what was ignored."""
    assert re.fullmatch(expected, logged(shared_mock, caplog, method, path))


def test_long_addresses_are_cut(shared_mock: RunningMock, caplog: pytest.LogCaptureFixture) -> None:
    """A line stays readable."""
    assert len(logged(shared_mock, caplog, "GET", "/" + "a" * 5_000)) < 1_000


def test_without_the_level_nothing_is_logged(
    shared_mock: RunningMock, caplog: pytest.LogCaptureFixture
) -> None:
    """The default is `warning`."""
    with caplog.at_level(logging.WARNING, "mock_server.requests"):
        shared_mock.client.get(f"{TASKS}/501")
    assert not caplog.messages


@pytest.mark.parametrize(("level", "expected"), [("info", 4), ("warning", 0)])
def test_the_command_prints_one_line_for_each_request(level: str, expected: int) -> None:
    """Also for one that is not HTTP; uvicorn prints none beside it, and no secret is printed."""
    command = [sys.executable, "-m", "mock_server", "--port", "0", "--log-level", level]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        found = MOCK_ADDRESS.search(line)
        assert found, line
        with client_for(found[0]) as client:
            token = fetch_token(client)
            client.headers["Authorization"] = f"Bearer {token}"
            client.get(f"{TASKS}/501").raise_for_status()
            client.get(f"{TASKS}/501?access_token={token}").raise_for_status()
        host, port = found[0].removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"nonsense\r\n\r\n")
            connection.recv(1)
        process.terminate()
        text = process.stderr.read()
    lines = [each for each in text.splitlines() if " ms " in each]
    assert len(lines) == expected
    assert text.count("/501") == min(expected, 2)
    assert token not in text
    assert str(PASSWORD_GRANT["password"]) not in text
    if expected:
        assert lines[-1].startswith("INFO (no request) 400")
        assert "refused: /header http: The request must be valid HTTP." in lines[-1]
