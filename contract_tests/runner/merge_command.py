"""The command `hypers-check merge`, which turns the reports of all shards into one verdict."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from contract_tests.checks.completeness import judge_completeness
from contract_tests.reporting import (
    JSON_REPORT_NAME,
    ReportFormatError,
    TerminalReport,
    from_json,
    verdict_of,
)
from contract_tests.results.check_scope import nothing_checked_reason
from contract_tests.results.record import RunRecord
from contract_tests.runner.merge import merge_shards
from contract_tests.runner.run_reporter import RunReporter
from contract_tests.safety.policy import ENVIRONMENT_PREFIX
from contract_tests.target.target import CannotCheckError
from openapi import CommandLineParser


def read_report_record(directory: Path) -> RunRecord:
    """Return the record in a `--report` directory.

    Raises CannotCheckError if it cannot be read.
    """
    path = directory / JSON_REPORT_NAME
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotCheckError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ReportFormatError, UnicodeDecodeError) as error:
        raise CannotCheckError(f"{path}: {error}") from None


def merge_command(arguments: Sequence[str], report: TerminalReport) -> int:
    """Run `hypers-check merge DIR...` and return the exit code, 0 or 1 as for a whole run.

    It is 2 if a shard did not finish. Raises CannotCheckError for shards that cannot be merged.
    """
    options = build_merge_parser().parse_args(arguments)
    ending = RunReporter.from_options(options.report, options.baseline)
    shards = [read_report_record(Path(each)) for each in options.shards]
    record = merge_shards(shards)
    if len(shards) > 1:
        # A single whole run was judged at its end.
        record = judge_completeness(record)
    record = ending.report_run(record, report)
    verdict = verdict_of(record)
    if verdict == "nothing checked":
        raise CannotCheckError(nothing_checked_reason(record))
    return {"holds": 0, "does not hold": 1}.get(verdict, 2)


def build_merge_parser() -> argparse.ArgumentParser:
    """Return the argument parser of `hypers-check merge`."""
    parser = CommandLineParser(
        prog="hypers-check merge",
        description="Merge the reports of all shards of a run into one verdict.",
    )
    parser.add_argument("shards", nargs="+", metavar="DIR", help="report directories of all shards")
    add_report_options(parser)
    return parser


def add_report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that a run and a merge share, for `RunReporter.from_options`."""
    for name, text in (
        (
            "report",
            "directory for report.html, report.json, junit.xml, readings.yaml and coverage.csv",
        ),
        ("baseline", "YAML file of known violations, each with owner, reason and expiry date"),
    ):
        variable = f"{ENVIRONMENT_PREFIX}{name.upper()}"
        default = os.environ.get(variable, "")
        parser.add_argument(f"--{name}", default=default, help=f"{text} (default none, {variable})")
