"""A recorded read shows how a server treats empty values and unknown parameters of a query."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_tests.contract.operations import operations
from contract_tests.contract.readings import readings
from contract_tests.runner.schemathesis_config import RunPlan, read_schema
from contract_tests.workflows.recorded.har import read_har
from contract_tests.workflows.recorded.matching import OperationMatcher
from contract_tests.workflows.recorded.query_readings import (
    ACCEPTED_VALUES,
    REFUSED,
    readings_of_query,
)
from contract_tests.workflows.recorded.replay import as_replayed_call
from tests.contract_tests.workflows.recorded.recordings import (
    GROUPS,
    NOTIFICATIONS,
    PLANS,
    Recording,
    hand_made_entry,
)

MATCHER = OperationMatcher(operations().values())


def observed(folder: Path, method: str, path: str, status: int) -> list[tuple[str, str]]:
    """Return the readings that a response shows."""
    entry = hand_made_entry(method, f"https://example.com{path}", status=status)
    (exchange,) = read_har(Recording([entry]).write(folder))
    match = MATCHER.match(method, exchange.request.url)
    assert match
    schema = read_schema("http://127.0.0.1:9", RunPlan(1, 1), [match.operation])
    call = as_replayed_call(schema, exchange, match)
    assert call
    return [*readings_of_query(call)]


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        (f"{PLANS}?status=", 200, [("empty-query-values", "absent")]),
        (f"{PLANS}?status=", 400, [("empty-query-values", "refused")]),
        (f"{GROUPS}?current=&size=", 200, [("empty-query-values", "absent")]),
        (f"{GROUPS}?_=1", 200, [("unknown-input", "ignored")]),
        (f"{GROUPS}?_=1", 400, [("unknown-input", "refused")]),
        # A text may be empty.
        (f"{GROUPS}?keyWord=", 200, []),
        # Two questions, or another reason.
        (f"{GROUPS}?ids=&_=1", 400, []),
        (f"{GROUPS}?_=1&size=0", 400, []),
        (f"{GROUPS}?ids=&size=0", 400, []),
        (f"{GROUPS}?ids=", 401, []),
        # Required: refused, whatever an empty value is.
        (f"{NOTIFICATIONS}?taskType=", 400, []),
        (GROUPS, 200, []),
    ],
)
def test_a_read_shows_a_reading(
    tmp_path: Path, path: str, status: int, expected: list[tuple[str, str]]
) -> None:
    """If nothing else can be the reason of its response."""
    assert observed(tmp_path, "GET", path, status) == expected


def test_a_write_can_be_refused_for_other_reasons(tmp_path: Path) -> None:
    """So it shows nothing."""
    assert observed(tmp_path, "POST", f"{GROUPS}?_=1", 400) == []


def test_the_readings_and_their_values_exist() -> None:
    """In readings.yaml."""
    for reading, value in ACCEPTED_VALUES.items():
        assert {value, REFUSED} == {*readings()[reading].values}
