"""Same seed, frozen clock and requests give the same bytes, in any process."""

from __future__ import annotations

from hashlib import sha256

import httpx
import pytest

from tests.mock_server.test_cli import start_mock
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT

READ_PATHS = (
    "/api/v1/notification-tasks?taskType=APPOINTMENT_REMINDER",
    "/api/v1/notification-tasks/501",
    "/api/v1/notification-tasks/503/executions?orderBy=executeTime&orderDirection=DESC",
    "/api/v1/marketing-notice/group",
    "/api/v1/marketing-notice/scene",
    "/api/v1/marketing-notice",
    "/api/v1/marketing-notice/301/report",
    "/api/v1/marketing-notice/task/404/members?current=0&size=50",
    "/api/v1/marketing-notice/members/template",
    "/api/v1/members/1001/daily-reports",
    "/api/v1/file/601",
    "/api/v1/file/602",
    "/nowhere",
)


def record_conversation(seed: int) -> list[tuple[int, dict[str, str], str]]:
    """Return the responses of a new process to a fixed sequence of requests."""
    with (
        start_mock("--port", "0", "--frozen", "--seed", str(seed)) as (address, _),
        httpx.Client(base_url=address) as client,
    ):
        client.headers["Host"] = "mock.test"  # the port is in the URL of an image
        answers = [client.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)]
        client.headers["Authorization"] = f"Bearer {answers[0].json()['access_token']}"
        form = {"moduleName": "notification"}
        answers.append(client.post("/api/v1/file", files={"file": ("a.txt", b"a")}, data=form))
        answers.append(client.post("/api/v1/marketing-notice/group", json={"name": "组"}))
        answers += [client.get(path) for path in READ_PATHS]
        answers += [client.options(path) for path in ("/", "/openapi.yaml", *READ_PATHS)]
        return [
            (
                answer.status_code,
                {n: v for n, v in answer.headers.items() if n != "date"},
                sha256(answer.content).hexdigest(),
            )
            for answer in answers
        ]


@pytest.mark.whole
def test_two_processes_with_one_seed_answer_byte_for_byte_alike() -> None:
    """Status, headers (except Date) and body are the same; another seed gives others."""
    first = record_conversation(1)
    assert first == record_conversation(1)
    assert first != record_conversation(2)
