"""Compare the contract of the working tree with the released one, or with that of a git ref.

`python -m openapi.changes [--base REF] [--release]`
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openapi.argument_parser import CommandLineParser
from openapi.changes.contract_changes import compare_contracts
from openapi.changes.report import count_changes, render_report
from openapi.changes.snapshot import (
    UnknownRefError,
    at_ref,
    has_release,
    released,
    working_tree,
    write_released,
)
from openapi.changes.version_fit import (
    Version,
    find_misfit,
    newest_entry,
    parse_version,
    required_level,
)
from openapi.command_runner import EXIT_ERROR, print_error, run_command
from openapi.contract_loading import CONTRACT_FOLDER
from openapi.loader import ContractError

PROGRAM = "python -m openapi.changes"
EXIT_MISFIT = 1
CHANGELOGS = (CONTRACT_FOLDER / "CHANGELOG.md", CONTRACT_FOLDER / "CHANGELOG.zh.md")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what changed and return the exit code.

    The code is 0 if the version fits, 1 if it does not, and 2 after an error, with one line on
    standard error.
    """
    return run_command(PROGRAM, lambda: _run, arguments, interrupted=130)


def build_parser() -> CommandLineParser:
    """Return the command line's parser."""
    found = CommandLineParser(
        prog=PROGRAM,
        description="Compare the contract with an earlier one: what changed, which readers it "
        "breaks, and whether info.version fits.",
    )
    found.add_argument(
        "--base",
        metavar="REF",
        help="git ref to compare with, such as v0.1.0 or HEAD~3; the released contract if not set",
    )
    found.add_argument(
        "--release",
        action="store_true",
        help="make the contract of the working tree the released one, if its version fits",
    )
    return found


def _run(arguments: Sequence[str] | None) -> int:
    options = build_parser().parse_args(arguments)
    try:
        new = working_tree()
        if options.release and not has_release():
            return _release_first(new)
        old = released() if options.base is None else at_ref(options.base)
        versions = _version_of(old), _version_of(new)
    except UnknownRefError as error:
        print_error(PROGRAM, f"--base: {error}")
        return EXIT_ERROR
    except ContractError as error:
        print_error(PROGRAM, f"broken contract: {error}")
        return EXIT_ERROR
    changes = compare_contracts(old, new)
    base = "the released contract" if options.base is None else options.base
    print(f"From {versions[0]} ({base}) to {versions[1]} (working tree)")
    for line in render_report(changes):
        print(line)
    misfit = find_misfit(*versions, required_level(changes))
    misfit = misfit or _find_missing_entry(versions[1], CHANGELOGS)
    print("", count_changes(changes), misfit or f"The version {versions[1]} fits.", sep="\n")
    if misfit:
        return EXIT_MISFIT
    if options.release:
        write_released(new)
    return 0


def _release_first(contract: dict[str, Any]) -> int:
    """Release a contract of which there is no release yet, and return the exit code."""
    version = _version_of(contract)
    misfit = _find_missing_entry(version, CHANGELOGS)
    print(misfit or f"{version} is the first release.")
    if misfit:
        return EXIT_MISFIT
    write_released(contract)
    return 0


def _version_of(contract: dict[str, Any]) -> Version:
    try:
        return parse_version(contract["info"]["version"])
    except ValueError as error:
        raise ContractError("openapi.yaml", "/info/version", str(error)) from error


def _find_missing_entry(version: Version, changelogs: Sequence[Path]) -> str | None:
    """Return which changelog does not begin with an entry of the version, or None."""
    for file in changelogs:
        newest = newest_entry(file.read_text(encoding="utf-8"))
        if newest != str(version):
            name = f"{file.parent.name}/{file.name}"
            return f"The newest entry of {name} is {newest or 'missing'}; it has to be {version}."
    return None


if __name__ == "__main__":
    sys.exit(main())
