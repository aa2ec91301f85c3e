"""Registry and rules match: each rule has its probes, each probe its rule."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from contract_tests.rules.probe_registry import Probe, all_probes
from openapi.contract_loading import ROOT_FILE

RULES: dict[str, Any] = openapi.load()["x-rules"]


def rules_with_probe(kind: str) -> set[str]:
    """The rules that have a probe of this kind."""
    return {probe.rule for probe in all_probes() if probe.kind == kind}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_request_that_keeps_it(rule: str) -> None:
    """Probes of promises assert what is promised."""
    assert rule in rules_with_probe("accepted")


@pytest.mark.parametrize("rule", [r for r, rule in RULES.items() if rule["kind"] == "refusal"])
def test_every_rule_that_can_be_broken_has_a_request_that_breaks_it(rule: str) -> None:
    """These are the rules of the kind `refusal`."""
    assert rule in rules_with_probe("refused")


@pytest.mark.parametrize("probe", all_probes(), ids=lambda probe: probe.name)
def test_every_probe_has_its_rule(probe: Probe) -> None:
    """An id of rules.yaml; nothing refuses by a promise; a name and a sentence of its own."""
    assert probe.rule in RULES
    assert probe.kind == "accepted" or RULES[probe.rule]["kind"] == "refusal"
    assert [one.name for one in all_probes()].count(probe.name) == 1
    assert probe.run.__doc__


def test_every_rule_of_the_file_is_in_the_bundle() -> None:
    """The bundle contains the rules of rules.yaml."""
    text = (ROOT_FILE.parent / "rules.yaml").read_text(encoding="utf-8")
    assert [line[:-1] for line in text.splitlines() if line[:1].isalpha()] == [*RULES]
