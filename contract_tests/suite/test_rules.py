"""Every rule is kept: probes that keep it are accepted, probes that break it refused."""

from __future__ import annotations

import pytest

from contract_tests.runner.run import CURRENT

run = CURRENT.get()


@pytest.mark.parametrize("chapter", run.rulebook.chapters)
def test_rules(chapter: str) -> None:
    """The rules of one chapter; in the last, those that need the target's time moved."""
    with run.rulebook.settled(chapter):
        run.try_rules(chapter)
