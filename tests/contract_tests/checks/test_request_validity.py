"""A request that some server may take for valid is not sent as an invalid one."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contract_tests.checks.refusable_requests import may_be_refused
from contract_tests.checks.request_validity import may_be_valid
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, DOCUMENTED

GROUPS = "/api/v1/marketing-notice/group"
PLANS = "/api/v1/marketing-notice"
TASKS = "/api/v1/notification-tasks"
EMOJI = "\U0001f600"
Sent = tuple[str, requests.Request]


def list_groups(**query: str) -> Sent:
    """A request for a page of groups."""
    return "listGroups", requests.Request("GET", "http://x" + GROUPS, params=query)


def create_task(**changes: object) -> Sent:
    """The contract's example of a notification task, with changes."""
    body: Any = operations()["createNotificationTask"].example["body"] | changes
    return "createNotificationTask", requests.Request("POST", "http://x" + TASKS, json=body)


def create_plan(**changes: object) -> Sent:
    """The smallest plan, with changes."""
    data = {"name": "a", "groupId": 1} | changes
    body: Any = {"options": "DRAFT", "data": data}
    return "createMarketingNotice", requests.Request("POST", "http://x" + PLANS, json=body)


def post(operation: str, **how: Any) -> Sent:
    """A POST to the path of an operation."""
    return operation, requests.Request("POST", "http://x" + operations()[operation].path, **how)


def terminate(**how: Any) -> Sent:
    """A termination of a notification task."""
    return "terminateNotificationTask", requests.Request(
        "PUT", f"http://x{TASKS}/1/termination", **how
    )


@pytest.mark.parametrize(
    ("sent", "is_allowed"),
    [
        (list_groups(), True),
        (list_groups(size="0"), True),  # PG-08 rests on M3
        (list_groups(current="4294967296"), True),
        (list_groups(size="many"), False),
        (list_groups(size="0", current="-1"), False),  # the one is ours, the other is not
        (list_groups(orderDirection="UP"), False),
        (create_task(), True),
        (create_task(taskName=""), True),  # N6
        (create_task(taskName="x" * 121), False),
        (create_task(fileIds=[]), True),  # N4
        (create_task(fileIds=["a"]), False),
        (post("createToken", json={}), True),  # A14
        (post("createToken", data="{}"), False),
        (post("createGroup"), True),  # G8
        (post("createNotificationTask"), False),
    ],
)
def test_what_the_documents_allow_may_be_valid(sent: Sent, *, is_allowed: bool) -> None:
    """A request is judged as it is sent: numbers in a query are texts."""
    operation, request = sent
    assert may_be_valid(operation, request.prepare(), DOCUMENTED) is is_allowed


@pytest.mark.parametrize(
    ("sent", "reading", "value"),
    [
        (create_task(scheduledEndTime=None), "null-in-requests", "absent"),
        (create_task(members=[{"userId": "U1", "ciq": None}]), "null-in-requests", "absent"),
        (create_plan(sceneIds=None), "null-in-requests", "absent"),
        (list_groups(keyWord="", size=""), "empty-query-values", "absent"),
        (list_groups(orderDirection=""), "empty-query-values", "absent"),
        (create_plan(groupId="301"), "number-as-text", "coerced"),
        (create_plan(name=42), "number-as-text", "coerced"),
        (create_plan(timeoutWakeUp="true"), "number-as-text", "coerced"),
        (create_plan(sceneIds=["1", 2.0]), "number-as-text", "coerced"),
        (create_plan(name=""), "empty-names", "accepted"),
        (terminate(), "termination-reason", "optional"),
        (terminate(json={}), "termination-reason", "optional"),
        (
            post("createToken", data=operations()["createToken"].example["body"]),
            "token-request-form",
            "accepted",
        ),
    ],
)
def test_an_open_question_decides_whether_a_request_is_valid(
    sent: Sent, reading: str, value: str
) -> None:
    """Without an answer it has no wrong response; with the other answer it is invalid."""
    operation, request = sent
    asked = request.prepare()
    [other] = {"null-in-requests": ["refused"], "empty-query-values": ["refused"]}.get(
        reading, {"termination-reason": ["required"]}.get(reading, ["refused"])
    )
    for strictness in (CURATED, DOCUMENTED):
        assert may_be_valid(operation, asked, strictness)
        assert may_be_valid(operation, asked, strictness.demanding({reading: value}))
    assert not may_be_valid(operation, asked, CURATED.demanding({reading: other}))


@pytest.mark.parametrize(
    "sent",
    [
        create_plan(groupId=None),  # a required field
        create_plan(groupId="one"),
        create_plan(groupId="-1", name=None),
        create_plan(name={"a": "b"}),
        create_plan(timeoutWakeUp="yes"),
        create_task(taskName="x" * 121, scheduledEndTime=None),
        list_groups(size="0"),
        list_groups(orderDirection="UP", size=""),
        post("createGroup", data="name=a"),
        post("createToken", data={"grant_type": "password"}),
        post("createGroup"),
    ],
)
def test_what_every_answer_refuses_is_invalid(sent: Sent) -> None:
    """A request that also breaks something else is sent, and must be refused."""
    operation, request = sent
    assert not may_be_valid(operation, request.prepare(), CURATED)


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        (list_groups(colour="red"), {"unknown-input": "ignored"}),
        (create_plan(colour="red"), {"unknown-input": "ignored"}),
        (create_task(taskName=EMOJI * 61), {"text-length": "characters"}),
        (list_groups(keyWord=""), {"empty-query-values": "absent"}),
        (list_groups(ids="1,2"), {"comma-in-array-parameters": "split"}),
        (create_task(members=[{"userId": "U1"}]), {"member-identification": "one-of-three"}),
        (create_task(members=[{"memberId": 1}]), {"member-identification": "memberId"}),
    ],
)
def test_an_open_question_decides_whether_a_valid_request_is_refused(
    sent: Sent, answers: dict[str, str]
) -> None:
    """The strict form allows it, since no keyword excludes it; an answer decides."""
    name, request = sent
    for strictness, expected in ((CURATED, True), (CURATED.demanding(answers), False)):
        assert may_be_refused(operations(strictness)[name], request.prepare()) is expected


@pytest.mark.parametrize(
    "sent",
    [
        list_groups(size="5"),
        create_plan(greetings=[{"type": "TEXT", "content": "x"}]),  # an object that is open
        create_task(taskName=EMOJI * 60, members=[{"userId": "U1", "memberId": 1, "title": "x"}]),
    ],
)
def test_other_valid_requests_must_be_accepted(sent: Sent) -> None:
    """Fields of an open object are known input, and a limit may be used in full."""
    name, request = sent
    assert not may_be_refused(operations()[name], request.prepare())
