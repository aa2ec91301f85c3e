"""The page of a run shows which targets are missed."""

from __future__ import annotations

import pytest

from benchmarks.figures import Measurements
from benchmarks.report import format_measurement, format_number, markdown_table, render_report
from benchmarks.targets import TargetResult
from tests.benchmarks.making import ROUNDS, measure_fake_run
from tests.benchmarks.samples import MAXIMUM_TARGET, MINIMUM_TARGET, SAMPLE_RUN, measurements_of


def test_the_page_says_which_targets_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The top has their number, and the row of each has its bound and value."""
    verdicts = [TargetResult(MINIMUM_TARGET, 3.0), TargetResult(MAXIMUM_TARGET, 123.4)]
    text = render_report(measure_fake_run(monkeypatch), verdicts, SAMPLE_RUN)
    assert "1 of 2 targets missed" in text
    (fast,) = (line for line in text.splitlines() if "as fast" in line)
    (late,) = (line for line in text.splitlines() if "as late" in line)
    assert [c.strip() for c in fast.split("|")[2:5]] == ["at least 3", "3.00", "met"]
    assert [c.strip() for c in late.split("|")[2:5]] == ["at most 50 ms", "123 ms", "**missed**"]
    assert "All targets met" in render_report(
        measure_fake_run(monkeypatch), verdicts[:1], SAMPLE_RUN
    )


def test_the_page_says_by_how_much_and_why_scalar_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for the loads in which it is."""
    measured = measure_fake_run(monkeypatch)
    for _ in range(ROUNDS + 1):  # more than half of the rounds
        measured.add("write/mock/rate", 900.0)
        measured.add("write/scalar/rate", 1200.0)
    text = render_report(measured, [], SAMPLE_RUN)
    assert "- read: ahead, 1.00 times its rate." in text
    assert "- write: 25 % behind (0.75 times its rate): the mock also applies" in text


def test_the_page_leaves_out_what_was_not_measured() -> None:
    """A run of one part has no empty tables."""
    text = render_report(
        measurements_of(delay=1.0), [TargetResult(MAXIMUM_TARGET, 1.0)], SAMPLE_RUN
    )
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Results of `make bench`",
        "## Targets",
        "## Machine and versions",
    ]
    assert "an abacus" in text


def test_a_figure_is_its_middle_and_its_spread() -> None:
    """Numbers have three digits, or all those before the decimal point."""
    series = Measurements()
    for value in (1234.5, 12.345, 0.5):
        series.add("x", value)
    assert format_measurement(series, "x") == "12.3 (0.50–1,234)"
    assert format_measurement(measurements_of(x=2.0), "x") == "2.00"
    assert format_number(99.96) == "100.0"


def test_a_table_lines_up_in_a_terminal() -> None:
    """A Chinese character takes two columns."""
    assert markdown_table(["", "b"], [["上海", "1"], ["a", "22"]]).splitlines() == [
        "|      | b  |",
        "|------|----|",
        "| 上海 | 1  |",
        "| a    | 22 |",
    ]
