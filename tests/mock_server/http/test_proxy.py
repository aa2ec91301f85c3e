"""A mock that forwards operations to a real server, which is another mock."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.mock_server.http.real_servers import (
    LIST_PATH,
    ForwardingMock,
    replies,
    run_forwarding_mock,
    run_real_server,
)
from tests.mock_server.uploads import FILES, MODULE
from tests.openapi.walking import operations_by_id
from tests.serving import (
    CLIENT_CREDENTIALS,
    FROZEN,
    PASSWORD_GRANT,
    RunningMock,
    client_for,
    fetch_token,
    run_mock,
)

OTHER_SEED = replace(FROZEN, seed=7)
"""Settings of the real server, so that its tokens are not those of the mock."""
SCENES_PATH = "/api/v1/marketing-notice/scene"


@pytest.fixture(scope="module")
def real() -> Iterator[RunningMock]:
    """The real server."""
    with run_mock(OTHER_SEED) as mock:
        yield mock


@pytest.fixture(scope="module")
def mock(real: RunningMock) -> Iterator[ForwardingMock]:
    """A mock that forwards the login, groups and files; its client is logged in."""
    with run_forwarding_mock(real.address, "auth", "notice-groups", "files") as mock:
        mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.client)}"
        yield mock


def test_chosen_operations_are_answered_by_the_real_server(
    mock: ForwardingMock, real: RunningMock
) -> None:
    """Records created through the mock are there; the response names its source."""
    created = mock.client.post(LIST_PATH, json={"name": "a group of the real server"})
    assert created.status_code == 200
    assert created.headers["X-Mock-Source"] == "proxy"
    through, direct = mock.client.get(LIST_PATH), real.client.get(LIST_PATH)
    assert "a group of the real server" in direct.text
    assert through.content == direct.content
    assert mock.verdicts[-2:] == [[], []]
    assert "a group of the real server" not in str([*mock.app.world.groups.values()])


def test_all_other_operations_are_answered_by_the_mock(
    mock: ForwardingMock, real: RunningMock, contract: dict[str, Any]
) -> None:
    """The real server does not see their requests."""
    scenes = mock.client.get(SCENES_PATH)
    assert scenes.status_code == 200
    assert "X-Mock-Source" not in scenes.headers
    assert mock.verdicts[-1] is None
    before = len(mock.app.world.scenes)
    media = operations_by_id(contract)["createScene"]["requestBody"]["content"]["application/json"]
    scene = next(iter(media["examples"].values()))["value"]
    created = mock.client.post(SCENES_PATH, json=scene)
    assert created.status_code == 200, created.text
    assert len(mock.app.world.scenes) == before + 1
    assert len(real.world.scenes) == before


def test_the_mock_accepts_tokens_that_the_real_server_has_issued(
    mock: ForwardingMock, real: RunningMock
) -> None:
    """One login is enough for both; only tokens that were issued through the mock count."""
    direct = {"Authorization": f"Bearer {fetch_token(real.anonymous)}"}
    assert mock.client.get(LIST_PATH, headers=direct).status_code == 200
    assert mock.client.get(SCENES_PATH, headers=direct).status_code == 401
    issued = {"Authorization": f"Bearer {fetch_token(mock.client)}"}
    assert mock.client.get(LIST_PATH, headers=issued).status_code == 200
    assert mock.client.get(SCENES_PATH, headers=issued).status_code == 200
    caller = mock.app.world.tokens.authenticate(
        issued["Authorization"].partition(" ")[2], mock.app.world.now()
    )
    assert caller.username == PASSWORD_GRANT["username"]


def test_a_refreshed_token_is_accepted_as_well(mock: ForwardingMock) -> None:
    """The second grant of the login is forwarded like the first."""
    pair = mock.client.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS).json()
    body = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    fresh = mock.client.post("/oauth/token", json=body, auth=CLIENT_CREDENTIALS).json()
    headers = {"Authorization": f"Bearer {fresh['access_token']}"}
    assert mock.client.get(SCENES_PATH, headers=headers).status_code == 200


def test_a_reset_of_the_mock_ends_tokens_of_the_real_server(real: RunningMock) -> None:
    """As it ends the mock's own: the app has to log in again; the proxy stays."""
    with run_forwarding_mock(real.address, "auth") as mock:
        headers = {"Authorization": f"Bearer {fetch_token(mock.client)}"}
        assert mock.client.get(SCENES_PATH, headers=headers).status_code == 200
        assert mock.client.post("/__admin/reset").status_code == 200
        assert mock.client.get(SCENES_PATH, headers=headers).status_code == 401
        again = mock.client.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
        assert again.headers["X-Mock-Source"] == "proxy"


def test_a_refused_login_issues_nothing(mock: ForwardingMock) -> None:
    """The refusal is that of the real server."""
    wrong = {**PASSWORD_GRANT, "password": "wrong"}
    refused = mock.client.post("/oauth/token", json=wrong, auth=CLIENT_CREDENTIALS)
    assert refused.status_code == 400
    assert refused.headers["X-Mock-Source"] == "proxy"
    assert mock.verdicts[-1] == []


def test_large_bodies_go_through_in_both_directions(mock: ForwardingMock) -> None:
    """30 MB up, as a form of unknown length, and down; a range of them, and a 304."""
    content = random.Random(1).randbytes(30_000_000)
    files = {"file": ("a.bin", content)}
    form = httpx.Request("POST", "http://x/", data=MODULE, files=files).read()
    boundary = form[2 : form.index(b"\r\n")].decode()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(form), 100_000):
            yield form[start : start + 100_000]

    uploaded = mock.client.post(
        FILES,
        content=pieces(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    assert uploaded.status_code == 200, uploaded.text
    path = f"{FILES}/{uploaded.json()['id']}"
    got = mock.client.get(path)
    assert got.content == content
    assert got.headers["Content-Length"] == str(len(content))
    part = mock.client.get(path, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, content[5:10])
    known = mock.client.get(path, headers={"If-None-Match": got.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert mock.verdicts[-3:] == [[], [], []]


def test_a_head_request_has_the_header_of_the_real_server(mock: ForwardingMock) -> None:
    """Content-Length is that of GET; nothing is compared, since there is no body."""
    head, got = mock.client.head(LIST_PATH), mock.client.get(LIST_PATH)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    assert mock.verdicts[-2] == []


def test_preflights_and_wrong_methods_are_the_mocks(mock: ForwardingMock) -> None:
    """The real server need not allow the app's origin."""
    origin = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "GET"}
    preflight = mock.client.options(LIST_PATH, headers=origin)
    assert preflight.status_code == 204
    answer = mock.client.get(LIST_PATH, headers=origin)
    assert answer.headers.get_list("Access-Control-Allow-Origin") == ["http://localhost:5173"]
    assert "X-Mock-Source" in answer.headers["Access-Control-Expose-Headers"]
    assert len(answer.headers.get_list("Date")) == 1
    refused = mock.client.put(LIST_PATH)
    assert refused.status_code == 405
    assert "X-Mock-Source" not in refused.headers


def test_mocks_can_be_chained(mock: ForwardingMock, real: RunningMock) -> None:
    """A mock may forward to one that forwards; only a circle is refused."""
    with (
        run_forwarding_mock(mock.address, "notice-groups") as front,
        client_for(front.address) as client,
    ):
        answer = client.get(LIST_PATH, headers=mock.client.headers)
        assert answer.content == real.client.get(LIST_PATH).content


def test_the_url_of_the_mock_itself_is_a_circle(real: RunningMock) -> None:
    """It is noticed on the second way through, and not after a thousand connections."""
    with run_forwarding_mock(real.address) as mock:
        change = {"url": mock.address, "operations": ["notice-groups"]}
        assert mock.client.put("/__admin/proxy", json=change).status_code == 200
        answer = mock.client.get(LIST_PATH)
        assert answer.status_code == 502
        assert answer.json()["errors"][0]["rule"] == "proxyLoop"
        # That of the inner request, which the outer one forwards as a real server's response.
        assert answer.headers["X-Mock-Source"] == "proxy"
        assert len(mock.verdicts) == 3


def test_paths_under_a_prefix_are_forwarded_without_it() -> None:
    """--root-path belongs to the mock, and the path of --proxy to the real server."""
    settings = replace(FROZEN, root_path="/gw/hypers", admin_token="secret-token")
    with (
        run_real_server(replies(404, {})) as server,
        run_forwarding_mock(f"{server.url}/real/", settings=settings) as mock,
    ):
        for prefix in ("", "/gw/hypers"):
            mock.client.get(f"{prefix}{LIST_PATH}?current=1&__delay=0&name=%E5%9B%9B")
        targets = [request.target for request in server.requests]
        assert targets == [f"/real{LIST_PATH}?current=1&name=%E5%9B%9B"] * 2
        headers = server.requests[0].headers
        assert headers["host"] == server.url.removeprefix("http://")
        assert headers["x-forwarded-prefix"] == "/gw/hypers"
        assert headers["x-forwarded-host"] == mock.address.removeprefix("http://")


def test_credentials_of_the_mock_stay_here() -> None:
    """Neither the admin token, nor the session, nor cookies of other applications are forwarded."""
    settings = replace(FROZEN, admin_token="secret-token")
    with (
        run_real_server(replies(404, {})) as server,
        run_forwarding_mock(server.url, settings=settings) as mock,
    ):
        headers = {
            "Authorization": "Bearer secret-token",
            "X-Mock-Admin-Token": "secret-token",
            "X-Mock-Session": "default",
            "Cookie": "a=b",
        }
        mock.client.get(LIST_PATH, headers=headers)
        mock.client.get(LIST_PATH, headers={"Authorization": "Bearer of-the-user"})
        first, second = (request.headers for request in server.requests)
        assert not {name.lower() for name in headers} & first.keys()
        assert second["authorization"] == "Bearer of-the-user"


def test_requests_for_tokens_go_to_the_server_of_tokens_alone() -> None:
    """Passwords go there, and bearer tokens to the other server."""
    issued = {"access_token": "real-token", "token_type": "bearer", "expires_in": 60}
    issued |= {"refresh_token": "r", "scope": "all"}
    with (
        run_real_server(replies(200, issued)) as tokens,
        run_real_server(replies(404, {})) as server,
    ):
        settings = replace(FROZEN, proxy_auth_url=tokens.url)
        with run_forwarding_mock(server.url, "auth", "notice-groups", settings=settings) as mock:
            assert fetch_token(mock.client) == "real-token"
            assert mock.rules() == []
            bearer = {"Authorization": "Bearer real-token"}
            mock.client.get(LIST_PATH, headers=bearer)
            assert mock.client.get(SCENES_PATH, headers=bearer).status_code == 200
            assert [r.target for r in tokens.requests] == ["/oauth/token"]
            assert tokens.requests[0].headers["authorization"].startswith("Basic ")
            assert [r.headers["authorization"] for r in server.requests] == ["Bearer real-token"]


def test_connections_to_the_real_server_are_reused() -> None:
    """Ten requests in a row need one connection."""
    with run_real_server(replies(404, {})) as server, run_forwarding_mock(server.url) as mock:
        for _ in range(10):
            mock.client.get(LIST_PATH)
        assert len(server.requests) == 10
        assert len(server.clients) == 1


def test_forced_responses_come_before_the_proxy() -> None:
    """The real server does not see a request whose response is forced; a delay applies to both."""
    with run_real_server(replies(404, {})) as server, run_forwarding_mock(server.url) as mock:
        rules = [{"operation": "listGroups", "status": 503, "times": 1}]
        assert mock.client.put("/__admin/faults", json=rules).status_code == 200
        forced = mock.client.get(LIST_PATH)
        assert (forced.status_code, server.requests) == (503, [])
        assert forced.headers.get("X-Mock-Source") != "proxy"
        assert mock.client.get(LIST_PATH, headers={"Prefer": "code=500"}).status_code == 500
        assert server.requests == []
        began = time.monotonic()
        slow = mock.client.get(LIST_PATH, headers={"Prefer": "delay=300"})
        assert time.monotonic() - began >= 0.3
        assert slow.headers["X-Mock-Source"] == "proxy"
        assert slow.headers["Preference-Applied"] == "delay=300"
        assert "prefer" not in server.requests[0].headers


@pytest.mark.parametrize("end", ["expire", "revoke"])
def test_tokens_of_the_real_server_end_when_the_mock_is_told_so(
    real: RunningMock, end: str
) -> None:
    """In the mock only: the real server still accepts them."""
    with run_forwarding_mock(real.address, "auth", "notice-groups") as mock:
        headers = {"Authorization": f"Bearer {fetch_token(mock.client)}"}
        assert mock.client.get(SCENES_PATH, headers=headers).status_code == 200
        mock.client.post(f"/__admin/tokens/{end}").raise_for_status()
        assert mock.client.get(SCENES_PATH, headers=headers).status_code == 401
        assert mock.client.get(LIST_PATH, headers=headers).status_code == 200
