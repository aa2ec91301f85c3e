"""Every threshold is looked at, and a missed one is seen in the page and in the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks.__main__ as command
from benchmarks.figures import Measurements
from benchmarks.loads import MeasurementError
from benchmarks.report import (
    BenchmarkRun,
    format_measurement,
    format_number,
    markdown_table,
    render_report,
)
from benchmarks.targets import (
    BENCHMARK_PARTS,
    OPTIONAL_TARGETS,
    TARGETS,
    BenchmarkTarget,
    TargetResult,
    judge_targets,
)
from tests.benchmarks.making import ROUNDS, measure_fake_run

SAMPLE_RUN = BenchmarkRun(
    ROUNDS, 1, "2025-04-21", (0.25, 2.5), {"processor": "an abacus"}, {"Python": "3.11"}
)
MINIMUM_TARGET = BenchmarkTarget("as fast", "servers", "a/rate", "b/rate", 3.0, is_minimum=True)
MAXIMUM_TARGET = BenchmarkTarget(
    "as late", "scaling", "delay", None, 50.0, is_minimum=False, unit=" ms"
)


def measurements_of(**series: float) -> Measurements:
    """Series of one round; `_` in a name stands for `/`."""
    made = Measurements()
    for name, value in series.items():
        made.add(name.replace("_", "/"), value)
    return made


@pytest.mark.parametrize(("rate", "met"), [(301.0, True), (300.0, True), (299.0, False)])
def test_a_ratio_at_its_bound_or_above_is_met(rate: float, met: bool) -> None:
    """At least 3 times is 3 times or more."""
    (verdict,) = judge_targets(
        measurements_of(a_rate=rate, b_rate=100.0), [MINIMUM_TARGET], BENCHMARK_PARTS
    )
    assert verdict.met is met


@pytest.mark.parametrize(("delay", "met"), [(49.0, True), (50.0, True), (51.0, False)])
def test_a_value_at_its_bound_or_below_is_met(delay: float, met: bool) -> None:
    """At most 50 ms is 50 ms or less."""
    (verdict,) = judge_targets(measurements_of(delay=delay), [MAXIMUM_TARGET], BENCHMARK_PARTS)
    assert verdict.met is met


def test_what_was_not_measured_is_no_target_met() -> None:
    """It stops the run; a part that was not asked for is passed over."""
    with pytest.raises(KeyError, match="a/rate"):
        judge_targets(measurements_of(delay=1.0), [MINIMUM_TARGET, MAXIMUM_TARGET], BENCHMARK_PARTS)
    assert [
        v.target
        for v in judge_targets(
            measurements_of(delay=1.0), [MINIMUM_TARGET, MAXIMUM_TARGET], ["scaling"]
        )
    ] == [MAXIMUM_TARGET]


def test_a_whole_run_measures_what_every_target_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No target names a series that nobody adds."""
    measured = measure_fake_run(monkeypatch)
    verdicts = judge_targets(measured, (*TARGETS, *OPTIONAL_TARGETS), BENCHMARK_PARTS)
    assert len(verdicts) == len(TARGETS) + len(OPTIONAL_TARGETS)
    assert {verdict.target.part for verdict in verdicts} == set(BENCHMARK_PARTS)


def test_the_page_says_which_targets_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its top how many, and each in its row with bound and value."""
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
    """With three digits, or as many as stand before the point."""
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


@pytest.fixture
def results_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a run that measures nothing real keeps its page."""
    made = measure_fake_run(monkeypatch)

    def measure(into: Measurements, *_arguments: object) -> None:
        vars(into).update(vars(made))

    monkeypatch.setattr(command, "RESULTS_FILE", tmp_path / "RESULTS.md")
    monkeypatch.setattr(command, "_measure_parts", measure)
    monkeypatch.setattr(command, "_missing_requirement", lambda: "")
    monkeypatch.setattr(command, "describe_machine", lambda: SAMPLE_RUN.machine)
    monkeypatch.setattr(command, "software_versions", lambda: SAMPLE_RUN.versions)
    return tmp_path / "RESULTS.md"


def test_a_missed_target_is_exit_code_1(
    results_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all met is 0; either way the page is printed and kept."""
    assert command.main([]) == 1  # 1 time Prism is less than 3
    assert capsys.readouterr().out == results_file.read_text(encoding="utf-8")
    monkeypatch.setattr(command, "TARGETS", TARGETS[9:13])
    assert command.main([]) == 0


def test_only_a_whole_run_is_kept(results_file: Path) -> None:
    """A shorter one, or one of a part, is printed and forgotten."""
    command.main(["--rounds", "1"])
    command.main(["--seconds", "1"])
    command.main(["--part", "scaling"])
    assert not results_file.exists()


def test_what_cannot_be_measured_is_exit_code_2(
    results_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one line that says why, and no page."""

    def unfit(*_arguments: object) -> None:
        raise MeasurementError("Prism ended with 1")

    monkeypatch.setattr(command, "_measure_parts", unfit)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: Prism ended with 1\n"
    monkeypatch.setattr(command, "_missing_requirement", lambda: "it needs wrk")
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: it needs wrk\n"
    assert not results_file.exists()
