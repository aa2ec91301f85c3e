"""A target that answers some requests is there; one that answers none is not asked for ever."""

from __future__ import annotations

import pytest

from contract_tests.rules.outcome import Verdict
from contract_tests.rules.probe_context import Ground
from contract_tests.rules.registry import registry
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from tests.contract_tests.run_check import QUICK, check
from tests.contract_tests.target.test_target import closing_every_connection
from tests.serving import Mock


def judged(address: str) -> Verdict:
    """What comes of a probe at this address."""
    [probe] = [each for each in registry() if each.name.startswith("GR-02-refused")]
    with open_session(address) as session:
        return Ground(Target(address, Credentials("c", "s", "u", "p")), session).judge(probe)


def test_a_probe_that_cannot_log_in_has_heard_nobody() -> None:
    """Else a server that has gone would be told to break every rule that is still to be tried."""
    verdict = judged("http://127.0.0.1:1")
    assert verdict.is_silent
    assert "cannot be reached" in verdict.reason


def test_a_probe_whose_request_is_not_answered_has_heard_nobody() -> None:
    """Who logs in is answered here, and nobody else."""
    with closing_every_connection() as address:
        assert judged(address).is_silent


def test_a_login_that_is_refused_is_an_answer(shared_mock: Mock) -> None:
    """Whoever answers a login is there, whatever the answer is."""
    verdict = judged(shared_mock.address)
    assert (verdict.outcome, verdict.is_silent) == ("broken", False)


def test_whoever_answers_anything_is_there(shared_mock: Mock) -> None:
    """A 404 is an answer; a closed connection is none."""
    with closing_every_connection() as dead:
        for address, is_there in ((shared_mock.address, True), (dead, False)):
            with open_session(address) as session:
                assert Target(address, None).is_there(session) is is_there


def test_silence_for_some_requests_does_not_end_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the target answers others, each is a violation, and the rest is checked."""
    monkeypatch.setattr(Target, "is_there", lambda *_: True)
    with closing_every_connection() as address:
        outcome = check("--target", address, "--only", "getGroup,deleteGroup", *QUICK)
    assert outcome.code == 1
    assert {("getGroup", "No response"), ("deleteGroup", "No response")} <= {*outcome.violations}
    assert "does not answer any more" not in outcome.out
