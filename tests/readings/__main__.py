"""The command line: `make readings`. The only module here that prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tests.readings.combinations import list_combinations
from tests.readings.runner import run_combinations


def main(arguments: Sequence[str] | None = None) -> int:
    """Run combinations; return 0 if all are right, 1 if not, 2 if none was selected."""
    options = _build_parser().parse_args(arguments)
    chosen = {
        name: readings
        for name, readings in list_combinations().items()
        if not options.only or name in options.only.split(",")
    }
    if options.list:
        for name, readings in chosen.items():
            print(name, *(f"{key}={value}" for key, value in readings.items()))
        return 0
    if not chosen:
        print(f"no combination is called {options.only}", file=sys.stderr)
        return 2
    right = total = 0
    for result in run_combinations(chosen, options.jobs, options.max_examples):
        total += 1
        right += not result.wrong
        print(
            f"{total:3}/{len(chosen)} {'WRONG' if result.wrong else 'right'} {result.name:10} "
            f"{result.seconds:4.0f} s, not observed: {', '.join(result.unobserved) or 'none'}",
            *(f"            {line}" for line in result.wrong),
            sep="\n",
            flush=True,
        )
    print(f"{right} of {total} combinations of readings are observed as they are")
    return 0 if right == total else 1


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make readings",
        description="Start mocks with combinations of answers to the open questions, run "
        "hypers-check on each in both strictnesses, and compare the observed answers with the "
        "mock's. Every pair of answers to two questions occurs.",
        epilog="Exit code: 0 all are right, 1 some are wrong, 2 no combination was selected.",
    )
    parser.add_argument("--only", default="", help="names of combinations, separated by commas")
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="combinations at a time (default: CPU cores)",
    )
    parser.add_argument(
        "--max-examples",
        type=int,
        default=3,
        help="generated requests per operation (default 3)",
    )
    parser.add_argument("--list", action="store_true", help="list the combinations and run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
