"""A request names its session in a header or at the beginning of its path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mock_server.http.session_selection import PATH_POINTER
from tests.mock_server.control.admin_client import ADMIN, AFTERNOON, expect_ok, expect_refusal
from tests.mock_server.uploads import FILES, MODULE
from tests.serving import FROZEN, RunningMock, client_for, fetch_token, run_mock

HEADER, HEADER_POINTER = "X-Mock-Session", "/header/X-Mock-Session"
TASKS, FILE = "/api/v1/notification-tasks", "/api/v1/file/602"
LONGEST = "a" * 64


def session_name(answer: httpx.Response) -> str:
    """Return the session that health reports."""
    return str(expect_ok(answer)["session"])


@pytest.fixture
def in_session(mock: RunningMock) -> Iterator[httpx.Client]:
    """A client of the session `ui`, by its base URL, that is logged in."""
    with client_for(f"{mock.address}/__session/ui/") as client:
        client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
        yield client


@pytest.mark.parametrize("name", ["a", "ci-7", "A.b_c-1", "..a", LONGEST, "default"])
def test_header_and_path_lead_to_the_same_session(shared_mock: RunningMock, name: str) -> None:
    """Each alone, and both together."""
    client = shared_mock.anonymous
    path = f"/__session/{name}{ADMIN}/health"
    assert session_name(client.get(f"{ADMIN}/health", headers={HEADER: name})) == name
    assert session_name(client.get(path)) == name
    assert session_name(client.get(path, headers={HEADER: name})) == name
    assert session_name(client.get(f"{ADMIN}/health")) == "default"


@pytest.mark.parametrize("name", ["", "a b", "ü".encode(), "a/b", ".", "..", "...", "a" * 65])
def test_a_header_with_no_name_is_refused(shared_mock: RunningMock, name: Any) -> None:
    """With 400 and what would be accepted, in the API and in the control plane."""
    for path in (f"{TASKS}/501", f"{ADMIN}/health", "/", "/nothing"):
        error = expect_refusal(shared_mock.anonymous.get(path, headers={HEADER: name}))
        assert (error["pointer"], error["rule"]) == (HEADER_POINTER, "CP-10")
        assert "[A-Za-z0-9._-]{1,64}" in error["accepted"]


@pytest.mark.parametrize("name", ["", "a%20b", "%C3%BC", "a%2Fb", "%61", "%2E%2E", "a" * 65, "a;b"])
def test_a_path_with_no_name_is_refused(shared_mock: RunningMock, name: str) -> None:
    """Escapes too: a name needs none, and `%2F` would be part of another path."""
    error = expect_refusal(shared_mock.anonymous.get(f"/__session/{name}{TASKS}/501"))
    assert (error["pointer"], error["rule"]) == (PATH_POINTER, "CP-10")


def test_a_refused_name_is_answered_with_cors_and_in_the_language_asked_for(
    shared_mock: RunningMock,
) -> None:
    """A browser would hide the error otherwise."""
    sent = {HEADER: "a b", "Origin": "https://app.example", "Accept-Language": "en"}
    answer = shared_mock.anonymous.get(f"{TASKS}/501", headers=sent)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert expect_refusal(answer)["message"].startswith("The name of a session has 1 to 64")


def test_header_and_path_must_not_contradict_each_other(shared_mock: RunningMock) -> None:
    """CP-41; one of the two would be ignored."""
    answer = shared_mock.anonymous.get(f"/__session/a{ADMIN}/health", headers={HEADER: "b"})
    error = expect_refusal(answer)
    assert (error["rule"], error["accepted"], error["found"]) == ("CP-41", "a", "b")


def test_a_repeated_header_is_refused(shared_mock: RunningMock) -> None:
    """A proxy may have read another one of them."""
    headers = [(HEADER, "a"), (HEADER, "a")]
    error = expect_refusal(shared_mock.anonymous.get(f"{ADMIN}/health", headers=headers))
    assert (error["pointer"], error["rule"]) == (HEADER_POINTER, "repeated")


def test_the_base_url_without_a_slash_leads_to_the_landing_page(shared_mock: RunningMock) -> None:
    """As with `--root-path`, because the links of the page are relative."""
    answer = shared_mock.anonymous.get("/__session/ui", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/__session/ui/")
    assert shared_mock.anonymous.get("/__session").status_code == 404
    assert shared_mock.anonymous.get("/__session/a/__session/b/").status_code == 404


def test_a_browser_may_send_the_header(shared_mock: RunningMock) -> None:
    """The preflight allows it, also below a base URL."""
    wanted = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, x-mock-session",
    }
    for base in ("", "/__session/ui"):
        answer = shared_mock.anonymous.options(f"{base}{TASKS}", headers=wanted)
        assert answer.status_code == 204
        assert "x-mock-session" in answer.headers["Access-Control-Allow-Headers"]
        asked = shared_mock.anonymous.options(f"{base}{TASKS}")
        assert asked.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def image_url(task: dict[str, Any]) -> str:
    """Return the URL of the task's image."""
    (found,) = (c["contentValue"] for c in task["contents"] if c["contentType"] == "IMAGE")
    return str(found)


def test_links_lead_to_the_session_without_a_header(
    mock: RunningMock, in_session: httpx.Client
) -> None:
    """An `<img>` sends none; so links name the session, also if the request had the header."""
    task = in_session.get(f"{TASKS.lstrip('/')}/501").raise_for_status().json()
    assert image_url(task) == f"{mock.address}/__session/ui{FILE}"
    assert httpx.get(image_url(task)).headers["Content-Type"] == "image/png"
    headers = {HEADER: "ui", "Authorization": in_session.headers["Authorization"]}
    by_header = mock.anonymous.get(f"{TASKS}/501", headers=headers).raise_for_status()
    assert by_header.json() == task
    sent = in_session.post(FILES.lstrip("/"), files={"file": ("a.txt", b"here")}, data=MODULE)
    path = f"{FILES}/{sent.raise_for_status().json()['id']}"
    assert httpx.get(f"{mock.address}/__session/ui{path}").text == "here"
    assert httpx.get(mock.address + path).status_code == 404


def test_a_refusal_repeats_the_path_that_was_requested(mock: RunningMock) -> None:
    """With the session, if the path had it; a header is no part of it."""
    for base, headers in (("/__session/ui", {}), ("", {HEADER: "ui"})):
        for path in (f"{TASKS}/501", f"{ADMIN}/nothing", "/nothing"):
            answer = mock.anonymous.get(base + path, headers=headers)
            assert answer.json()["instance"] == base + path


def test_the_contract_names_the_session_as_its_server(mock: RunningMock) -> None:
    """Generated clients and Swagger UI stay in it. The control plane's contract does the same."""
    for base, headers in (("/__session/ui", {}), ("", {HEADER: "ui"})):
        for path, end in (("/openapi.json", ""), (f"{ADMIN}/openapi.json", ADMIN)):
            served = mock.anonymous.get(base + path, headers=headers).json()
            urls = [server["url"] for server in served["servers"]]
            assert urls == [f"{mock.address}/__session/ui{end}"]


@pytest.mark.parametrize("root", ["", "/gw/hypers"])
def test_the_path_of_a_proxy_comes_before_the_session(root: str) -> None:
    """With `--root-path` or X-Forwarded-Prefix, whether the proxy strips its path or not."""
    with run_mock(replace(FROZEN, root_path=root)) as mock:
        headers = {} if root else {"X-Forwarded-Prefix": "/gw/hypers"}
        for requested in ("/__session/ui", *(["/gw/hypers/__session/ui"] if root else [])):
            with client_for(mock.address) as client:
                client.headers.update(headers)
                base = f"{mock.address}/gw/hypers/__session/ui"
                served = client.get(f"{requested}/openapi.json").json()
                assert served["servers"][0]["url"] == base
                client.headers["Authorization"] = f"Bearer {fetch_token_at(client, requested)}"
                task = client.get(f"{requested}{TASKS}/501").raise_for_status().json()
                assert image_url(task) == f"{base}{FILE}"
                refused = client.get(f"{requested}/nothing").json()
                assert refused["instance"] == "/gw/hypers/__session/ui/nothing"


def fetch_token_at(client: httpx.Client, base: str) -> str:
    """Return a token of the session below a path."""
    with client_for(f"{str(client.base_url).rstrip('/')}{base}") as inside:
        return fetch_token(inside)


def test_the_control_plane_of_a_session_is_guarded_too(mock: RunningMock) -> None:
    """Host, Origin and token are checked as without a session."""
    for base, headers in (("/__session/ui", {}), ("", {HEADER: "ui"})):
        refused = mock.anonymous.put(
            f"{base}{ADMIN}/clock",
            json={"now": AFTERNOON},
            headers={**headers, "Origin": "https://evil.example"},
        )
        assert expect_refusal(refused, 403)["rule"] == "CP-02"
    with run_mock(replace(FROZEN, admin_token="secret")) as secured:
        answer = secured.anonymous.get(f"/__session/ui{ADMIN}/clock")
        assert expect_refusal(answer, 401)["rule"] == "CP-03"
