"""A target that never responds ends the run; one that responds to some requests does not."""

from __future__ import annotations

import pytest

from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_context import ProbeContext
from contract_tests.rules.registry import all_probes
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from tests.contract_tests.run_check import QUICK, run_check
from tests.contract_tests.target.test_target import run_closing_server
from tests.serving import RunningMock


def judge_probe(address: str) -> ProbeResult:
    """Return the result of a probe at this URL."""
    [probe] = [each for each in all_probes() if each.name.startswith("GR-02-refused")]
    with open_session(address) as session:
        return ProbeContext(Target(address, Credentials("c", "s", "u", "p")), session).run_probe(
            probe
        )


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
    verdict = judge_probe(shared_mock.address)
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
