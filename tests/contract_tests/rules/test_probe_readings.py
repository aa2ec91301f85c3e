"""Probes observe readings, and pass with each of their values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from contract_tests.checks.reading_observers import observing_operations
from contract_tests.contract.readings import readings
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import ExpectedRefusal, ProbeResult
from contract_tests.rules.probe_registry import Probe, all_probes
from contract_tests.rules.response import ApiResponse
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.wire_faults import OperationExchange, WireFault

Seen = list[tuple[str, str, str]]


def probe_that_observes(key: str) -> Probe:
    """Return the probe of a reading."""
    [probe] = [each for each in all_probes() if key in each.observes]
    return probe


def run_probe(site: ProbeMock, probe: Probe) -> tuple[ProbeResult, Seen]:
    """Return the result of a probe, and the readings with the operations that showed them."""
    seen: Seen = []

    def note(reading: str, value: str, answer: ApiResponse) -> None:
        seen.append((reading, value, answer.operation))

    return replace(site.context, observe=note).run_probe(probe), seen


def delete_groups_with_plans() -> WireFault:
    """Return the behaviour of a server that deletes a group and keeps its plans."""
    gone: set[str] = set()

    def change(exchange: OperationExchange) -> None:
        if exchange.operation == "deleteGroup" and exchange.status == 400:
            gone.add(exchange.path)
            exchange.respond(200, {})
        elif exchange.operation in ("getGroup", "deleteGroup") and exchange.path in gone:
            exchange.respond(404, {}, "application/problem+json")

    return change


def forget_refusals(exchange: OperationExchange) -> None:
    """Claim the deletion of a group that stays."""
    if exchange.operation == "deleteGroup" and exchange.status == 400:
        exchange.respond(200, {})


def repeat_tokens(*names: str) -> WireFault:
    """Return the behaviour of a server whose logins return these tokens of the first login."""
    first: dict[str, str] = {}

    def change(exchange: OperationExchange) -> None:
        if exchange.operation == "createToken" and exchange.status == 200:
            document = exchange.document
            first.update({**document, **first})
            exchange.respond(200, document | {name: first[name] for name in names})

    return change


@pytest.mark.parametrize(
    ("key", "behaviour", "value"),
    [
        ("group-with-plans", lambda _: None, "refused"),
        ("group-with-plans", delete_groups_with_plans(), "deleted"),
        ("second-login", lambda _: None, "new-token"),
        ("second-login", repeat_tokens("access_token", "refresh_token"), "same-token"),
    ],
    ids=["refused", "deleted", "new-token", "same-token"],
)
def test_a_probe_passes_with_each_value_of_its_reading(
    faulty_probe_mock: ProbeMock, key: str, behaviour: WireFault, value: str
) -> None:
    """The value is observed, with the response that shows it."""
    operation = {"group-with-plans": "deleteGroup", "second-login": "createToken"}[key]
    with with_fault(faulty_probe_mock, behaviour) as site:
        result, seen = run_probe(site, probe_that_observes(key))
    assert result.outcome == "held", result.reason
    assert seen == [(key, value, operation)]


@pytest.mark.parametrize(
    ("key", "behaviour"),
    [
        ("group-with-plans", forget_refusals),
        ("second-login", repeat_tokens("access_token")),
        ("second-login", repeat_tokens("refresh_token")),
    ],
    ids=["deletes nothing", "one access token", "one refresh token"],
)
def test_a_server_that_follows_no_reading_breaks_the_rule(
    faulty_probe_mock: ProbeMock, key: str, behaviour: WireFault
) -> None:
    """Nothing is observed then."""
    with with_fault(faulty_probe_mock, behaviour) as site:
        result, seen = run_probe(site, probe_that_observes(key))
    assert (result.outcome, seen) == ("broken", [])


def observe_something_else(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Observe a reading without being registered for it."""
    api.call("listGroups")
    api.observe("page-sort", "array")
    yield "/path/id", api.call("listGroups")


def try_nothing(_api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Send no request that breaks the rule."""
    yield from ()


def observe_that_nothing_is_refused(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Observe the reading in which nothing breaks the rule."""
    api.call("listGroups")
    api.observe("page-sort", "array")
    yield from ()


def test_a_probe_observes_only_what_it_is_registered_for(faulty_probe_mock: ProbeMock) -> None:
    """Otherwise a report could not say why a reading was not observed."""
    result, seen = run_probe(faulty_probe_mock, Probe("GR-02", "refused", observe_something_else))
    assert (result.outcome, seen) == ("broken", [])
    assert "not registered as one that observes page-sort" in result.reason


def test_a_refused_probe_without_a_request_needs_a_reading(faulty_probe_mock: ProbeMock) -> None:
    """A probe that has tried nothing proves nothing, unless the reading leaves nothing to try."""
    result, _ = run_probe(faulty_probe_mock, Probe("GR-02", "refused", try_nothing))
    assert result.outcome == "broken"
    probe = Probe("GR-02", "refused", observe_that_nothing_is_refused, observes=("page-sort",))
    result, seen = run_probe(faulty_probe_mock, probe)
    assert (result.outcome, seen) == ("held", [("page-sort", "array", "listGroups")])


@pytest.mark.parametrize("status", [400, 404])
def test_a_refusal_may_have_each_status_of_a_reading(
    faulty_probe_mock: ProbeMock, status: int
) -> None:
    """Its status is the observation; the refusal has to name the rule in both cases."""

    def change(exchange: OperationExchange) -> None:
        if exchange.operation == "createScene" and exchange.status == 400:
            exchange.respond(status, exchange.document)

    [probe] = [each for each in all_probes() if (each.rule, each.kind) == ("SC-02", "refused")]
    with with_fault(faulty_probe_mock, change) as site:
        result, seen = run_probe(site, probe)
    assert result.outcome == "held", result.reason
    assert {*seen} == {("unknown-id-in-body", str(status), "createScene")}


def test_the_statuses_of_a_reading_are_those_that_are_accepted() -> None:
    """Without a reading, there is one."""
    probe = Probe("SC-02", "refused", try_nothing, status_reading="unknown-id-in-body")
    assert probe.statuses == {400, 404}
    assert replace(probe, status_reading="", status=401).statuses == {401}


def test_every_reading_is_observed() -> None:
    """By responses of any request, or by probes; a misspelt key would never be."""
    probed = {key for probe in all_probes() for key in probe.observes}
    assert probed | observing_operations().keys() == readings().keys()
