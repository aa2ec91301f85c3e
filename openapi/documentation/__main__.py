"""Write the documentation into a folder: `python -m openapi.documentation [FOLDER]`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openapi.argument_parser import CommandLineParser
from openapi.command_runner import EXIT_ERROR, print_error, run_command
from openapi.documentation.site import Documentation
from openapi.loader import ContractError

PROGRAM = "python -m openapi.documentation"
DEFAULT_FOLDER = Path("dist/docs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages and return the exit code: 0, or 2 after an error in one line."""
    return run_command(PROGRAM, lambda: _write_pages, arguments, interrupted=130)


def build_parser() -> CommandLineParser:
    """Return the command line's parser."""
    found = CommandLineParser(prog=PROGRAM, description="Write the documentation as HTML pages.")
    found.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=DEFAULT_FOLDER,
        help=f"folder of the pages, made if it does not exist (default: {DEFAULT_FOLDER})",
    )
    return found


def _write_pages(arguments: Sequence[str] | None) -> int:
    folder: Path = build_parser().parse_args(arguments).folder
    try:
        Documentation().write(folder)
    except ContractError as error:
        print_error(PROGRAM, f"broken contract: {error}")
        return EXIT_ERROR
    except OSError as error:
        print_error(PROGRAM, f"{folder}: {error.strerror or error}")
        return EXIT_ERROR
    print(f"Written: {(folder / 'index.html').resolve()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
