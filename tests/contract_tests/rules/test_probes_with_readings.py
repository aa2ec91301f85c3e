"""Every rule is kept by servers with other answers to all open questions, which are observed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from contract_tests.contract.readings import readings
from contract_tests.rules.probe_registry import Probe, all_probes
from contract_tests.rules.response import ApiResponse
from tests.contract_tests.rules.probe_contexts import ProbeMock, removable_ids, run_probe_mock

pytestmark = pytest.mark.whole

OTHER_ANSWERS = {
    # The first and the last value that is not the default: each occurs in one of the two.
    "first": {key: [*each.values][1] for key, each in readings().items()}
    | {"refusal-body": "problem"},
    # A field that is left out is not null, as other values are that are missing.
    "last": {key: [*each.values][-1] for key, each in readings().items()}
    | {"absent-values": "omitted"},
}
UNCHECKABLE = {"MT-09": "the template is a JSON object"}
"""Rules that such a server leaves nothing of, with the reason."""
UNDECIDED = {"SC-10-accepted-accepts_unchanged_update_of_system_scene"}
"""Probes whose success may be one of two answers."""
OBSERVING = [probe for probe in all_probes() if probe.observes]
OTHERS = [probe for probe in all_probes() if not probe.observes]


@pytest.fixture(scope="module", params=[*OTHER_ANSWERS])
def other_mock(request: pytest.FixtureRequest) -> Iterator[tuple[ProbeMock, dict[str, str]]]:
    """Yield a mock with other answers, and these."""
    given = OTHER_ANSWERS[request.param]
    with run_probe_mock(given) as mock:
        yield mock, given


def test_each_other_answer_is_given_by_one_of_the_servers() -> None:
    """An answer that none gives would not be tested."""
    for key, reading in readings().items():
        given = {answers[key] for answers in OTHER_ANSWERS.values()}
        assert given | {reading.default} == {*reading.values}, key


@pytest.mark.parametrize("probe", OBSERVING, ids=lambda probe: probe.name)
def test_a_probe_observes_the_answers_of_the_server(
    other_mock: tuple[ProbeMock, dict[str, str]], probe: Probe
) -> None:
    """Its rule is kept, and each value that it observes is the server's."""
    mock, given = other_mock
    seen: set[tuple[str, str]] = set()

    def note(reading: str, value: str, _answer: ApiResponse) -> None:
        seen.add((reading, value))

    result = replace(mock.context, observe=note).run_probe(probe)
    assert result.outcome == "held", result.reason
    assert seen or probe.name in UNDECIDED
    assert seen <= given.items()


@pytest.mark.parametrize("probe", OTHERS, ids=lambda probe: probe.name)
def test_rules_about_anything_else_are_kept(
    other_mock: tuple[ProbeMock, dict[str, str]], probe: Probe
) -> None:
    """Their probes send only what every server takes, and read what any returns."""
    mock, _ = other_mock
    result = mock.context.run_probe(probe)
    if reason := UNCHECKABLE.get(probe.rule):
        assert (result.outcome, reason in result.reason) == ("not checkable", True)
    else:
        assert result.outcome == "held", result.reason
    assert removable_ids(mock.world) == mock.initial_ids
