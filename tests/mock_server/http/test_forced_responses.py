"""A forced response has the form and the content that the contract in force has for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from mock_server.app import create_app
from mock_server.http.schemas import SchemaChecker
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.http.preference_requests import GROUPS, prefer
from tests.openapi.walking import operations_by_id
from tests.serving import FROZEN, RunningMock, client_for, mock_with, serve_app

CONTRACT = openapi.load(readings="exact")


def documented_errors() -> list[Any]:
    """Every operation with each of its documented statuses from 400 on."""
    return [
        pytest.param(name, path, method, status, id=f"{name}-{status}")
        for path, method, _, operation in openapi.iter_operations(CONTRACT)
        for name in [operation["operationId"]]
        for status in operation["responses"]
        if status >= "400"
    ]


def checker_of(contract: dict[str, Any], name: str, status: str, media_type: str) -> SchemaChecker:
    """The checker of a documented response; a KeyError if the media type is not documented."""
    response = operations_by_id(contract)[name]["responses"][status]
    if "$ref" in response:
        response = contract["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return SchemaChecker(response["content"][media_type]["schema"], contract["components"])


@pytest.mark.parametrize(("name", "path", "method", "status"), documented_errors())
def test_every_documented_error_can_be_forced(
    shared_mock: RunningMock, name: str, path: str, method: str, status: str
) -> None:
    """The body is valid, and the response confirms the preference."""
    url = path.replace("{", "").replace("}", "")
    answer = shared_mock.anonymous.request(method, url, headers={"Prefer": f"code={status}"})
    assert answer.status_code == int(status)
    assert answer.headers["Preference-Applied"] == f"code={status}"
    checker = checker_of(CONTRACT, name, status, answer.headers["Content-Type"])
    assert not checker.violations(answer.json(), "")
    assert ("Retry-After" in answer.headers) == (status in ("429", "503"))
    assert ("WWW-Authenticate" in answer.headers) == (status == "401")


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "429", "500", "503", "418"])
def test_an_error_has_the_form_of_the_reading_in_force(status: str) -> None:
    """Spring's body has no problem document in it, and the token operation keeps its own."""
    with mock_with(refusal_body="spring") as mock:
        answer = prefer(mock, f"code={status}; undocumented")
        assert answer.status_code == int(status)
        assert answer.json().keys() == {"timestamp", "status", "error", "path"}
        assert answer.json()["status"] == int(status)
        assert answer.json()["path"] == GROUPS
        token = prefer(mock, f"code={status}; undocumented", "/oauth/token")
        assert token.status_code == 405
        token = mock.anonymous.post(
            "/oauth/token", headers={"Prefer": f"code={status};undocumented"}
        )
        assert token.status_code == int(status)
        assert token.json().keys() >= {"error", "error_description"}


def test_a_forced_error_is_in_the_language_and_about_the_path_of_the_request(
    shared_mock: RunningMock,
) -> None:
    """It looks like an error of the mock, which the example of the contract cannot."""
    english = prefer(shared_mock, "code=404", f"{GROUPS}/77").json()
    assert english["title"] == "Not found"
    assert english["instance"] == f"{GROUPS}/77"
    chinese = shared_mock.anonymous.get(f"{GROUPS}/77", headers={"Prefer": "code=404"}).json()
    assert chinese["title"] == "资源不存在"
    assert chinese["errors"][0]["rule"] == english["errors"][0]["rule"] == "ID-02"


@pytest.mark.parametrize(
    ("preferences", "status", "rule"),
    [
        ("example=expiredToken", 401, "AU-04"),
        ("code=401, example=missingToken", 401, "AU-01"),
    ],
)
def test_an_error_has_the_violations_of_the_named_example(
    shared_mock: RunningMock, preferences: str, status: int, rule: str
) -> None:
    """An example alone has its own status."""
    answer = prefer(shared_mock, preferences)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["rule"] == rule


def test_the_examples_of_errors_without_a_violation_say_what_the_mock_says(
    shared_mock: RunningMock,
) -> None:
    """403, 429, 500 and 503 have a sentence of their own."""
    for status in ("403", "429", "500", "503"):
        answer = shared_mock.anonymous.get(GROUPS, headers={"Prefer": f"code={status}"}).json()
        response = operations_by_id(CONTRACT)["listGroups"]["responses"][status]
        shared = CONTRACT["components"]["responses"][response["$ref"].rpartition("/")[2]]
        [example] = shared["content"]["application/problem+json"]["examples"].values()
        assert answer["detail"] == example["value"]["detail"]
        assert "errors" not in answer


def test_a_success_is_the_example_of_the_contract(shared_mock: RunningMock) -> None:
    """The first one, or that with the name; a file's example is its text."""
    examples = operations_by_id(CONTRACT)["listGroups"]["responses"]["200"]["content"]
    examples = examples["application/json"]["examples"]
    for preferences, name in (("code=200", next(iter(examples))), ("example=empty", "empty")):
        answer = prefer(shared_mock, preferences)
        assert answer.json() == examples[name]["value"]
        assert answer.headers["X-Mock-Source"] == "contract"
    assert prefer(shared_mock, "code=200", "/api/v1/file/601").content
    assert prefer(shared_mock, "code=304", "/api/v1/file/601").status_code == 304
    assert prefer(shared_mock, "code=204; undocumented").content == b""


def test_other_contracts_have_preferences_and_rules_too(tmp_path: Path) -> None:
    """Their examples are sent as they are; a status without one is generated from its schema."""
    schema = {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}}
    responses = {
        "200": {"description": "", "content": {"application/json": {"example": {"a": 1}}}},
        "503": {"description": "", "content": {"application/json": {"schema": schema}}},
        "default": {"description": ""},
    }
    paths = {"/pets": {"get": {"operationId": "pets", "tags": ["t"], "responses": responses}}}
    document = {"openapi": "3.0.3", "info": {"title": "p", "version": "1"}, "paths": paths}
    file = tmp_path / "pets.json"
    file.write_text(json.dumps(document))
    with serve_contract(file) as client:
        answer = client.get("/pets", headers={"Prefer": "code=503"})
        assert answer.status_code == 503
        assert isinstance(answer.json()["code"], int)
        assert answer.headers["X-Mock-Source"] == "generated"
        assert client.get("/pets", headers={"Prefer": "code=418"}).status_code == 418
        rule = {"operation": "t", "status": 503}
        assert client.post(f"{ADMIN}/faults", json=rule).status_code == 200
        assert client.get("/pets").headers["X-Mock-Fault"] == "1"


@contextmanager
def serve_contract(file: Path) -> Iterator[httpx.Client]:
    """A client of a mock of another contract."""
    app = create_app(replace(FROZEN, contract=file))
    with serve_app(app) as address, client_for(address) as client:
        yield client
