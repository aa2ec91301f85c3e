"""Running the check and parsing its output."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from contract_tests.__main__ import main

CAUSE_HEADING = re.compile(r"^\d+\. ([\w -]+): (.*)\n((?:   .*,\n)*   .*$)?", re.MULTILINE)
"""Subject and title of a cause; below it the names, if there are several."""
CURL_LINE = re.compile(r"^   (?:printf .* \| )?curl .*$", re.MULTILINE)
PROGRESS_LINE = re.compile(r"^(ok|FAIL) +([\w-]+) +(\d+) responses +[\d.]+ s  (.*)$", re.MULTILINE)
QUICK = ("--max-examples", "1")
SAMPLE_RULE = "GR-02"
"""A rule for test runs; it governs one operation, deleteGroup, which can break it."""
COVERAGE_GAP_TITLES = {
    "No request succeeded",
    "Documented status was never returned",
    "Link was never followed",
}
"""Titles of violations for parts that were not reached; these have no request."""


@dataclass(frozen=True)
class CheckResult:
    """Exit code and output of a check."""

    code: int
    out: str
    err: str

    @property
    def violations(self) -> list[tuple[str, str]]:
        """Subject and title of each violation, those of one cause together."""
        return parse_violations(self.out)

    @property
    def causes(self) -> list[str]:
        """Owner and title of each cause: `2 operations: Server error`."""
        return [f"{owner}: {title}" for owner, title, _ in CAUSE_HEADING.findall(self.out)]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Violations that a response shows."""
        return [each for each in self.violations if each[1] not in COVERAGE_GAP_TITLES]

    @property
    def commands(self) -> list[str]:
        """Commands that reproduce them."""
        return [command.strip() for command in CURL_LINE.findall(self.out)]

    @property
    def progress(self) -> dict[str, tuple[str, int]]:
        """Mark and number of responses by operation."""
        return {name: (mark, int(n)) for mark, name, n, _ in PROGRESS_LINE.findall(self.out)}


def parse_violations(out: str) -> list[tuple[str, str]]:
    """Operation or rule, and title, of each violation that a report for a terminal names."""
    return [
        (name, title)
        for owner, title, names in CAUSE_HEADING.findall(out)
        for name in (names.replace(",", " ").split() if " " in owner else [owner])
    ]


def run_check(*arguments: str) -> CheckResult:
    """Run the check in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return CheckResult(code, out.getvalue(), err.getvalue())
