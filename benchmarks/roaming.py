"""Random requests of a client of the soak test, to all kinds of operations."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.loads import BASIC_CREDENTIALS, NEW_TASK, PASSWORD_GRANT, TASK_TYPE, TASKS
from mock_server.settings import CONTROL_PLANE

PLANS = "/api/v1/marketing-notice"
FILES_PATH = "/api/v1/file"
JSON = "application/json"
BOUNDARY = "soak-7f3a"
RESPONSE_TIMEOUT = 60.0
"""Timeout of a response in seconds."""


class SoakClient:
    """Client with one connection, which logs in again if its token is no longer valid."""

    def __init__(self, address: str, drawn: random.Random) -> None:
        """Create a client whose choices are made by the generator `drawn`."""
        self.address = address
        self.drawn = drawn
        self.answer: Any = None
        self.content = b""
        self.headers: dict[str, str] = {}
        """Headers of all requests."""
        self.token = ""
        self._connection = HTTPConnection(urlsplit(address).netloc, timeout=RESPONSE_TIMEOUT)

    def send(self, method: str, path: str, body: Any = None, media_type: str = JSON) -> int:
        """Send a request with a token; return the status and store the JSON in `answer`."""
        status = self._send(method, path, body, media_type, f"Bearer {self.token}")
        # Also after a reset, since the new world does not have the tokens of the old one.
        if status == 401:
            self._send("POST", "/oauth/token", PASSWORD_GRANT, JSON, f"Basic {BASIC_CREDENTIALS}")
            self.token = self.answer["access_token"]
            status = self._send(method, path, body, media_type, f"Bearer {self.token}")
        return status

    def _send(self, method: str, path: str, body: Any, media_type: str, authorization: str) -> int:
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        headers = {**self.headers, "Authorization": authorization}
        if sent:
            headers["Content-Type"] = media_type
        self._connection.request(method, path, sent, headers)
        response = self._connection.getresponse()
        content = self.content = response.read()
        is_json = "json" in response.headers.get_content_type()
        self.answer = json.loads(content) if is_json and content else None
        return response.status

    def upload(self, content: bytes, name: str) -> int:
        """Upload a file; return the status."""
        part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
        head = f'{part}"moduleName"\r\n\r\nm\r\n{part}"file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        return self.send("POST", FILES_PATH, body, f"multipart/form-data; boundary={BOUNDARY}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


RequestSequence = Callable[[SoakClient], list[int]]


def _get_requests(*paths: str) -> RequestSequence:
    return lambda roamer: [roamer.send("GET", roamer.drawn.choice(paths))]


def _group_requests(roamer: SoakClient) -> list[int]:
    statuses = [
        roamer.send("POST", f"{PLANS}/group", {"name": "组" * roamer.drawn.randrange(1, 50)})
    ]
    # Only half of the groups are deleted, so that the world grows until the next reset.
    if statuses == [200] and roamer.drawn.random() < 0.5:
        statuses.append(roamer.send("DELETE", f"{PLANS}/group/{roamer.answer['id']}"))
    return statuses


def _plan_requests(roamer: SoakClient) -> list[int]:
    data = {"name": "计划", "groupId": 101, "prompt": "问候。", "greetings": [{"type": "TEXT"}]}
    statuses = [roamer.send("POST", PLANS, {"options": "RELEASE", "data": data})]
    if statuses == [200]:
        path = f"{PLANS}/{roamer.answer['id']}"
        statuses += [roamer.send("PATCH", f"{path}/termination"), roamer.send("DELETE", path)]
    return statuses


def _task_requests(roamer: SoakClient) -> list[int]:
    # A few large tasks, whose members are registered in a thread.
    count = 2 if roamer.drawn.random() < 0.97 else 5_000
    members = [
        {"userId": f"U{roamer.drawn.randrange(10**6)}", "nickname": "n"} for _ in range(count)
    ]
    statuses = [roamer.send("POST", TASKS, {**NEW_TASK, "members": members})]
    if statuses == [200]:
        path = f"{TASKS}/{roamer.answer['id']}"
        statuses += [roamer.send("GET", path), roamer.send("PUT", f"{path}/termination", {})]
    return statuses


def _file_requests(roamer: SoakClient) -> list[int]:
    # From 10 bytes to 2 MB, evenly over the orders of magnitude.
    size = int(10 ** roamer.drawn.uniform(1, 6.3))
    statuses = [roamer.upload(roamer.drawn.randbytes(size), "a.bin")]
    if statuses == [200]:
        statuses.append(roamer.send("GET", f"{FILES_PATH}/{roamer.answer['id']}"))
    return statuses


def _member_file_requests(roamer: SoakClient) -> list[int]:
    start, count = roamer.drawn.randrange(10**6), roamer.drawn.choice((3, 300, 3_000))
    rows = "".join(f"U{start + number},n{number}\n" for number in range(count))
    statuses = [roamer.upload(f"userId,nickname\n{rows}".encode(), "members.csv")]
    if statuses != [200]:
        return statuses
    body = {"name": "批次", "startTime": "10:00", "fileIds": [roamer.answer["id"]]}
    statuses.append(roamer.send("POST", f"{PLANS}/301/task", body))
    if statuses[-1] == 200:
        statuses.append(roamer.send("GET", f"{PLANS}/task/{roamer.answer['id']}/members"))
    return statuses


def _invalid_requests(roamer: SoakClient) -> list[int]:
    return [
        roamer.send("POST", TASKS, b"{"),
        roamer.send("POST", TASKS, {"members": [1] * 50}),
        roamer.send("GET", f"{TASKS}/1"),
        roamer.send("GET", "/nowhere"),
    ]


WEIGHTED_REQUESTS: dict[str, tuple[float, RequestSequence]] = {
    "lists": (
        10,
        _get_requests(
            f"{TASKS}?taskType={TASK_TYPE}",
            f"{TASKS}?taskType={TASK_TYPE}&status=PENDING",
            f"{PLANS}/group",
            f"{PLANS}/scene?orderBy=name",
            PLANS,
            f"{PLANS}/301/task",
            f"{PLANS}/task/404/members?orderBy=status",
            "/api/v1/members/1001/daily-reports",
        ),
    ),
    "reads": (
        10,
        _get_requests(f"{TASKS}/501", f"{PLANS}/301", f"{PLANS}/301/report", f"{FILES_PATH}/601"),
    ),
    "pages": (
        1,
        _get_requests("/", "/openapi.json", f"{CONTROL_PLANE}/health", f"{PLANS}/members/template"),
    ),
    "groups": (4, _group_requests),
    "plans": (3, _plan_requests),
    "tasks": (4, _task_requests),
    "files": (3, _file_requests),
    "member files": (1, _member_file_requests),
    "refusals": (2, _invalid_requests),
}
"""Functions that send requests, by name, each with its relative frequency."""
