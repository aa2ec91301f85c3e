"""The test client calls the operations of the control plane, and has tokens and sessions ready."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.control.contract import load_control_contract
from mock_server.pytest_plugin import session_name
from mock_server.testing import (
    Mock,
    MockRefusal,
    NoMatchInTimeError,
    connect,
)
from mock_server.testing.transport import Transport
from tests.serving import FROZEN, RunningMock, run_mock

GROUPS = "/api/v1/marketing-notice/group"
OTHER_WAYS = {
    "getRecord": "for people, who look at the data in the console; the API returns the same",
    "listRecordRows": "likewise",
    "listRecords": "likewise",
    "getScenario": "state.as_scenario() returns it as YAML",
    "getScenarioSchema": "hypers-mock --scenario-schema prints it",
    "listOperations": "likewise; the contract has them",
    "listRequests": "requests.find() has more criteria",
    "setFaults": "faults.clear() and faults.add()",
}
"""Operations of the control plane that the client does not call, with the reason."""


@pytest.fixture
def client(shared_mock: RunningMock, request: pytest.FixtureRequest) -> Mock:
    """The client of a fresh session."""
    return connect(shared_mock.address).session(session_name(request.node.name))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The operationIds of all calls of the control plane in a test."""
    operations = [
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation["operationId"])
        for path, item in load_control_contract(secured=True)["paths"].items()
        for method, operation in item.items()
    ]
    found: set[str] = set()
    real = Transport.call

    def call(self: Transport, method: str, path: str, *rest: Any, **query: Any) -> Any:
        found.update(id_ for verb, url, id_ in operations if verb == method and url.fullmatch(path))
        return real(self, method, path, *rest, **query)

    monkeypatch.setattr(Transport, "call", call)
    return found


def get(mock: Mock, path: str = GROUPS) -> httpx.Response:
    """Send a request of an app that uses the session of the client."""
    return httpx.get(mock.api_url + path, headers=mock.authorization, verify=False)


def create_group(mock: Mock, name: str) -> int:
    """Create a group and return the status."""
    body = {"name": name}
    return httpx.post(
        mock.api_url + GROUPS, headers=mock.authorization, json=body, verify=False
    ).status_code


def test_every_operation_of_the_control_plane_has_a_method(client: Mock, called: set[str]) -> None:
    """Those that have none are listed with the reason."""
    for call in (client.health, client.version, client.info, client.sessions):
        assert call()
    client.session("other", scenario="empty").remove()
    assert client.clock.read() != client.clock.advance(seconds=1) == client.clock.freeze()
    rule = client.faults.add("listGroups", status=503)
    assert client.faults.list() == (client.faults.get(rule),)
    client.faults.remove(rule)
    client.faults.clear()
    saved = client.snapshots.save("a")
    assert client.snapshots.list() == (saved,)
    client.snapshots.restore("a")
    client.snapshots.delete("a")
    client.state.import_(client.state.export())
    assert "groups:" in client.state.as_scenario()
    assert client.readings.set(rates="percent") == client.readings.read()
    assert client.proxy.set(client.url, "listGroups") == client.proxy.read()
    client.proxy.stop()
    assert client.member_files.check(601).accepted
    assert client.tokens.expire()
    assert client.tokens.revoke()
    get(client)
    [listing, *_] = client.requests.find("listGroups")
    assert client.requests.wait_for("listGroups", seconds=0) == [listing]
    assert client.requests.count("listGroups") == 1
    assert client.requests.get(listing)["request"]["headers"]
    assert client.requests.replay(listing)["replays"] == listing.id
    assert "curl" in client.requests.as_curl()
    assert client.requests.as_har()["log"]["entries"]
    client.requests.clear()
    client.reset()
    operations = {
        each["operationId"]
        for item in load_control_contract(secured=True)["paths"].values()
        for each in item.values()
    }
    assert operations - called == OTHER_WAYS.keys()


def test_the_clock_is_moved_frozen_and_run(client: Mock) -> None:
    """Durations add up; it runs at a scale."""
    began = client.clock.now
    assert client.clock.advance(hours=1, minutes=30).now - began == timedelta(minutes=90)
    assert client.clock.advance_to("2025-04-22 09:00:00").now - began == timedelta(days=1)
    assert client.clock.freeze("2025-04-23 09:00:00").frozen
    running = client.clock.run(scale=60)
    assert (running.frozen, running.scale) == (False, 60)


def test_a_refusal_names_the_field_what_is_accepted_and_what_was_sent(client: Mock) -> None:
    """The clock is not moved back, and a fault needs a status that exists."""
    with pytest.raises(MockRefusal, match=r"^POST /__admin/faults: 400\n") as refused:
        client.faults.add("listGroups", status=703)
    [error] = refused.value.errors
    assert (error.pointer, error.accepted, error.found) == ("/body/status", "maximum 599", "703")
    assert "/body/status (maximum): " in str(refused.value)
    assert "Accepted: maximum 599; found: 703" in str(refused.value)
    with pytest.raises(MockRefusal, match="CP-04") as refused:
        client.clock.freeze("2025-04-20 09:00:00")
    assert refused.value.status == 409


def test_the_token_is_ready_and_follows_what_makes_it_invalid(client: Mock) -> None:
    """It is valid after a reset, a restored snapshot, an import, and after tokens expired."""
    assert get(client).status_code == 200
    token = client.token
    assert client.token == token
    assert client.requests.count("createToken") == 1
    client.reset()
    assert get(client).status_code == 200
    client.snapshots.save("clean")
    state = client.state.export()
    for invalidate in (
        client.tokens.expire,
        client.tokens.revoke,
        lambda: client.snapshots.restore("clean"),
        lambda: client.state.import_(state),
    ):
        old = client.token
        invalidate()
        assert get(client).status_code == 200
        assert old
    client.clock.advance(hours=4)
    assert get(client).status_code == 401, "the app has to cope with it, so the test sees it, too"
    assert client.login() != client.token


def test_a_snapshot_brings_back_what_was_there(client: Mock) -> None:
    """A group that was created afterwards is gone."""
    client.snapshots.save("clean")
    assert create_group(client, "VIP") == 200
    assert get(client).json()["totalElements"] == 4
    assert client.snapshots.restore("clean").records is not None
    assert get(client).json()["totalElements"] == 3


def test_a_fault_is_counted(client: Mock) -> None:
    """The first request fails, the second does not."""
    rule = client.faults.add("listGroups", status=503, retry_after=7, times=1)
    failed = get(client)
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "7")
    assert get(client).status_code == 200
    assert client.faults.get(rule).hits == 1


def test_sessions_do_not_see_each_other(client: Mock) -> None:
    """Each has its own records, clock and tokens; the URL and the header name the same one."""
    one, two = client.session("one"), client.session("two", scenario="empty")
    assert create_group(one, "VIP") == 200
    assert [get(each).json()["totalElements"] for each in (one, two, client)] == [4, 0, 3]
    headers = {**one.headers, **one.authorization}
    assert httpx.get(one.url + GROUPS, headers=headers, verify=False).json()["totalElements"] == 4
    names = {each.name for each in client.sessions()}
    assert names >= {"default", "one", "two", client.session_name}
    one.remove()
    assert get(client.session("one")).json()["totalElements"] == 3
    assert connect(two.api_url).health().scenario == "empty"


def test_requests_are_found_with_their_bodies_and_violations(client: Mock) -> None:
    """`wait_for` returns what is already there."""
    assert create_group(client, "VIP") == 200
    assert create_group(client, "") == 400
    [created] = client.requests.wait_for("createGroup", status=200, body={"name": "VIP"}, seconds=5)
    assert created.json() == {"name": "VIP"}
    [refused] = client.requests.find(refused=True)
    assert refused.violations[0].pointer == "/body/name"
    assert str(refused).startswith(f"POST {GROUPS} 400 /body/name (")
    assert client.requests.count("createGroup") == 2


def test_a_request_that_does_not_come_fails_with_those_that_came(client: Mock) -> None:
    """It is an AssertionError, so that pytest calls the test failed."""
    get(client, f"{GROUPS}?staus=1")
    with pytest.raises(NoMatchInTimeError) as late:
        client.requests.wait_for("createGroup", seconds=0.05)
    assert isinstance(late.value, AssertionError)
    [note] = late.value.__notes__
    assert f"GET {GROUPS}?staus=1 200 /query/staus ignored" in note


def test_readings_are_changed_by_key(client: Mock) -> None:
    """Hyphens are underscores in keywords."""
    assert client.readings.set(absent_values="null").changed == {"absent-values": "null"}
    assert client.readings.set({"absent-values": None}).changed == {}


def test_a_mock_beyond_loopback_gets_its_token() -> None:
    """Without it, the control plane refuses, and says so."""
    with run_mock(replace(FROZEN, admin_token="secret")) as started:
        assert connect(started.address, admin_token="secret").clock.now
        with pytest.raises(MockRefusal, match="401"):
            connect(started.address)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda mock: mock.requests.wait_for(seconds=math.nan), "seconds cannot be sent as JSON"),
        (lambda mock: mock.requests.wait_for(seconds=math.inf), "seconds cannot be sent as JSON"),
        (lambda mock: mock.requests.find(body={"a": b"x"}), "body cannot be sent as JSON"),
        (lambda mock: mock.requests.find(text="\ud800"), "text cannot be sent as JSON"),
        (lambda mock: mock.faults.add("*", status=500, probability=math.nan), "probability"),
        (lambda mock: mock.clock.advance(hours=math.nan), "hours=nan"),
        (lambda mock: mock.clock.advance(days=10**12), "days=1000000000000"),
        (lambda mock: mock.snapshots.save("a/b"), "not the name of a snapshot: 'a/b'"),
        (lambda mock: mock.snapshots.restore(""), "not the name of a snapshot: ''"),
    ],
)
def test_an_argument_that_cannot_be_sent_is_named(
    client: Mock, call: Callable[[Mock], object], named: str
) -> None:
    """The error is a ValueError, and is not about the connection or another path."""
    with pytest.raises(ValueError, match=named):
        call(client)


def test_seconds_out_of_range_are_refused_by_the_control_plane(client: Mock) -> None:
    """With the field and the limit."""
    for seconds in (-100, 10**6):
        with pytest.raises(MockRefusal, match="/body/seconds"):
            client.requests.wait_for(seconds=seconds)
