"""Command lines with one-line errors and `--version`."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Any, NoReturn, Protocol

PACKAGE = "hypers-contract"
UNKNOWN = "0+unknown"
"""The version of code that is no installed package, as PEP 440 allows."""


def version() -> str:
    """The version of the installed package; UNKNOWN where the code runs without being one."""
    try:
        return installed(PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN


class Writable(Protocol):
    """A stream that text can be written to."""

    def write(self, text: str, /) -> object:
        """Take a text."""


class Parser(argparse.ArgumentParser):
    """An argparse parser that prints an error without the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2 and one line on standard error."""
        line = " ".join(message.split())
        self.exit(2, f"{self.prog}: {line}; see {self.prog} --help\n")

    def print_help(self, file: Writable | None = None) -> None:
        """Print the help; argparse's own method would miss a write error."""
        print(self.format_help(), end="", file=file)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print name and version; the package's metadata is read only now."""
        print(parser.prog, version())  # noqa: T201 - what it is for
        parser.exit()


def add_version(parser: argparse.ArgumentParser) -> None:
    """Add `--version` to a command line."""
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        dest=argparse.SUPPRESS,
        default=argparse.SUPPRESS,
        help="show the version and exit",
    )
