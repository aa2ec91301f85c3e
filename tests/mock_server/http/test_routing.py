"""Methods, paths, CORS and HEAD, as any HTTP client expects."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from mock_server.app import create_app
from mock_server.http.path_suggestion import MAX_PATH_LENGTH
from mock_server.http.routing import UnknownPathErrors
from mock_server.settings import Settings
from tests.serving import RunningMock, client_for, serve_app

TASK = "/api/v1/notification-tasks/501"
PERCENT_ENCODED = "/" + "".join(
    f"%{ord(character):02X}"
    for character in f"api/v1/marketing-notice/scene/{'9' * 19}/unbundled-externalId"
)
"""The longest path of the contract with every character percent-encoded: 211 characters."""


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", TASK, "GET, HEAD, OPTIONS"),
        ("DELETE", "/api/v1/marketing-notice", "GET, POST, HEAD, OPTIONS"),
        ("PATCH", "/api/v1/marketing-notice/group/101", "GET, PUT, DELETE, HEAD, OPTIONS"),
        ("GET", "/oauth/token", "POST, OPTIONS"),
        ("GET", "/api/v1/marketing-notice/301/enable", "PATCH, OPTIONS"),
        ("TRACE", TASK, "GET, HEAD, OPTIONS"),
        ("POST", "/", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_405_and_allow_names_every_right_one(
    shared_mock: RunningMock, method: str, path: str, allow: str
) -> None:
    """The response is a problem document, with or without a token."""
    for client in (shared_mock.client, shared_mock.anonymous):
        answer = client.request(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == set(allow.split(", "))
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 405


def test_a_fixed_path_comes_before_one_with_a_parameter(tmp_path: Path) -> None:
    """As OpenAPI says, wherever they stand; a dot or a plus in a path is literal."""
    paths = ("/pets/{name}", "/pets/mine", "/pets/{name}/toys", "/pets/a.b+c", "/{kind}/mine")
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {path: {"get": name_operation(path)} for path in paths},
    }
    file = tmp_path / "pets.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    expected = {
        "/pets/mine": "/pets/mine",
        "/pets/yours": "/pets/{name}",
        "/pets/yours/toys": "/pets/{name}/toys",
        "/pets/a.b+c": "/pets/a.b+c",
        "/pets/aXbbc": "/pets/{name}",
        "/cats/mine": "/{kind}/mine",
    }
    app = create_app(Settings(contract=file))
    with serve_app(app) as address, client_for(address) as client:
        found = {path: client.get(path).json() for path in expected}
    assert found == expected


def test_characters_of_regular_expressions_in_a_path_are_literal(tmp_path: Path) -> None:
    """Also at its end, and beside a parameter; no such path prevents the start."""
    paths = ("/**/{id}", "/c++/{id}", "/all(/{id}", "/a.b/{id}", "/{id}/$", "/cost$", "/$")
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Signs", "version": "1"},
        "paths": {path: {"get": name_operation(path)} for path in paths},
    }
    file = tmp_path / "signs.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    app = create_app(Settings(contract=file))
    with serve_app(app) as address, client_for(address) as client:
        for path in paths:
            assert client.get(path.format(id="7")).json() == path
        assert client.get("/aXb/7").status_code == 404


def name_operation(path: str) -> dict[str, Any]:
    """Return an operation that answers with its path."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]
    content = {"application/json": {"schema": {"type": "string"}, "example": path}}
    return {"parameters": parameters, "responses": {"200": {"description": "", "content": content}}}


def test_options_without_an_origin_is_204_with_allow(shared_mock: RunningMock) -> None:
    """OPTIONS returns the methods of a path without a token."""
    answer = shared_mock.anonymous.options(TASK)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "path",
    [TASK, "/api/v1/file/602", "/api/v1/marketing-notice/members/template", "/openapi.json", "/"],
)
def test_head_has_the_headers_of_get_and_no_body(shared_mock: RunningMock, path: str) -> None:
    """HEAD also returns the Content-Length of GET."""
    got, head = shared_mock.client.get(path), shared_mock.client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    for name in ("Content-Length", "Content-Type"):
        assert head.headers[name] == got.headers[name]


def test_head_without_a_token_is_401(shared_mock: RunningMock) -> None:
    """HEAD has the same security as GET."""
    assert shared_mock.anonymous.head(TASK).status_code == 401


@pytest.mark.parametrize("sent", ["abc", "1.0", "+1", "-", "９", "9" * 5000])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/notification-tasks/{}",
        "/api/v1/marketing-notice/group/{}",
        "/api/v1/marketing-notice/{}/report",
        "/api/v1/marketing-notice/task/{}/members",
        "/api/v1/members/{}/daily-reports",
    ],
)
def test_a_path_id_that_is_not_an_integer_is_refused_after_the_credentials(
    shared_mock: RunningMock, path: str, sent: str
) -> None:
    """A 400 by ID-01 with its place (decision X6); without a token, a 401 as for any id."""
    answer = shared_mock.client.get(path.format(sent))
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["pointer"] in ("/path/id", "/path/taskId")
    assert (error["rule"], error["accepted"]) == ("ID-01", "type integer")
    assert shared_mock.anonymous.get(path.format(sent)).status_code == 401


def test_a_wrong_path_id_is_reported_with_the_rest(shared_mock: RunningMock) -> None:
    """Every violation of a request is reported at once, and a wrong method is still a 405."""
    answer = shared_mock.client.put("/api/v1/marketing-notice/group/abc", json={})
    pointers = {error["pointer"]: error["rule"] for error in answer.json()["errors"]}
    assert answer.status_code == 400
    assert pointers == {"/path/id": "ID-01", "/body/name": "GR-01"}
    assert shared_mock.client.post("/api/v1/marketing-notice/group/abc").status_code == 405


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/api/v1/notification-task", "path"),
        ("/api/v1/marketing-notice/gruop", "path"),
        ("/api/v1/notification-tasks/501/", "path"),
        ("/nothing", "path"),
        ("//", "path"),
    ],
)
def test_an_unknown_path_is_a_404_problem_that_says_what_is_wrong(
    shared_mock: RunningMock, path: str, rule: str
) -> None:
    """The response is never HTML and never a redirect."""
    answer = httpx.get(shared_mock.address + path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["rule"] == rule


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/api/v1/notification-task", "/api/v1/notification-tasks"),
        ("/api/v1/notification-tasks/", "/api/v1/notification-tasks"),
        ("//api/v1/notification-tasks", "/api/v1/notification-tasks"),
        ("/api//v1/notification-tasks//", "/api/v1/notification-tasks"),
        ("/api/v1/Notification-Tasks", "/api/v1/notification-tasks"),
        ("/notification-tasks", "/api/v1/notification-tasks"),
        ("/v1/notification-tasks", "/api/v1/notification-tasks"),
        ("/api/v2/notification-tasks", "/api/v1/notification-tasks"),
        ("/api/v1/notification_tasks", "/api/v1/notification-tasks"),
        ("/api/v1/notification-tasks/501/", "/api/v1/notification-tasks/{taskId}"),
        ("/api/v1/notification-task/501", "/api/v1/notification-tasks/{taskId}"),
        (
            "/api/v1/notification-tasks/501/terminate",
            "/api/v1/notification-tasks/{taskId}/termination",
        ),
        ("/api/v1/marketing-notice/groups", "/api/v1/marketing-notice/group"),
        ("/api/v1/marketing-notices", "/api/v1/marketing-notice"),
        ("/oauth/token/", "/oauth/token"),
        ("/oauth/tokens", "/oauth/token"),
        ("/token", "/oauth/token"),
        ("/api/v1/api/v1/notification-tasks", "/api/v1/notification-tasks"),
        ("/api/v1/files/601", "/api/v1/file/{id}"),
        ("/openapi.yml", "/openapi.yaml"),
        ("/doc", "/docs/"),
        ("/admin/health", "/__admin/health"),
        ("/__admin/helth", "/__admin/health"),
        ("/__admin/clock/", "/__admin/clock"),
        ("/nothing", "/openapi.yaml"),
        ("//", "/openapi.yaml"),
        ("/" + "a" * 60_000, "/openapi.yaml"),
        ("/api/v1/" + "notification-tasks/" * 3_000, "/openapi.yaml"),
    ],
)
def test_an_unknown_path_names_the_one_that_was_meant(
    shared_mock: RunningMock, path: str, meant: str
) -> None:
    """Slashes, case, a missing prefix, singular and plural, a typo; else it names the contract."""
    answer = shared_mock.anonymous.get(shared_mock.address + path)
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["rule"], error["accepted"]) == ("/path", "path", meant)


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ("/nothing/" + "a" * 500, "/nothing/" + "a" * 191),
        (PERCENT_ENCODED, PERCENT_ENCODED[:200]),
        ("/nothing/" + "a" * 191, "/nothing/" + "a" * 191),
    ],
)
def test_a_404_shows_the_beginning_of_a_long_path(
    shared_mock: RunningMock, sent: str, found: str
) -> None:
    """The response stays short whatever was sent."""
    answer = shared_mock.client.get(sent)
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert error["found"] == found


def test_no_path_takes_long_to_be_compared() -> None:
    """Hostile paths of every length take a few milliseconds, as they block the event loop."""
    contract = openapi.load()
    unknown = UnknownPathErrors(contract["paths"])
    alike = "/api/v1/marketing-notice/task/member/report/notification-executions/"
    for length in (100, MAX_PATH_LENGTH, 60_000):
        for path in ("/a" * length, alike * length, "/%" * length, "/api/v1/" + "e" * length):
            for cut in (length, len(path)):
                began = time.thread_time()
                unknown.not_found_error(path[:cut])
                assert time.thread_time() - began < 0.04


def test_401_says_how_to_authenticate(shared_mock: RunningMock) -> None:
    """Every 401 has WWW-Authenticate: Bearer for the API, Basic for the token operation."""
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        answer = shared_mock.anonymous.get(TASK, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert answer.json()["errors"][0]["rule"] == "AU-01"
    for headers in ({}, {"Authorization": "Basic ZGVtbw=="}, {"Authorization": "Bearer x"}):
        answer = shared_mock.anonymous.post("/oauth/token", json={}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert answer.json()["error"] == "invalid_client"


def test_security_comes_before_everything_else(shared_mock: RunningMock) -> None:
    """Without a token, a caller gets no information about its parameters or body."""
    answer = shared_mock.anonymous.post("/api/v1/notification-tasks", content=b"{")
    assert answer.status_code == 401


def test_unknown_parameters_and_fields_are_accepted(shared_mock: RunningMock) -> None:
    """X2: a newer client works with an older contract."""
    answer = shared_mock.client.get(f"{TASK}?trace=1&trace=2")
    assert answer.status_code == 200
    body: dict[str, Any] = {"name": "新组", "colour": {"deep": [1, None, 1.5]}}
    assert shared_mock.client.post("/api/v1/marketing-notice/group", json=body).status_code == 200
