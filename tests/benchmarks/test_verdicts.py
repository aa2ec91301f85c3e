"""Every threshold is looked at, and a missed one is seen in the page and in the exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks.__main__ as command
from benchmarks.figures import Figures
from benchmarks.loads import Unfit
from benchmarks.report import Run, cell, number, page, table
from benchmarks.targets import AIMS, PARTS, TARGETS, Target, Verdict, judge
from tests.benchmarks.making import ROUNDS, whole_run

RUN = Run(ROUNDS, 1, "2025-04-21", (0.25, 2.5), {"processor": "an abacus"}, {"Python": "3.11"})
AT_LEAST = Target("as fast", "servers", "a/rate", "b/rate", 3.0, least=True)
AT_MOST = Target("as late", "scaling", "delay", None, 50.0, least=False, unit=" ms")


def figures(**series: float) -> Figures:
    """Series of one round; `_` in a name stands for `/`."""
    made = Figures()
    for name, value in series.items():
        made.add(name.replace("_", "/"), value)
    return made


@pytest.mark.parametrize(("rate", "met"), [(301.0, True), (300.0, True), (299.0, False)])
def test_a_ratio_at_its_bound_or_above_is_met(rate: float, met: bool) -> None:
    """At least 3 times is 3 times or more."""
    (verdict,) = judge(figures(a_rate=rate, b_rate=100.0), [AT_LEAST], PARTS)
    assert verdict.met is met


@pytest.mark.parametrize(("delay", "met"), [(49.0, True), (50.0, True), (51.0, False)])
def test_a_value_at_its_bound_or_below_is_met(delay: float, met: bool) -> None:
    """At most 50 ms is 50 ms or less."""
    (verdict,) = judge(figures(delay=delay), [AT_MOST], PARTS)
    assert verdict.met is met


def test_what_was_not_measured_is_no_target_met() -> None:
    """It stops the run; a part that was not asked for is passed over."""
    with pytest.raises(KeyError, match="a/rate"):
        judge(figures(delay=1.0), [AT_LEAST, AT_MOST], PARTS)
    assert [v.target for v in judge(figures(delay=1.0), [AT_LEAST, AT_MOST], ["scaling"])] == [
        AT_MOST
    ]


def test_a_whole_run_measures_what_every_target_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """No target names a series that nobody adds."""
    measured = whole_run(monkeypatch)
    verdicts = judge(measured, (*TARGETS, *AIMS), PARTS)
    assert len(verdicts) == len(TARGETS) + len(AIMS)
    assert {verdict.target.part for verdict in verdicts} == set(PARTS)


def test_the_page_says_which_targets_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its top how many, and each in its row with bound and value."""
    verdicts = [Verdict(AT_LEAST, 3.0), Verdict(AT_MOST, 123.4)]
    text = page(whole_run(monkeypatch), verdicts, RUN)
    assert "1 of 2 targets missed" in text
    (fast,) = (line for line in text.splitlines() if "as fast" in line)
    (late,) = (line for line in text.splitlines() if "as late" in line)
    assert [c.strip() for c in fast.split("|")[2:5]] == ["at least 3", "3.00", "met"]
    assert [c.strip() for c in late.split("|")[2:5]] == ["at most 50 ms", "123 ms", "**missed**"]
    assert "All targets met" in page(whole_run(monkeypatch), verdicts[:1], RUN)


def test_the_page_says_by_how_much_and_why_scalar_is_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only for the loads in which it is."""
    measured = whole_run(monkeypatch)
    for _ in range(ROUNDS + 1):  # more than half of the rounds
        measured.add("write/mock/rate", 900.0)
        measured.add("write/scalar/rate", 1200.0)
    text = page(measured, [], RUN)
    assert "- read: ahead, 1.00 times its rate." in text
    assert "- write: 25 % behind (0.75 times its rate): the mock also applies" in text


def test_the_page_leaves_out_what_was_not_measured() -> None:
    """A run of one part has no empty tables."""
    text = page(figures(delay=1.0), [Verdict(AT_MOST, 1.0)], RUN)
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Results of `make bench`",
        "## Targets",
        "## Machine and versions",
    ]
    assert "an abacus" in text


def test_a_figure_is_its_middle_and_its_spread() -> None:
    """With three digits, or as many as stand before the point."""
    series = Figures()
    for value in (1234.5, 12.345, 0.5):
        series.add("x", value)
    assert cell(series, "x") == "12.3 (0.50–1,234)"
    assert cell(figures(x=2.0), "x") == "2.00"
    assert number(99.96) == "100.0"


def test_a_table_lines_up_in_a_terminal() -> None:
    """A Chinese character takes two columns."""
    assert table(["", "b"], [["上海", "1"], ["a", "22"]]).splitlines() == [
        "|      | b  |",
        "|------|----|",
        "| 上海 | 1  |",
        "| a    | 22 |",
    ]


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a run that measures nothing real keeps its page."""
    made = whole_run(monkeypatch)

    def measure(into: Figures, *_arguments: object) -> None:
        vars(into).update(vars(made))

    monkeypatch.setattr(command, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr(command, "_measure", measure)
    monkeypatch.setattr(command, "_lacks", lambda: "")
    monkeypatch.setattr(command, "machine", lambda: RUN.machine)
    monkeypatch.setattr(command, "versions", lambda: RUN.versions)
    return tmp_path / "RESULTS.md"


def test_a_missed_target_is_exit_code_1(
    results: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all met is 0; either way the page is printed and kept."""
    assert command.main([]) == 1  # 1 time Prism is less than 3
    assert capsys.readouterr().out == results.read_text(encoding="utf-8")
    monkeypatch.setattr(command, "TARGETS", TARGETS[9:13])
    assert command.main([]) == 0


def test_only_a_whole_run_is_kept(results: Path) -> None:
    """A shorter one, or one of a part, is printed and forgotten."""
    command.main(["--rounds", "1"])
    command.main(["--seconds", "1"])
    command.main(["--part", "scaling"])
    assert not results.exists()


def test_what_cannot_be_measured_is_exit_code_2(
    results: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one line that says why, and no page."""

    def unfit(*_arguments: object) -> None:
        raise Unfit("Prism ended with 1")

    monkeypatch.setattr(command, "_measure", unfit)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: Prism ended with 1\n"
    monkeypatch.setattr(command, "_lacks", lambda: "it needs wrk")
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: it needs wrk\n"
    assert not results.exists()
