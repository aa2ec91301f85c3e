"""Print the bundled contract, or the questions that it leaves open.

`python -m openapi [--lang zh|en] [--format yaml|json] [--client auth|business]`
`python -m openapi [--lang zh|en] [--format yaml|json] [--strictness curated|documented]
[--readings default|all|SET|FILE|key=value,...]`
`python -m openapi --questions [--lang zh|en]`
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from openapi.argument_parser import CommandLineParser
from openapi.command_runner import EXIT_ERROR, print_error, run_command
from openapi.contract_loading import load
from openapi.loader import ContractError
from openapi.published_documents import published_document
from openapi.questions_page import render_questions_page
from openapi.reading_choice import (
    ReadingsError,
    all_readings,
    parse_readings,
    readings_with_defaults,
)
from openapi.readings import ANY_VALUE
from openapi.serialization import dump

PROGRAM = "python -m openapi"
CONTRACT_OPTIONS = ("format", "client", "strictness", "readings")
"""Options that the page of questions does not have."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the contract and return the exit code.

    The code is 0, or 2 after an error, with one line on standard error.
    """
    return run_command(PROGRAM, lambda: _print_contract, arguments, interrupted=130)


def build_parser() -> CommandLineParser:
    """Return the command line's parser."""
    found = CommandLineParser(prog=PROGRAM, description="Print the bundled contract.")
    found.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the texts")
    found.add_argument("--format", choices=("yaml", "json"), default="yaml", help="output format")
    found.add_argument(
        "--client",
        choices=("auth", "business"),
        help="print a document for client generators instead, with the operations of one server: "
        "`auth` issues the tokens, `business` serves everything else",
    )
    found.add_argument(
        "--strictness",
        choices=("curated", "documented"),
        default="curated",
        help="with (curated) or without (documented) the constraints that are marked as inferred",
    )
    found.add_argument(
        "--readings",
        metavar="READINGS",
        help="print the contract narrowed to these answers to the open questions: `default`, "
        "`spring`, a YAML file or key=value,..., with the default answers for the rest; `all`: the "
        "superset of all answers; without it, the contract for readers and generators",
    )
    found.add_argument(
        "--questions",
        action="store_true",
        help="print the open questions for the provider instead, as a Markdown page",
    )
    return found


def _print_contract(arguments: Sequence[str] | None) -> int:
    options = _parse_options(arguments)
    try:
        text = _render_document(options)
    except ReadingsError as error:
        print_error(PROGRAM, f"--readings: {error}")
        return EXIT_ERROR
    except ContractError as error:
        print_error(PROGRAM, f"broken contract: {error}")
        return EXIT_ERROR
    # The contract is Chinese; a C locale or a Windows code page could not encode it.
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print(text, end="")
    return 0


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    command_line = build_parser()
    # None instead of the defaults, so that an option with its default's value counts as given.
    unset = argparse.Namespace(**dict.fromkeys(CONTRACT_OPTIONS))
    options = command_line.parse_args(arguments, unset)
    for name in CONTRACT_OPTIONS:
        if getattr(options, name) is None:
            setattr(options, name, command_line.get_default(name))
        elif options.questions:
            command_line.error(f"argument --{name}: not allowed with argument --questions")
    if options.client and options.readings:
        command_line.error("argument --readings: not allowed with argument --client")
    return options


def _render_document(options: argparse.Namespace) -> str:
    if options.questions:
        return render_questions_page(options.lang)
    if options.readings is None:
        contract = published_document(
            options.client, lang=options.lang, strictness=options.strictness
        )
    else:
        readings = _parse_choice(options.readings)
        contract = load(lang=options.lang, strictness=options.strictness, readings=readings)
    return dump(contract, options.format)


def _parse_choice(text: str) -> dict[str, str]:
    """Return the answers that `--readings` asks for; raises ReadingsError."""
    chosen = parse_readings(text)
    return all_readings(chosen) if ANY_VALUE in chosen.values() else readings_with_defaults(chosen)


if __name__ == "__main__":
    raise SystemExit(main())
