"""Probes send the same requests each time."""

from __future__ import annotations

import pytest

from contract_tests.rules.probe_registry import all_probes
from tests.contract_tests.rules.probe_contexts import run_probe_mock


def requests_of_probes() -> list[tuple[str, str, object]]:
    """Everything that the probes of some rules send to a mock of their own."""
    with run_probe_mock() as found:
        verdicts = [
            found.context.run_probe(probe)
            for probe in all_probes()
            if probe.rule in ("FI-04", "NT-07", "MT-09", "SC-05", "PG-12", "RP-02")
        ]
        assert {verdict.outcome for verdict in verdicts} == {"held"}
        sent = [answer.raw.request for verdict in verdicts for answer in verdict.answers]
        address = found.context.target.url
    return [(str(one.method), str(one.url).replace(address, ""), one.body) for one in sent]


@pytest.mark.whole
def test_two_runs_send_the_same_bytes() -> None:
    """Requests are reproducible, including workbooks and forms."""
    first = requests_of_probes()
    assert len(first) > 50
    assert first == requests_of_probes()
