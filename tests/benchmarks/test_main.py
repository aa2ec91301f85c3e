"""Exit codes of `make bench`, and which run is published."""

from __future__ import annotations

from pathlib import Path

import pytest

import benchmarks.__main__ as command
from benchmarks.figures import Measurements
from benchmarks.loads import MeasurementError
from benchmarks.targets import TARGETS
from tests.benchmarks.making import measure_fake_run
from tests.benchmarks.samples import SAMPLE_RUN


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
    """A shorter or partial run is printed and not stored."""
    command.main(["--rounds", "1"])
    command.main(["--seconds", "1"])
    command.main(["--part", "scaling"])
    assert not results_file.exists()


def test_what_cannot_be_measured_is_exit_code_2(
    results_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line gives the reason, and no page is written."""

    def unfit(*_arguments: object) -> None:
        raise MeasurementError("Prism ended with 1")

    monkeypatch.setattr(command, "_measure_parts", unfit)
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: Prism ended with 1\n"
    monkeypatch.setattr(command, "_missing_requirement", lambda: "it needs wrk")
    assert command.main([]) == 2
    assert capsys.readouterr().err == "make bench: it needs wrk\n"
    assert not results_file.exists()
