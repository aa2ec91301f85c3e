"""Forwarding to a real server is shown and changed while the mock runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.http.real_servers import (
    LIST_PATH,
    RealServer,
    replies,
    run_real_server,
)
from tests.serving import FROZEN, RunningMock, run_mock

PROXY = f"{ADMIN}/proxy"
NOTHING: dict[str, Any] = {"operations": [], "forwarded": [], "hosts": []}


@pytest.fixture
def server() -> Iterator[RealServer]:
    """A real server without groups."""
    with run_real_server(replies(404, {})) as running:
        yield running


def test_operations_are_forwarded_from_the_next_request_on(
    mock: RunningMock, server: RealServer
) -> None:
    """PUT replaces what was forwarded, DELETE ends it, and GET shows it."""
    assert expect_ok(mock.anonymous.get(PROXY)) == NOTHING
    body = {"url": f"{server.url}/", "operations": ["listGroups", "auth"]}
    shown = expect_ok(mock.anonymous.put(PROXY, json=body))
    assert shown == {
        "url": server.url,
        "operations": ["listGroups", "auth"],
        "forwarded": ["createToken", "listGroups"],
        "hosts": [],
    }
    assert mock.client.get(LIST_PATH).headers["X-Mock-Source"] == "proxy"
    body = {"url": server.url, "authUrl": "http://localhost:9", "operations": ["files"]}
    shown = expect_ok(mock.anonymous.put(PROXY, json=body))
    assert (shown["authUrl"], shown["forwarded"]) == (
        "http://localhost:9",
        ["getFile", "uploadFile"],
    )
    assert "X-Mock-Source" not in mock.client.get(LIST_PATH).headers
    assert expect_ok(mock.anonymous.get(PROXY)) == shown
    assert mock.anonymous.delete(PROXY).status_code == 204
    assert expect_ok(mock.anonymous.get(PROXY)) == NOTHING
    assert len(server.requests) == 1


def test_a_reset_keeps_the_proxy(mock: RunningMock, server: RealServer) -> None:
    """A test that resets the data between two cases still reaches the real server."""
    body = {"url": server.url, "operations": ["notice-groups"]}
    set_to = expect_ok(mock.anonymous.put(PROXY, json=body))
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    assert expect_ok(mock.anonymous.get(PROXY)) == set_to


@pytest.mark.parametrize(
    ("body", "place", "rule"),
    [
        ({"url": "ftp://127.0.0.1", "operations": ["auth"]}, "/body/url", "CP-35"),
        ({"url": "http://a@127.0.0.1", "operations": ["auth"]}, "/body/url", "CP-35"),
        ({"url": "https://api.example", "operations": ["auth"]}, "/body/url", "CP-36"),
        (
            {"url": "http://127.0.0.1", "authUrl": "http://1.2.3.4", "operations": ["auth"]},
            "/body/authUrl",
            "CP-36",
        ),
        ({"url": "http://127.0.0.1", "operations": ["auth", "x"]}, "/body/operations/1", "CP-37"),
        ({"url": "http://127.0.0.1"}, "/body/operations", "required"),
    ],
)
def test_a_wrong_change_is_refused_and_changes_nothing(
    shared_mock: RunningMock, body: dict[str, Any], place: str, rule: str
) -> None:
    """The control plane cannot reach hosts that were not allowed at the start."""
    error = expect_refusal(shared_mock.anonymous.put(PROXY, json=body))
    assert (error["pointer"], error["rule"]) == (place, rule)
    assert expect_ok(shared_mock.anonymous.get(PROXY)) == NOTHING


def test_hosts_that_were_allowed_at_the_start_can_be_chosen() -> None:
    """--proxy-host; nothing is connected before a request is forwarded."""
    with run_mock(replace(FROZEN, proxy_hosts=("api.example",))) as mock:
        body = {"url": "https://api.example/gw", "operations": ["*"]}
        shown = expect_ok(mock.anonymous.put(PROXY, json=body))
        assert (shown["url"], shown["hosts"]) == ("https://api.example/gw", ["api.example"])
        assert len(shown["forwarded"]) > 30


def test_each_session_forwards_on_its_own(server: RealServer) -> None:
    """A new one begins with the proxy of the command line; a change shows in no other."""
    settings = replace(FROZEN, proxy=server.url, proxy_operations=("listGroups",))
    with run_mock(settings) as mock:
        own = {"X-Mock-Session": "own"}
        assert mock.client.get(LIST_PATH, headers=own).headers["X-Mock-Source"] == "proxy"
        assert mock.anonymous.delete(PROXY, headers=own).status_code == 204
        assert "X-Mock-Source" not in mock.client.get(LIST_PATH, headers=own).headers
        assert mock.client.get(LIST_PATH).headers["X-Mock-Source"] == "proxy"
        there = mock.client.get(f"/__session/other{LIST_PATH}")
        assert there.headers["X-Mock-Source"] == "proxy"
        assert [request.target for request in server.requests] == [LIST_PATH] * 3
        assert not any("x-mock-session" in request.headers for request in server.requests)
        assert server.requests[2].headers["x-forwarded-prefix"] == "/__session/other"
