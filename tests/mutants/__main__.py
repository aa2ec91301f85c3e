"""The command line: `make mutants`. The only place of it that prints."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.mutant import Mutant
from tests.mutants.results import MIN_OVERALL, MIN_PER_CLASS, MutantResults, render_results
from tests.mutants.runner import MutantResult, UnusableRunError, check_clean_mock, run_mutants

RESULTS_FILE = Path(__file__).parent / "RESULTS.md"
CHECK_TIMEOUT = 150.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run mutants; 0 when enough were killed, 1 when not, 2 when the run measures nothing."""
    options = _parser().parse_args(arguments)
    chosen = [one for one in CATALOGUE.values() if _is_chosen(one, options.only)]
    if options.list:
        for one in chosen:
            print(f"{one.id:40} {one.breaks}: {one.sentence}")
        return 0
    if not chosen:
        print(f"no mutant is called {options.only}", file=sys.stderr)
        return 2
    more = shlex.split(options.check)
    begun = time.monotonic()
    try:
        check_clean_mock(more, 2 * options.limit)
    except UnusableRunError as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    found: dict[str, MutantResult] = {}
    for result in run_mutants(chosen, more, options.limit, options.jobs):
        found[result.mutant.id] = result
        print(
            f"{len(found):3}/{len(chosen)} {result.outcome:8} {result.mutant.id:40}"
            f" {result.seconds:4.0f} s  {result.by}",
            flush=True,
        )
    results = MutantResults([found[one.id] for one in chosen])
    print("", *results.lines(), sep="\n")
    if not options.only:
        taken = time.monotonic() - begun
        text = render_results(results, time.strftime("%Y-%m-%d"), more, options.jobs, taken)
        RESULTS_FILE.write_text(text, encoding="utf-8")
    if any(one.outcome == "error" for one in results.found):
        return 2
    return 0 if results.reaches_target else 1


def _is_chosen(mutant: Mutant, only: str) -> bool:
    names = [name.strip() for name in only.split(",") if name.strip()]
    return not names or mutant.id in names or mutant.kind in names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make mutants",
        description="Run the check on faulty servers, and count those in which it finds the fault.",
        epilog=f"Exit code: 0 if at least {MIN_OVERALL:.0%} of all and {MIN_PER_CLASS:.0%} of each "
        "class were found, 1 if fewer, 2 if the run measured nothing.",
    )
    parser.add_argument("--only", default="", help="classes or ids, with commas between")
    parser.add_argument("--jobs", type=int, default=2, help="servers at a time (default 2)")
    parser.add_argument(
        "--limit",
        type=float,
        default=CHECK_TIMEOUT,
        help=f"seconds for each, after which it has survived (default {CHECK_TIMEOUT:.0f})",
    )
    parser.add_argument("--check", default="", help="more options for hypers-check")
    parser.add_argument("--list", action="store_true", help="say which there are, run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
