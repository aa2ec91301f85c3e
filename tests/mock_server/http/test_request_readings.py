"""How requests are read under each answer to the open questions, over HTTP."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.mock_server.control.admin_client import expect_ok
from tests.mock_server.http.reading_requests import (
    GROUPS,
    MANY,
    PLAN,
    PLANS,
    TASK,
    TASKS,
    violations,
)
from tests.serving import (
    CLIENT_CREDENTIALS,
    PASSWORD_GRANT,
    RunningMock,
    mock_with,
)

# ---- empty-query-values
EMPTY_QUERIES = [
    (f"{GROUPS}?current=&size=&keyWord=&ids=&orderBy=&orderDirection=", GROUPS),
    (
        f"{TASKS}?taskType=APPOINTMENT_REMINDER&status=&current=",
        f"{TASKS}?taskType=APPOINTMENT_REMINDER",
    ),
    (f"{GROUPS}?orderBy=&orderBy=name", f"{GROUPS}?orderBy=name"),
    (f"{PLANS}/task/401/members?moodValue=&status=", f"{PLANS}/task/401/members"),
]


@pytest.mark.parametrize(("empty", "without"), EMPTY_QUERIES)
def test_an_empty_query_value_counts_as_not_given(
    shared_mock: RunningMock, empty: str, without: str
) -> None:
    """Frontends send the empty fields of a search form."""
    expected = expect_ok(shared_mock.client.get(without))
    assert expect_ok(shared_mock.client.get(empty)) == expected


def test_an_empty_value_of_a_required_parameter_is_refused(shared_mock: RunningMock) -> None:
    """Only optional ones may be left out."""
    found = violations(shared_mock.client.get(f"{TASKS}?taskType="))
    assert [each[:2] for each in found] == [("/query/taskType", "NT-19")]


def test_an_empty_query_value_is_refused_under_the_other_reading(other_mock: RunningMock) -> None:
    """But free texts may be empty under both."""
    found = violations(other_mock.client.get(f"{GROUPS}?current=&size="))
    assert [each[:2] for each in found] == [("/query/current", "type"), ("/query/size", "type")]
    expect_ok(other_mock.client.get(f"{GROUPS}?keyWord="))


# ---- number-as-text
def test_numbers_and_texts_are_converted(other_mock: RunningMock) -> None:
    """Also in lists, and in large bodies; what is no number is refused."""
    data = {"name": 42, "groupId": "101", "sceneIds": ["201", 202], "timeoutWakeUp": "true"}
    plan = expect_ok(other_mock.client.post(PLANS, json={"options": "DRAFT", "data": data}))
    assert (plan["name"], plan["groupId"]) == ("42", 101)
    data = {"name": "春季", "groupId": "abc"}
    found = violations(other_mock.client.post(PLANS, json={"options": "DRAFT", "data": data}))
    assert found == [("/body/data/groupId", "type", "type integer")]
    members = [{"userId": n, "nickname": "丽", "gift": n} for n in range(MANY)]
    task = expect_ok(other_mock.client.post(TASKS, json={**TASK, "members": members}))
    first = expect_ok(other_mock.client.get(f"{TASKS}/{task['id']}"))["members"][0]
    assert first == {"userId": "0", "nickname": "丽", "gift": "0"}


def test_a_number_as_text_is_refused_by_default(shared_mock: RunningMock) -> None:
    """Each value has the type of the schema (X5)."""
    body = {"options": "DRAFT", "data": {"name": 42, "groupId": "101"}}
    found = violations(shared_mock.client.post(PLANS, json=body))
    assert [(pointer, accepted) for pointer, _, accepted in found] == [
        ("/body/data/name", "type string"),
        ("/body/data/groupId", "type integer"),
    ]


# ---- path-id-type
@pytest.mark.parametrize("path", ["abc", "1.5", "9" * 30])
def test_a_path_id_that_is_no_integer_is_a_404_under_the_other_reading(
    other_mock: RunningMock, path: str
) -> None:
    """After the check of the token, with what an id has to be; -1 is still a wrong value."""
    answer = other_mock.client.get(f"{GROUPS}/{path}")
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["rule"]) == ("/path/id", "pathType")
    assert other_mock.anonymous.get(f"{GROUPS}/{path}").status_code == 401
    assert violations(other_mock.client.get(f"{GROUPS}/-1"))[0][:2] == ("/path/id", "ID-01")


# ---- text-length
@pytest.mark.parametrize(
    ("name", "by_characters", "by_units"),
    [("😀" * 60, 200, 200), ("😀" * 61, 200, 400), ("a" * 121, 400, 400)],
)
def test_limits_of_length_count_what_the_reading_says(
    shared_mock: RunningMock, other_mock: RunningMock, name: str, by_characters: int, by_units: int
) -> None:
    """A task's name has at most 120 (NT-01), and the sentence says of what."""
    body = {**TASK, "taskName": name}
    assert shared_mock.client.post(TASKS, json=body).status_code == by_characters
    answer = other_mock.client.post(TASKS, json=body, headers={"Accept-Language": "en"})
    assert answer.status_code == by_units
    if by_units == 400:
        assert violations(answer) == [("/body/taskName", "NT-01", "maxUtf16Length 120")]
        assert "UTF-16" in answer.json()["detail"]


# ---- unknown-input
def test_undeclared_input_is_refused_with_the_nearest_name(other_mock: RunningMock) -> None:
    """Fields at any depth and query parameters; open objects stay open."""
    query = "taskType=APPOINTMENT_REMINDER&staus=PENDING&x=1"
    found = violations(other_mock.client.get(f"{TASKS}?{query}"))
    assert found[0] == ("/query/staus", "undeclaredParameter", "status")
    assert found[1][:2] == ("/query/x", "undeclaredParameter")
    assert "startTime" in found[1][2]
    assert violations(other_mock.client.get(f"{GROUPS}/101?verbose=1"))[0][0] == "/query/verbose"
    body = {"options": "DRAFT", "data": {**PLAN["data"], "tmeout": 5}, "dry": True}
    found = violations(other_mock.client.post(PLANS, json=body))
    assert ("/body/data/tmeout", "additionalProperties", "timeout") in found
    assert {pointer for pointer, *_ in found} == {"/body/dry", "/body/data/tmeout"}
    expect_ok(
        other_mock.client.post(TASKS, json={**TASK, "members": [{"userId": "U9", "gift": "x"}]})
    )
    files: dict[str, Any] = {"file": ("a.txt", b"x"), "extra": (None, "1")}
    found = violations(other_mock.client.post("/api/v1/file", files=files))
    assert "/body/extra" in [pointer for pointer, *_ in found]
    found = violations(
        other_mock.client.post(
            TASKS, json={**TASK, "contents": [{**TASK["contents"][0], "colour": 1}]}
        )
    )
    assert [pointer for pointer, *_ in found] == ["/body/contents/0/colour"]


def test_many_undeclared_parameters_do_not_block_the_loop(other_mock: RunningMock) -> None:
    """Only for the first of them is the nearest name looked for."""
    query = "&".join(f"parameter{n}=1" for n in range(1000))
    began = time.perf_counter()
    answer = other_mock.client.get(f"{GROUPS}?{query}")
    assert time.perf_counter() - began < 2
    assert len(violations(answer)) == 100


# ---- token-request-form
def test_a_token_is_issued_for_a_form_by_the_same_rules(other_mock: RunningMock) -> None:
    """Missing and repeated fields are refused; an empty one counts as missing."""
    ask: dict[str, Any] = {"auth": CLIENT_CREDENTIALS}
    pair = expect_ok(other_mock.anonymous.post("/oauth/token", data=PASSWORD_GRANT, **ask))
    refresh = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    expect_ok(other_mock.anonymous.post("/oauth/token", data=refresh, **ask))
    for form, pointer, code in (
        ({**PASSWORD_GRANT, "password": ""}, "/body/password", "invalid_request"),
        ({**PASSWORD_GRANT, "username": ["a", "b"]}, "/body/username", "invalid_request"),
        ({"grant_type": "other"}, "/body/grant_type", "unsupported_grant_type"),
    ):
        answer = other_mock.anonymous.post("/oauth/token", data=form, **ask)
        assert (answer.status_code, answer.json()["error"]) == (400, code)
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    long = {**PASSWORD_GRANT, "password": "x" * 70_000}
    assert other_mock.anonymous.post("/oauth/token", data=long, **ask).status_code == 413


def test_a_form_for_a_token_is_a_415_by_default(shared_mock: RunningMock) -> None:
    """The documents show JSON only (A3)."""
    answer = shared_mock.anonymous.post(
        "/oauth/token", data=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS
    )
    assert answer.status_code == 415


# ---- short-file-path
def test_files_are_served_at_the_short_path_as_well(
    shared_mock: RunningMock, other_mock: RunningMock
) -> None:
    """With the same security, methods and ids; by default the path does not exist."""
    files = {"file": ("a.txt", b"x")}
    form = {"moduleName": "notification"}
    made = expect_ok(other_mock.client.post("/api/file", files=files, data=form))
    assert other_mock.anonymous.get(f"/api/file/{made['id']}").content == b"x"
    assert other_mock.anonymous.post("/api/file", files=files).status_code == 401
    assert other_mock.client.put("/api/file").status_code == 405
    missing = other_mock.client.get("/api/file/99999")
    assert (missing.status_code, missing.json()["instance"]) == (404, "/api/file/99999")
    assert other_mock.client.get("/api/file/abc").status_code == 404
    assert other_mock.client.get("/api/files/601").status_code == 404
    absent = shared_mock.client.get("/api/file/601")
    assert (absent.status_code, absent.json()["errors"][0]["accepted"]) == (
        404,
        "/api/v1/file/{id}",
    )


def test_a_body_with_every_kind_of_deviation_is_judged_at_once() -> None:
    """Readings combine: nulls are dropped and texts converted before unknown fields are found."""
    with mock_with(number_as_text="coerced", unknown_input="refused") as mock:
        data = {"name": 7, "groupId": "101", "description": None, "x": None}
        sent = json.dumps({"options": "DRAFT", "data": data}).encode()
        headers = {"Content-Type": "application/json"}
        found = violations(mock.client.post(PLANS, content=sent, headers=headers))
        assert [pointer for pointer, *_ in found] == ["/body/data/x"]
