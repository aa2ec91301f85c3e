"""The command line: `hypers-check`. The only place of the check that prints."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from contract_tests.contract.hypothesis_compat import losses
from contract_tests.options import option_parser
from contract_tests.reporting import Report
from contract_tests.results.scope import checks_nothing, why_nothing
from contract_tests.runner.finish import Ending
from contract_tests.runner.merge import merge_command
from contract_tests.runner.pytest_plugin import conduct
from contract_tests.runner.setup import opened, readers
from contract_tests.runner.signals import terminable
from contract_tests.runner.workers import Outcome, number_of, share
from contract_tests.target.target import Unfit
from openapi import UNUSABLE, ContractError, complain

HOLDS, VIOLATED, INTERRUPTED = 0, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server; returns 0 when the contract holds, 1 when not, 2 when that is not known."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["merge"]:
            return merge_command(given[1:], Report(sys.stdout))
        options = option_parser().parse_args(given)
        with terminable():
            return _check(options)
    except Unfit as error:
        complain("hypers-check", str(error))
        return UNUSABLE
    except ContractError as error:
        complain("hypers-check", f"broken contract: {error}")
        return UNUSABLE
    except KeyboardInterrupt:
        complain("hypers-check", "interrupted")
        return INTERRUPTED


def _check(options: argparse.Namespace) -> int:
    ending = Ending.read(options.report, options.baseline)
    report = Report(sys.stdout)
    for line in (*readers(options), *losses()):
        complain("hypers-check", line)
    outcome = share(options, report) if number_of(options) > 1 else _alone(options, report)
    record = ending.close(outcome.record, report)
    if outcome.gone:
        raise outcome.gone
    if outcome.interrupted:
        raise KeyboardInterrupt
    if record.violations:
        return VIOLATED
    if record.ended:
        raise Unfit(f"not checked to the end: {record.ended}")
    if checks_nothing(record):
        raise Unfit(why_nothing(record))
    return HOLDS


def _alone(options: argparse.Namespace, report: Report) -> Outcome:
    with opened(options, options.shard) as run:
        return Outcome.of(run, conduct(run, report))
