"""The readings in force are shown and changed while the mock runs."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx
import pytest

import openapi
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.serving import RunningMock, client_for, fetch_token

READINGS = f"{ADMIN}/readings"
PLANS = "/api/v1/marketing-notice"
PLAN = {"options": "DRAFT", "data": {"name": "春季", "groupId": 101}}
PATIENCE = 60
"""Seconds for a compilation on a busy machine."""


def change(mock: RunningMock, **body: Any) -> Any:
    """Send PUT /readings."""
    return expect_ok(mock.anonymous.put(READINGS, json=body, timeout=PATIENCE))


def test_all_readings_are_shown_and_those_that_are_not_the_default(mock: RunningMock) -> None:
    """Health shows the second only."""
    defaults = openapi.default_readings()
    assert expect_ok(mock.anonymous.get(READINGS)) == {"readings": defaults, "changed": {}}
    changed = {"absent-values": "null", "path-id-type": "404"}
    assert change(mock, readings=changed) == {"readings": defaults | changed, "changed": changed}
    assert expect_ok(mock.anonymous.get(READINGS))["changed"] == changed
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["readings"] == changed


@pytest.mark.whole
def test_changes_add_up_and_null_or_reset_stands_for_the_default(mock: RunningMock) -> None:
    """A question that is not named keeps its answer, except with `reset`."""
    change(mock, readings={"absent-values": "null"})
    two = {"absent-values": "null", "unknown-input": "refused"}
    assert change(mock, readings={"unknown-input": "refused"})["changed"] == two
    assert change(mock, readings={"absent-values": None})["changed"] == {"unknown-input": "refused"}
    assert change(mock, readings={"path-id-type": "404"}, reset=True)["changed"] == {
        "path-id-type": "404"
    }
    assert change(mock, reset=True)["changed"] == {}


@pytest.mark.parametrize(
    ("readings", "pointer", "accepted"),
    [
        ({"rate": "percent"}, "/body/readings/rate", "absent-values, null-in-requests"),
        ({"rates": "half"}, "/body/readings/rates", "fraction, percent"),
        ({"rates": "any"}, "/body/readings/rates", "fraction, percent"),
        ({"time-zone": "UTC"}, "/body/readings/time-zone", "absent-values"),
    ],
)
def test_an_unknown_question_or_answer_is_refused_and_nothing_changes(
    shared_mock: RunningMock, readings: dict[str, str], pointer: str, accepted: str
) -> None:
    """CP-08 names the question and what is accepted."""
    body = {"readings": {"null-order": "first", **readings}}
    error = expect_refusal(shared_mock.anonymous.put(READINGS, json=body, timeout=PATIENCE))
    assert (error["pointer"], error["rule"]) == (pointer, "CP-08")
    assert error["accepted"].startswith(accepted)
    assert expect_ok(shared_mock.anonymous.get(READINGS))["changed"] == {}


def test_answers_that_contradict_each_other_are_refused(mock: RunningMock) -> None:
    """Those of the request, and one of the request and one in force."""
    change(mock, readings={"absent-values": "null"})
    body = {"readings": {"external-id-after-unbinding": "omitted"}}
    error = expect_refusal(mock.anonymous.put(READINGS, json=body, timeout=PATIENCE))
    assert (error["pointer"], error["rule"]) == ("/body/readings", "CP-08")
    assert "cannot go with absent-values=null" in error["accepted"]
    change(mock, **body, reset=True)


def test_later_requests_follow_the_new_readings_and_find_the_same_records(
    mock: RunningMock,
) -> None:
    """Contract files and pages show the contract in force; a reset of the data keeps it."""
    created = expect_ok(mock.client.post(PLANS, json=PLAN))
    assert "description" not in created
    change(mock, readings={"absent-values": "null"})
    plan = expect_ok(mock.client.get(f"{PLANS}/{created['id']}"))
    assert plan["description"] is None
    assert plan == {**dict.fromkeys(plan), **created}
    for path in ("/openapi.json", "/openapi.json?lang=en"):
        served = mock.anonymous.get(path, timeout=PATIENCE).json()
        assert served["x-readings"]["absent-values"] == "null"
        plan = served["components"]["schemas"]["MarketingNoticeOutput"]
        assert {*plan["required"]} == {*plan["properties"]}
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
    assert "description" in mock.client.get(f"{PLANS}/304").json()
    change(mock, reset=True)
    assert mock.anonymous.get("/openapi.json").json()["x-readings"]["absent-values"] == "omitted"


def test_a_request_in_progress_ends_with_the_old_readings(mock: RunningMock) -> None:
    """It is validated and answered by one and the same contract."""

    def slow_body() -> Any:
        sent = json.dumps(PLAN).encode()
        yield sent[:9]
        began.set()
        changed.wait(PATIENCE)
        yield sent[9:]

    began, changed = threading.Event(), threading.Event()
    found: list[httpx.Response] = []

    def create_slowly() -> None:
        with client_for(mock.address) as client:
            headers = {**mock.client.headers, "Content-Type": "application/json"}
            found.append(client.post(PLANS, content=slow_body(), headers=headers, timeout=PATIENCE))

    thread = threading.Thread(target=create_slowly)
    thread.start()
    began.wait(PATIENCE)
    time.sleep(0.2)  # the head has arrived by now
    change(mock, readings={"absent-values": "null"})
    changed.set()
    thread.join()
    assert found[0].status_code == 200
    assert "description" not in found[0].json()


def test_changes_at_the_same_time_all_take_effect(mock: RunningMock) -> None:
    """Each starts from the readings that the one before has put into force."""
    wanted = {"absent-values": "null", "path-id-type": "404", "unknown-input": "refused"}

    def change_one(key: str) -> None:
        with client_for(mock.address) as client:
            body = {"readings": {key: wanted[key]}}
            expect_ok(client.put(READINGS, json=body, timeout=PATIENCE))

    threads = [threading.Thread(target=change_one, args=(key,)) for key in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert expect_ok(mock.anonymous.get(READINGS))["changed"] == wanted
