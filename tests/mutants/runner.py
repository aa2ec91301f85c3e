"""Runs the check on faulty servers: each in processes of its own, several at a time."""

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
from typing import Literal

from tests.mutants.mutant import Mutant

MutantOutcome = Literal["killed", "survived", "error"]
MOCK_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
FIRST_CAUSE = re.compile(r"^1\. (.+)$", re.MULTILINE)
CHECK_COMMAND = (sys.executable, "-m", "contract_tests", "--fail-fast")
CLEAN_MOCK_COMMAND = (sys.executable, "-m", "mock_server", "--frozen")
START_TIMEOUT = 60.0
"""Seconds that a server may take to start."""
MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class MutantResult:
    """What became of one mutant: by which violation it was found, or what else happened."""

    mutant: Mutant
    outcome: MutantOutcome
    by: str
    seconds: float


class UnusableRunError(Exception):
    """A run that measures nothing; the message says why."""


@contextmanager
def start_server(command: Sequence[str]) -> Iterator[str]:
    """A server on a free port: its address. Raises UnusableRunError when it does not start."""
    arguments = [*command, "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _read_address(process)
        finally:
            process.terminate()


def check_server(url: str, options: Sequence[str], limit: float) -> tuple[MutantOutcome, str]:
    """What the check makes of a server, and why; it has so many seconds."""
    command = [*CHECK_COMMAND, "--target", url, *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return "survived", f"not found within {limit:.0f} s"
    if done.returncode == 0:
        return "survived", "no violation"
    if done.returncode == 1 and (found := FIRST_CAUSE.search(done.stdout)):
        return "killed", found[1][:MAX_SHOWN_CHARACTERS]
    return (
        "error",
        f"exit {done.returncode}: {' '.join(done.stderr.split())[-MAX_SHOWN_CHARACTERS:]}",
    )


def run_mutant(mutant: Mutant, options: Sequence[str], limit: float) -> MutantResult:
    """Serve a mutant and check it."""
    begun = time.monotonic()
    command = (sys.executable, "-m", "tests.mutants.server", "--mutant", mutant.id)
    try:
        with start_server(command) as url:
            outcome, by = check_server(url, options, limit)
    except UnusableRunError as error:
        outcome, by = "error", str(error)
    return MutantResult(mutant, outcome, by, time.monotonic() - begun)


def run_mutants(
    mutants: Sequence[Mutant], options: Sequence[str], limit: float, jobs: int
) -> Iterator[MutantResult]:
    """The results of several mutants, so many at a time, as they come."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [pool.submit(run_mutant, mutant, options, limit) for mutant in mutants]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def check_clean_mock(options: Sequence[str], limit: float) -> None:
    """See that nothing is found on the mock without a fault. Raises UnusableRunError."""
    with start_server(CLEAN_MOCK_COMMAND) as url:
        outcome, by = check_server(url, options, limit)
    if (outcome, by) != ("survived", "no violation"):
        raise UnusableRunError(f"the mock without a fault is not clean: {by}")


def _read_address(process: subprocess.Popen[str]) -> str:
    out, waited = process.stdout, time.monotonic() + START_TIMEOUT
    while out and select.select([out], [], [], max(0.0, waited - time.monotonic()))[0]:
        line = out.readline()
        if found := MOCK_ADDRESS.search(line):
            return found[0]
        if not line:
            break
    raise UnusableRunError("the server did not start")
