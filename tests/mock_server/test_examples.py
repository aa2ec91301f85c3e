"""Every example of a request in the contract succeeds on the initial data."""

from __future__ import annotations

from datetime import datetime

import pytest

from contract_tests.contract.operations import operations
from mock_server.clock import DEFAULT_INSTANT
from mock_server.settings import Settings
from tests.mock_server.example_requests import EXAMPLE_REQUESTS, send_example
from tests.serving import CLIENT_CREDENTIALS, run_mock


def mock_time(moment: str) -> datetime:
    """Return an instant in the mock's time zone."""
    return datetime.fromisoformat(moment).replace(tzinfo=DEFAULT_INSTANT.tzinfo)


@pytest.mark.parametrize(
    "instant",
    [DEFAULT_INSTANT, mock_time("2026-12-31 23:59:30"), mock_time("2028-02-29 00:00:05")],
    ids=str,
)
def test_every_example_of_a_request_succeeds(instant: datetime) -> None:
    """Each on a fresh world, at different times of the day and the year.

    The parameters' own examples, and each body. A mock with a running clock has the world of its
    start time.
    """
    refused = {}
    with run_mock(Settings(frozen=instant)) as mock:
        for request in EXAMPLE_REQUESTS:
            answer = send_example(mock, request)
            if answer.status_code != (206 if request.name == "getFile Range" else 200):
                refused[request.name] = f"{answer.status_code} {answer.text[:300]}"
    assert refused == {}
    assert len(EXAMPLE_REQUESTS) > 85


def test_the_tokens_of_the_examples_are_those_of_the_first_login() -> None:
    """The refresh token of the example can be used after a login (AU-05)."""
    examples = operations()["createToken"].declared_response(200)["content"]["application/json"][
        "examples"
    ]
    requests = {one.name: one for one in EXAMPLE_REQUESTS if one.operation.name == "createToken"}
    with run_mock() as mock:
        refreshed = send_example(mock, requests["createToken refreshToken"]).json()
        mock.anonymous.post("/__admin/reset").raise_for_status()
        body = requests["createToken password"].body
        first = mock.anonymous.post("/oauth/token", auth=CLIENT_CREDENTIALS, json=body).json()
    for name, answer in (("password", first), ("refreshToken", refreshed)):
        for key in ("access_token", "refresh_token"):
            assert answer[key] == examples[name]["value"][key], (name, key)
