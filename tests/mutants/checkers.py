"""The programs that check a faulty server: `hypers-check`, and plain schemathesis beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import openapi
from contract_tests.contract.operations import operation_ids_by_label

MutantOutcome = Literal["killed", "survived", "error"]
ROOT = Path(__file__).parent.parent.parent
CONFIG_FILE = Path(__file__).with_name("schemathesis.toml")
FIRST_CAUSE = re.compile(r"^1\. (.+)$", re.MULTILINE)
FAILURES_HEADING = re.compile(r"^=+ FAILURES =+$", re.MULTILINE)
FAILED_OPERATION = re.compile(r"^_+ (.+?) _+$", re.MULTILINE)
FAILED_CHECK = re.compile(r"^- ST[0-9]+ (.+)$", re.MULTILINE)
MAX_SHOWN_CHARACTERS = 200
NO_VIOLATION = "no violation"
_MODULE = (sys.executable, "-m")


class Checker(Protocol):
    """A program that checks a server."""

    @property
    def name(self) -> str:
        """Name in the report."""

    @property
    def limit(self) -> float:
        """Seconds for one server; a fault that is not found by then has survived."""

    def command(self, url: str, directory: str) -> Sequence[str]:
        """Return the command for the server at this URL; it runs in a directory of its own."""

    def first_finding(self, printed: str) -> str:
        """Return the first finding in the output; empty if there is none."""


@dataclass(frozen=True)
class HypersCheck:
    """Our check, which ends at its first violation."""

    options: Sequence[str] = ()
    limit: float = 150.0
    name: str = "hypers-check"

    def command(self, url: str, _directory: str) -> Sequence[str]:
        """Return the command for the server at this URL."""
        return [*_MODULE, "contract_tests", "--fail-fast", "--target", url, *self.options]

    def first_finding(self, printed: str) -> str:
        """Return the first cause in the report."""
        found = FIRST_CAUSE.search(printed)
        return found[1] if found else ""


@dataclass(frozen=True)
class PlainSchemathesis:
    """Schemathesis with its own checks, data and phases, which ends at its first failure.

    only: the operationIds to check, all of them if empty.
    """

    only: Sequence[str] = ()
    limit: float = 30.0
    max_examples: int = 2
    name: str = "schemathesis"

    def command(self, url: str, directory: str) -> Sequence[str]:
        """Write the contract as JSON, and return the command for the server at this URL."""
        contract = Path(directory) / "openapi.json"
        contract.write_text(openapi.dump(openapi.load(), "json"), encoding="utf-8")
        chosen = [word for name in self.only for word in ("--include-operation-id", name)]
        if chosen:  # it is an error to walk along links when the operations have none between them
            chosen += ["--phases", "examples,coverage,fuzzing"]
        return [
            *(*_MODULE, "schemathesis.cli", "--config-file", str(CONFIG_FILE)),
            *("run", str(contract), "--url", url, "--no-color"),
            *("--max-examples", str(self.max_examples), "--max-failures", "1", *chosen),
        ]

    def first_finding(self, printed: str) -> str:
        """Return the first failure, with its operationId if it belongs to one operation."""
        _, *after = FAILURES_HEADING.split(printed, 1)
        failed = after[0] if after else ""
        title, where = FAILED_CHECK.search(failed), FAILED_OPERATION.search(failed)
        if not title or not where:
            return ""
        return f"{operation_ids_by_label().get(where[1], where[1])}: {title[1]}"


def check_server(
    checker: Checker, url: str, limit: float | None = None
) -> tuple[MutantOutcome, str]:
    """Run a checker on a server; return the outcome and the finding or the reason.

    limit: seconds for it, those of the checker if None.
    """
    seconds = checker.limit if limit is None else limit
    with tempfile.TemporaryDirectory() as directory:
        command = checker.command(url, directory)
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                cwd=directory,
                env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            )
        except subprocess.TimeoutExpired:
            return "survived", f"not found within {seconds:.0f} s"
    if done.returncode == 0:
        return "survived", NO_VIOLATION
    if done.returncode == 1 and (found := checker.first_finding(done.stdout)):
        return "killed", found[:MAX_SHOWN_CHARACTERS]
    said = " ".join((done.stderr or done.stdout).split())[-MAX_SHOWN_CHARACTERS:]
    return "error", f"exit {done.returncode}: {said}"
