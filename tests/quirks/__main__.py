"""The command line: `make quirks`. The only module here that prints."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tests.quirks.catalogue import CATALOGUE
from tests.quirks.quirk import Quirk
from tests.quirks.runner import QuirkResult, run_quirks


def main(arguments: Sequence[str] | None = None) -> int:
    """Run quirks; return 0 if all verdicts are right, 1 if not, 2 if none was selected."""
    options = _build_parser().parse_args(arguments)
    chosen = [one for one in CATALOGUE.values() if _is_chosen(one, options.only)]
    if options.list:
        for one in chosen:
            print(f"{one.id:32} {one.sentence}")
        return 0
    if not chosen:
        print(f"no quirk is called {options.only}", file=sys.stderr)
        return 2
    found: list[QuirkResult] = []
    for result in run_quirks(chosen, options.jobs):
        found.append(result)
        mark = "WRONG" if result.wrong else "right"
        print(
            f"{len(found):3}/{len(chosen)} {mark} {result.quirk.id:32} {result.seconds:4.0f} s",
            *(f"            {line}" for line in result.wrong),
            sep="\n",
            flush=True,
        )
    right = sum(not result.wrong for result in found)
    sound = sum(one.is_sound for one in chosen)
    print(f"{right} of {len(chosen)} verdicts are right; {sound} of these servers are sound")
    return 0 if right == len(chosen) else 1


def _is_chosen(quirk: Quirk, only: str) -> bool:
    names = [name.strip() for name in only.split(",") if name.strip()]
    return not names or quirk.id in names or quirk.id.partition("/")[0] in names


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make quirks",
        description="Run hypers-check on servers with one quirk each, and compare its verdicts with"
        " the correct ones. About half of the servers conform to the contract (sound), half do not"
        " (broken).",
        epilog="Exit code: 0 all verdicts are right, 1 some are wrong, 2 no server was selected.",
    )
    parser.add_argument("--only", default="", help="ids, sound or broken, separated by commas")
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        help="servers at a time (default: CPU cores)",
    )
    parser.add_argument("--list", action="store_true", help="list the servers and run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
