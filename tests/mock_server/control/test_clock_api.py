"""The clock over HTTP, and its effect on the API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mock_server.clock import EARLIEST_INSTANT, LATEST_INSTANT
from mock_server.member_files.xlsx_writer import write_workbook
from tests.mock_server.control.admin_client import (
    ADMIN,
    AFTERNOON,
    MORNING,
    advance_clock,
    expect_ok,
    expect_refusal,
    request_clock,
)
from tests.serving import FROZEN, RunningMock, fetch_token, run_mock

TASKS = "/api/v1/notification-tasks"


def test_the_clock_moves_a_task_through_its_states(mock: RunningMock) -> None:
    """A task becomes EXECUTING and COMPLETED by changes of the clock alone."""
    made = expect_ok(
        mock.client.post(
            TASKS,
            json={
                "taskName": "礼券提醒",
                "taskType": "CUSTOMER_RESOURCE_REMINDER",
                "scheduledStartTime": "2025-04-21 15:00:00",
                "scheduledEndTime": "2025-04-21 16:00:00",
                "contents": [{"contentType": "TEXT", "contentValue": "您有一张礼券。"}],
                "members": [{"userId": "U1001"}, {"userId": "U1002"}],
            },
        )
    )
    path = f"{TASKS}/{made['id']}"
    seen = [made["status"]]
    for how in ({"seconds": 6 * 3600 - 1}, {"seconds": 1}, {"to": "2025-04-21T08:00:00Z"}):
        advance_clock(mock, **how)
        mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
        seen.append(expect_ok(mock.client.get(path))["status"])
    assert seen == ["PENDING", "PENDING", "EXECUTING", "COMPLETED"]


def test_a_token_ends_when_the_clock_says_so(mock: RunningMock) -> None:
    """A token is valid until one second before its three hours are over (AU-04)."""
    advance_clock(mock, seconds=10_799)
    assert mock.client.get(f"{TASKS}/501").status_code == 200
    advance_clock(mock, seconds=1)
    assert expect_refusal(mock.client.get(f"{TASKS}/501"), 401)["rule"] == "AU-04"


def test_the_clock_is_read_set_and_advanced(mock: RunningMock) -> None:
    """Every operation returns the clock after the change."""
    standing = {"now": MORNING, "frozen": True, "scale": 1}
    assert request_clock(mock) == standing
    assert advance_clock(mock, seconds=6 * 3600) == {**standing, "now": AFTERNOON}
    assert advance_clock(mock, to=AFTERNOON) == {**standing, "now": AFTERNOON}
    assert advance_clock(mock, to="2025-04-21T07:00:00.999Z") == {**standing, "now": AFTERNOON}
    later = "2025-04-22T09:00:00+08:00"
    assert request_clock(mock, now=later, scale=60) == {"now": later, "frozen": True, "scale": 60}
    assert request_clock(mock) == {"now": later, "frozen": True, "scale": 60}


def test_a_clock_that_is_let_go_runs_at_its_scale(mock: RunningMock) -> None:
    """At a day per second it runs; frozen, it stands, and the API uses the same instant."""
    began = request_clock(mock, frozen=False, scale=86_400)
    assert (began["frozen"], began["scale"]) == (False, 86_400)
    time.sleep(0.2)
    stopped = request_clock(mock, frozen=True)
    assert stopped["now"] > "2025-04-21T12"
    time.sleep(0.05)
    assert request_clock(mock) == stopped
    mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
    made = expect_ok(mock.client.post("/api/v1/marketing-notice/group", json={"name": "组"}))
    path = f"/api/v1/marketing-notice/group/{made['id']}"
    written = expect_ok(mock.client.get(path))["createTime"]
    assert written == stopped["now"][:19].replace("T", " ")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_earlier_instant_is_refused_and_the_refusal_names_reset(
    mock: RunningMock, lang: str
) -> None:
    """The clock never goes back; the error suggests a reset, in both languages."""
    advance_clock(mock, seconds=3600)
    headers = {"Accept-Language": lang}
    for method, path, field in (("PUT", "clock", "now"), ("POST", "clock/advance", "to")):
        answer = mock.anonymous.request(
            method, f"{ADMIN}/{path}", json={field: MORNING}, headers=headers
        )
        error = expect_refusal(answer, 409)
        assert (error["pointer"], error["rule"]) == (f"/body/{field}", "CP-04")
        assert "/__admin/reset" in error["message"]
        assert error["accepted"] == ">= 2025-04-21T10:00:00+08:00"
        assert error["found"] == MORNING
        assert answer.json()["detail"] == error["message"]
    error = expect_refusal(mock.anonymous.post(f"{ADMIN}/clock/advance", json={"seconds": -1}))
    assert (error["pointer"], error["rule"]) == ("/body/seconds", "CP-04")
    assert request_clock(mock)["now"] == "2025-04-21T10:00:00+08:00"


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("clock/advance", {"seconds": 2**63 - 1}, "/body/seconds"),
        ("clock/advance", {"to": "9000-01-01T00:00:01+08:00"}, "/body/to"),
        ("clock/advance", {"to": "9999-12-31T23:59:59-23:59"}, "/body/to"),
        ("clock", {"now": "9999-12-31T23:59:59.999999Z", "scale": 60}, "/body/now"),
    ],
)
def test_an_instant_after_the_end_of_time_is_refused(
    shared_mock: RunningMock, path: str, body: dict[str, Any], pointer: str
) -> None:
    """There is no overflow: the error names the last instant, and nothing has changed."""
    before = request_clock(shared_mock)
    method = "POST" if "advance" in path else "PUT"
    error = expect_refusal(shared_mock.anonymous.request(method, f"{ADMIN}/{path}", json=body), 409)
    assert (error["pointer"], error["rule"]) == (pointer, "CP-05")
    assert error["accepted"] == "<= 9000-01-01T00:00:00+08:00"
    assert request_clock(shared_mock) == before


@pytest.mark.parametrize(
    ("path", "body", "pointer", "rule"),
    [
        ("clock", {}, "/body", "CP-07"),
        ("clock", {"scale": 0}, "/body/scale", "minimum"),
        ("clock", {"scale": 86_401}, "/body/scale", "maximum"),
        ("clock", {"scale": "60"}, "/body/scale", "type"),
        ("clock", {"frozen": None}, "/body/frozen", "type"),
        ("clock", {"freeze": True}, "/body/freeze", "additionalProperties"),
        ("clock", {"now": "2025-04-21 15:00:00"}, "/body/now", "format"),
        ("clock", {"now": "2025-04-21T15:00:00"}, "/body/now", "minLength"),
        ("clock", {"now": "2025-02-31T15:00:00Z"}, "/body/now", "format"),
        ("clock", {"now": "2025-04-21T24:00:00Z"}, "/body/now", "format"),
        ("clock/advance", {}, "/body", "CP-06"),
        ("clock/advance", {"seconds": 1, "to": AFTERNOON}, "/body", "CP-06"),
        ("clock/advance", {"seconds": 1.5}, "/body/seconds", "type"),
        ("clock/advance", {"seconds": 2**70}, "/body/seconds", "maximum"),
        ("reset", {"seed": -1}, "/body/seed", "minimum"),
        ("reset", {"scenario": "full"}, "/body/scenario", "enum"),
        ("reset", {"sed": 1}, "/body/sed", "additionalProperties"),
    ],
)
def test_a_request_that_breaks_the_contract_changes_nothing(
    shared_mock: RunningMock, path: str, body: dict[str, Any], pointer: str, rule: str
) -> None:
    """A misspelt field is an error, too; ignoring it would hide the mistake."""
    before = expect_ok(shared_mock.anonymous.get(f"{ADMIN}/health"))
    method = "PUT" if path == "clock" else "POST"
    answer = shared_mock.anonymous.request(method, f"{ADMIN}/{path}", json=body)
    assert answer.status_code == 400
    errors = [(error["pointer"], error["rule"]) for error in answer.json()["errors"]]
    assert (pointer, rule) in errors
    assert expect_ok(shared_mock.anonymous.get(f"{ADMIN}/health")) == before


def test_a_refused_change_of_the_clock_changes_no_part_of_it(mock: RunningMock) -> None:
    """If the instant is refused, scale and frozen state do not change either."""
    before = advance_clock(mock, seconds=60)
    body = {"now": MORNING, "scale": 60, "frozen": False}
    assert mock.anonymous.put(f"{ADMIN}/clock", json=body).status_code == 409
    assert request_clock(mock) == before


@pytest.fixture(
    params=[EARLIEST_INSTANT, LATEST_INSTANT], ids=["the beginning of time", "the end of time"]
)
def mock_at_time_limit(request: pytest.FixtureRequest) -> Iterator[RunningMock]:
    """A mock whose clock is at the first or last instant."""
    with run_mock(replace(FROZEN, frozen=request.param)) as mock:
        yield mock


def test_no_operation_breaks_at_an_end_of_time(
    mock_at_time_limit: RunningMock, contract: dict[str, Any]
) -> None:
    """Every operation works with each of the contract's examples, although dates are computed."""
    answered = 0
    for path, item in contract["paths"].items():
        where = path
        for reference in item.get("parameters", ()):
            name = reference["$ref"].rpartition("/")[2]
            parameter = contract["components"]["parameters"][name]
            where = where.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        for method in ("get", "post", "put", "patch", "delete"):
            body = item.get(method, {}).get("requestBody", {}).get("content", {})
            examples = body.get("application/json", {}).get("examples", {"": {"value": None}})
            for example in examples.values() if method in item else ():
                answer = mock_at_time_limit.client.request(method, where, json=example["value"])
                assert answer.status_code < 500, (method, where, answer.text)
                answered += answer.status_code == 200
    assert answered > 20


def test_a_long_list_in_a_short_daily_window_breaks_nothing_at_the_end_of_time() -> None:
    """With a minute a day, conversations with 2,000 members last beyond the last instant."""
    with run_mock(replace(FROZEN, frozen=LATEST_INSTANT)) as mock:
        notices = "/api/v1/marketing-notice"
        plan = {"name": "计划", "groupId": 101, "startTime": "00:00", "endTime": "00:01"}
        made = expect_ok(mock.client.post(notices, json={"options": "RELEASE", "data": plan}))
        list_ = write_workbook(("userId", "nickname"), [(f"U{n}", "张") for n in range(2000)])
        file = {"file": ("members.xlsx", list_)}
        module = {"moduleName": "marketing_notice"}
        uploaded = expect_ok(mock.client.post("/api/v1/file", files=file, data=module))
        task = {"name": "任务", "startTime": "00:00", "fileIds": [uploaded["id"]]}
        started = expect_ok(mock.client.post(f"{notices}/{made['id']}/task", json=task))
        path = f"{notices}/task/{started['id']}"
        assert expect_ok(mock.client.get(path))["status"] == "EXECUTION"
        expect_ok(mock.client.get(f"{path}/report"))
        expect_ok(mock.client.get(f"{path}/members"))
        expect_ok(mock.client.get(f"{notices}/{made['id']}/report"))
