"""Every rule is kept: requests that keep it are accepted, requests that break it refused."""

from __future__ import annotations

import pytest

from contract_tests.runner.check_run import CURRENT_RUN

run = CURRENT_RUN.get()


@pytest.mark.parametrize("chapter", run.probe_runner.chapters)
def test_rules(chapter: str) -> None:
    """Run the probes of one chapter; the last one has those that advance the target's clock."""
    with run.probe_runner.paused_clock_for(chapter):
        run.run_probes(chapter)
