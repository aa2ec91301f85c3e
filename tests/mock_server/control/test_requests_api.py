"""Requests in the journal are listed, found, counted, waited for and deleted."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.control.journal_requests import (
    JOURNAL,
    MISTAKEN_TASK,
    TASK_LIST,
    TASKS,
    clear_journal,
    list_requests,
)
from tests.serving import FROZEN, RunningMock, client_for, run_mock


@pytest.fixture(scope="module")
def journal_mock() -> Iterator[RunningMock]:
    """A mock for all tests of this module."""
    with run_mock(replace(FROZEN, max_journal_entries=30)) as mock:
        yield mock


@pytest.fixture
def mock(journal_mock: RunningMock) -> RunningMock:
    """The mock with an empty journal."""
    return clear_journal(journal_mock)


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"operationId": "createNotificationTask"}, 2),
        ({"operationId": "createNotificationTask", "status": 400}, 1),
        ({"method": "GET"}, 1),
        ({"path": TASKS, "refused": False}, 2),
        ({"ignored": True}, 1),
        ({"body": {"members": [{"userId": "U1"}]}}, 1),
        ({"bodyContains": "hello"}, 1),
        ({"bodyContains": "nowhere"}, 0),
    ],
)
def test_requests_are_found_and_counted(
    mock: RunningMock, criteria: dict[str, Any], expected: int
) -> None:
    """By operation, status, and parts of the body."""
    mock.client.post(TASKS, json=MISTAKEN_TASK).raise_for_status()
    mock.client.post(TASKS, json={})
    mock.client.get(TASK_LIST).raise_for_status()
    assert expect_ok(mock.anonymous.post(f"{JOURNAL}/count", json=criteria)) == {"count": expected}
    found = expect_ok(mock.anonymous.post(f"{JOURNAL}/find", json={**criteria, "limit": 1}))
    assert (found["total"], len(found["requests"])) == (expected, min(expected, 1))


def test_a_list_continues_after_an_id(mock: RunningMock) -> None:
    """`lastId` is what a client that polls sends next."""
    mock.client.get(TASK_LIST)
    last = expect_ok(mock.anonymous.get(JOURNAL))["lastId"]
    mock.client.get(f"{TASKS}/501")
    [found] = list_requests(mock, after=last)
    assert (found["id"], found["operationId"]) == (last + 1, "getNotificationTask")


def test_only_the_last_requests_are_kept(mock: RunningMock) -> None:
    """A request that was dropped is a 404 that names those that are left (CP-21)."""
    for _ in range(40):
        mock.client.get(f"{TASKS}/501")
    found = expect_ok(mock.anonymous.get(JOURNAL))
    assert found["total"] == 30
    last = found["lastId"]
    error = expect_refusal(mock.anonymous.get(f"{JOURNAL}/{last - 30}"), 404)
    assert (error["rule"], error["accepted"]) == ("CP-21", f"{last - 29}..{last}")
    expect_ok(mock.anonymous.get(f"{JOURNAL}/{last - 29}"))


def test_waiting_returns_as_soon_as_the_request_arrives(mock: RunningMock) -> None:
    """Other requests are served meanwhile, and the frozen clock does not matter."""
    wanted = {"operationId": "createNotificationTask", "body": {"taskName": "x"}, "seconds": 30}
    with ThreadPoolExecutor(1) as pool, client_for(mock.address) as other:
        waiting = pool.submit(other.post, f"{JOURNAL}/wait", json=wanted, timeout=60)
        for _ in range(5):
            mock.client.get(f"{TASKS}/501").raise_for_status()
        assert not waiting.done()
        mock.client.post(TASKS, json=MISTAKEN_TASK).raise_for_status()
        found = expect_ok(waiting.result())
    assert (found["total"], found["requests"][0]["ignored"][0]["pointer"]) == (
        1,
        "/body/scheduledEndtime",
    )


def test_waiting_ends_at_its_limit_in_real_seconds(mock: RunningMock) -> None:
    """A 409 with rule CP-22 says how many requests there were, although the clock is frozen."""
    mock.client.get(f"{TASKS}/501")
    began = time.perf_counter()
    wanted = {"operationId": "getNotificationTask", "count": 2, "seconds": 0.3}
    error = expect_refusal(mock.anonymous.post(f"{JOURNAL}/wait", json=wanted), 409)
    assert 0.3 <= time.perf_counter() - began < 5
    assert (error["rule"], error["accepted"], error["found"]) == (
        "CP-22",
        "count 2, seconds 0.3",
        "1",
    )


@pytest.mark.whole
def test_clients_that_leave_do_not_wait_any_longer(mock: RunningMock) -> None:
    """Otherwise a hundred of them would keep the others from waiting for a minute."""
    host, port = mock.address.removeprefix("http://").split(":")
    body = b'{"operationId":"getGroup","seconds":60}'
    head = (
        f"POST {JOURNAL}/wait HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(3):
        left = []
        for _ in range(60):
            connection = socket.create_connection((host, int(port)))
            connection.sendall(head.encode() + body)
            left.append(connection)
        time.sleep(0.3)
        for connection in left:
            connection.close()
        time.sleep(0.3)
    wanted = {"operationId": "getGroup", "seconds": 0}
    assert mock.anonymous.post(f"{JOURNAL}/wait", json=wanted).status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "pointer", "rule"),
    [
        ("?operationId=listTaks", None, "/query/operationId", "CP-20"),
        ("/export?format=har&operationId=listTaks", None, "/query/operationId", "CP-20"),
        ("/export?format=xml", None, "/query/format", "enum"),
        ("?limit=0", None, "/query/limit", "minimum"),
        ("/find", {"operationId": "listTaks"}, "/body/operationId", "CP-20"),
        ("/count", {"operationId": "listTaks"}, "/body/operationId", "CP-20"),
        ("/wait", {"operationId": "listTaks"}, "/body/operationId", "CP-20"),
        ("/wait", {"seconds": 61}, "/body/seconds", "maximum"),
        ("/count", {"staus": 1}, "/body/staus", "additionalProperties"),
    ],
)
def test_wrong_criteria_are_refused(
    mock: RunningMock, path: str, body: Any, pointer: str, rule: str
) -> None:
    """A misspelled operation would be waited for in vain."""
    method = "GET" if body is None else "POST"
    error = expect_refusal(mock.anonymous.request(method, JOURNAL + path, json=body))
    assert (error["pointer"], error["rule"]) == (pointer, rule)


def test_a_reset_empties_the_journal(mock: RunningMock) -> None:
    """Tests that share a mock start alike."""
    mock.anonymous.get("/nothing")
    with run_mock() as other:
        other.anonymous.get("/nothing")
        other.anonymous.post(f"{ADMIN}/reset", json={}).raise_for_status()
        assert list_requests(other) == []
    assert len(list_requests(mock)) == 1


def test_without_a_journal_nothing_is_kept_and_nothing_can_be_waited_for() -> None:
    """`--max-journal-entries 0`; undeclared names come back in the header all the same (CP-23)."""
    with run_mock(replace(FROZEN, max_journal_entries=0)) as mock:
        assert "X-Mock-Ignored" in mock.client.get(f"{TASK_LIST}&staus=1").headers
        assert list_requests(mock) == []
        error = expect_refusal(mock.anonymous.post(f"{JOURNAL}/wait", json={}), 409)
        assert error["rule"] == "CP-23"


def test_the_messages_of_a_request_have_the_language_that_is_asked_for(mock: RunningMock) -> None:
    """Otherwise that of the request, in which its client got them."""
    mock.client.post(TASKS, json=[], headers={"Accept-Language": "zh"})
    number = list_requests(mock)[0]["id"]
    messages = {
        lang: expect_ok(mock.anonymous.get(f"{JOURNAL}/{number}", params=lang and {"lang": lang}))[
            "violations"
        ][0]["message"]
        for lang in ("", "zh", "en")
    }
    assert messages[""] == messages["zh"] != messages["en"]
