"""Export and import of a session's state over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server.control.handlers import state as state_handlers
from mock_server.control.state_check import find_unservable
from mock_server.errors import ErrorDetail
from mock_server.world.world import World
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.control.states import (
    CHANGES,
    JSON,
    PLANS,
    STATE,
    TASKS,
    change_randomly,
    export,
    log_in,
    put_state,
)
from tests.mock_server.sessions.document_changes import change_at
from tests.processes import start_mock_process
from tests.serving import FROZEN, RunningMock, client_for, mock_with, run_mock

READS = (
    *(f"{PLANS}/group", f"{PLANS}/scene", PLANS, f"{PLANS}/301", f"{PLANS}/301/task"),
    *(f"{PLANS}/301/report", f"{PLANS}/task/401/members?current=0&size=5"),
    *(
        f"{TASKS}?taskType=APPOINTMENT_REMINDER",
        f"{TASKS}/501",
        f"{TASKS}/501/executions",
        "/api/v1/members/1001/daily-reports",
    ),
    *("/api/v1/file/602", f"{ADMIN}/health"),
)


def read_all(client: httpx.Client) -> list[tuple[int, bytes]]:
    """Return the responses to reads of all kinds."""
    host = {"Host": "mock.localhost"}
    answers = [client.get(path, headers=host) for path in READS]
    return [(each.status_code, each.content) for each in answers]


@pytest.mark.whole
def test_a_state_goes_from_one_process_to_another_byte_for_byte() -> None:
    """After random requests; tokens stay valid there, and all reads return the same."""
    with (
        start_mock_process("--seed", "5") as first,
        start_mock_process("--scenario", "empty") as second,
        client_for(first.address) as here,
        client_for(second.address) as there,
    ):
        token = log_in(here, None).json()["access_token"]  # type: ignore[arg-type]
        here.headers["Authorization"] = there.headers["Authorization"] = f"Bearer {token}"
        assert change_randomly(here, 3, 150) == {change.__name__ for change in CHANGES}
        state = export(here)
        expect_ok(put_state(there, state))
        assert export(there) == state
        assert read_all(there) == read_all(here)
        # The next tokens and ids are the same, too.
        for number in range(3):
            change_randomly(here, number, 10)
            change_randomly(there, number, 10)
        assert export(there) == export(here)


def test_the_same_state_has_the_same_bytes(mock: RunningMock) -> None:
    """Read twice, and after a reset and the same requests."""
    exports = []
    for _ in range(2):
        expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
        pair = log_in(mock.anonymous, None).json()  # type: ignore[arg-type]
        mock.client.headers["Authorization"] = f"Bearer {pair['access_token']}"
        change_randomly(mock.client, 1, 30)
        exports += [export(mock.anonymous), export(mock.anonymous)]
    assert len({*exports}) == 1


@pytest.mark.parametrize(
    ("change", "pointer", "rule"),
    [
        (change_at("/version", 2), "/version", "CP-25"),
        (change_at("/groups/0/id", "x"), "/groups/0/id", "CP-26"),
        (change_at("/noticeTasks/0/noticeId", 9), "/noticeTasks/0/noticeId", "CP-27"),
        (change_at("/readings/rates", "other"), "/readings/rates", "CP-08"),
        (change_at("/notificationTasks/1/type", "x"), "/notificationTasks/1", "CP-27"),
        (change_at("/scenes/4/statisticalMethod", "x"), "/scenes/4", "CP-27"),
        (change_at("/notices/1/details/timeout", "x"), "/notices/1", "CP-27"),
        (change_at("/files/0/mediaType", "x\u2028"), "/files/0/mediaType", "CP-27"),
        (change_at("/files/0/mediaType", "text/plain\r\nX: 1"), "/files/0/mediaType", "CP-27"),
        (change_at("/seed", 0.5), "/seed", "type"),
        (change_at("/scenario", 5), "/scenario", "type"),
        (change_at("/scenario", "x" * 300), "/scenario", "CP-26"),
    ],
)
def test_a_refused_state_changes_nothing(
    shared_mock: RunningMock, change: Callable[[Any], None], pointer: str, rule: str
) -> None:
    """A state is refused as well if one of its records could not be shown."""
    before = export(shared_mock.anonymous)
    document = json.loads(before)
    change(document)
    answer = put_state(shared_mock.anonymous, json.dumps(document).encode())
    violation = expect_refusal(answer)
    assert (violation["pointer"], violation["rule"]) == (f"/body{pointer}", rule)
    assert violation["message"]
    assert export(shared_mock.anonymous) == before


def test_a_state_brings_its_readings(mock: RunningMock) -> None:
    """The contract that is served follows; answers that are left out are the default ones."""
    before = export(mock.anonymous)
    with mock_with(rates="percent", page_sort="object") as other:
        expect_ok(put_state(mock.anonymous, export(other.anonymous)))
        assert export(mock.anonymous) == export(other.anonymous)
    changed = expect_ok(mock.anonymous.get(f"{ADMIN}/readings"))["changed"]
    assert changed == {"rates": "percent", "page-sort": "object"}
    document = json.loads(before)
    document["readings"] = {}
    expect_ok(put_state(mock.anonymous, json.dumps(document).encode()))
    assert export(mock.anonymous) == before
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/readings"))["changed"] == {}


def test_the_clock_goes_on_from_the_state(mock: RunningMock) -> None:
    """It goes back, as a reset does, and is frozen or runs as it did."""
    before = export(mock.anonymous)
    expect_ok(mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": 86_400}))
    running = {"frozen": False, "scale": 60}
    expect_ok(mock.anonymous.put(f"{ADMIN}/clock", json=running))
    later = export(mock.anonymous)
    expect_ok(put_state(mock.anonymous, before))
    clock = {"now": "2025-04-21T09:00:00+08:00", "frozen": True, "scale": 1}
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/clock")) == clock
    expect_ok(put_state(mock.anonymous, later))
    clock = expect_ok(mock.anonymous.get(f"{ADMIN}/clock"))
    assert clock["now"] >= "2025-04-22T09:00:00+08:00"
    assert {**clock, "now": 0} == {**running, "now": 0}


def test_a_state_that_does_not_fit_into_the_storage_is_refused(mock: RunningMock) -> None:
    """The status is 413, as for an upload."""
    files = {"file": ("a.bin", bytes(300_000))}
    upload = mock.client.post("/api/v1/file", data={"moduleName": "m"}, files=files)
    assert upload.status_code == 200
    with run_mock(replace(FROZEN, max_storage=200_000)) as small:
        before = export(small.anonymous)
        answer = put_state(small.anonymous, export(mock.anonymous))
        assert expect_refusal(answer, 413)["rule"] == "maxStorage"
        assert export(small.anonymous) == before


def test_states_that_are_imported_at_once_do_not_take_the_same_room(
    mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each alone would fit into the storage, and both are checked at the same time."""
    files = {"file": ("a.bin", bytes(150_000))}
    mock.client.post("/api/v1/file", data={"moduleName": "m"}, files=files).raise_for_status()
    state, both = export(mock.anonymous), Barrier(2)

    def find_in_both(world: World, contract: Any) -> list[ErrorDetail]:
        both.wait(30)
        return find_unservable(world, contract)

    monkeypatch.setattr(state_handlers, "find_unservable", find_in_both)
    with run_mock(replace(FROZEN, max_storage=300_000)) as small, ThreadPoolExecutor(2) as pool:

        def import_in(session: str) -> int:
            with client_for(small.address) as client:
                client.headers["X-Mock-Session"] = session
                return put_state(client, state).status_code

        assert sorted(pool.map(import_in, ("one", "two"))) == [200, 413]


def test_a_state_that_could_not_be_imported_is_not_exported(
    mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files or its records may be too large."""
    size = len(export(mock.anonymous))
    for limit in (size - 1, 1):
        monkeypatch.setattr(state_handlers, "MAX_STATE_SIZE", limit)
        assert expect_refusal(mock.anonymous.get(STATE), 409)["rule"] == "CP-25"
    monkeypatch.setattr(state_handlers, "MAX_STATE_SIZE", size)
    assert len(export(mock.anonymous)) == size


@pytest.mark.parametrize(
    "text",
    [
        b'{"members": [' + b"[]," * 8_000_000 + b"[]]}",
        b'{"seed": ' + b"9" * 5_000 + b"}",
        b"[" * 5_000,
        b'{"seed": 1e999}',
        b'{"format": "hypers-mock-state"' * 2,
    ],
    ids=["many values", "a long number", "deep nesting", "an infinite number", "no json"],
)
def test_a_bomb_is_refused(shared_mock: RunningMock, text: bytes) -> None:
    """By the limits of every body, in a process of its own if it is large."""
    answer = shared_mock.anonymous.put(STATE, content=text, headers=JSON, timeout=120)
    assert answer.status_code in (400, 413), answer.text
    assert expect_ok(shared_mock.anonymous.get(f"{ADMIN}/health"))["status"] == "ok"


def test_only_the_state_may_be_larger_than_other_bodies(shared_mock: RunningMock) -> None:
    """64 KiB is the limit of most others, and 128 MiB that of a state."""
    padding = b" " * 70_000
    clock = shared_mock.anonymous.put(f"{ADMIN}/clock", content=padding + b"{}", headers=JSON)
    assert expect_refusal(clock, 413)["accepted"] == "maxBodySize 65536"
    assert expect_refusal(put_state(shared_mock.anonymous, padding + b"[]"))["rule"] == "type"
    # The head is enough: the size is refused before the body arrives.
    place = urlsplit(shared_mock.address)
    with socket.create_connection((place.hostname, place.port)) as sent:
        head = f"PUT {STATE} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/json"
        sent.sendall(f"{head}\r\nContent-Length: {2**27 + 1}\r\n\r\n".encode())
        answer = sent.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413")
    assert f"maxBodySize {2**27}".encode() in answer
