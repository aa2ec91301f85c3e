"""What probes leave behind, and that they do the same each time."""

from __future__ import annotations

import pytest

from contract_tests.rules.registry import registry
from tests.contract_tests.rules.grounds import Site, Verdicts, site, tables

pytestmark = pytest.mark.xdist_group("probes")
LAST_OF_DEMO = 504


def requests_of_a_run() -> list[tuple[str, str, object]]:
    """Everything that the probes of some rules send to a mock of their own."""
    with site() as found:
        verdicts = [
            found.ground.judge(probe)
            for probe in registry()
            if probe.rule in ("FI-04", "NT-07", "MT-09", "SC-05", "PG-12", "RP-02")
        ]
        assert {verdict.outcome for verdict in verdicts} == {"held"}
        sent = [answer.raw.request for verdict in verdicts for answer in verdict.answers]
        address = found.ground.target.url
    return [(str(one.method), str(one.url).replace(address, ""), one.body) for one in sent]


def test_two_runs_send_the_same_bytes() -> None:
    """Reproducible: workbooks and forms too."""
    first = requests_of_a_run()
    assert len(first) > 50
    assert first == requests_of_a_run()


def test_what_can_be_taken_back_is_taken_back(mock_site: Site, verdicts: Verdicts) -> None:
    """After all probes groups, plans and their tasks are as before, notification tasks over."""
    for probe in registry():
        verdicts.of(probe)
    assert tables(mock_site.world) == mock_site.before
    made = [t for t in mock_site.world.notification_tasks.values() if t.id > LAST_OF_DEMO]
    assert len(made) > 50
    now = mock_site.world.now()
    assert all(task.terminated or task.end <= now for task in made)
    assert all(task.name.startswith(("probe-", "given-", "提")) for task in made)
