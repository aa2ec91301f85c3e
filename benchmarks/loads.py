"""Requests of the loads, which differ between the servers only in the token."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

TASKS = "/api/v1/notification-tasks"
TASK_TYPE = "APPOINTMENT_REMINDER"
BASIC_CREDENTIALS = b64encode(b"demo-client:demo-secret").decode()
PASSWORD_GRANT = {
    "grant_type": "password",
    "username": "demo@example.com",
    "password": "demo-password",
}
NEW_TASK: dict[str, Any] = {
    "taskName": "春季护肤节返场提醒",
    "taskType": TASK_TYPE,
    "scheduledStartTime": "2025-04-21 10:30:00",
    "contents": [{"contentType": "TEXT", "contentValue": "尊敬的{{nickname}},期待您的光临。"}],
    "members": [{"userId": "U1001", "nickname": "张丽"}, {"userId": "U1002", "nickname": "王芳"}],
}
RESPONSE_TIMEOUT = 120.0
"""Timeout of a response in seconds; creating a task from a large workbook takes several."""


@dataclass(frozen=True)
class LoadRequest:
    """Request of a load, with the id and the path template of its operation in the contract."""

    name: str
    method: str
    path: str
    operation: str
    template: str
    body: str = ""


LOGIN_REQUEST = LoadRequest(
    "login", "POST", "/oauth/token", "createToken", "/oauth/token", json.dumps(PASSWORD_GRANT)
)
LOAD_REQUESTS = (
    LoadRequest("read", "GET", f"{TASKS}/501", "getNotificationTask", f"{TASKS}/{{taskId}}"),
    LoadRequest(
        "list", "GET", f"{TASKS}?taskType={TASK_TYPE}&size=20", "listNotificationTasks", TASKS
    ),
    LoadRequest("write", "POST", TASKS, "createNotificationTask", TASKS, json.dumps(NEW_TASK)),
)
READ_REQUEST = LOAD_REQUESTS[0]


class BenchmarkResponse(NamedTuple):
    """Response of a server."""

    status: int
    content_type: str
    content: bytes

    def read(self) -> Any:
        """Return the JSON of a 200 response. Raises MeasurementError for any other status."""
        if self.status != 200:
            text = self.content[:500].decode(errors="replace")
            raise MeasurementError(f"expected 200, got {self.status}: {text}")
        return json.loads(self.content)


class MeasurementError(RuntimeError):
    """A server does not respond as required, so its speed would be meaningless."""


class BenchmarkClient:
    """Client with one connection and an access token of the server."""

    def __init__(self, address: str, base: str = "") -> None:
        """Connect and log in. Raises OSError and MeasurementError.

        base: path of a session of the mock, in which loads are sent.
        """
        self._base = base
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=RESPONSE_TIMEOUT)
        self.login = self.send_load(LOGIN_REQUEST, f"Basic {BASIC_CREDENTIALS}")
        self.authorization = f"Bearer {self.login.read()['access_token']}"

    def send_load(self, load: LoadRequest, authorization: str | None = None) -> BenchmarkResponse:
        """Send the request of a load once."""
        return self.send(
            load.method,
            self._base + load.path,
            load.body.encode(),
            "application/json",
            authorization,
        )

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        content_type: str = "application/json",
        authorization: str | None = None,
    ) -> BenchmarkResponse:
        """Send a request; reconnect if the server has closed the idle connection."""
        sent = {"Authorization": authorization or self.authorization, "Content-Type": content_type}
        # Some servers close a connection that was idle while others were measured.
        try:
            self._connection.request(method, path, body or None, sent)
            response = self._connection.getresponse()
        except (ConnectionResetError, BrokenPipeError):
            self._connection.close()
            self._connection.request(method, path, body or None, sent)
            response = self._connection.getresponse()
        return BenchmarkResponse(
            response.status, response.headers.get_content_type(), response.read()
        )

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
