"""How requests are read under each answer to the open questions, over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.mock_server.control.admin_client import expect_ok
from tests.serving import CLIENT_CREDENTIALS, FROZEN, PASSWORD_GRANT, RunningMock, run_mock

PLANS = "/api/v1/marketing-notice"
SCENES = f"{PLANS}/scene"
GROUPS = f"{PLANS}/group"
TASKS = "/api/v1/notification-tasks"
TASK: dict[str, Any] = {
    "taskName": "提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-22 10:00:00",
    "contents": [{"contentType": "TEXT", "contentValue": "您好"}],
    "members": [{"userId": "U1", "nickname": "张丽"}],
}
PLAN: dict[str, Any] = {"options": "DRAFT", "data": {"name": "春季", "groupId": 101}}
MANY = 7_000
"""Members of a body that has too many values for the event loop (LARGE_TEXT_VALUES)."""


@contextmanager
def mock_with(**readings: str) -> Iterator[RunningMock]:
    """A mock with these readings; `_` in a key stands for `-`."""
    chosen = {key.replace("_", "-"): value for key, value in readings.items()}
    with run_mock(replace(FROZEN, readings=chosen)) as mock:
        yield mock


@pytest.fixture(scope="module")
def other_mock() -> Iterator[RunningMock]:
    """A mock with the other answer to each of the questions about requests."""
    with mock_with(
        null_in_requests="refused",
        empty_query_values="refused",
        number_as_text="coerced",
        path_id_type="404",
        text_length="utf16-units",
        unknown_input="refused",
        token_request_form="accepted",
        short_file_path="served",
    ) as mock:
        yield mock


def violations(answer: httpx.Response) -> list[tuple[str, str, str]]:
    """Return pointer, rule and accepted value of the violations in a 400."""
    assert answer.status_code == 400, answer.text
    return [(e["pointer"], e["rule"], e.get("accepted", "")) for e in answer.json()["errors"]]


# ---- null-in-requests
def test_a_null_for_an_optional_field_counts_as_not_given(shared_mock: RunningMock) -> None:
    """At any depth, in objects and in lists; the result is that of a request without it."""
    sent = {
        **PLAN,
        "data": {
            **PLAN["data"],
            "description": None,
            "timeout": None,
            "monitoringStrategy": None,
            "greetings": [{"type": "TEXT", "text": "您好", "image": None}],
        },
    }
    plan = expect_ok(shared_mock.client.post(PLANS, json=sent))
    shown = expect_ok(shared_mock.client.get(f"{PLANS}/{plan['id']}"))
    assert not {"description", "timeout", "monitoringStrategy"} & shown.keys()
    assert shown["greetings"] == [{"type": "TEXT", "text": "您好"}]
    body = {**TASK, "fileIds": None, "scheduledEndTime": None}
    body["members"] = [{"userId": "U1", "ciq": None, "memberId": None, "nickname": "张丽"}]
    expect_ok(shared_mock.client.post(TASKS, json=body))
    nobody = {**TASK, "members": [{"userId": None, "ciq": None, "nickname": "张丽"}]}
    assert ("/body/members/0", "NT-05") in [
        found[:2] for found in violations(shared_mock.client.post(TASKS, json=nobody))
    ]


def test_what_the_mock_has_sent_can_be_sent_back(mock: RunningMock) -> None:
    """A scene whose externalId is null, and each plan and group, is updated with itself."""
    expect_ok(mock.client.patch(f"{SCENES}/204/unbundled-externalId"))
    scene = expect_ok(mock.client.get(f"{SCENES}/204"))
    assert scene["externalId"] is None
    expect_ok(mock.client.put(f"{SCENES}/204", json=scene))
    for path in (f"{GROUPS}/101", f"{GROUPS}/102"):
        expect_ok(mock.client.put(path, json=expect_ok(mock.client.get(path))))
    plan = expect_ok(mock.client.get(f"{PLANS}/304"))
    expect_ok(mock.client.put(f"{PLANS}/304", json={"options": "DRAFT", "data": plan}))


@pytest.mark.parametrize(
    ("body", "pointer", "rule"),
    [
        ({**TASK, "taskName": None}, "/body/taskName", "type"),
        ({**TASK, "contents": [None]}, "/body/contents/0", "type"),
        ({**TASK, "members": [{"userId": "U1", "gift": None}]}, "/body/members/0/gift", "NT-06"),
    ],
)
def test_a_null_for_anything_else_is_refused(
    shared_mock: RunningMock, body: dict[str, Any], pointer: str, rule: str
) -> None:
    """A required field, an item of a list, and a dynamic parameter of a member."""
    assert (pointer, rule) in [
        found[:2] for found in violations(shared_mock.client.post(TASKS, json=body))
    ]


def test_nulls_of_a_large_body_are_dropped_and_nobody_waits(shared_mock: RunningMock) -> None:
    """It is prepared by the process that validates it."""
    members = [{"userId": f"U{n}", "ciq": None, "nickname": "丽"} for n in range(MANY)]
    task = expect_ok(shared_mock.client.post(TASKS, json={**TASK, "members": members}))
    found = expect_ok(shared_mock.client.get(f"{TASKS}/{task['id']}"))["members"]
    assert len(found) == MANY
    assert not any("ciq" in member for member in found)


def test_a_null_is_refused_under_the_other_reading(other_mock: RunningMock) -> None:
    """With its pointer, in small bodies and in large ones."""
    body = {**PLAN, "data": {**PLAN["data"], "description": None}}
    found = violations(other_mock.client.post(PLANS, json=body))
    assert found == [("/body/data/description", "type", "type string")]
    members = [{"userId": f"U{n}", "ciq": None, "nickname": "丽"} for n in range(MANY)]
    found = violations(other_mock.client.post(TASKS, json={**TASK, "members": members}))
    assert found[0] == ("/body/members/0/ciq", "type", "type string")


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
