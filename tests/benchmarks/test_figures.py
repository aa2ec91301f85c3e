"""Figures of several rounds."""

from __future__ import annotations

import pytest

from benchmarks.figures import Measurements


def test_a_ratio_is_taken_round_by_round() -> None:
    """A round in which both servers are slow does not change the ratio."""
    figures = Measurements()
    for mine, other in ((10.0, 1.0), (20.0, 100.0), (300.0, 150.0)):
        figures.add("mine", mine)
        figures.add("other", other)
    assert figures.ratio("mine", "other") == 2.0
    figures.add("mine", 1.0)
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        figures.ratio("mine", "other")
