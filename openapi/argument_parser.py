"""Command lines with one-line errors and `--version`."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any, NoReturn, Protocol

PACKAGE = "hypers-contract"
UNKNOWN_VERSION = "0+unknown"
"""Version of code that runs without being installed; valid by PEP 440."""


def project_version() -> str:
    """Return the version of the installed package, or UNKNOWN_VERSION if it is not installed."""
    try:
        return installed(PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN_VERSION


class SupportsWrite(Protocol):
    """A text stream that can be written to."""

    def write(self, text: str, /) -> object:
        """Write a text."""


class CommandLineParser(argparse.ArgumentParser):
    """An argparse parser that prints an error without the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2 and one line on standard error."""
        # argparse may quote an argument that contains line breaks.
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: {line}; see {self.prog} --help\n")

    def print_help(self, file: SupportsWrite | None = None) -> None:
        """Print the help; raises OSError if it cannot be written."""
        # `ArgumentParser.print_help` ignores OSError, so `--help > /dev/full` would exit with 0.
        print(self.format_help(), end="", file=file)


class _VersionAction(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print the program's name and version, and exit."""
        # argparse's own version action takes the text at definition time, so that every start
        # would pay for reading the package's metadata.
        print(parser.prog, project_version())  # noqa: T201 - the purpose of the option
        parser.exit()


def add_version_option(parser: argparse.ArgumentParser) -> None:
    """Add `--version` to a command line."""
    parser.add_argument(
        "--version",
        action=_VersionAction,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help="show the version and exit",
    )
