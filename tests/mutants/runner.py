"""Runs the checkers on faulty servers: each in processes of its own, several at a time."""

from __future__ import annotations

import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass

from tests.mutants.checkers import (
    NO_VIOLATION,
    Checker,
    HypersCheck,
    MutantOutcome,
    check_server,
    observe_readings,
)
from tests.mutants.mutant import Mutant
from tests.mutants.run_setup import DEFAULT_BASE, RunSetup

MOCK_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
CLEAN_MOCK_COMMAND = (sys.executable, "-m", "mock_server", "--frozen")
CLEAN_MOCK_TIMEOUT = 300.0
"""Seconds for a checker to come to its end on the mock without a fault."""
START_TIMEOUT = 60.0
"""Seconds that a server may take to start."""


@dataclass(frozen=True)
class MutantResult:
    """Result of one mutant: the finding that killed it, its readings, or why it survived."""

    mutant: Mutant
    checker: str
    outcome: MutantOutcome
    by: str
    seconds: float


class UnusableRunError(Exception):
    """The run measures nothing; the message gives the reason."""


@contextmanager
def start_server(command: Sequence[str]) -> Iterator[str]:
    """Run a server on a free port and yield its URL; raises UnusableRunError if that fails."""
    arguments = [*command, "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _read_address(process)
        finally:
            process.terminate()


def run_mutant(mutant: Mutant, checker: Checker, setup: RunSetup) -> MutantResult:
    """Serve a mutant, check it, and return the result."""
    begun = time.monotonic()
    try:
        with start_server(_mutant_command(mutant, setup)) as url:
            outcome, by = check_server(checker, url)
        is_silent = (outcome, by) == ("survived", NO_VIOLATION)
        if is_silent and isinstance(checker, HypersCheck):
            answers = list_answers_of_base(mutant, setup, checker)
            if answers:
                outcome, by = "reading", f"{', '.join(answers)}, as its base"
    except UnusableRunError as error:
        outcome, by = "error", str(error)
    return MutantResult(mutant, checker.name, outcome, by, time.monotonic() - begun)


def list_answers_of_base(mutant: Mutant, setup: RunSetup, checker: HypersCheck) -> list[str]:
    """Return the answers to open questions, as `key value`, in which alone a mutant differs.

    That is from the mock with the default answers, where they show; nothing is returned if it
    differs in more, or in answers that the base of this setup does not give anyway.
    """
    if setup.base == DEFAULT_BASE:
        return []
    with start_server(_mutant_command(mutant, RunSetup())) as url:
        return setup.same_readings(observe_readings(url, checker))


def _mutant_command(mutant: Mutant, setup: RunSetup) -> list[str]:
    command = [sys.executable, "-m", "tests.mutants.server", "--mutant", mutant.id]
    return command + setup.mock_options


def run_mutants(
    mutants: Sequence[Mutant], checkers: Sequence[Checker], jobs: int, setup: RunSetup
) -> Iterator[MutantResult]:
    """Yield the results of mutants by each checker as they finish, several at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [
            pool.submit(run_mutant, mutant, checker, setup)
            for checker in checkers
            for mutant in mutants
        ]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def check_clean_mock(checker: Checker, setup: RunSetup) -> None:
    """Check the base server; raises UnusableRunError if anything is found.

    So it does if a reading is not observed as it is, with which a fault would be excused.
    """
    with start_server([*CLEAN_MOCK_COMMAND, *setup.mock_options]) as url:
        outcome, by = check_server(checker, url, CLEAN_MOCK_TIMEOUT)
    if (outcome, by) != ("survived", NO_VIOLATION):
        raise UnusableRunError(f"{checker.name} on the mock without a fault: {by}")


def _read_address(process: subprocess.Popen[str]) -> str:
    out, waited = process.stdout, time.monotonic() + START_TIMEOUT
    while out and select.select([out], [], [], max(0.0, waited - time.monotonic()))[0]:
        line = out.readline()
        if found := MOCK_ADDRESS.search(line):
            return found[0]
        if not line:
            break
    raise UnusableRunError("the server did not start")
