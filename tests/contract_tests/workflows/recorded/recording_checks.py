"""Checks of recordings."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract_tests.run_check import CheckResult, run_check
from tests.contract_tests.workflows.recorded.recordings import (
    Recording,
)


def check(recording: Recording, folder: Path, *arguments: str) -> CheckResult:
    """Check a recording."""
    return run_check("--har", str(recording.write(folder)), *arguments)


def violations_of(recording: Recording, folder: Path, *arguments: str) -> set[tuple[str, str]]:
    """Check a recording and return operation or rule, and kind, of each violation."""
    done = check(recording, folder, "--report", str(folder / "report"), *arguments)
    report = json.loads((folder / "report/report.json").read_text())
    found = {(each["operation"], each["kind"]) for each in report["run"]["violations"]}
    assert done.code == (1 if found else 0), done.err
    return found
