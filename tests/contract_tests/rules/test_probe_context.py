"""A target that never responds ends the run; one that responds to some requests does not."""

from __future__ import annotations

import pytest

from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_context import ProbeContext
from contract_tests.rules.probe_registry import all_probes
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from tests.contract_tests.checks.test_custom_checks import GROUP
from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.rules.probe_contexts import CREDENTIALS
from tests.contract_tests.run_check import QUICK, run_check
from tests.contract_tests.target.test_target import run_closing_server
from tests.serving import RunningMock

pytestmark = pytest.mark.whole


def judge_probe(
    address: str, credentials: Credentials = CREDENTIALS, *, named: bool = False
) -> ProbeResult:
    """Return the result of a probe at this URL."""
    [probe] = [each for each in all_probes() if each.name.startswith("GR-02-refused")]
    with open_session(address) as session:
        return ProbeContext(Target(address, credentials), session, named).run_probe(probe)


def accepted(answer: MockExchange) -> None:
    """A refusal is turned into a success."""
    if answer.status == 400:
        answer.status, answer.json = 200, {}
        answer.headers["content-type"] = "application/json"


def refused_for_another_rule(answer: MockExchange) -> None:
    """A refusal names a rule that was not broken."""
    if answer.status == 400:
        answer.json |= {"errors": [{"pointer": "/path/id", "rule": "GR-01", "message": "x"}]}


@pytest.mark.parametrize(
    ("fault", "named", "got"),
    [
        (accepted, False, "not refused: DELETE "),
        (accepted, True, "not refused with 400: DELETE "),
        (
            refused_for_another_rule,
            True,
            "the refusal names /path/id GR-01, expected /path/id GR-02: DELETE ",
        ),
    ],
)
def test_the_message_of_a_broken_rule_begins_with_what_was_got(
    fault: ResponseFault, named: bool, got: str
) -> None:
    """Reports show it after `Got:`, below the rule and what was tried."""
    with run_faulty_mock("DELETE", GROUP, fault) as address:
        verdict = judge_probe(address, named=named)
    assert verdict.outcome == "broken"
    assert verdict.reason.startswith(got), verdict.reason


def test_a_probe_that_cannot_log_in_has_heard_nobody() -> None:
    """Otherwise a lost server would break every rule that remains."""
    verdict = judge_probe("http://127.0.0.1:1")
    assert verdict.is_silent
    assert "cannot be reached" in verdict.reason


def test_a_probe_whose_request_is_not_answered_has_heard_nobody() -> None:
    """The server responds to the login only."""
    with run_closing_server() as address:
        assert judge_probe(address).is_silent


def test_a_login_that_is_refused_is_an_answer(shared_mock: RunningMock) -> None:
    """A refused login is a response."""
    verdict = judge_probe(shared_mock.address, Credentials("c", "s", "u", "p"))
    assert (verdict.outcome, verdict.is_silent) == ("broken", False)


def test_whoever_answers_anything_is_there(shared_mock: RunningMock) -> None:
    """A 404 is a response; a closed connection is none."""
    with run_closing_server() as dead:
        for address, is_there in ((shared_mock.address, True), (dead, False)):
            with open_session(address) as session:
                assert Target(address, None).is_reachable(session) is is_there


def test_silence_for_some_requests_does_not_end_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each unanswered request is a violation, and the rest is checked."""
    monkeypatch.setattr(Target, "is_reachable", lambda *_: True)
    with run_closing_server() as address:
        outcome = run_check("--target", address, "--only", "getGroup,deleteGroup", *QUICK)
    assert outcome.code == 1
    assert {("getGroup", "No response"), ("deleteGroup", "No response")} <= {*outcome.violations}
    assert "no longer responds" not in outcome.out
