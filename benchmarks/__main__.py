"""Measure the mock beside Prism, Scalar's mock server and bare Starlette: `make bench`.

All in one run, with the same requests, and the mock alone when its world is large. What counts are
the ratios; requests a second depend on the machine. A run without options takes about five minutes
and writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bodies import withstand
from benchmarks.comparison import compare
from benchmarks.endurance import endure
from benchmarks.figures import Figures
from benchmarks.loads import Unfit
from benchmarks.machine import load_average, machine, versions
from benchmarks.report import Run, page
from benchmarks.scaling import scale
from benchmarks.servers import NODE, PRISM
from benchmarks.targets import PARTS, TARGETS, judge
from benchmarks.workbooks import create

RESULTS = Path(__file__).with_name("RESULTS.md")
ROUNDS, SECONDS = 5, 2
SCALING_ROUNDS, SCALING_SECONDS = 3, 1
UNMEASURED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the page; returns 1 when a target is missed, 2 when nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"rounds (default {ROUNDS})")
    parser.add_argument(
        "--seconds", type=int, default=SECONDS, help=f"seconds a load (default {SECONDS})"
    )
    parser.add_argument("--part", choices=PARTS, help="only this part of it")
    options = parser.parse_args(arguments)
    if lacking := _lacks():
        return _cannot(lacking)
    parts = (options.part,) if options.part else PARTS
    load_before, figures = load_average(), Figures()
    try:
        _measure(figures, parts, options.rounds, options.seconds)
    except Unfit as error:
        return _cannot(str(error))
    verdicts = judge(figures, TARGETS, parts)
    day = time.strftime("%Y-%m-%d")
    loads = load_before, load_average()
    run = Run(options.rounds, options.seconds, day, loads, machine(), versions())
    text = page(figures, verdicts, run)
    print(text, end="")
    if (parts, run.rounds, run.seconds) == (PARTS, ROUNDS, SECONDS):
        RESULTS.write_text(text, encoding="utf-8")
    return 0 if all(verdict.met for verdict in verdicts) else 1


def _measure(figures: Figures, parts: Sequence[str], rounds: int, seconds: int) -> None:
    if "servers" in parts:
        with tempfile.TemporaryDirectory() as folder:
            compare(figures, Path(folder), rounds=rounds, seconds=seconds, tell=_tell)
    if "scaling" in parts:
        rounds = min(rounds, SCALING_ROUNDS)
        scale(figures, rounds=rounds, seconds=min(seconds, SCALING_SECONDS), tell=_tell)
        create(figures, rounds=rounds, tell=_tell)
    if "bodies" in parts:
        withstand(figures, rounds=min(rounds, SCALING_ROUNDS), tell=_tell)
    if "endurance" in parts:
        endure(figures, tell=_tell)


def _lacks() -> str:
    """What has to be installed first; empty when nothing has."""
    if not shutil.which("wrk"):
        return "it needs wrk (Debian package wrk)"
    if not (NODE.exists() and PRISM.exists()):
        return "its node packages are not installed; make bench installs them"
    return ""


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _cannot(reason: str) -> int:
    print(f"make bench: {reason}", file=sys.stderr)
    return UNMEASURED


if __name__ == "__main__":
    raise SystemExit(main())
