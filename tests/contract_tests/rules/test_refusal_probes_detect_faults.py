"""Probes can fail: each is tried on a server that breaks its rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

import openapi
from contract_tests.contract.operations import operations
from contract_tests.rules.probe_registry import Probe, all_probes
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.contract_tests.rules.rule_faults import edit_refusals, ignore_rule, refuse_operations
from tests.contract_tests.rules.test_probes import (
    ONE_PROBE_PER_CHAPTER,
    operations_of_rule,
    probe_name,
)
from tests.wire_faults import OperationExchange

RULES: dict[str, Any] = openapi.load()["x-rules"]
ACCEPTED_PROBES = [
    probe
    for probe in all_probes()
    if probe.kind == "accepted" and RULES[probe.rule]["kind"] == "refusal"
]
REFUSED_PROBES = [probe for probe in all_probes() if probe.kind == "refused"]


@pytest.mark.parametrize("probe", REFUSED_PROBES, ids=probe_name)
def test_a_server_that_forgets_a_rule_is_found_out(
    faulty_probe_mock: ProbeMock, probe: Probe
) -> None:
    """The server accepts the requests that the rule refuses."""
    with with_fault(faulty_probe_mock, ignore_rule(probe.rule)) as site:
        for named in (True, False) if probe in ONE_PROBE_PER_CHAPTER else (True,):
            verdict = replace(site.context, named=named).run_probe(probe)
            assert verdict.outcome == "broken"
            assert "-> 200" in verdict.reason


@pytest.mark.parametrize("probe", ACCEPTED_PROBES, ids=probe_name)
def test_a_server_that_refuses_what_is_right_is_found_out(
    faulty_probe_mock: ProbeMock, probe: Probe
) -> None:
    """The server answers 400 in every operation of the rule; promises have their own module."""
    names = operations_of_rule(probe.rule)
    with with_fault(faulty_probe_mock, refuse_operations(names)) as site:
        assert site.context.run_probe(probe).outcome == "broken"


@pytest.mark.parametrize("probe", REFUSED_PROBES, ids=probe_name)
def test_a_server_with_error_bodies_of_its_own_keeps_the_rules(
    faulty_probe_mock: ProbeMock, probe: Probe
) -> None:
    """A documented client error is enough if the server names no rules."""
    with with_fault(faulty_probe_mock, edit_refusals(lambda _: {"message": "no"})) as site:
        assert replace(site.context, named=False).run_probe(probe).outcome == "held"
        if probe in ONE_PROBE_PER_CHAPTER:
            assert site.context.run_probe(probe).outcome == "broken"


@pytest.mark.parametrize("field", ["rule", "pointer"])
def test_a_refusal_for_another_reason_is_found_out(
    faulty_probe_mock: ProbeMock, field: str
) -> None:
    """Another rule or pointer is found if the server names rules."""

    def other(document: dict[str, Any]) -> dict[str, Any]:
        errors = [{**error, field: f"{error[field]}9"} for error in document["errors"]]
        return {**document, "errors": errors}

    with with_fault(faulty_probe_mock, edit_refusals(other)) as site:
        for probe in REFUSED_PROBES[::7]:
            assert site.context.run_probe(probe).outcome == "broken"
            assert replace(site.context, named=False).run_probe(probe).outcome == "held"


def test_an_access_token_that_is_not_taken_refuses_no_data(faulty_probe_mock: ProbeMock) -> None:
    """401 and 403 are about the token and are no refusal of data."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.status == 400:
            exchange.respond(403, {})

    with with_fault(faulty_probe_mock, fault) as site:
        for probe in (one for one in REFUSED_PROBES if one.rule in ("NT-01", "PG-01", "MN-02")):
            assert replace(site.context, named=False).run_probe(probe).outcome == "broken"


@pytest.mark.whole
def test_a_server_that_answers_its_examples_is_judged_without_an_exception(
    faulty_probe_mock: ProbeMock,
) -> None:
    """A server without state that keeps every schema is judged without an exception."""
    examples: dict[str, Any] = {}
    for name, operation in operations().items():
        content = operation.raw["responses"]["200"]["content"].get("application/json", {})
        for example in content.get("examples", {}).values():
            examples.setdefault(name, example["value"])
    del examples["createToken"]  # its token would open nothing

    def fault(exchange: OperationExchange) -> None:
        if exchange.status == 200 and exchange.operation in examples:
            exchange.respond(200, examples[exchange.operation])

    with with_fault(faulty_probe_mock, fault) as site:
        verdicts = [replace(site.context, named=False).run_probe(probe) for probe in all_probes()]
    assert all(verdict.reason for verdict in verdicts if verdict.outcome != "held")
    promised = [v for v in verdicts if RULES[v.rule]["kind"] == "promise"]
    found = Counter(verdict.outcome for verdict in promised)
    assert found["broken"] > 0.9 * len(promised), found
