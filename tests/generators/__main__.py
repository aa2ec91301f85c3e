"""The command line: `make generators`. The only module here that prints."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.generators.clients import CLIENTS, Client
from tests.generators.runner import Result, run_clients
from tests.generators.table import is_current, write_table
from tests.generators.workplace import Workplace
from tests.programs import is_ci


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the clients; return 0 if all pass and the table is right, 1 if not, 2 if none exists."""
    options = _build_parser().parse_args(arguments)
    clients = [each for each in CLIENTS if not options.only or each.name in options.only.split(",")]
    if options.list:
        print(*(client.name for client in clients), sep="\n")
        return 0
    if not clients:
        print(f"no client is called {options.only}", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory())
        place = Workplace(Path(folder).resolve())
        place.folder.mkdir(parents=True, exist_ok=True)
        results = []
        for result in run_clients(place, clients):
            print(_describe(result), flush=True)
            results.append(result)
    return _conclude(results, clients, in_ci=is_ci())


def _describe(result: Result) -> str:
    name = f"{result.client.name:25}"
    if result.missing:
        return f"{name} skipped: install {' '.join(result.missing)} (Debian)"
    if result.fault:
        return f"{name} FAILED\n{result.fault}"
    if not result.added_value:
        return f"{name} generated"
    return f"{name} generated, compiled, walked ({result.seconds:.0f} s)"


def _conclude(results: Sequence[Result], clients: Sequence[Client], *, in_ci: bool) -> int:
    """Print the verdict; write the table, or compare it in CI."""
    failed = [result for result in results if result.fault or (in_ci and result.missing)]
    skipped = [result for result in results if result.missing]
    passed = len(results) - len({result.client.name for result in [*failed, *skipped]})
    print(f"{passed} of {len(clients)} clients pass")
    if failed:
        return 1
    if skipped or len(clients) < len(CLIENTS):
        return 0  # the table is that of a complete run
    if in_ci and not is_current(results):
        print("docs/generators.md is stale: run `make generators` and commit it", file=sys.stderr)
        return 1
    if write_table(results):
        print("docs/generators.md has a new table")
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make generators",
        description="Generate clients with public generators, compile them, and walk each through "
        "the whole flow against the mock. The results are the table in docs/generators.md.",
        epilog="Exit code: 0 all pass, 1 some fail or the table is stale, 2 none was selected.",
    )
    parser.add_argument("--only", default="", help="names of clients, separated by commas")
    parser.add_argument("--keep", default="", help="a folder in which the clients are left")
    parser.add_argument("--list", action="store_true", help="list the clients and run none")
    return parser


if __name__ == "__main__":
    sys.exit(main())
