"""A response that neither accepts nor refuses a request is reported as such."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from contract_tests.target import retries
from tests.contract_tests.checks.test_custom_checks import GROUPS
from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check

ACCEPTED_OUTCOME = "accepted"


def refuse_with(
    status: int, headers: Mapping[str, str] | None = None, *instead: int
) -> ResponseFault:
    """Return a fault that replaces the statuses `instead`, by default 400, by this one."""

    def fault(answer: MockExchange) -> None:
        if answer.status in (instead or (400,)):
            answer.status = status
            answer.headers = {"content-type": "text/plain", **(headers or {})}
            answer.body = b"no"

    return fault


@pytest.mark.whole
@pytest.mark.parametrize(
    ("status", "headers", "title", "said"),
    [
        (422, {}, "Invalid data was rejected with an unexpected status", "Got: 422"),
        (
            307,
            {"location": "https://elsewhere.example/x"},
            "Request was redirected",
            "Got: 307, Location: https://elsewhere.example/x",
        ),
        (
            429,
            {"retry-after": "3600"},
            "Still rate limited after retries",
            "Got: 429, Retry-After: 3600",
        ),
        (502, {}, "Server error", "502"),
        (304, {}, "Invalid data was answered with an unexpected status", "Got: 304"),
    ],
)
def test_a_refusal_by_another_status_is_not_called_acceptance(
    monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str], title: str, said: str
) -> None:
    """Only 2xx counts as acceptance, in generated requests and in probes."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", ())
    with run_faulty_mock("POST", GROUPS, refuse_with(status, headers)) as address:
        outcome = run_check("--target", address, "--only", "createGroup,GR-01", *QUICK)
    titles = {found for _, found in outcome.violations}
    assert outcome.code == 1
    assert ("createGroup", title) in outcome.violations, outcome.out
    assert not [each for each in titles if ACCEPTED_OUTCOME in each], titles
    by_rule = {
        422: "Rule-breaking request rejected for another reason",
        304: "Rule-breaking request answered with an unexpected status",
    }
    rule = by_rule.get(status, title)
    assert ("GR-01", rule) in outcome.violations
    assert said in outcome.out
    if status not in by_rule:
        assert "Undocumented status code" not in titles  # one cause, one violation


def test_a_login_page_for_strangers_is_a_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A 302 for missing credentials is neither acceptance nor the documented refusal."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", ())
    fault = refuse_with(302, {"location": "/login"}, 401)
    with run_faulty_mock("GET", r"/api/v1/marketing-notice/group/\d+", fault) as address:
        outcome = run_check("--target", address, "--only", "getGroup", *QUICK)
    assert ("getGroup", "Request was redirected") in outcome.violations, outcome.out
    assert "Got: 302, Location: /login" in outcome.out
    assert not [title for _, title in outcome.violations if ACCEPTED_OUTCOME in title]


def test_credentials_refused_by_another_status_were_not_accepted() -> None:
    """403 instead of 401 is reported, without credentials and with wrong ones."""
    fault = refuse_with(403, None, 401)
    with run_faulty_mock("GET", r"/api/v1/marketing-notice/group/\d+", fault) as address:
        outcome = run_check("--target", address, "--only", "getGroup", *QUICK)
    for given in ("Missing", "Wrong"):
        title = f"{given} credentials were rejected with an unexpected status"
        assert ("getGroup", title) in outcome.violations, outcome.out
    assert not [title for _, title in outcome.violations if ACCEPTED_OUTCOME in title]
