"""Exit codes of `make bench`, and which run is published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import BenchmarkSuite, main
from benchmarks.figures import Measurements
from benchmarks.loads import MeasurementError
from benchmarks.targets import TARGETS
from tests.benchmarks.making import measure_fake_run
from tests.benchmarks.samples import SAMPLE_RUN


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BenchmarkSuite:
    """A suite that measures nothing real, and keeps its page in a folder of its own."""
    made = measure_fake_run(monkeypatch)

    def measure(into: Measurements, *_arguments: object) -> None:
        vars(into).update(vars(made))

    return BenchmarkSuite(
        measure=measure,
        missing_requirement=lambda: "",
        machine=lambda: dict(SAMPLE_RUN.machine),
        versions=lambda: dict(SAMPLE_RUN.versions),
        results_file=tmp_path / "RESULTS.md",
    )


def test_a_missed_target_is_exit_code_1(
    suite: BenchmarkSuite, capsys: pytest.CaptureFixture[str]
) -> None:
    """And all met is 0; either way the page is printed and kept."""
    assert main([], suite) == 1  # 1 time Prism is less than 3
    assert capsys.readouterr().out == suite.results_file.read_text(encoding="utf-8")
    assert main([], replace(suite, targets=TARGETS[9:13])) == 0


def test_only_a_whole_run_is_kept(suite: BenchmarkSuite) -> None:
    """A shorter one, or one of a part, is printed and forgotten."""
    main(["--rounds", "1"], suite)
    main(["--seconds", "1"], suite)
    main(["--part", "scaling"], suite)
    assert not suite.results_file.exists()


def test_what_cannot_be_measured_is_exit_code_2(
    suite: BenchmarkSuite, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one line that says why, and no page."""

    def unfit(*_arguments: object) -> None:
        raise MeasurementError("Prism ended with 1")

    assert main([], replace(suite, measure=unfit)) == 2
    assert capsys.readouterr().err == "make bench: Prism ended with 1\n"
    assert main([], replace(suite, missing_requirement=lambda: "it needs wrk")) == 2
    assert capsys.readouterr().err == "make bench: it needs wrk\n"
    assert not suite.results_file.exists()
