"""Runs `hypers-check` on mocks with given readings, as a user does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openapi import parse_readings, readings_with_defaults
from tests.processes import start_mock_process

CHECK_TIMEOUT = 240.0
"""Seconds that a check may take."""
MAX_SHOWN_CHARACTERS = 600
STRICTNESS_NAMES = ("curated", "documented")
Readings = Mapping[str, str]


@dataclass(frozen=True)
class CombinationResult:
    """Result of a combination. wrong: what is not as it must be, empty if all is right."""

    name: str
    wrong: tuple[str, ...]
    unobserved: tuple[str, ...]
    seconds: float


def run_combinations(
    combinations: Mapping[str, Readings], jobs: int, examples: int
) -> Iterator[CombinationResult]:
    """Yield the results of combinations by name as they finish; `jobs` run at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        started = [
            pool.submit(run_combination, name, readings, examples)
            for name, readings in combinations.items()
        ]
        try:
            for done in as_completed(started):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def run_combination(name: str, readings: Readings, examples: int) -> CombinationResult:
    """Check a mock with these readings in both strictnesses, then one with what was observed.

    Each check has to hold and to observe the mock's readings, or to say why one was not observed;
    the second mock has to be observed as the first one was.
    """
    begun = time.monotonic()
    wrong: list[str] = []
    with TemporaryDirectory() as folder:
        first: Report | None = None
        for strictness in STRICTNESS_NAMES:
            report = check_mock(readings, strictness, examples, Path(folder) / strictness)
            wrong += [f"{strictness}: {each}" for each in report.differences(readings)]
            first = first or report
        if first is not None and not wrong:
            observed = readings_with_defaults(parse_readings(str(first.readings_file)))
            again = check_mock(observed, "curated", examples, Path(folder) / "again")
            wrong += [f"again: {each}" for each in again.differences(observed)]
            if again.values != first.values:
                wrong.append(f"again: observed {again.values}, before {first.values}")
    missing = tuple(sorted(first.reasons)) if first else ()
    return CombinationResult(name, tuple(wrong), missing, time.monotonic() - begun)


@dataclass(frozen=True)
class Report:
    """Result of a check: exit code, output, observed values, and reasons for the others."""

    code: int
    output: str
    values: dict[str, str]
    reasons: dict[str, str]
    readings_file: Path

    def differences(self, readings: Readings) -> Iterator[str]:
        """Yield what differs from a sound mock with these readings."""
        if self.code:
            yield f"exit code {self.code}: {self.output[-MAX_SHOWN_CHARACTERS:]}"
        for key, value in readings.items():
            if key in self.values and self.values[key] != value:
                yield f"{key} is {value}, and was observed as {self.values[key]}"
            elif key not in self.values and not self.reasons.get(key):
                yield f"{key} was neither observed nor explained"


def check_mock(readings: Readings, strictness: str, examples: int, folder: Path) -> Report:
    """Run the check on a new mock with these readings; the reports are written to `folder`."""
    given = [word for pair in readings.items() for word in ("--reading", "=".join(pair))]
    with start_mock_process(*given) as mock:
        command = [sys.executable, "-m", "contract_tests", "--target", mock.address]
        options = ["--strictness", strictness, "--report", str(folder)]
        options += ["--max-examples", str(examples)]
        done = subprocess.run(
            [*command, *options],
            capture_output=True,
            text=True,
            timeout=CHECK_TIMEOUT,
            check=False,
        )
    said: dict[str, Any] = {}
    if (file := folder / "report.json").is_file():
        said = json.loads(file.read_text(encoding="utf-8"))["readings"]
    return Report(
        done.returncode,
        done.stdout + done.stderr,
        {key: each["value"] for key, each in said.items() if each["value"]},
        {key: each["reason"] for key, each in said.items() if not each["value"]},
        folder / "readings.yaml",
    )
