"""Requests to the journal, and requests that it records."""

from __future__ import annotations

import socket
import time
from typing import Any

from mock_server.control import contract as control_contract
from mock_server.http.schemas import SchemaChecker
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.serving import RunningMock

JOURNAL = f"{ADMIN}/requests"
TASKS = "/api/v1/notification-tasks"
TASK_LIST = f"{TASKS}?taskType=APPOINTMENT_REMINDER"
MISTAKEN_TASK = {
    "taskName": "x",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:30:00",
    "scheduledEndtime": "2025-04-21 11:30:00",
    "contents": [{"contentType": "TEXT", "contentValue": "hello", "colour": "red"}],
    "members": [{"userId": "U1", "anything": "1"}],
}
SCHEMAS = control_contract.load_control_contract(secured=True)["components"]


def clear_journal(mock: RunningMock) -> RunningMock:
    """Empty the journal of a mock, and return the mock."""
    answer = mock.anonymous.delete(JOURNAL)
    assert (answer.status_code, answer.content) == (204, b"")
    return mock


def list_requests(mock: RunningMock, **criteria: Any) -> list[dict[str, Any]]:
    """The requests in the journal, the newest first."""
    found = expect_ok(mock.anonymous.get(JOURNAL, params=criteria))
    assert found["total"] >= len(found["requests"])
    return list(found["requests"])


def last_request(mock: RunningMock) -> dict[str, Any]:
    """Everything about the last request, as the contract has it."""
    newest = list_requests(mock)[0]
    details = dict(expect_ok(mock.anonymous.get(f"{JOURNAL}/{newest['id']}")))
    checker = SchemaChecker(SCHEMAS["schemas"]["RecordedRequest"], SCHEMAS)
    assert not checker.violations(details, "")
    assert {**details, "requestBody": 0}.items() >= {**newest, "requestBody": 0}.items()
    return details


def raw_exchange(mock: RunningMock, *pieces: bytes) -> bytes:
    """The response to bytes that are sent one piece after another."""
    host, port = mock.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.1)
        return connection.recv(65_536)
