"""Command line of `hypers-check`, and the only module of the check that prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from contract_tests.contract.hypothesis_compat import compat_warnings
from contract_tests.options import build_parser, forbid_options_with_recordings, recorded_files
from contract_tests.reporting import TerminalReport
from contract_tests.results.check_scope import is_nothing_checked, nothing_checked_reason
from contract_tests.results.record import RunRecord
from contract_tests.runner.merge_command import merge_command
from contract_tests.runner.pytest_plugin import run_tests
from contract_tests.runner.run_reporter import RunReporter
from contract_tests.runner.setup import open_run, proxy_credential_warnings
from contract_tests.runner.signals import sigterm_as_interrupt
from contract_tests.runner.worker_process import WorkerResult
from contract_tests.runner.workers import run_in_workers, worker_count
from contract_tests.target.target import CannotCheckError
from contract_tests.workflows.recorded.check import check_recordings
from openapi import EXIT_ERROR, ContractError, print_error

EXIT_HOLDS, EXIT_VIOLATED, EXIT_INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server and return the exit code: 0 the contract holds, 1 it does not, 2 unknown."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["merge"]:
            return merge_command(given[1:], TerminalReport(sys.stdout))
        options = build_parser().parse_args(given)
        with sigterm_as_interrupt():
            return _run_check(options)
    except CannotCheckError as error:
        print_error("hypers-check", str(error))
        return EXIT_ERROR
    except ContractError as error:
        print_error("hypers-check", f"broken contract: {error}")
        return EXIT_ERROR
    except KeyboardInterrupt:
        print_error("hypers-check", "interrupted")
        return EXIT_INTERRUPTED


def _run_check(options: argparse.Namespace) -> int:
    recordings = recorded_files(options)
    if recordings:
        forbid_options_with_recordings(options)
    ending = RunReporter.from_options(options.report, options.baseline)
    report = TerminalReport(sys.stdout)
    if recordings:
        return _conclude(ending.report_run(check_recordings(recordings, options, report), report))
    for line in (*proxy_credential_warnings(options), *compat_warnings()):
        print_error("hypers-check", line)
    outcome = (
        run_in_workers(options, report)
        if worker_count(options) > 1
        else _run_in_this_process(options, report)
    )
    record = ending.report_run(outcome.record, report)
    # After the reports: what was found until then is not lost.
    if outcome.gone:
        raise outcome.gone
    if outcome.interrupted:
        raise KeyboardInterrupt
    return _conclude(record)


def _conclude(record: RunRecord) -> int:
    """Return the exit code of a record; raises CannotCheckError if it has no verdict."""
    if record.violations:
        return EXIT_VIOLATED
    if record.ended:
        raise CannotCheckError(f"not checked to the end: {record.ended}")
    if is_nothing_checked(record):
        raise CannotCheckError(nothing_checked_reason(record))
    return EXIT_HOLDS


def _run_in_this_process(options: argparse.Namespace, report: TerminalReport) -> WorkerResult:
    with open_run(options, options.shard) as run:
        return WorkerResult.of(run, run_tests(run, report))
