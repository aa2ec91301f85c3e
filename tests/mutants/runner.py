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

Outcome = Literal["killed", "survived", "error"]
READY = re.compile(r"http://127\.0\.0\.1:\d+")
FIRST = re.compile(r"^1\. (.+)$", re.MULTILINE)
CHECK = (sys.executable, "-m", "contract_tests", "--fail-fast")
CLEAN = (sys.executable, "-m", "mock_server", "--frozen")
START = 60.0
"""Seconds that a server may take to start."""
SHOWN = 200


@dataclass(frozen=True)
class Result:
    """What became of one mutant: by which violation it was found, or what else happened."""

    mutant: Mutant
    outcome: Outcome
    by: str
    seconds: float


class Unusable(Exception):
    """A run that measures nothing; the message says why."""


@contextmanager
def serving(command: Sequence[str]) -> Iterator[str]:
    """A server on a free port: its address. Raises Unusable when it does not start."""
    arguments = [*command, "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield _address(process)
        finally:
            process.terminate()


def check(url: str, options: Sequence[str], limit: float) -> tuple[Outcome, str]:
    """What the check makes of a server, and why; it has so many seconds."""
    command = [*CHECK, "--target", url, *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return "survived", f"not found within {limit:.0f} s"
    if done.returncode == 0:
        return "survived", "no violation"
    if done.returncode == 1 and (found := FIRST.search(done.stdout)):
        return "killed", found[1][:SHOWN]
    return "error", f"exit {done.returncode}: {' '.join(done.stderr.split())[-SHOWN:]}"


def run(mutant: Mutant, options: Sequence[str], limit: float) -> Result:
    """Serve a mutant and check it."""
    begun = time.monotonic()
    command = (sys.executable, "-m", "tests.mutants.server", "--mutant", mutant.id)
    try:
        with serving(command) as url:
            outcome, by = check(url, options, limit)
    except Unusable as error:
        outcome, by = "error", str(error)
    return Result(mutant, outcome, by, time.monotonic() - begun)


def run_all(
    mutants: Sequence[Mutant], options: Sequence[str], limit: float, jobs: int
) -> Iterator[Result]:
    """The results of several mutants, so many at a time, as they come."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [pool.submit(run, mutant, options, limit) for mutant in mutants]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def check_clean(options: Sequence[str], limit: float) -> None:
    """See that nothing is found on the mock without a fault. Raises Unusable."""
    with serving(CLEAN) as url:
        outcome, by = check(url, options, limit)
    if (outcome, by) != ("survived", "no violation"):
        raise Unusable(f"the mock without a fault is not clean: {by}")


def _address(process: subprocess.Popen[str]) -> str:
    out, waited = process.stdout, time.monotonic() + START
    while out and select.select([out], [], [], max(0.0, waited - time.monotonic()))[0]:
        line = out.readline()
        if found := READY.search(line):
            return found[0]
        if not line:
            break
    raise Unusable("the server did not start")
