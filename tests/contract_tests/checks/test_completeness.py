"""A run that did nothing, or noticed nothing, does not pass."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.runner import pytest_plugin
from contract_tests.runner.check_run import CheckRun
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock


def valid_token_refused(answer: MockExchange) -> None:
    """A valid token is refused."""
    answer.status = 401
    answer.headers |= {"www-authenticate": "Bearer", "content-type": "application/problem+json"}
    error = {"pointer": "/header/Authorization", "rule": "AU-01", "message": "No."}
    answer.json = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "No.",
        "instance": answer.path,
        "errors": [error],
    }


@pytest.mark.whole
def test_a_server_that_refuses_everybody_does_not_hold() -> None:
    """Each 401 is documented, but an operation without any success is a violation."""
    with run_faulty_mock("*", "/api/v1/.*", valid_token_refused) as address:
        outcome = run_check("--target", address, "--only", "listGroups,getGroup", *QUICK)
    assert outcome.code == 1
    assert ("listGroups", "Valid data was rejected") in outcome.violations
    assert ("listGroups", "Every response was 401") in outcome.violations
    assert ("getGroup", "Every response was 401") in outcome.violations


def test_operations_that_were_left_out_are_told(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Operations whose tests did not run are violations."""
    fewer = {
        name: profiles
        for name, profiles in pytest_plugin.TEST_MODULE_PROFILES.items()
        if name != "test_operations"
    }
    monkeypatch.setattr(
        pytest_plugin, "TEST_MODULE_PROFILES", fewer
    )  # put back as it was, its order too
    outcome = run_check("--target", shared_mock.address, "--only", "createGroup,getGroup", *QUICK)
    assert outcome.code == 1
    assert [name for name, title in outcome.violations if title == "Not checked"] == [
        "createGroup",
        "getGroup",
    ]


def test_a_check_that_breaks_is_told(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An internal error of the check is a violation with its place and type."""

    def broken(_run: CheckRun, _case: Any) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(CheckRun, "check", broken)
    outcome = run_check("--target", shared_mock.address, "--only", "getGroup", *QUICK)
    assert outcome.code == 1
    assert outcome.violations == [("getGroup", "Internal error in hypers-check: RuntimeError")]
    assert "out of order" in outcome.out
    assert outcome.progress["getGroup"][0] == "FAIL"


def test_a_documented_status_that_is_never_seen_is_told() -> None:
    """403, 413, 429, 500 and 503 are excused with a reason; any other one is a violation."""

    def lenient(answer: MockExchange) -> None:
        if answer.status == 404:
            answer.status = 400

    with run_faulty_mock("GET", "/api/v1/marketing-notice/group/.*", lenient) as address:
        outcome = run_check("--target", address, "--only", "getGroup", *QUICK)
    assert ("getGroup", "Documented status was never returned") in outcome.violations
    assert "Expected: 404 at least once" in outcome.out
    for status in (403, 429, 503):
        assert f"Expected: {status}" not in outcome.out


@pytest.mark.whole
def test_a_link_that_is_never_followed_is_told() -> None:
    """The lists are empty, so that nothing provides the values of the link."""

    def empty(answer: MockExchange) -> None:
        if answer.status == 200:
            answer.json |= {"content": [], "totalElements": 0, "numberOfElements": 0}

    with run_faulty_mock("GET", "/api/v1/marketing-notice/group", empty) as address:
        outcome = run_check("--target", address, "--only", "listGroups,getGroup", *QUICK)
    assert ("listGroups", "Link was never followed") in outcome.violations, outcome.out
