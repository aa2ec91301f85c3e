"""Measure the mock beside Prism, Scalar's mock server and bare Starlette: `make bench`.

One run sends the same requests to all of them, and measures the mock alone with a large world. The
targets are ratios, because requests per second depend on the machine. A run without options takes
about seven minutes and writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bodies import measure_hostile_bodies
from benchmarks.comparison import compare_servers
from benchmarks.endurance import measure_endurance
from benchmarks.figures import Measurements
from benchmarks.loads import MeasurementError
from benchmarks.machine import describe_machine, load_average, software_versions
from benchmarks.open_console import measure_open_console
from benchmarks.report import BenchmarkRun, render_report
from benchmarks.scaling import measure_scaling
from benchmarks.servers import NODE_PROGRAM, PRISM_SCRIPT
from benchmarks.sessions import measure_sessions
from benchmarks.targets import BENCHMARK_PARTS, TARGETS, BenchmarkTarget, judge_targets
from benchmarks.workbooks import measure_workbook

RESULTS_FILE = Path(__file__).with_name("RESULTS.md")
DEFAULT_ROUNDS, DEFAULT_SECONDS = 5, 2
MAX_SCALING_ROUNDS, MAX_SCALING_SECONDS = 3, 1
EXIT_UNMEASURED = 2  # unlike 1, which is a missed target


def main(arguments: Sequence[str] | None = None, suite: BenchmarkSuite | None = None) -> int:
    """Print the report; return 1 if a target is missed, 2 if nothing could be measured."""
    suite = suite or BenchmarkSuite()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds",
        type=int,
        default=DEFAULT_ROUNDS,
        help=f"number of rounds (default {DEFAULT_ROUNDS})",
    )
    parser.add_argument(
        "--seconds",
        type=int,
        default=DEFAULT_SECONDS,
        help=f"seconds per load (default {DEFAULT_SECONDS})",
    )
    parser.add_argument("--part", choices=BENCHMARK_PARTS, help="run only this part")
    options = parser.parse_args(arguments)
    if lacking := suite.missing_requirement():
        return _report_unmeasured(lacking)
    # Before the measurements, which cause load themselves.
    parts = (options.part,) if options.part else BENCHMARK_PARTS
    load_before, figures = load_average(), Measurements()
    try:
        suite.measure(figures, parts, options.rounds, options.seconds)
    except MeasurementError as error:
        return _report_unmeasured(str(error))
    verdicts = judge_targets(figures, suite.targets, parts)
    day = time.strftime("%Y-%m-%d")
    loads = load_before, load_average()
    run = BenchmarkRun(
        options.rounds, options.seconds, day, loads, suite.machine(), suite.versions()
    )
    text = render_report(figures, verdicts, run)
    print(text, end="")
    # Only a complete run replaces the published results.
    if (parts, run.rounds, run.seconds) == (BENCHMARK_PARTS, DEFAULT_ROUNDS, DEFAULT_SECONDS):
        suite.results_file.write_text(text, encoding="utf-8")
    return 0 if all(verdict.met for verdict in verdicts) else 1


def _measure_parts(figures: Measurements, parts: Sequence[str], rounds: int, seconds: int) -> None:
    if "servers" in parts:
        with tempfile.TemporaryDirectory() as folder:
            compare_servers(
                figures, Path(folder), rounds=rounds, seconds=seconds, tell=_print_progress
            )
    if "scaling" in parts:
        # Filling the large worlds takes most of this part, so further rounds would add little.
        few = min(rounds, MAX_SCALING_ROUNDS)
        measure_scaling(
            figures, rounds=few, seconds=min(seconds, MAX_SCALING_SECONDS), tell=_print_progress
        )
        measure_workbook(figures, rounds=few, tell=_print_progress)
    if "bodies" in parts:
        measure_hostile_bodies(
            figures, rounds=min(rounds, MAX_SCALING_ROUNDS), tell=_print_progress
        )
    if "endurance" in parts:
        measure_endurance(figures, tell=_print_progress)
    if "sessions" in parts:
        measure_sessions(figures, tell=_print_progress)
    if "console" in parts:
        measure_open_console(figures, rounds=rounds, seconds=seconds, tell=_print_progress)


def _missing_requirement() -> str:
    """Return a message about a missing program, or an empty text."""
    if not shutil.which("wrk"):
        return "wrk was not found; install it (Debian package wrk)"
    if not (NODE_PROGRAM.exists() and PRISM_SCRIPT.exists()):
        return "node packages are not installed; run make bench, which installs them"
    return ""


def _print_progress(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _report_unmeasured(reason: str) -> int:
    print(f"make bench: {reason}", file=sys.stderr)
    return EXIT_UNMEASURED


@dataclass(frozen=True)
class BenchmarkSuite:
    """Parts of a run: what is measured and judged, on which machine, and where the page is kept.

    measure: adds the series of the parts, with rounds and seconds; raises MeasurementError.
    missing_requirement: returns a message about a missing program, or an empty text.
    """

    measure: Callable[[Measurements, Sequence[str], int, int], None] = _measure_parts
    missing_requirement: Callable[[], str] = _missing_requirement
    targets: Sequence[BenchmarkTarget] = TARGETS
    machine: Callable[[], dict[str, str]] = describe_machine
    versions: Callable[[], dict[str, str]] = software_versions
    results_file: Path = RESULTS_FILE


if __name__ == "__main__":
    raise SystemExit(main())
