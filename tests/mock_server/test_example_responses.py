"""The contract's examples of responses are those of the frozen demo mock (decision G10)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

import openapi
from tests.mock_server.example_requests import iter_example_requests
from tests.mock_server.example_responses import (
    DOWNLOADED_FILE_ID,
    FILE_REQUESTS,
    NOT_REPLAYED,
    REQUEST_CHANGES,
    SCHEMA_EXAMPLES,
    FileRequest,
    SchemaExample,
    iter_response_examples,
    mock_response,
)
from tests.serving import RunningMock, run_mock

LANGUAGES = ("zh", "en")
DEMO_IDS = frozenset(
    number
    for first, last in ((101, 103), (201, 205), (301, 305), (401, 407), (501, 504), (601, 604),
                        (1001, 1024))
    for number in range(first, last + 1)
)  # fmt: skip
REQUEST_SCHEMAS = frozenset({"NotificationTaskMember"})
"""Schemas, in addition to those called Input, whose examples show a request."""


@cache
def contract(lang: openapi.Language) -> dict[str, Any]:
    """Return the contract in one language."""
    return openapi.load(lang=lang)


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    """A mock that is reset before each request."""
    with run_mock() as found:
        yield found


@pytest.fixture(scope="module")
def chinese_responses(mock: RunningMock) -> Mapping[str, str]:
    """Responses of the mock to the requests of the Chinese contract, as JSON text, by name."""
    return {
        example.name: display_value(mock_response(mock, example))
        for example in iter_response_examples(contract("zh"))
        if example.name not in NOT_REPLAYED
    }


@pytest.fixture(scope="module")
def english_responses(mock: RunningMock, chinese_responses: Mapping[str, str]) -> Mapping[str, str]:
    """The same of the English contract, in which only the bodies of requests are others."""
    requests = [*iter_example_requests(contract("en"))]
    with_body = {request.operation.name for request in requests if request.kind}
    return dict(chinese_responses) | {
        example.name: display_value(mock_response(mock, example, requests))
        for example in iter_response_examples(contract("en"))
        if example.name not in NOT_REPLAYED and example.operation in with_body
    }


@pytest.fixture
def responses(
    lang: openapi.Language,
    chinese_responses: Mapping[str, str],
    english_responses: Mapping[str, str],
) -> Mapping[str, str]:
    """Those of the language of a test."""
    return chinese_responses if lang == "zh" else english_responses


def display_value(value: Any) -> str:
    """Return JSON text, which depends on the order of keys and the form of numbers."""
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_example_of_a_response_is_what_the_frozen_demo_mock_returns(
    lang: openapi.Language, responses: Mapping[str, str]
) -> None:
    """JSON and order of keys are the same; `write_examples.py` updates the examples."""
    shown = {
        example.name: display_value(example.value)
        for example in iter_response_examples(contract(lang))
    }
    other = {
        name: (value, responses[name])
        for name, value in shown.items()
        if name not in NOT_REPLAYED and value != responses[name]
    }
    assert other == {}
    assert len(shown) > 50


def test_what_is_said_of_examples_is_said_of_some_that_are_there() -> None:
    """Each name in a table is an example or a schema of the contract."""
    names = {example.name for example in iter_response_examples(contract("zh"))}
    assert REQUEST_CHANGES.keys() | NOT_REPLAYED.keys() <= names
    schemas = contract("zh")["components"]["schemas"]
    for each in SCHEMA_EXAMPLES:
        assert each.example in names
        assert each.schema in schemas


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("record", SCHEMA_EXAMPLES, ids=lambda record: record.schema)
def test_the_examples_of_a_schema_are_those_of_one_record(
    lang: openapi.Language, record: SchemaExample, responses: Mapping[str, str]
) -> None:
    """Both the whole example and those of the properties are from one record."""
    schema = contract(lang)["components"]["schemas"][record.schema]
    found = openapi.resolve_pointer(json.loads(responses[record.example]), record.pointer)
    if "example" in schema:
        assert display_value(schema["example"]) == display_value(found)
    for name, declared in schema.get("properties", {}).items():
        if name in found and "example" in declared:
            assert display_value(declared["example"]) == display_value(found[name]), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_schema_with_an_example_of_a_demo_record_is_compared(lang: openapi.Language) -> None:
    """Each whose `id` is that of demo data, except those of requests."""
    known = {record.schema for record in SCHEMA_EXAMPLES} | REQUEST_SCHEMAS
    for name, schema in contract(lang)["components"]["schemas"].items():
        properties = schema.get("properties", {})
        given = {properties.get(key, {}).get("example") for key in ("id", "memberId")}
        if not name.endswith("Input") and given & DEMO_IDS:
            assert name in known, name


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("request_", FILE_REQUESTS, ids=lambda request: str(request.status))
def test_the_headers_of_a_download_are_those_of_file_604(
    lang: openapi.Language, request_: FileRequest, mock: RunningMock
) -> None:
    """The mock sends each header of the contract with the value of its example."""
    answer = mock.anonymous.get(f"/api/v1/file/{DOWNLOADED_FILE_ID}", headers=request_.headers)
    assert answer.status_code == request_.status
    operation = contract(lang)["paths"]["/api/v1/file/{id}"]["get"]
    shown = operation["responses"][str(request_.status)]["headers"]
    assert {name: str(header["example"]) for name, header in shown.items()} == {
        name: answer.headers.get(name) for name in shown
    }
