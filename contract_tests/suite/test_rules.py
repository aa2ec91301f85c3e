"""Every rule is kept: probes that keep it are accepted, probes that break it refused."""

from __future__ import annotations

import pytest

from contract_tests.runner.run import CURRENT_RUN

run = CURRENT_RUN.get()


@pytest.mark.parametrize("chapter", run.probe_runner.chapters)
def test_rules(chapter: str) -> None:
    """The rules of one chapter; in the last, those that need the target's time moved."""
    with run.probe_runner.paused_clock_for(chapter):
        run.run_probes(chapter)
