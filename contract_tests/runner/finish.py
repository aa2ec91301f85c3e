"""How a run ends, or the merging of its shards: known deviations, the reports, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contract_tests.reporting import Report, current_titles, names_of, prepare, write_all
from contract_tests.results.baseline import Entry, read_baseline, with_baseline
from contract_tests.results.record import Record
from contract_tests.results.violations import Violation


@dataclass(frozen=True)
class Ending:
    """What to do at the end.

    entries: of the baseline, None for none; directory: where reports go, None for nowhere; today:
    what the entries' expiry is compared with.
    """

    entries: Sequence[Entry] | None
    directory: Path | None
    today: date

    @classmethod
    def read(cls, report: str, baseline: str) -> Ending:
        """By the options `--report` and `--baseline`, empty for not given.

        Raises Unfit for a baseline or a directory that cannot be used, before a run is done for it.
        """
        entries = read_baseline(Path(baseline)) if baseline else None
        directory = Path(report) if report else None
        if directory:
            prepare(directory)
        # An entry expires by the calendar of whoever runs the check; there is no world to ask.
        return cls(entries, directory, date.today())  # noqa: DTZ011, TID251

    def knows(self, violation: Violation) -> bool:
        """Whether the baseline takes a violation, today."""
        return any(
            entry.matches(violation, names_of) and entry.is_live(self.today)
            for entry in self.entries or ()
        )

    def close(self, record: Record, report: Report) -> Record:
        """The record after the baseline; its reports written, and the verdict told.

        Raises Unfit after that if the reports could not be written.
        """
        if self.entries is not None:
            record = with_baseline(record, self.entries, self.today, names_of)
            for entry in self.entries:
                if titles := current_titles(entry.title):
                    named = " or ".join(f'"{title}"' for title in titles)
                    report.note(f"baseline entry {entry}: the title is now {named}")
        written: list[Path] = []
        try:
            if self.directory:
                written = write_all(record, self.directory)
        finally:
            report.conclude(record, written)
        return record
