"""Examples of exact contracts are what a mock with their readings accepts and returns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import openapi
from tests.mock_server.example_requests import iter_example_requests, send_example
from tests.mock_server.example_responses import (
    NOT_REPLAYED,
    iter_response_examples,
    mock_response,
)
from tests.serving import FROZEN, run_mock

MARKETING_READINGS = (
    ("page-sort", "object"),
    ("unpaged-pageable", "text"),
    ("page-total", "omitted"),
    ("comma-in-array-parameters", "literal"),
    ("rates", "percent"),
    ("plan-update", "merge"),
    ("plan-id-after-update", "new"),
    ("plan-time-format", "full"),
    ("group-with-plans", "deleted"),
    ("system-scenes", "all"),
    ("system-scenes", "none"),
    ("scene-filter-external-id", "plan"),
    ("external-id-after-unbinding", "empty"),
    ("external-id-after-unbinding", "omitted"),
    ("member-template", "object"),
    ("empty-names", "accepted"),
    ("unknown-id-in-body", "404"),
)
"""Readings of the marketing notices, and of names and ids in bodies, other than the default."""


def check_examples(readings: dict[str, str]) -> None:
    """Assert that the examples of a contract are those of the mock with its readings."""
    contract = openapi.load(readings=openapi.readings_with_defaults(readings))
    requests = [*iter_example_requests(contract)]
    other: dict[str, Any] = {}
    with run_mock(replace(FROZEN, readings=readings)) as mock:
        for example in iter_response_examples(contract):
            if example.name in NOT_REPLAYED:
                continue
            answered = mock_response(mock, example, requests)
            if answered != example.value:
                other[example.name] = (example.value, answered)
        for request in requests:
            answer = send_example(mock, request)
            if answer.status_code not in (200, 206):
                other[request.name] = answer.text
    assert other == {}


@pytest.mark.whole
def test_examples_follow_readings_that_are_combined() -> None:
    """With every question of the marketing notices answered otherwise than by default."""
    check_examples(dict(MARKETING_READINGS))


@pytest.mark.whole
@pytest.mark.parametrize(("key", "value"), MARKETING_READINGS)
def test_examples_follow_a_reading(key: str, value: str) -> None:
    """Requests succeed, and responses have the same values."""
    check_examples({key: value})
