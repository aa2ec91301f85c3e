"""Undeclared names are returned in a header, and `--strict` refuses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mock_server.app import create_app
from tests.serving import (
    CLIENT_CREDENTIALS,
    FROZEN,
    PASSWORD_GRANT,
    RunningMock,
    client_for,
    mock_with,
    run_mock,
    serve_app,
)

HEADER = "X-Mock-Ignored"
TASKS = "/api/v1/notification-tasks"
TASK_LIST = f"{TASKS}?taskType=APPOINTMENT_REMINDER"
TASK: dict[str, Any] = {
    "taskName": "x",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:30:00",
    "contents": [{"contentType": "TEXT", "contentValue": "hello {{nickname}}"}],
    "members": [{"userId": "U1", "nickname": "x"}],
}
MISTAKES: list[tuple[str, str, Any, str]] = [
    ("GET", f"{TASK_LIST}&staus=DRAFT", None, "/query/staus;nearest=status"),
    ("GET", f"{TASK_LIST}&orderBy[]=a&zzz", None, "/query/orderBy[], /query/zzz"),
    ("GET", f"{TASKS}/501?a=1", None, "/query/a"),
    ("GET", f"{TASKS}/501?=1&%FF=2&a%00=3", None, ""),
    ("GET", f"{TASK_LIST}&status=", None, ""),
    ("POST", TASKS, TASK, ""),
    (
        "POST",
        TASKS,
        {**TASK, "scheduledEndtime": "x"},
        "/body/scheduledEndtime;nearest=scheduledEndTime",
    ),
    (
        "POST",
        f"{TASKS}?a=1",
        {**TASK, "contents": [{**TASK["contents"][0], "contentTpye": 1}]},
        "/query/a, /body/contents/0/contentTpye;nearest=contentType",
    ),
    ("POST", "/api/v1/marketing-notice/group", {"nmae": "x"}, "/body/nmae;nearest=name"),
    ("POST", "/oauth/token", {**PASSWORD_GRANT, "acess": 1}, "/body/acess"),
    (
        "POST",
        "/oauth/token",
        {**PASSWORD_GRANT, "refresh_token": "x"},
        "/body/refresh_token",
    ),
]
"""Requests with the names that are ignored; members have parameters of their own."""


def send(mock: RunningMock, method: str, path: str, body: Any) -> Any:
    """The response to a request."""
    login = path.startswith("/oauth")
    client = mock.anonymous if login else mock.client
    auth = CLIENT_CREDENTIALS if login else None
    headers = {"Accept-Language": "en"}
    return client.request(method, path, json=body, auth=auth, headers=headers)


@pytest.mark.parametrize(("method", "path", "body", "ignored"), MISTAKES)
def test_a_response_lists_what_was_ignored(
    shared_mock: RunningMock, method: str, path: str, body: Any, ignored: str
) -> None:
    """Successful or not, with the nearest name that the contract has; usually, nothing was."""
    answer = send(shared_mock, method, path, body)
    assert answer.headers.get(HEADER, "") == ignored
    assert answer.status_code in (200, 400)


@pytest.fixture(scope="module")
def strict_mock() -> Iterator[RunningMock]:
    """A mock with `--strict`."""
    with run_mock(replace(FROZEN, strict=True)) as mock:
        yield mock


@pytest.mark.parametrize(("method", "path", "body", "ignored"), MISTAKES)
def test_a_strict_mock_refuses_what_would_be_ignored(
    strict_mock: RunningMock, method: str, path: str, body: Any, ignored: str
) -> None:
    """All of it at once, with a rule and the nearest name or all that the contract has."""
    answer = send(strict_mock, method, path, body)
    assert HEADER not in answer.headers
    expected = [item.partition(";nearest=") for item in ignored.split(", ") if item]
    errors = answer.json().get("errors", []) if expected else []
    found = {error["pointer"]: error for error in errors}
    for pointer, _, nearest in expected:
        rule = "undeclaredField" if pointer.startswith("/body") else "undeclaredParameter"
        assert found[pointer]["rule"] == rule
        assert "check its spelling" in found[pointer]["message"]
        accepted = found[pointer].get("accepted", "")
        assert accepted == nearest if nearest else "," in accepted or not accepted
    if expected:
        assert answer.status_code == 400


def test_a_strict_mock_has_no_effect_when_it_refuses(strict_mock: RunningMock) -> None:
    """No task is created."""
    before = strict_mock.client.get(TASK_LIST).json()
    assert send(strict_mock, "POST", TASKS, {**TASK, "zzz": 1}).status_code == 400
    assert strict_mock.client.get(TASK_LIST).json() == before


def test_fields_of_an_upload_are_compared_too(
    shared_mock: RunningMock, strict_mock: RunningMock
) -> None:
    """A part of a form is a field of the body."""
    parts: Any = {"file": ("a.csv", b"a"), "moduleName": (None, "NOTICE"), "flie": (None, "b")}
    answer = shared_mock.client.post("/api/v1/file", files=parts)
    assert answer.headers[HEADER] == "/body/flie;nearest=file"
    refused = strict_mock.client.post("/api/v1/file", files=parts)
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/body/flie"]


def test_a_query_is_compared_even_if_the_body_is_refused_at_once(shared_mock: RunningMock) -> None:
    """Invalid JSON ends the reading of a request."""
    answer = shared_mock.client.post(f"{TASKS}?a=1", content=b"{", headers={
        "Content-Type": "application/json"
    })  # fmt: skip
    assert (answer.status_code, answer.headers[HEADER]) == (400, "/query/a")


def test_what_a_reading_refuses_is_not_listed_as_ignored() -> None:
    """With `unknown-input=refused` the contract itself is closed, and its violations say so."""
    with mock_with(unknown_input="refused") as mock:
        answer = mock.client.get(f"{TASK_LIST}&staus=1&__delay=0")
        assert (answer.status_code, answer.headers.get(HEADER)) == (400, None)
        assert [each["pointer"] for each in answer.json()["errors"]] == ["/query/staus"]
        answer = mock.client.post(TASKS, json={**TASK, "zzz": 1})
        assert (answer.status_code, answer.headers.get(HEADER)) == (400, None)


@pytest.mark.parametrize("strict", [False, True])
def test_another_contract_is_compared_in_the_same_way(strict: bool) -> None:
    """Its names are known as well, among them those of API keys in the query."""
    pets = Path(__file__).with_name("pets.yaml")
    settings = replace(FROZEN, contract=pets, strict=strict)
    with serve_app(create_app(settings)) as address, client_for(address) as client:
        mistaken = client.get("/many?m=1")
        if strict:
            assert [each["pointer"] for each in mistaken.json()["errors"]] == ["/query/m"]
        else:
            assert (mistaken.status_code, mistaken.headers[HEADER]) == (204, "/query/m")
        body = {"name": "a", "mother": {"name": "b", "nmae": "c"}}
        mistaken = client.post("/pets/mine", json=body)
        assert (mistaken.status_code == 400) is strict
        assert strict or mistaken.headers[HEADER] == "/body/mother/nmae;nearest=name"
        keyed = client.get("/key?key=1")
        assert (keyed.status_code, keyed.headers.get(HEADER)) == (204, None)
