"""The programs that check a faulty server: `hypers-check`, and plain schemathesis beside it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import openapi
from contract_tests.contract.operations import operation_ids_by_label
from contract_tests.reporting.json_report import from_json
from contract_tests.results.observations import ReadingRecord
from contract_tests.results.violation_kinds import ViolationKind
from tests.mutants.run_setup import RunSetup

MutantOutcome = Literal["killed", "survived", "reading", "error"]
"""`reading`: no fault was found, and what the server does is an answer to an open question."""
ROOT = Path(__file__).parent.parent.parent
CONFIG_FILE = Path(__file__).with_name("schemathesis.toml")
FIRST_CAUSE = re.compile(r"^1\. (.+)$", re.MULTILINE)
FAILURES_HEADING = re.compile(r"^=+ FAILURES =+$", re.MULTILINE)
FAILED_OPERATION = re.compile(r"^_+ (.+?) _+$", re.MULTILINE)
FAILED_CHECK = re.compile(r"^- ST[0-9]+ (.+)$", re.MULTILINE)
MAX_SHOWN_CHARACTERS = 200
NO_VIOLATION = "no violation"
READINGS_FILE, REPORT_FILE = "readings.yaml", "report.json"
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

    def other_readings(self, directory: str) -> Sequence[str]:
        """Return the answers that the server was observed to give, unlike its base."""


@dataclass(frozen=True)
class HypersCheck:
    """Our check, which ends at its first violation.

    setup: the readings of the servers, and those that are demanded.
    """

    options: Sequence[str] = ()
    limit: float = 150.0
    setup: RunSetup = field(default_factory=RunSetup)
    name: str = "hypers-check"

    def command(self, url: str, directory: str) -> Sequence[str]:
        """Return the command for the server at this URL."""
        return [
            *(*_MODULE, "contract_tests", "--fail-fast", "--target", url),
            *self.setup.check_options,
            *self.options,
            *("--report", directory),
        ]

    def first_finding(self, printed: str) -> str:
        """Return the first cause in the report."""
        found = FIRST_CAUSE.search(printed)
        return found[1] if found else ""

    def other_readings(self, directory: str) -> Sequence[str]:
        """Return the answers in the report that the base server does not give."""
        observed = openapi.parse_readings(str(Path(directory) / READINGS_FILE))
        return self.setup.other_readings(observed)


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

    def other_readings(self, _directory: str) -> Sequence[str]:
        """Return nothing: it does not observe open questions."""
        return ()


def check_server(
    checker: Checker, url: str, limit: float | None = None
) -> tuple[MutantOutcome, str]:
    """Run a checker on a server; return the outcome and the finding, the readings or the reason.

    limit: seconds for it, those of the checker if None.
    """
    seconds = checker.limit if limit is None else limit
    with tempfile.TemporaryDirectory() as directory:
        try:
            done = run_command(checker.command(url, directory), directory, seconds)
        except subprocess.TimeoutExpired:
            return "survived", f"not found within {seconds:.0f} s"
        if done.returncode == 0:
            others = ", ".join(checker.other_readings(directory))
            return ("reading", others) if others else ("survived", NO_VIOLATION)
    if done.returncode == 1 and (found := checker.first_finding(done.stdout)):
        return "killed", found[:MAX_SHOWN_CHARACTERS]
    said = " ".join((done.stderr or done.stdout).split())[-MAX_SHOWN_CHARACTERS:]
    return "error", f"exit {done.returncode}: {said}"


def observe_readings(url: str, checker: HypersCheck) -> Sequence[ReadingRecord]:
    """Return what a whole check observes of open questions, if that is all that can be wrong.

    A server that gives two answers to one question is wrong; one with any other violation, or
    without a report in time, has no readings here.
    """
    with tempfile.TemporaryDirectory() as directory:
        command = [*_MODULE, "contract_tests", "--target", url, *checker.options]
        try:
            done = run_command([*command, "--report", directory], directory, checker.limit)
        except subprocess.TimeoutExpired:
            return ()
        if done.returncode not in (0, 1):
            return ()
        record = from_json((Path(directory) / REPORT_FILE).read_text(encoding="utf-8"))
    is_other = any(each.kind is not ViolationKind.READINGS_MIXED for each in record.violations)
    return () if is_other else record.readings


def run_command(
    command: Sequence[str], directory: str, limit: float
) -> subprocess.CompletedProcess[str]:
    """Run a checker in a directory; raises subprocess.TimeoutExpired after `limit` seconds."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=limit,
        check=False,
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )
