"""Named snapshots over HTTP: what is restored is what was saved."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_server.control.admin_client import ADMIN, MORNING, expect_ok, expect_refusal
from tests.mock_server.control.states import (
    SNAPSHOTS,
    TASKS,
    add_group,
    change_randomly,
    export,
    log_in,
    restore,
    save,
)
from tests.serving import RunningMock, run_mock


@pytest.fixture(scope="module")
def used_mock() -> Iterator[RunningMock]:
    """A mock that the tests of this file may change."""
    with run_mock() as mock:
        yield mock


def begin(mock: RunningMock) -> None:
    """Reset the mock, and log in again."""
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    pair = log_in(mock.anonymous, random.Random(0)).json()
    mock.client.headers["Authorization"] = f"Bearer {pair['access_token']}"


@settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seeds=st.tuples(*[st.integers(0, 10**6)] * 2), counts=st.tuples(*[st.integers(0, 25)] * 2))
def test_a_restored_snapshot_is_the_saved_state_byte_for_byte(
    used_mock: RunningMock, seeds: tuple[int, int], counts: tuple[int, int]
) -> None:
    """After any requests, as often as it is restored; the same requests have the same results."""
    begin(used_mock)
    change_randomly(used_mock.client, seeds[0], counts[0])
    save(used_mock.anonymous, "a")
    saved = export(used_mock.anonymous)
    results = []
    for _ in range(2):
        change_randomly(used_mock.client, seeds[1], counts[1])
        results.append(export(used_mock.anonymous))
        restore(used_mock.anonymous, "a")
        assert export(used_mock.anonymous) == saved
    assert results[0] == results[1]


def test_snapshots_are_saved_listed_and_deleted(mock: RunningMock) -> None:
    """The list has their number of records and their bytes; a reset keeps them."""
    saved = save(mock.anonymous, "a.b-C_1")
    assert saved["saved"] == MORNING
    assert saved["records"] == expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"]
    assert saved["bytes"] > 10_000
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": "empty"}))
    other = save(mock.anonymous, "b")
    assert other["records"]["groups"] == 0
    listed = expect_ok(mock.anonymous.get(SNAPSHOTS))
    assert listed == {"snapshots": [saved, other], "maximum": 50}
    assert mock.anonymous.delete(f"{SNAPSHOTS}/b").status_code == 204
    assert restore(mock.anonymous, "a.b-C_1")["records"] == saved["records"]
    assert expect_ok(mock.anonymous.get(SNAPSHOTS))["snapshots"] == [saved]


@pytest.mark.parametrize("name", ["a b", "...", "x" * 65, "组", "a%2Fb", "%00"])
def test_other_names_are_refused_with_the_rule(shared_mock: RunningMock, name: str) -> None:
    """A name is part of a path, and of file names of those who export."""
    for method, path in (("PUT", name), ("DELETE", name), ("POST", f"{name}/restore")):
        answer = shared_mock.anonymous.request(method, f"{SNAPSHOTS}/{path}")
        # A slash makes another path.
        if "%2F" in name:
            assert answer.status_code == 404
        else:
            assert expect_refusal(answer)["rule"] == "CP-28"


def test_an_unknown_snapshot_is_404(shared_mock: RunningMock) -> None:
    """The response lists those that exist."""
    save(shared_mock.anonymous, "known")
    for method, path in (("DELETE", "unknown"), ("POST", "unknown/restore")):
        answer = shared_mock.anonymous.request(method, f"{SNAPSHOTS}/{path}")
        violation = expect_refusal(answer, 404)
        assert (violation["rule"], violation["accepted"]) == ("CP-44", "known")
    assert shared_mock.anonymous.delete(f"{SNAPSHOTS}/known").status_code == 204


def test_a_snapshot_brings_its_readings_clock_and_tokens(mock: RunningMock) -> None:
    """They may have changed since; tokens that were issued since are void."""
    begin(mock)
    save(mock.anonymous, "a")
    saved = export(mock.anonymous)
    expect_ok(mock.anonymous.put(f"{ADMIN}/readings", json={"readings": {"rates": "percent"}}))
    expect_ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": 20_000}))
    old = mock.client.headers["Authorization"]
    assert mock.client.get(LISTED).status_code == 401  # it has expired
    pair = log_in(mock.anonymous, random.Random(0)).json()
    restore(mock.anonymous, "a")
    assert export(mock.anonymous) == saved
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/readings"))["changed"] == {}
    assert mock.client.get(LISTED).status_code == 200
    mock.client.headers["Authorization"] = f"Bearer {pair['access_token']}"
    assert mock.client.get(LISTED).status_code == 401
    mock.client.headers["Authorization"] = old


def open_request(mock: RunningMock, head: str, body: bytes) -> socket.socket:
    """Send a request whose body is not complete."""
    place = urlsplit(mock.address)
    sent = socket.create_connection((place.hostname, place.port))
    authorization = mock.client.headers["Authorization"]
    lines = f"{head}\r\nHost: {place.netloc}\r\nAuthorization: {authorization}\r\n"
    sent.sendall(f"{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body[: len(body) // 2])
    return sent


LISTED = f"{TASKS}?taskType=APPOINTMENT_REMINDER"
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nm\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    + b"a" * 3_000_000
    + b"\r\n--x--\r\n"
)
LIST = b",".join(b'{"userId": "K%d"}' % number for number in range(60_000))
TASK = (
    b'{"members": [%b], "taskName": "t", "taskType": "APPOINTMENT_REMINDER", "contents": [], %b}'
    % (
        LIST,
        b'"scheduledStartTime": "2025-04-22 10:00:00"',
    )
)
UNFINISHED = {
    "a file": ("POST /api/v1/file HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x", FORM),
    "a task": (f"POST {TASKS} HTTP/1.1\r\nContent-Type: application/json", TASK),
    "a state": (f"PUT {ADMIN}/state HTTP/1.1\r\nContent-Type: application/json", TASK),
}


@pytest.mark.parametrize(("head", "body"), UNFINISHED.values(), ids=UNFINISHED)
def test_a_request_that_is_killed_amid_its_body_leaves_no_record(
    mock: RunningMock, head: str, body: bytes
) -> None:
    """It uses up no id and adds no member."""
    before = export(mock.anonymous)
    with open_request(mock, head, body):
        time.sleep(0.1)
    time.sleep(0.1)
    assert export(mock.anonymous) == before


@pytest.mark.parametrize("delay", [0, 0.05, 0.3])
def test_a_request_that_is_killed_while_it_is_processed_leaves_all_or_nothing(
    mock: RunningMock, delay: float
) -> None:
    """A list of members, whose task is either complete or absent."""
    before = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"]
    place = urlsplit(mock.address)
    body = TASK.replace(
        b'"contents": []', b'"contents": [{"contentType": "TEXT", "contentValue": "x"}]'
    )
    with open_request(
        mock, f"POST {TASKS} HTTP/1.1\r\nContent-Type: application/json", body
    ) as sent:
        sent.sendall(body[len(body) // 2 :])
        time.sleep(delay)
    assert place.port
    for _ in range(100):
        time.sleep(0.05)
        after = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"]
        if after != before:
            break
    added = {kind: after[kind] - before[kind] for kind in after}
    nothing = dict.fromkeys(after, 0)
    assert added in (nothing, {**nothing, "notificationTasks": 1, "members": 60_000})


def test_a_request_in_progress_ends_in_its_own_world(mock: RunningMock) -> None:
    """It is carried out, and the restored world shows nothing of it."""
    begin(mock)
    save(mock.anonymous, "a")
    saved = export(mock.anonymous)
    body = b'{"name": "' + b"x" * 40 + b'"}'
    head = "POST /api/v1/marketing-notice/group HTTP/1.1\r\nContent-Type: application/json"
    with open_request(mock, head, body) as sent:
        time.sleep(0.1)
        restore(mock.anonymous, "a")
        sent.sendall(body[len(body) // 2 :])
        assert sent.recv(100).startswith(b"HTTP/1.1 200")
    assert export(mock.anonymous) == saved


def test_a_snapshot_that_is_saved_again_is_replaced(mock: RunningMock) -> None:
    """The later state is restored."""
    begin(mock)
    save(mock.anonymous, "a")
    add_group(mock.client, random.Random(0))
    again = save(mock.anonymous, "a")
    saved = export(mock.anonymous)
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    restore(mock.anonymous, "a")
    assert export(mock.anonymous) == saved
    assert expect_ok(mock.anonymous.get(SNAPSHOTS))["snapshots"] == [again]


def test_too_many_snapshots_are_refused(mock: RunningMock) -> None:
    """The response says how to make room."""
    for number in range(50):
        save(mock.anonymous, f"s{number}")
    answer = mock.anonymous.put(f"{SNAPSHOTS}/more")
    assert expect_refusal(answer, 409)["rule"] == "CP-29"
    names: list[Any] = expect_ok(mock.anonymous.get(SNAPSHOTS))["snapshots"]
    assert len(names) == 50


def test_sessions_have_snapshots_of_their_own(mock: RunningMock) -> None:
    """Neither the names nor the states of one session show in another, nor its storage."""
    here, there = ({"X-Mock-Session": name} for name in ("here", "there"))
    expect_ok(mock.anonymous.put(f"{SNAPSHOTS}/a", headers=here))
    assert expect_ok(mock.anonymous.get(SNAPSHOTS, headers=there))["snapshots"] == []
    answer = mock.anonymous.post(f"{SNAPSHOTS}/a/restore", headers=there)
    assert expect_refusal(answer, 404)["rule"] == "CP-44"
    before = mock.anonymous.get(f"{ADMIN}/state", headers=there).content
    advanced = mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": 9}, headers=here)
    assert expect_ok(advanced)["now"] > MORNING
    expect_ok(mock.anonymous.post(f"{SNAPSHOTS}/a/restore", headers=here))
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/clock", headers=here))["now"] == MORNING
    assert mock.anonymous.get(f"{ADMIN}/state", headers=there).content == before
    assert mock.anonymous.delete(f"{ADMIN}/sessions/here").status_code == 204
    assert expect_ok(mock.anonymous.get(SNAPSHOTS, headers=here))["snapshots"] == []
