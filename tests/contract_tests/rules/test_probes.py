"""The mock keeps every rule: each probe over HTTP, by rule id."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import openapi
from contract_tests.contract.operations import operations
from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_registry import Probe, all_probes
from tests.contract_tests.rules.probe_contexts import (
    CREDENTIALS,
    ProbeMock,
    VerdictCache,
    removable_ids,
)
from tests.mistake_sentences import is_own_sentence

RULES: dict[str, Any] = openapi.load()["x-rules"]
REFUSED_PROBES = [probe for probe in all_probes() if probe.kind == "refused"]
ONE_PROBE_PER_CHAPTER = [*{probe.rule[:2]: probe for probe in REFUSED_PROBES}.values()]
LAST_DEMO_TASK_ID = 504
RULES_WITHOUT_ACCEPTED = {"AU-03", "AU-05"}
"""Rules whose refusal cannot name an accepted value: a password, a refresh token."""


def probe_name(probe: Probe) -> str:
    """Return the id of a probe's test."""
    return probe.name


def operations_of_rule(rule: str) -> set[str]:
    """The operations of a rule."""
    return {name for name, operation in operations().items() if rule in operation.rules}


@pytest.mark.parametrize("probe", all_probes(), ids=probe_name)
def test_the_mock_keeps_the_rule(verdicts: VerdictCache, probe: Probe) -> None:
    """Requests that keep the rule are accepted; others refused with status, rule and pointer."""
    verdict = verdicts.of(probe)
    assert verdict.outcome == "held", verdict.reason


@pytest.mark.parametrize("probe", REFUSED_PROBES, ids=probe_name)
def test_a_refused_probe_breaks_its_rule_and_no_other(verdicts: VerdictCache, probe: Probe) -> None:
    """The refusal can only be due to the rule."""
    for _, answer in verdicts.of(probe).attempts:
        assert {error["rule"] for error in answer.errors} == {probe.rule}, str(answer)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_tried_at_every_operation_that_it_governs(
    verdicts: VerdictCache, rule: str
) -> None:
    """Each operation succeeds in one probe of the rule and refuses in another."""
    succeeded = {
        answer.operation
        for verdict in verdicts.of_rule(rule, "accepted")
        for answer in verdict.answers
        if answer.status < 300
    }
    if RULES[rule]["operations"] != "secured":  # one token opens all of them
        assert operations_of_rule(rule) <= succeeded
    if RULES[rule]["kind"] == "refusal":
        attempts = [a for verdict in verdicts.of_rule(rule, "refused") for a in verdict.attempts]
        assert operations_of_rule(rule) <= {answer.operation for _, answer in attempts}


@pytest.mark.parametrize("probe", REFUSED_PROBES, ids=probe_name)
def test_a_refusal_says_what_would_be_accepted(verdicts: VerdictCache, probe: Probe) -> None:
    """The message names an accepted value wherever that is possible."""
    for _, answer in verdicts.of(probe).attempts:
        for error in answer.errors:
            assert bool(error.get("accepted")) == (probe.rule not in RULES_WITHOUT_ACCEPTED), error


def is_refused_with(verdict: ProbeResult, rule: str, lang: int) -> bool:
    """Return whether every attempt was refused with the sentence of a rule, at its place.

    A mistake in a member file has a sentence of its own.
    """
    sentence = (RULES[rule]["zh"], RULES[rule]["en"])[lang]
    told = [
        [error for error in answer.errors if error["pointer"] == pointer]
        for pointer, answer in verdict.attempts
    ]
    return bool(told) and all(
        is_own_sentence(error, lang) if "code" in error else error["message"] == sentence
        for errors in told
        for error in errors or [{"message": ""}]
    )


@pytest.mark.parametrize("probe", REFUSED_PROBES, ids=probe_name)
def test_a_refusal_is_the_sentence_of_the_rule(verdicts: VerdictCache, probe: Probe) -> None:
    """The refusal has the rule's sentence, in Chinese by default."""
    assert is_refused_with(verdicts.of(probe), probe.rule, 0)


@pytest.mark.parametrize("probe", ONE_PROBE_PER_CHAPTER, ids=probe_name)
def test_who_prefers_english_is_refused_in_english(probe_mock: ProbeMock, probe: Probe) -> None:
    """The same rule is named at the same place."""
    headers = probe_mock.context.session.headers
    headers["Accept-Language"] = "en"
    try:
        verdict = probe_mock.context.run_probe(probe)
    finally:
        del headers["Accept-Language"]
    assert is_refused_with(verdict, probe.rule, 1)


def test_without_a_clock_a_rule_about_time_is_not_checkable(probe_mock: ProbeMock) -> None:
    """Nothing is sent, and the rule does not count as held."""
    timeless = replace(probe_mock.context, clock=None)
    probes = [probe for probe in all_probes() if probe.clock]
    assert len(probes) > 15
    for probe in probes:
        verdict = timeless.run_probe(probe)
        assert (verdict.outcome, verdict.answers) == ("not checkable", ())


@pytest.mark.parametrize("rule", ["NT-05", "NT-06", "NT-15", "MT-08", "ME-03"])
def test_nobody_but_the_given_members_is_addressed(probe_mock: ProbeMock, rule: str) -> None:
    """A probe that needs more members is not checkable."""
    member = {"userId": "U-given", "ciq": "C-given", "memberId": 7_000_000_001}
    context = replace(probe_mock.context, members=[member], prefix="given-")
    before = {*probe_mock.world.members}
    for probe in all_probes():
        if probe.rule == rule and probe.kind == "accepted":
            verdict = context.run_probe(probe)
            assert verdict.outcome == ("not checkable" if rule == "NT-15" else "held")
    directory = probe_mock.world.members
    given = {*member.values()}
    for met in filter(None, map(directory.get, {*directory} - before)):
        # Named by userId or ciq alone, whom the mock has not met before gets a memberId of its own.
        named: list[object] = [key for key in (met.user_id, met.ciq) if key]
        assert given.issuperset(named or [met.id])


def test_a_server_that_cannot_be_logged_in_to_is_a_broken_rule(probe_mock: ProbeMock) -> None:
    """The result has a reason, and no exception is raised."""
    wrong = replace(CREDENTIALS, password="wrong")
    target = replace(probe_mock.context.target, credentials=wrong)
    probe = next(probe for probe in all_probes() if probe.rule == "GR-01")
    verdict = replace(probe_mock.context, target=target).run_probe(probe)
    assert verdict.outcome == "broken"
    assert "refused the credentials" in verdict.reason


def test_what_can_be_taken_back_is_taken_back(
    probe_mock: ProbeMock, verdicts: VerdictCache
) -> None:
    """After all probes, groups, plans and plan tasks are as before."""
    for probe in all_probes():
        verdicts.of(probe)
    assert removable_ids(probe_mock.world) == probe_mock.initial_ids
    made = [t for t in probe_mock.world.notification_tasks.values() if t.id > LAST_DEMO_TASK_ID]
    assert len(made) > 50
    now = probe_mock.world.now()
    assert all(task.terminated or task.end <= now for task in made)
    assert all(task.name.startswith(("probe-", "given-", "提")) for task in made)
