"""Command line of `make mutants`, and its only module that prints."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.checkers import Checker, HypersCheck, PlainSchemathesis
from tests.mutants.mutant import Mutant
from tests.mutants.results import MutantResults
from tests.mutants.results_page import WRITTEN_SETUPS, RunFacts, render_section, replace_section
from tests.mutants.run_setup import (
    DEFAULT_BASE,
    MIN_ON_OTHER_BASES,
    NO_READINGS,
    RunSetup,
    base_names,
)
from tests.mutants.runner import UnusableRunError, check_clean_mock, run_mutants

RESULTS_FILE = Path(__file__).parent / "RESULTS.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run mutants; return 0 if enough were killed, 1 if not, 2 if the run measures nothing."""
    options = _build_parser().parse_args(arguments)
    chosen = [one for one in CATALOGUE.values() if _is_chosen(one, options.only)]
    if options.list:
        for one in chosen:
            print(f"{one.id:40} {one.breaks}: {one.sentence}")
        return 0
    if not chosen:
        print(f"no mutant is called {options.only}", file=sys.stderr)
        return 2
    more, begun = shlex.split(options.check), time.monotonic()
    setup = RunSetup(options.base, options.readings or options.base)
    compared = PlainSchemathesis(limit=options.with_limit) if options.beside else None
    checkers: list[Checker] = [HypersCheck(more, options.limit, setup)]
    checkers += [compared] if compared else []
    try:
        for checker in checkers:
            check_clean_mock(checker, setup)
    except UnusableRunError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    results = _run(chosen, checkers, options.jobs, setup)
    for name, found in results.items():
        print("", name, *found.lines(), sep="\n")
    if not options.only and setup in WRITTEN_SETUPS:
        day, taken = time.strftime("%Y-%m-%d"), time.monotonic() - begun
        text = render_section(results, RunFacts(day, more, options.jobs, taken, setup, compared))
        page = RESULTS_FILE.read_text(encoding="utf-8")
        RESULTS_FILE.write_text(replace_section(page, text), encoding="utf-8")
    if any(found.has_errors for found in results.values()):
        return 2
    return 0 if results["hypers-check"].reaches(setup.min_share) else 1


def _run(
    chosen: Sequence[Mutant], checkers: Sequence[Checker], jobs: int, setup: RunSetup
) -> Mapping[str, MutantResults]:
    """Return the results by the name of the checker, and print each as it arrives."""
    found = {}
    for result in run_mutants(chosen, checkers, jobs, setup):
        found[result.checker, result.mutant.id] = result
        print(
            f"{len(found):3}/{len(chosen) * len(checkers)} {result.checker}"
            f" {result.outcome:8} {result.mutant.id:40} {result.seconds:4.0f} s  {result.by}",
            flush=True,
        )
    return {
        checker.name: MutantResults([found[checker.name, one.id] for one in chosen])
        for checker in checkers
    }


def _is_chosen(mutant: Mutant, only: str) -> bool:
    names = [name.strip() for name in only.split(",") if name.strip()]
    return not names or mutant.id in names or mutant.kind in names


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make mutants",
        description="Run the check on faulty servers, and count the faults that it finds.",
        epilog="Exit code: 0 if hypers-check found all faults of servers with the default answers"
        f" to open questions, or {MIN_ON_OTHER_BASES:.0%} of those of another base, 1 if fewer, 2"
        " if the run measured nothing. A server that passes, and is observed to give another answer"
        " than its base, has no fault. A run of all servers writes its section of"
        " tests/mutants/RESULTS.md.",
    )
    parser.add_argument(
        "--base",
        default=DEFAULT_BASE,
        choices=base_names(),
        help="answers that the servers give, apart from their faults (default %(default)s)",
    )
    parser.add_argument(
        "--readings",
        default="",
        help="answers that the check demands, as for hypers-check --readings, or"
        f" {NO_READINGS} (default: those of --base)",
    )
    parser.add_argument("--only", default="", help="classes or ids, separated by commas")
    parser.add_argument(
        "--jobs", type=int, default=2, help="number of servers at a time (default 2)"
    )
    parser.add_argument(
        "--limit",
        type=float,
        default=HypersCheck.limit,
        help="time limit of hypers-check for each server, in seconds; a fault that is not found by"
        f" then has survived"
        f" (default {HypersCheck.limit:.0f})",
    )
    parser.add_argument("--check", default="", help="further options for hypers-check")
    parser.add_argument(
        "--with",
        dest="beside",
        choices=["schemathesis"],
        help="run another checker on the same servers, and report the results of both",
    )
    parser.add_argument(
        "--with-limit",
        type=float,
        default=PlainSchemathesis.limit,
        help="time limit of the other checker for each server, in seconds"
        f" (default {PlainSchemathesis.limit:.0f})",
    )
    parser.add_argument("--list", action="store_true", help="list the servers and run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
