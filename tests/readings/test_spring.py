"""A mock with the readings of a Spring platform is observed as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readings.combinations import list_combinations
from tests.readings.runner import check_mock

pytestmark = pytest.mark.whole

READINGS = list_combinations()["spring"]


def test_its_readings_are_observed(tmp_path: Path) -> None:
    """The check holds in `documented` strictness, and observes each reading or says why not."""
    report = check_mock(READINGS, "documented", 1, tmp_path / "report")
    assert not [*report.differences(READINGS)]
    assert len(report.values) > len(report.reasons)
