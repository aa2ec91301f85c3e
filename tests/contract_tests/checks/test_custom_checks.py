"""Each fault of a server is found and attributed to the right operation."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis

import openapi
from contract_tests.checks.custom_checks import is_form_valid_once_sent
from contract_tests.contract.operations import operations
from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock

GROUPS, GROUP = "/api/v1/marketing-notice/group", r"/api/v1/marketing-notice/group/\d+"
TASK = r"/api/v1/notification-tasks/\d+"


def wrong_status(answer: MockExchange) -> None:
    """201, as is common but not in this contract."""
    if answer.status == 200:
        answer.status = 201


def missing_field(answer: MockExchange) -> None:
    """A group without its name."""
    if answer.status == 200:
        answer.json = {name: value for name, value in answer.json.items() if name != "name"}


def wrong_content_type(answer: MockExchange) -> None:
    """Label JSON as plain text."""
    answer.headers["content-type"] = "text/plain"


def server_error(answer: MockExchange) -> None:
    """A success is turned into a 500, which the contract documents."""
    if answer.status == 200:
        answer.status = 500
        answer.headers["content-type"] = "application/problem+json"
        answer.json = {"type": "about:blank", "title": "Server error", "status": 500}


def impossible_date(answer: MockExchange) -> None:
    """31 February, which the contract's pattern accepts."""
    if answer.status == 200:
        answer.json |= {"scheduledStartTime": "2025-02-31 09:00:00"}


def everything_accepted(answer: MockExchange) -> None:
    """Every request gets a group as if it were valid."""
    if answer.status == 400:
        answer.status = 200
        answer.headers["content-type"] = "application/json"
        answer.json = {"id": 101, "name": "x", "createTime": "2025-04-21 09:00:00"}


def everything_refused(answer: MockExchange) -> None:
    """Valid data is refused without naming a rule."""
    if answer.status == 200:
        answer.status = 400
        answer.headers["content-type"] = "application/problem+json"
        error = {"pointer": "/body/name", "rule": "mood", "message": "Not today."}
        answer.json = {
            "type": "about:blank",
            "title": "Bad request",
            "status": 400,
            "detail": "Not today.",
            "instance": answer.path,
            "errors": [error],
        }


def missing_challenge(answer: MockExchange) -> None:
    """A 401 without the required credentials."""
    if answer.status == 401:
        del answer.headers["www-authenticate"]


def missing_authentication(answer: MockExchange) -> None:
    """A group is returned with a token or without."""
    if answer.status == 401:
        answer.status = 200
        answer.headers["content-type"] = "application/json"
        answer.json = {"id": 101, "name": "x", "createTime": "2025-04-21 09:00:00"}


def wrong_rule(answer: MockExchange) -> None:
    """A refusal names a rule about something else."""
    if answer.status == 400:
        problem: dict[str, Any] = answer.json
        for error in problem["errors"]:
            error["rule"] = "NT-01"
        answer.json = problem


def unknown_id(answer: MockExchange) -> None:
    """The id does not exist."""
    if answer.status == 200:
        answer.json |= {"id": 999_999}


FAULTS = [
    ("createGroup", "POST", GROUPS, wrong_status, "Undocumented status code"),
    ("getGroup", "GET", GROUP, missing_field, "Response violates schema"),
    ("getGroup", "GET", GROUP, wrong_content_type, "Undocumented Content-Type"),
    ("getGroup", "GET", GROUP, server_error, "Server error"),
    (
        "getNotificationTask",
        "GET",
        TASK,
        impossible_date,
        "Date-time that does not exist",
    ),
    ("createGroup", "POST", GROUPS, everything_accepted, "Schema-violating request accepted"),
    ("createGroup", "POST", GROUPS, everything_refused, "Valid data was rejected"),
    ("getGroup", "GET", GROUP, missing_challenge, "Error response lacks required details"),
    ("getGroup", "GET", GROUP, missing_authentication, "Missing credentials were accepted"),
    ("createGroup", "POST", GROUPS, wrong_rule, "Error response lacks required details"),
]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("operation", "method", "path", "fault", "title"), FAULTS, ids=[f[3].__name__ for f in FAULTS]
)
def test_a_fault_is_found_in_its_operation(
    operation: str, method: str, path: str, fault: ResponseFault, title: str
) -> None:
    """Exit code 1; the violation is reported once, with operation and command.

    No other operation is named; a rule of this one may be broken too.
    """
    with run_faulty_mock(method, path, fault) as address:
        outcome = run_check("--target", address, "--only", operation, *QUICK)
    assert outcome.code == 1, outcome
    assert (operation, title) in outcome.violations, outcome.out
    assert operations().keys() & {name for name, _ in outcome.violations} == {operation}
    assert outcome.progress[operation][0] == "FAIL"
    assert len(outcome.commands) >= len(outcome.shown)
    assert f"THE CONTRACT DOES NOT HOLD: {len(outcome.violations)} violation" in outcome.out


@pytest.mark.whole
def test_an_id_that_a_linked_operation_does_not_find_is_a_fault() -> None:
    """A linked operation must find the id of another; both requests are shown in order."""
    with run_faulty_mock("POST", GROUPS, unknown_id) as address:
        outcome = run_check("--target", address, "--only", "createGroup,getGroup", *QUICK)
    assert outcome.code == 1
    assert outcome.violations == [("getGroup", "Linked resource not found")], outcome.out
    marks = {name: mark for name, (mark, _) in outcome.progress.items()}
    assert marks.pop("clean-up") == "ok"
    assert marks == {"createGroup": "ok", "getGroup": "ok", "links": "FAIL", "chains": "ok"}
    made, missed = outcome.commands
    assert made.startswith("curl -X POST")
    assert missed.endswith("/group/999999")


@pytest.mark.whole
def test_each_test_that_met_a_fault_is_marked() -> None:
    """A test fails even for a fault that another test has found; the fault is printed once."""
    with run_faulty_mock("POST", GROUPS, wrong_status) as address:
        outcome = run_check("--target", address, "--only", "createGroup,getGroup", *QUICK)
    assert outcome.shown == [("createGroup", "Undocumented status code")]
    assert outcome.progress["createGroup"][0] == outcome.progress["links"][0] == "FAIL"
    assert outcome.progress["getGroup"][0] == "ok"


@pytest.mark.whole
@pytest.mark.parametrize("operations", ["createGroup,getGroup", "getNotificationTask"])
def test_the_same_operations_hold_on_the_sound_mock(
    shared_mock: RunningMock, operations: str
) -> None:
    """The fault is the only cause: without it, the operations hold."""
    outcome = run_check("--target", shared_mock.address, "--only", operations, *QUICK)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert "THE CONTRACT HOLDS" in outcome.out


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"file": b"a", "moduleName": "m"}, True),
        ({"file": b"a", "moduleName": False}, True),
        ({"file": b"a", "moduleName": False, "": -1}, True),
        ({"file": b"a", "moduleName": "m-n"}, False),
        ({"file": b"a", "": "m"}, False),
        ({"moduleName": "m"}, False),
        ({"file": b"a", "moduleName": ["m"]}, False),
        ([b"a"], False),
    ],
)
def test_a_form_is_judged_as_the_server_gets_it(body: Any, expected: bool) -> None:
    """All values of a form are texts, and a part without a name does not belong to it."""
    upload = schemathesis.openapi.from_dict(openapi.load())["/api/v1/file"]["POST"].Case
    assert is_form_valid_once_sent(upload(body=body, media_type="multipart/form-data")) == expected
