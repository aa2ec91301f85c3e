"""Nulls in requests under each answer to the open question (decision X4), over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mock_server.control.admin_client import expect_ok
from tests.mock_server.http.reading_requests import (
    GROUPS,
    MANY,
    PLAN,
    PLANS,
    SCENES,
    TASK,
    TASKS,
    violations,
)
from tests.serving import (
    RunningMock,
)


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
