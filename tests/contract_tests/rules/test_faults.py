"""The probes can fail: each is tried on a server that does not keep its rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

import openapi
from contract_tests.contract.operations import operations
from contract_tests.rules.registry import Probe, registry
from tests.contract_tests.rules.probe_contexts import Site, with_fault
from tests.contract_tests.rules.rule_faults import forgets, refuses, rewords
from tests.contract_tests.rules.test_probes import ONE_A_CHAPTER, by_name, governed
from tests.wire_faults import Exchange

RULES: dict[str, Any] = openapi.load()["x-rules"]
KEEPING = [
    probe
    for probe in registry()
    if probe.kind == "accepted" and RULES[probe.rule]["kind"] == "refusal"
]
REFUSED = [probe for probe in registry() if probe.kind == "refused"]


@pytest.mark.parametrize("probe", REFUSED, ids=by_name)
def test_a_server_that_forgets_a_rule_is_found_out(faulty_site: Site, probe: Probe) -> None:
    """It answers 200 where the rule says no; with rules of its own names, one a chapter."""
    with with_fault(faulty_site, forgets(probe.rule)) as site:
        for named in (True, False) if probe in ONE_A_CHAPTER else (True,):
            verdict = replace(site.ground, named=named).judge(probe)
            assert verdict.outcome == "broken"
            assert "-> 200" in verdict.reason


@pytest.mark.parametrize("probe", KEEPING, ids=by_name)
def test_a_server_that_refuses_what_is_right_is_found_out(faulty_site: Site, probe: Probe) -> None:
    """It answers 400 at every operation of the rule. Promises have test_probes_detect_faults.py."""
    names = governed(probe.rule)
    with with_fault(faulty_site, refuses(names)) as site:
        assert site.ground.judge(probe).outcome == "broken"


@pytest.mark.parametrize("probe", REFUSED, ids=by_name)
def test_a_server_with_error_bodies_of_its_own_keeps_the_rules(
    faulty_site: Site, probe: Probe
) -> None:
    """Where rules are not named, a documented client error is enough; else not: one a chapter."""
    with with_fault(faulty_site, rewords(lambda _: {"message": "no"})) as site:
        assert replace(site.ground, named=False).judge(probe).outcome == "held"
        if probe in ONE_A_CHAPTER:
            assert site.ground.judge(probe).outcome == "broken"


@pytest.mark.parametrize("field", ["rule", "pointer"])
def test_a_refusal_for_another_reason_is_found_out(faulty_site: Site, field: str) -> None:
    """Another rule, or another place, where rules are named."""

    def other(document: dict[str, Any]) -> dict[str, Any]:
        errors = [{**error, field: f"{error[field]}9"} for error in document["errors"]]
        return {**document, "errors": errors}

    with with_fault(faulty_site, rewords(other)) as site:
        for probe in REFUSED[::7]:
            assert site.ground.judge(probe).outcome == "broken"
            assert replace(site.ground, named=False).judge(probe).outcome == "held"


def test_an_access_token_that_is_not_taken_refuses_no_data(faulty_site: Site) -> None:
    """401 and 403 are about the token: a server that answers them has not refused the data."""

    def fault(exchange: Exchange) -> None:
        if exchange.status == 400:
            exchange.answer(403, {})

    with with_fault(faulty_site, fault) as site:
        for probe in (one for one in REFUSED if one.rule in ("NT-01", "PG-01", "MN-02")):
            assert replace(site.ground, named=False).judge(probe).outcome == "broken"


def test_a_server_that_answers_its_examples_is_judged_without_an_exception(
    faulty_site: Site,
) -> None:
    """It keeps every schema and forgets everything, as a mock server without a state does."""
    examples: dict[str, Any] = {}
    for name, operation in operations().items():
        content = operation.raw["responses"]["200"]["content"].get("application/json", {})
        for example in content.get("examples", {}).values():
            examples.setdefault(name, example["value"])
    del examples["createToken"]  # its token would open nothing

    def fault(exchange: Exchange) -> None:
        if exchange.status == 200 and exchange.operation in examples:
            exchange.answer(200, examples[exchange.operation])

    with with_fault(faulty_site, fault) as site:
        verdicts = [replace(site.ground, named=False).judge(probe) for probe in registry()]
    assert all(verdict.reason for verdict in verdicts if verdict.outcome != "held")
    promised = [v for v in verdicts if RULES[v.rule]["kind"] == "promise"]
    found = Counter(verdict.outcome for verdict in promised)
    assert found["broken"] > 0.9 * len(promised), found
