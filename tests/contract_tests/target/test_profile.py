"""Requests to targets that may not be changed, and the choice of these targets."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contract_tests.safety.policy import SafetyOptions, choose_safety_policy
from contract_tests.target.profile import choose_profile
from contract_tests.target.target import CannotCheckError
from contract_tests.target.transport import RequestLog, SendLimits, UnsafeRequestError, open_session
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.recorder import RecordedRequest, run_recorded_mock
from tests.contract_tests.run_check import QUICK, CheckResult, run_check

SELECTION_OPTIONS = ("--only", "notice-groups,auth,files,PG-07", *QUICK)
TARGET_URL = "http://127.0.0.1:4010"
LOGIN_URL = f"{TARGET_URL}/oauth/token"
PRODUCTION_URLS = ("https://oauth.hypers.com.cn", "https://SZHL-phiskin.hypers.com.cn./api")
"""Production servers in the documents; nothing is ever sent to them in these tests."""


def run_recorded_check(*arguments: str) -> tuple[list[RecordedRequest], CheckResult]:
    """Return the requests of a check to a new mock, and the result."""
    with run_recorded_mock() as (address, recorder):
        outcome = run_check("--target", address, *SELECTION_OPTIONS, *arguments)
    return recorder.requests, outcome


@pytest.fixture
def sent_requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the requests that leave a session; each gets a 200."""
    found: list[str] = []

    def answer(_adapter: Any, request: requests.PreparedRequest, **_options: Any) -> Any:
        found.append(f"{request.method} {request.url}")
        response = requests.Response()
        response.status_code, response.request, response.url = 200, request, str(request.url)
        response._content, response._content_consumed = b"", True
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    return found


def test_smoke_sends_examples() -> None:
    """One request is sent for each operation, and the links between reads are followed."""
    requests, outcome = run_recorded_check("--profile", "smoke")
    assert outcome.code == 0, outcome.out
    assert outcome.progress.keys() == {"getFile", "listGroups", "getGroup", "links"}
    assert {method for method, _, _, _ in requests} == {"GET", "POST"}
    assert [path for method, path, _, _ in requests if method == "POST"] == [b"/oauth/token?"]
    assert len(requests) < 15


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_an_unsafe_request_raises_before_it_leaves(sent_requests: list[str], method: str) -> None:
    """The transport blocks it, whoever sends it."""
    with open_session(TARGET_URL, token_url=LOGIN_URL, limits=SendLimits(safe=True)) as session:
        session.get(TARGET_URL)
        with pytest.raises(UnsafeRequestError):
            session.request(method, f"{TARGET_URL}/api/v1/file")
    assert sent_requests == [f"GET {TARGET_URL}/"]


def test_a_safe_session_asks_for_one_token(sent_requests: list[str]) -> None:
    """A second token request raises; the log has the requests that were sent."""
    request_log = RequestLog()
    limits = SendLimits(safe=True)
    with open_session(
        TARGET_URL, token_url=LOGIN_URL, limits=limits, request_log=request_log
    ) as session:
        session.post(LOGIN_URL)
        with pytest.raises(UnsafeRequestError):
            session.post(LOGIN_URL)
    assert sent_requests == [f"POST {LOGIN_URL}"]
    assert [(each.method, each.path, each.status) for each in request_log.entries] == [
        ("POST", "/oauth/token", 200)
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:4010", "full"),
        ("http://127.9.9.9", "full"),
        ("http://[::1]:4010", "full"),
        ("http://localhost", "full"),
        ("http://10.0.0.1", "safe"),
        ("https://staging.example.com", "safe"),
        ("http://localhost.example.com", "safe"),
        ("http://127.0.0.1.nip.io", "safe"),
        ("https://oauth.hypers.com.cn", "safe"),
    ],
)
def test_only_this_machine_is_written_to_by_itself(url: str, expected: str) -> None:
    """The host name is not looked up, and the provider's hosts are not special."""
    assert choose_profile(url, None) == expected
    assert choose_profile(url, "smoke") == "smoke"
    nothing = SafetyOptions()
    assert choose_safety_policy(url, "", "safe", nothing) is None
    if expected == "full":
        assert choose_safety_policy(url, "", "full", nothing) is None
    else:
        with pytest.raises(CannotCheckError, match="is not this machine: give --allow-writes"):
            choose_safety_policy(url, "", "full", nothing)


@pytest.mark.parametrize("url", PRODUCTION_URLS)
def test_the_provider_is_only_read_unless_its_host_is_said_again(
    sent_requests: list[str], url: str
) -> None:
    """By default there is one login and no other write; `full` is refused."""
    outcome = run_check("--target", url, "--only", "listGroups", *QUICK)
    assert "returned no token" in outcome.err
    assert [each.partition(" ")[0] for each in sent_requests] == ["POST"]
    sent_requests.clear()
    outcome = run_check("--target", url, "--profile", "full")
    assert (outcome.code, sent_requests) == (2, [])
    assert outcome.err.startswith("hypers-check: --profile full writes, and ")
    outcome = run_check(
        "--target", url, "--profile", "full", "--allow-writes", "staging.example.com"
    )
    assert (outcome.code, sent_requests) == (2, [])
    assert "staging.example.com is not the target's host: expected " in outcome.err


def test_the_one_login_of_a_safe_check_outlasts_its_rules() -> None:
    """With `--fail-fast` rules come first, and the clock cannot be advanced in safe mode."""
    with run_recorded_mock() as (address, recorder):
        options = ("--profile", "safe", "--fail-fast", "--only", "getGroup,MT-14", *QUICK)
        outcome = run_check("--target", address, *options)
    assert outcome.code == 0, outcome.out + outcome.err
    assert [*outcome.progress] == ["rules-time", "getGroup"]
    assert [one[0] for one in recorder.requests].count("POST") == 1


def test_a_read_without_a_record_is_no_data_where_nothing_can_be_made() -> None:
    """In `safe` this is reported as no data; an operation that is always refused is a violation."""

    def nobody(answer: MockExchange) -> None:
        if answer.status == 401:
            return
        answer.status = 404
        answer.headers["content-type"] = "application/problem+json"
        answer.json = {
            "type": "about:blank",
            "title": "Not found",
            "status": 404,
            "detail": "-",
            "instance": answer.path,
            "errors": [{"pointer": "/path/id", "rule": "ID-02", "message": "-"}],
        }

    with run_faulty_mock("GET", "/api/v1/marketing-notice/group/.*", nobody) as address:
        only = ("--target", address, "--only", "getGroup", *QUICK)
        safe, full = run_check(*only, "--profile", "safe"), run_check(*only)
    assert (safe.code, safe.violations) == (2, []), safe.out
    assert "no data: getGroup (the target has no record to read)" in safe.out
    assert ("getGroup", "No request succeeded") in full.violations
    assert full.code == 1
