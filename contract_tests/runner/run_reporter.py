"""Reporting of a run or of a merge at its end: baseline, reports, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contract_tests.reporting import (
    TerminalReport,
    all_titles_of,
    current_titles,
    prepare_directory,
    write_reports,
)
from contract_tests.results.baseline import BaselineEntry, apply_baseline, read_baseline
from contract_tests.results.record import RunRecord
from contract_tests.results.violations import Violation


@dataclass(frozen=True)
class RunReporter:
    """Reporter of a run that has ended, or of a merge.

    entries: of the baseline, None for no baseline; directory: for reports, None for no reports;
    today: the date by which entries expire.
    """

    entries: Sequence[BaselineEntry] | None
    directory: Path | None
    today: date

    @classmethod
    def from_options(cls, report: str, baseline: str) -> RunReporter:
        """Return the reporter for the options `--report` and `--baseline`, empty if not given.

        Raises CannotCheckError for an unusable baseline or directory, before the run begins.
        """
        entries = read_baseline(Path(baseline)) if baseline else None
        directory = Path(report) if report else None
        if directory:
            prepare_directory(directory)
        # Entries expire by the calendar of the person who runs the check, not by the target's
        # clock.
        return cls(entries, directory, date.today())  # noqa: DTZ011, TID251

    def is_known_violation(self, violation: Violation) -> bool:
        """Return whether an active entry of the baseline covers a violation."""
        return any(
            entry.matches(violation, all_titles_of) and entry.is_active(self.today)
            for entry in self.entries or ()
        )

    def report_run(self, record: RunRecord, report: TerminalReport) -> RunRecord:
        """Apply the baseline, write the reports, print the verdict, and return the record.

        Raises CannotCheckError afterwards if the reports could not be written.
        """
        if self.entries is not None:
            record = apply_baseline(record, self.entries, self.today, all_titles_of)
            for entry in self.entries:
                if titles := current_titles(entry.title):
                    named = " or ".join(f'"{title}"' for title in titles)
                    report.write_note(f"baseline entry {entry}: the title is now {named}")
        written: list[Path] = []
        # The verdict is printed even if the reports cannot be written.
        try:
            if self.directory:
                written = write_reports(record, self.directory)
        finally:
            report.write_results(record, written)
        return record
