"""`hypers-check merge`: one verdict and one set of reports for the shards of a run."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.reporting import TerminalReport, write_reports
from contract_tests.results.record import (
    RunRecord,
)
from contract_tests.runner.merge_command import merge_command
from contract_tests.target.target import CannotCheckError
from tests.contract_tests.reporting.samples import (
    faulty_record,
    sound_record,
)
from tests.contract_tests.runner.shards import empty_shard


def run_merge(*arguments: str) -> tuple[int, str]:
    """Return the exit code and the output of `hypers-check merge`."""
    out = io.StringIO()
    return merge_command(arguments, TerminalReport(out)), out.getvalue()


def write_two_shards(record: RunRecord, directory: Path) -> list[str]:
    """Write two shards of a run, one with everything and one empty."""
    first, second = replace(record, shard=(1, 2)), empty_shard(record, 2, 2)
    names = [str(directory / "one"), str(directory / "two")]
    write_reports(first, Path(names[0]))
    write_reports(second, Path(names[1]))
    return names


def test_the_command_judges_shards_and_writes_the_reports(tmp_path: Path) -> None:
    """The exit code is 1 for a violation in one shard, 0 for none, 2 for an unfinished shard."""
    report = tmp_path / "all"
    code, printed = run_merge(*write_two_shards(faulty_record(), tmp_path), "--report", str(report))
    assert code == 1
    assert "THE CONTRACT DOES NOT HOLD" in printed.splitlines()[-1]
    assert "shard" not in printed.splitlines()[-1]
    assert str(report / "report.html") in printed
    assert {path.name for path in report.iterdir()} >= {"report.html", "junit.xml"}
    code, printed = run_merge(*write_two_shards(sound_record(), tmp_path))
    assert (code, printed.splitlines()[-1][:18]) == (0, "THE CONTRACT HOLDS")
    assert (
        run_merge(
            *write_two_shards(
                replace(faulty_record(), ended="interrupted", violations=[]), tmp_path
            )
        )[0]
        == 2
    )


def test_the_command_judges_by_a_baseline(tmp_path: Path) -> None:
    """An entry without a violation in any shard fails the run."""
    baseline = tmp_path / "baseline.yaml"
    baseline.write_text(
        "- {rule: NT-12, owner: Li Lei, reason: known, expires: 9999-12-31}\n", encoding="utf-8"
    )
    code, printed = run_merge(
        *write_two_shards(sound_record(), tmp_path), "--baseline", str(baseline)
    )
    assert code == 1
    assert "NT-12: Baseline entry no longer fails" in printed


def test_what_is_no_report_is_named(tmp_path: Path) -> None:
    """A directory without a report, or with another file of that name, is named."""
    with pytest.raises(CannotCheckError, match=r"report\.json cannot be read: No such file"):
        run_merge(str(tmp_path))
    (tmp_path / "report.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CannotCheckError, match=r"report\.json: not a report of hypers-check"):
        run_merge(str(tmp_path))
