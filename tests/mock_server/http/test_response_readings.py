"""How responses are written under each answer to the open questions, over HTTP."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import httpx
import pytest

from mock_server.http.schemas import CompiledSchemas
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.mock_server.http.reading_requests import GROUPS, PLANS, TASKS
from tests.serving import CLIENT_CREDENTIALS, FROZEN, RunningMock, mock_with, run_mock

FORM = {"grant_type": "password"}
HOST = {"Host": "mock.test"}
"""The same addresses in the responses of two mocks."""


@pytest.fixture(scope="module")
def other_mock() -> Any:
    """A mock whose errors are Spring's, and whose responses are complete."""
    with mock_with(absent_values="null", refusal_body="spring") as mock:
        yield mock


# ---- absent-values
LISTS = [
    GROUPS,
    f"{GROUPS}?current=0&size=2",
    PLANS,
    f"{PLANS}/scene",
    f"{PLANS}/303/task",
    f"{PLANS}/task/403/members",
    f"{PLANS}/303/report",
    f"{PLANS}/303/task/schema",
    f"{TASKS}?taskType=APPOINTMENT_REMINDER",
    f"{TASKS}/501",
    f"{TASKS}/501/executions",
    "/api/v1/members/1001/daily-reports",
]


def missing_fields(schema: Any, value: Any, where: str = "") -> list[str]:
    """Return the declared fields that are missing, at any depth of a translated schema."""
    found: list[str] = []
    if isinstance(value, list) and "items" in schema:
        for item in value:
            found += missing_fields(schema["items"], item, f"{where}[]")
    if isinstance(value, dict):
        for name, part in schema.get("properties", {}).items():
            if name in value:
                found += missing_fields(part, value[name], f"{where}.{name}")
            else:
                found.append(f"{where}.{name}")
    for part in schema.get("allOf", ()):
        found += missing_fields(part, value, where)
    return found


@pytest.mark.parametrize("path", LISTS)
def test_a_complete_response_has_every_declared_field(
    shared_mock: RunningMock, other_mock: RunningMock, path: str
) -> None:
    """Null where there is no value, and the same values elsewhere; open maps have no more."""
    usual, complete = (each.client.get(path, headers=HOST) for each in (shared_mock, other_mock))
    contract = other_mock.anonymous.get("/openapi.json").json()
    template = contract_path(contract, path.partition("?")[0])
    content = template["get"]["responses"]["200"]["content"]["application/json"]
    schema = CompiledSchemas(contract["components"]).checker_for(content["schema"]).schema
    assert missing_fields(schema, expect_ok(complete)) == []
    assert without_nulls(complete.json()) == without_nulls(usual.json())


def contract_path(contract: Any, path: str) -> Any:
    """Return the path item of a contract for a path."""
    sent = path.split("/")
    for template, item in contract["paths"].items():
        words = template.split("/")
        if len(words) == len(sent) and all(
            word == given or (word.startswith("{") and given.isdigit())
            for word, given in zip(words, sent, strict=True)
        ):
            return item
    raise AssertionError(path)


def without_nulls(value: Any) -> Any:
    """Return a value without its fields that are null."""
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return value


def test_a_long_list_is_completed_in_its_blocks() -> None:
    """A list without paging of thousands of rows, of which each has every field."""
    settings = replace(FROZEN, scenario="large", size=2_000)
    path = f"{TASKS}?taskType=APPOINTMENT_REMINDER&size=100000"
    with run_mock(settings) as usual:
        expected = expect_ok(usual.client.get(path, headers=HOST))
    with run_mock(replace(settings, readings={"absent-values": "null"})) as mock:
        found = expect_ok(mock.client.get(path, headers=HOST))
    assert len(found["records"]) > 500
    assert {len(record) for record in found["records"]} == {len(found["records"][0])}
    assert without_nulls(found) == without_nulls(expected)


# ---- refusal-body
def spring_error(answer: httpx.Response) -> tuple[int, str, str]:
    """Return status, reason phrase and path of an error in Spring's form."""
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert [*body] == ["timestamp", "status", "error", "path"]
    assert body["timestamp"] == "2025-04-21T01:00:00.000+00:00"
    assert body["status"] == answer.status_code
    return body["status"], body["error"], body["path"]


def test_every_error_of_the_api_is_springs(other_mock: RunningMock) -> None:
    """Whoever finds it: routing, security, body, handler, or nobody; in one language."""
    client, anonymous = other_mock.client, other_mock.anonymous
    for answer, status, phrase in (
        (client.get(f"{GROUPS}?size=0"), 400, "Bad Request"),
        (client.get(f"{GROUPS}/abc"), 400, "Bad Request"),
        (
            client.post(GROUPS, content=b"{", headers={"Content-Type": "application/json"}),
            400,
            "Bad Request",
        ),
        (anonymous.get(GROUPS), 401, "Unauthorized"),
        (client.get(f"{GROUPS}/99999"), 404, "Not Found"),
        (client.get("/api/v1/nothing"), 404, "Not Found"),
        (client.patch(GROUPS), 405, "Method Not Allowed"),
        (
            client.post(GROUPS, content=b"x", headers={"Content-Type": "text/plain"}),
            415,
            "Unsupported Media Type",
        ),
        (
            client.get("/api/v1/file/601", headers={"Range": "bytes=99999999-"}),
            416,
            "Requested range not satisfiable",
        ),
        (client.get(f"{GROUPS}?size=0", headers={"Accept-Language": "en"}), 400, "Bad Request"),
    ):
        assert spring_error(answer) == (status, phrase, answer.request.url.path)
    assert client.patch(GROUPS).headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    head = client.head(f"{GROUPS}?size=0")
    assert (head.status_code, head.content) == (400, b"")


def test_the_token_operation_and_the_control_plane_keep_their_errors(
    other_mock: RunningMock,
) -> None:
    """OAuth clients need theirs (A12), and the control plane is not the provider's."""
    answer = other_mock.anonymous.post("/oauth/token", json=FORM, auth=CLIENT_CREDENTIALS)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert other_mock.anonymous.post("/oauth/token", json=FORM).json()["error"] == "invalid_client"
    for path in (f"{ADMIN}/nothing", f"{ADMIN}/clock/x"):
        refused = other_mock.anonymous.get(path)
        assert refused.headers["Content-Type"] == "application/problem+json"


def test_the_reason_is_logged(other_mock: RunningMock, caplog: pytest.LogCaptureFixture) -> None:
    """With place, rule and sentence, but no value, which may be a secret."""
    with caplog.at_level(logging.WARNING, "mock_server"):
        other_mock.client.post(TASKS, json={"taskName": "secret-name" * 20})
    (line,) = [text for text in caplog.messages if TASKS in text]
    assert line.startswith(f"POST '{TASKS}': 400: ")
    assert "/body/taskName NT-01: A task name must have 1 to 120 characters." in line
    assert "secret-name" not in line


def test_a_bug_is_a_500_in_springs_form(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is in the log."""
    with mock_with(refusal_body="spring") as mock:
        monkeypatch.setattr(mock.world, "groups", None)
        answer = mock.client.get(f"{GROUPS}/101")
    assert spring_error(answer) == (500, "Internal Server Error", f"{GROUPS}/101")
    assert "unexpected error in getGroup" in caplog.text
