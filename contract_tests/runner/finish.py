"""How a run ends, or the merging of its shards: known deviations, the reports, the verdict."""

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
class RunFinisher:
    """What to do at the end.

    entries: of the baseline, None for none; directory: where reports go, None for nowhere; today:
    what the entries' expiry is compared with.
    """

    entries: Sequence[BaselineEntry] | None
    directory: Path | None
    today: date

    @classmethod
    def read(cls, report: str, baseline: str) -> RunFinisher:
        """By the options `--report` and `--baseline`, empty for not given.

        Raises Unfit for a baseline or a directory that cannot be used, before a run is done for it.
        """
        entries = read_baseline(Path(baseline)) if baseline else None
        directory = Path(report) if report else None
        if directory:
            prepare_directory(directory)
        # An entry expires by the calendar of whoever runs the check; there is no world to ask.
        return cls(entries, directory, date.today())  # noqa: DTZ011, TID251

    def is_known_violation(self, violation: Violation) -> bool:
        """Whether the baseline takes a violation, today."""
        return any(
            entry.matches(violation, all_titles_of) and entry.is_active(self.today)
            for entry in self.entries or ()
        )

    def close(self, record: RunRecord, report: TerminalReport) -> RunRecord:
        """The record after the baseline; its reports written, and the verdict told.

        Raises Unfit after that if the reports could not be written.
        """
        if self.entries is not None:
            record = apply_baseline(record, self.entries, self.today, all_titles_of)
            for entry in self.entries:
                if titles := current_titles(entry.title):
                    named = " or ".join(f'"{title}"' for title in titles)
                    report.note(f"baseline entry {entry}: the title is now {named}")
        written: list[Path] = []
        try:
            if self.directory:
                written = write_reports(record, self.directory)
        finally:
            report.conclude(record, written)
        return record
