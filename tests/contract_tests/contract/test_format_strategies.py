"""Dates that do not exist: refused by the mock, found by the check, never sent as valid data.

The contract's pattern accepts 29 February in every year; the rest is checked by `x-format`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.core.result import Ok

from contract_tests.contract.format_strategies import is_date_time
from contract_tests.contract.operations import operations
from contract_tests.runner.schemathesis_config import RunPlan, read_schema
from tests.mock_server.example_requests import EXAMPLE_REQUESTS, send_example
from tests.serving import RunningMock, run_mock

IMPOSSIBLE_DATES = ("2025-02-31", "2025-02-30", "2025-04-31", "2025-02-29")
EXAMPLES_BY_OPERATION = {"listNotificationTasks": 340, "createNotificationTask": 40}
"""Number of requests generated for two operations with date-times in a query and in a body."""
MIN_DATE_TIMES = 250
HOOKS_SCRIPT = """
import json
import schemathesis
import openapi, contract_tests.hooks
from tests.contract_tests.contract.test_format_strategies import draw_date_times
print(json.dumps(draw_date_times(schemathesis.openapi.from_dict(openapi.load()))))
"""


def draw_date_times(schema: Any) -> list[str]:
    """Return every date-time of some hundred valid requests that schemathesis generates."""
    found: list[str] = []
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        count = EXAMPLES_BY_OPERATION.get(result.ok().definition.raw["operationId"])
        if not count:
            continue

        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=result.ok().as_strategy())
        def draw(case: schemathesis.Case[Any]) -> None:
            body = case.body if isinstance(case.body, dict) else {}
            sent = {**(case.query or {}), **body}
            found.extend(
                value
                for name, value in sent.items()
                # The published contract allows both null and an empty value (X4).
                if value not in (None, "")
                and name in ("startTime", "endTime", "scheduledStartTime", "scheduledEndTime")
            )

        draw()
    return found


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    """A mock of the demo."""
    with run_mock() as found:
        yield found


@pytest.mark.parametrize("day", IMPOSSIBLE_DATES)
def test_the_mock_refuses_it_by_the_rule_of_the_field(mock: RunningMock, day: str) -> None:
    """The mock names NT-22 in query and body, whether the pattern accepts the date or not."""
    moment = f"{day} 09:00:00"
    answer = mock.client.get(
        "/api/v1/notification-tasks", params={"taskType": "APPOINTMENT_REMINDER", "endTime": moment}
    )
    (request, *_) = [
        one for one in EXAMPLE_REQUESTS if one.name.startswith("createNotificationTask ")
    ]
    body = {**request.body, "scheduledStartTime": moment}
    created = mock.client.post("/api/v1/notification-tasks", json=body)
    for found, pointer in ((answer, "/query/endTime"), (created, "/body/scheduledStartTime")):
        assert found.status_code == 400
        (error,) = found.json()["errors"]
        assert (error["pointer"], error["rule"]) == (pointer, "NT-22")
        assert (error["accepted"], error["found"]) == ("yyyy-MM-dd HH:mm:ss", moment)


@pytest.mark.parametrize("day", IMPOSSIBLE_DATES)
def test_the_check_finds_it_in_an_answer(mock: RunningMock, day: str) -> None:
    """The check reports the pointer, whether the pattern accepts it or not."""
    (request,) = [one for one in EXAMPLE_REQUESTS if one.name == "getNotificationTask"]
    task = send_example(mock, request).json()
    operation = operations()["getNotificationTask"]
    assert operation.invalid_date_times(200, "application/json", task) == []
    task["scheduledStartTime"] = f"{day} 09:00:00"
    assert operation.invalid_date_times(200, "application/json", task) == [
        ("/scheduledStartTime", f"{day} 09:00:00")
    ]


@pytest.mark.whole
def test_what_hypers_check_sends_as_valid_is_in_the_calendar() -> None:
    """Each of some hundred generated date-times exists."""
    chosen = [operations()[name] for name in EXAMPLES_BY_OPERATION]
    found = draw_date_times(
        read_schema("http://127.0.0.1:1", RunPlan(seed=1, max_examples=1), chosen)
    )
    assert len(found) > MIN_DATE_TIMES
    assert [text for text in found if not is_date_time(text)] == []


@pytest.mark.whole
def test_what_plain_schemathesis_sends_with_our_hooks_is_in_the_calendar(mock: RunningMock) -> None:
    """The same holds for plain schemathesis with our hooks, which log in."""
    answer = subprocess.run(
        [sys.executable, "-c", HOOKS_SCRIPT],
        env=os.environ | {"HYPERS_CHECK_TARGET": mock.address},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2_000:]
    found = json.loads(answer.stdout)
    assert len(found) > MIN_DATE_TIMES
    assert [text for text in found if not is_date_time(text)] == []
