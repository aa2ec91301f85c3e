"""An internal error of the mock is a 500 with its reason, and does not affect other requests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from mock_server.http.error_documents import ErrorWriter
from mock_server.http.error_handler import ErrorMiddleware
from mock_server.http.problem import ProblemWriter
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, RunningMock, run_mock, serve_app

TASK = "/api/v1/notification-tasks/501"


@pytest.fixture
def mock() -> Iterator[RunningMock]:
    """A separate mock, whose records a test breaks."""
    with run_mock() as started:
        yield started


def change_task(mock: RunningMock, **fields: Any) -> None:
    """Change a task in a way that no request could."""
    task = mock.world.notification_tasks[501]
    mock.world.notification_tasks[501] = task._replace(**fields)


def test_an_answer_against_the_contract_is_not_sent(mock: RunningMock) -> None:
    """The 500 names the operation and the invalid field."""
    change_task(mock, name=7)
    answer = mock.client.get(TASK)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Vary"] == "Origin"
    told = answer.json()
    assert (told["status"], told["instance"]) == (500, TASK)
    assert "getNotificationTask" in told["detail"]
    assert "/taskName" in told["detail"]


def test_an_error_of_ours_is_told_and_logged(
    mock: RunningMock, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has a traceback, and the next request is served."""
    change_task(mock, start=None)
    with caplog.at_level(logging.ERROR, "mock_server"):
        answer = mock.client.get(TASK)
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("TypeError: ")
    logged = [record for record in caplog.records if record.name == "mock_server"]
    assert [record.getMessage() for record in logged] == ["unexpected error in getNotificationTask"]
    assert logged[0].exc_info
    assert mock.client.get("/api/v1/notification-tasks/502").status_code == 200


def test_an_error_of_the_token_operation_is_told_as_oauth_tells_errors(
    mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 6749 has no problem documents."""
    monkeypatch.setattr(mock.world, "tokens", None)
    answer = mock.anonymous.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["error"] == "server_error"


def test_an_answer_that_breaks_off_is_not_followed_by_another() -> None:
    """The connection is closed, because a second response could not be recognized."""

    async def break_off(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise NotImplementedError  # no lifespan: uvicorn goes on without
        headers = [(b"content-length", b"10")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"01234", "more_body": True})
        raise RuntimeError("broken off")

    errors = ErrorWriter(ProblemWriter({}))

    def api(_path: str) -> Any:
        contract = SimpleNamespace(operations={}, errors=errors)
        return SimpleNamespace(current=lambda _scope: contract)

    with (
        serve_app(ErrorMiddleware(break_off, api=api)) as address,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        httpx.get(address)
