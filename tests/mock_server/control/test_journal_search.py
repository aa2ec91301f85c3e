"""Requests are found by what they are, and by parts of their body."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from mock_server.clock import DEFAULT_INSTANT
from mock_server.control.journal_search import MAX_DEPTH, Criteria
from mock_server.control.near_misses import find_near_misses
from mock_server.errors import ErrorDetail, InvalidRequest
from mock_server.sessions.journal import JournalEntry

ENTRY = JournalEntry(
    number=1,
    began=DEFAULT_INSTANT,
    started=0,
    duration=0,
    http_version="1.1",
    scheme="http",
    root="",
    session_prefix="",
    method="POST",
    path="/tasks",
    target=b"/tasks",
    query=b"",
    headers=(),
    request_body=b"",
    request_size=0,
    operation="createTask",
    caller=None,
    status=200,
    response_headers=(),
    response_body=b"",
    response_size=0,
    violations=(),
    undeclared=(),
    faults=(),
    server_violations=None,
    replays=None,
)


def make_entry(body: bytes = b"", **fields: Any) -> JournalEntry:
    """An entry with these fields."""
    return replace(ENTRY, request_body=body, **fields)


REFUSED = make_entry(status=400, violations=(ErrorDetail("/body", "json"),))


@pytest.mark.parametrize(
    ("criteria", "entry", "expected"),
    [
        ({}, make_entry(), True),
        ({"statusClass": 2}, make_entry(), True),
        ({"statusClass": 4}, make_entry(), False),
        ({"text": "/tas"}, make_entry(), True),
        ({"text": "na me"}, make_entry(query=b"q=na%20me"), True),
        ({"text": "sent"}, make_entry(b'{"a":"sent"}'), True),
        ({"text": "got"}, make_entry(response_body=b'{"a":"got"}'), True),
        ({"text": "nowhere"}, make_entry(b"sent", response_body=b"got"), False),
        ({"operationId": "createTask"}, make_entry(), True),
        ({"operationId": "createTask"}, make_entry(operation=None), False),
        ({"method": "POST", "path": "/tasks", "status": 200}, make_entry(), True),
        ({"method": "GET", "path": "/tasks"}, make_entry(), False),
        ({"path": "/task"}, make_entry(), False),
        ({"status": 400}, REFUSED, True),
        ({"refused": True}, REFUSED, True),
        ({"refused": True}, make_entry(), False),
        ({"refused": False}, REFUSED, False),
        ({"ignored": True}, make_entry(undeclared=("staus",)), True),
        ({"ignored": True}, make_entry(), False),
    ],
)
def test_all_criteria_must_be_met(
    criteria: dict[str, Any], entry: JournalEntry, expected: bool
) -> None:
    """A criterion that is not given does not matter."""
    assert Criteria.from_body(criteria).match(entry) is expected


@pytest.mark.parametrize(
    ("wanted", "sent", "expected"),
    [
        ({}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": {"b": [{"c": 2}]}}, {"a": {"b": [{"c": 1}, {"c": 2, "d": 3}]}}, True),
        ({"a": {"b": [{"c": 3}]}}, {"a": {"b": [{"c": 1}]}}, False),
        ([2, 1], [1, 2, 3], True),
        ([], {"a": 1}, False),
        ({"a": None}, {"a": None}, True),
        ({"a": None}, {}, False),
        ({"a": True}, {"a": 1}, False),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": "1"}, {"a": 1}, False),
        (None, None, True),
    ],
)
def test_a_body_matches_if_it_has_everything_that_is_wanted(
    wanted: Any, sent: Any, expected: bool
) -> None:
    """An object may have more fields and a list more items; true is not 1."""
    entry = make_entry(json.dumps(sent).encode())
    assert Criteria.from_body({"body": wanted}).match(entry) is expected


def test_the_fields_of_a_form_are_compared_as_texts() -> None:
    """A login may be a form."""
    entry = make_entry(b"grant_type=password&username=a%40b")
    assert Criteria.from_body({"body": {"username": "a@b"}}).match(entry)
    assert not Criteria.from_body({"body": {"username": "a"}}).match(entry)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a":' * 10_000])
def test_what_is_no_document_has_no_parts(body: bytes) -> None:
    """Neither an empty body nor a cut one matches."""
    assert not Criteria.from_body({"body": {}}).match(make_entry(body))


def test_no_comparison_takes_long() -> None:
    """Its number of steps and its depth are limited; then, nothing is found."""
    many = make_entry(json.dumps([{"a": 0}] * 5_000).encode())
    began = time.perf_counter()
    assert not Criteria.from_body({"body": [{"a": 1}] * 5_000}).match(many)
    assert time.perf_counter() - began < 2
    deep: Any = 1
    for _ in range(MAX_DEPTH + 50):
        deep = [deep]
    assert not Criteria.from_body({"body": deep}).match(make_entry(json.dumps(deep).encode()))


@pytest.mark.parametrize("text", ["张丽", 'say "hi"', "a/b"])
@pytest.mark.parametrize("ascii_", [True, False])
def test_a_text_is_found_however_it_was_written(text: str, ascii_: bool) -> None:
    """Python's JSON escapes Chinese characters, a browser's does not."""
    entry = make_entry(json.dumps({"a": f"x{text}y"}, ensure_ascii=ascii_).encode())
    assert Criteria.from_body({"bodyContains": text}).match(entry)
    assert not Criteria.from_body({"bodyContains": text + "z"}).match(entry)


def test_an_operation_that_does_not_exist_is_refused_with_the_nearest() -> None:
    """Otherwise a misspelled one would be waited for in vain (CP-20)."""
    known = ["createTask", "listTasks"]
    Criteria(operation="listTasks").check(known, "/query")
    Criteria().check(known, "/query")
    with pytest.raises(InvalidRequest) as refused:
        Criteria(operation="creatTask").check(known, "/body")
    [violation] = refused.value.violations
    assert violation == ErrorDetail("/body/operationId", "CP-20", "createTask", "creatTask")


PATHS = {
    "/api/v1/tasks": {"get": {"operationId": "listTasks"}, "post": {"operationId": "createTask"}},
    "/api/v1/tasks/{id}": {"get": {"operationId": "getTask"}},
    "/oauth/token": {"post": {"operationId": "createToken"}},
}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/task", ["listTasks", "createTask", "getTask"]),
        ("POST", "/api/v1/task", ["createTask", "listTasks", "getTask"]),
        ("GET", "/tasks/17", ["getTask", "listTasks", "createTask"]),
        ("DELETE", "/API/V1//tasks/", ["listTasks", "createTask", "getTask"]),
        ("POST", "/oauth/tokens", ["createToken"]),
        ("GET", "/zzz", []),
        ("GET", "/" + "a" * 60_000, []),
        ("", "", []),
    ],
)
def test_the_nearest_operations_of_a_wrong_path_are_named(
    method: str, path: str, expected: list[str]
) -> None:
    """The most similar path comes first, and of its operations that with the method."""
    found = find_near_misses(PATHS, method, path)
    assert [miss.operation for miss in found] == expected
    assert [miss.similarity for miss in found] == sorted(
        (miss.similarity for miss in found), reverse=True
    )
