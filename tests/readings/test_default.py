"""The usual mock is observed as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.readings.combinations import list_combinations
from tests.readings.runner import check_mock

READINGS = list_combinations()["default"]


@pytest.mark.whole
def test_its_readings_are_observed(tmp_path: Path) -> None:
    """The check holds in `curated` strictness, and observes each reading or says why not."""
    report = check_mock(READINGS, "curated", 1, tmp_path / "report")
    assert not [*report.differences(READINGS)]
    assert len(report.values) > len(report.reasons)
