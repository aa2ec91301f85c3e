"""Command lines with one-line errors and `--version`."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any, NoReturn, Protocol

PACKAGE = "hypers-contract"
UNKNOWN_VERSION = "0+unknown"
"""The version of code that is no installed package, as PEP 440 allows."""


def version() -> str:
    """Return the version of the installed package; UNKNOWN_VERSION where there is none."""
    try:
        return installed(PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN_VERSION


class SupportsWrite(Protocol):
    """A stream that text can be written to."""

    def write(self, text: str, /) -> object:
        """Take a text."""


class CommandLineParser(argparse.ArgumentParser):
    """An argparse parser that prints an error without the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2 and one line on standard error."""
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: {line}; see {self.prog} --help\n")

    def print_help(self, file: SupportsWrite | None = None) -> None:
        """Print the help; argparse's own method would miss a write error."""
        print(self.format_help(), end="", file=file)


class _VersionAction(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print name and version; the package's metadata is read only now."""
        print(parser.prog, version())  # noqa: T201 - what it is for
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
