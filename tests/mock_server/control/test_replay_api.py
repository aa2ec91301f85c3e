"""Requests of the journal are replayed over HTTP: in their session, bounded, and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.control.journal_requests import (
    JOURNAL,
    MISTAKEN_TASK,
    TASK_LIST,
    TASKS,
    clear_journal,
    last_request,
    list_requests,
)
from tests.mock_server.http.real_servers import LIST_PATH, replies, run_real_server
from tests.serving import FROZEN, RunningMock, run_mock


@pytest.fixture(scope="module")
def replay_mock() -> Iterator[RunningMock]:
    """A mock for all tests of this module."""
    with run_mock(FROZEN) as mock:
        yield mock


@pytest.fixture
def mock(replay_mock: RunningMock) -> RunningMock:
    """The mock with an empty journal and without faults."""
    replay_mock.anonymous.delete(f"{ADMIN}/faults")
    return clear_journal(replay_mock)


def replay(mock: RunningMock, number: int) -> dict[str, Any]:
    """Replay a request, and return its new entry."""
    return dict(expect_ok(mock.anonymous.post(f"{JOURNAL}/{number}/replay")))


def test_a_replayed_request_is_served_and_recorded_again(mock: RunningMock) -> None:
    """Body and credentials are those of the client; the new entry has the id of the old one."""
    mock.client.post(TASKS, json=MISTAKEN_TASK).raise_for_status()
    first = last_request(mock)
    again = replay(mock, first["id"])
    assert (again["status"], again["caller"]) == (200, first["caller"])
    assert again["request"] == first["request"]
    assert again == last_request(mock)
    assert (again["replays"], again["id"]) == (first["id"], first["id"] + 1)
    assert "replays" not in first
    listed = [each.get("replays") for each in list_requests(mock)]
    assert listed == [first["id"], None]
    one, other = (each["response"]["body"]["text"] for each in (first, again))
    assert one != other, "each creates a task of its own"


def test_a_replayed_request_meets_the_state_and_the_faults_of_now(mock: RunningMock) -> None:
    """It is a request like any other."""
    mock.client.get(TASK_LIST).raise_for_status()
    number = last_request(mock)["id"]
    rule = {"operation": "listNotificationTasks", "status": 500}
    expect_ok(mock.anonymous.post(f"{ADMIN}/faults", json=rule))
    again = replay(mock, number)
    assert (again["status"], bool(again["faults"])) == (500, True)
    [counted] = expect_ok(mock.anonymous.get(f"{ADMIN}/faults"))
    assert counted["hits"] == 1


def test_a_request_is_replayed_in_its_session_only(mock: RunningMock) -> None:
    """Another session does not have it; the URL stays that of the client."""
    other = "/__session/replayed"
    mock.anonymous.get(f"{other}{TASK_LIST}")
    [entry] = expect_ok(mock.anonymous.get(f"{other}{JOURNAL}"))["requests"]
    answer = mock.anonymous.post(f"{other}{JOURNAL}/{entry['id']}/replay")
    again = expect_ok(answer)
    assert (again["session"], again["status"]) == ("replayed", 401)
    assert again["request"]["url"] == f"{mock.address}{other}{TASK_LIST}"
    assert list_requests(mock) == []


@pytest.mark.parametrize(
    ("path", "names"),
    [(TASK_LIST, ["a", "b"]), (TASK_LIST, ["a b"]), (f"/__session/a%20b{TASK_LIST}", [])],
)
def test_a_request_that_named_no_session_is_refused_again(
    mock: RunningMock, path: str, names: list[str]
) -> None:
    """It is in the journal of the default session, in which it must have no effect either."""
    headers = [("X-Mock-Session", name) for name in names]
    assert mock.client.get(path, headers=headers).status_code == 400
    first = last_request(mock)
    again = replay(mock, first["id"])
    assert (again["status"], again["violations"]) == (400, first["violations"])


def test_a_request_that_the_journal_has_in_part_is_refused(mock: RunningMock) -> None:
    """Its body has more bytes than the journal keeps (CP-45); an unknown id is a 404 (CP-21)."""
    mock.client.post(TASKS, content=b" " * 65_536 + b"{}", headers={"Content-Type": "text/plain"})
    number = last_request(mock)["id"]
    error = expect_refusal(mock.anonymous.post(f"{JOURNAL}/{number}/replay"), 409)
    assert (error["rule"], error["found"]) == ("CP-45", "65538 bytes")
    error = expect_refusal(mock.anonymous.post(f"{JOURNAL}/{number + 1}/replay"), 404)
    assert error["rule"] == "CP-21"
    assert len(list_requests(mock)) == 1


def test_a_disconnect_leaves_a_replayed_request_without_response(mock: RunningMock) -> None:
    """There is no connection that could be closed, and the control plane's own stays open."""
    mock.client.get(TASK_LIST).raise_for_status()
    number = last_request(mock)["id"]
    rule = {"operation": "*", "disconnect": "before"}
    expect_ok(mock.anonymous.post(f"{ADMIN}/faults", json=rule))
    again = replay(mock, number)
    assert "status" not in again
    assert again["faults"]


def test_a_forwarded_request_is_replayed_at_the_real_server(mock: RunningMock) -> None:
    """The response of the real server is judged again."""
    with run_real_server(replies(200, {"not": "the contract"})) as server:
        proxy = {"url": server.url, "operations": ["listGroups"]}
        expect_ok(mock.anonymous.put(f"{ADMIN}/proxy", json=proxy))
        mock.client.get(LIST_PATH)
        again = replay(mock, last_request(mock)["id"])
        assert mock.anonymous.delete(f"{ADMIN}/proxy").status_code == 204
    assert len(server.requests) == 2
    assert again["responseViolations"]
