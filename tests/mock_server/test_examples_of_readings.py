"""The examples of an exact contract are what a mock with the same readings returns (G10)."""

from __future__ import annotations

import pytest

import openapi
from mock_server.clock import DEFAULT_INSTANT
from mock_server.settings import Settings
from tests.mock_server.example_requests import iter_example_requests
from tests.mock_server.example_responses import iter_response_examples, unspelled_response
from tests.serving import run_mock

TASK, EXECUTIONS = "getNotificationTask", "listNotificationTaskExecutions"
REPORTS = "listMemberDailyReports"
CHOICES = [
    ({"content-names": "type"}, TASK, 3),
    ({"content-names": "contentType"}, TASK, 2),
    ({"execution-success-word": "SUCCESS"}, EXECUTIONS, 1),
    ({"execution-success-word": "COMPLETED"}, EXECUTIONS, 2),
    ({"executions-envelope": "task"}, EXECUTIONS, 1),
    ({"executions-envelope": "task", "execution-success-word": "COMPLETED"}, EXECUTIONS, 2),
    ({"same-file-twice": "same-id"}, "uploadFile", 2),
    ({"daily-reports-order": "oldest-first"}, REPORTS, 3),
]
"""Readings, an operation whose responses they change, and the number of its examples."""


@pytest.mark.whole
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("readings", "operation", "count"), CHOICES)
def test_the_examples_under_a_reading_are_what_such_a_mock_returns(
    readings: dict[str, str], operation: str, count: int, lang: openapi.Language
) -> None:
    """The contract is true, not only valid, with the other answers to an open question."""
    contract = openapi.load(readings=openapi.readings_with_defaults(readings), lang=lang)
    shown = [each for each in iter_response_examples(contract) if each.operation == operation]
    assert len(shown) == count
    requests = [*iter_example_requests(openapi.load(lang=lang))]
    with run_mock(Settings(frozen=DEFAULT_INSTANT, readings=readings)) as mock:
        for example in shown:
            assert example.value == unspelled_response(mock, example, requests), example.name
