"""Plugin for running the check by plain pytest: `pytest contract_tests --target URL`.

It has the options of `hypers-check`, and pytest's own output and exit codes. `hypers-check` runs
the same tests without this file.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract_tests.checks.completeness import judge_completeness
from contract_tests.contract import hypothesis_compat
from contract_tests.contract.operations import operation_ids_by_label
from contract_tests.contract.schemathesis_compat import tested_operation_label
from contract_tests.options import add_options
from contract_tests.reporting import TerminalReport
from contract_tests.results.check_scope import is_nothing_checked, nothing_checked_reason
from contract_tests.runner import pytest_compat
from contract_tests.runner.check_run import CheckRun
from contract_tests.runner.garbage_collection import reduce_garbage_collection
from contract_tests.runner.pytest_compat import set_test_name
from contract_tests.runner.pytest_plugin import (
    RunPlugin,
    active_run,
    build_record,
    remove_created_records,
    test_modules_of,
)
from contract_tests.runner.run_reporter import RunReporter
from contract_tests.runner.setup import open_run
from contract_tests.runner.signals import sigterm_as_interrupt
from contract_tests.target.target import CannotCheckError
from openapi import ContractError

PARTIAL_RUN_REASON = "not all tests were run to the end"


@dataclass
class PytestRun:
    """The run of a pytest session.

    deselected, executed: number of tests; summary: text for the end of the session.
    """

    run: CheckRun
    plugin: RunPlugin
    ending: RunReporter
    begun: float
    deselected: int = 0
    executed: int = 0
    summary: str = ""


PYTEST_RUN = pytest.StashKey[PytestRun]()


class _PytestOptions(argparse.ArgumentParser):
    """Parser that also declares its options to pytest."""

    def __init__(self, group: pytest.OptionGroup) -> None:
        super().__init__(add_help=False)
        self._group = group

    def add_argument(self, *names: Any, **attributes: Any) -> argparse.Action:
        # `--timeout` belongs to pytest-timeout, which may be installed as well.
        self._group.addoption(*(name for name in names if name != "--timeout"), **attributes)
        return super().add_argument(*names, **attributes)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of a run, without those for several processes."""
    add_options(_PytestOptions(parser.getgroup("hypers-check", "contract check")))


def pytest_report_header() -> list[str]:
    """Return warnings about versions of other packages."""
    return [*hypothesis_compat.compat_warnings(), *pytest_compat.compat_warnings()]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Log in, or start a mock to check."""
    config = session.config
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", None):
        raise pytest.UsageError(
            "pytest -n would advance the target's clock while other tests need it frozen:"
            " use hypers-check --workers"
        )
    reduce_garbage_collection()
    stack = ExitStack()
    config.add_cleanup(stack.close)
    stack.enter_context(sigterm_as_interrupt())
    with _as_usage_error():
        ending = RunReporter.from_options(config.option.report, config.option.baseline)
        run = stack.enter_context(open_run(config.option))
    stack.enter_context(active_run(run))
    plugin = RunPlugin(run, TerminalReport(io.StringIO()), ending.is_known_violation)
    # Called here, since it is registered too late for pytest to call it.
    plugin.pytest_sessionstart(session)
    config.pluginmanager.register(plugin)
    config.stash[PYTEST_RUN] = PytestRun(run, plugin, ending, time.monotonic())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore the test modules that the profile does not use."""
    state = config.stash.get(PYTEST_RUN, None)
    is_test = (
        collection_path.match("test_*.py")
        and collection_path.parent == Path(__file__).parent / "suite"
    )
    return (
        True
        if state and is_test and collection_path.stem not in test_modules_of(state.run)
        else None
    )


# Before pytest deselects by `-k`, which looks at the keywords added here.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name each test after its operation, for pytest's output and for `-k`."""
    for item in items:
        if label := tested_operation_label(item):
            name = operation_ids_by_label()[label]
            item.extra_keyword_matches.add(name)
            set_test_name(item, name)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count deselected tests."""
    for item in items:
        item.config.stash[PYTEST_RUN].deselected += 1


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Count executed tests."""
    item.config.stash[PYTEST_RUN].executed += 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove created records, judge the run as a whole, and write the reports."""
    state = session.config.stash.get(PYTEST_RUN, None)
    if state is None or session.config.option.collectonly:
        return
    remove_created_records(state.run, TerminalReport(io.StringIO()))
    out = io.StringIO()
    record = judge_completeness(
        build_record(
            state.run,
            state.plugin.done,
            _incomplete_reason(state, session),
            time.monotonic() - state.begun,
        )
    )
    try:
        record = state.ending.report_run(record, TerminalReport(out, is_told=True))
    except CannotCheckError as error:
        out.write(f"{error}\n")
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    if (
        not state.run.gone
        and not record.violations
        and not record.ended
        and is_nothing_checked(record)
    ):
        out.write(f"{nothing_checked_reason(record)}\n")
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    state.summary = out.getvalue()
    # A usage error or an internal error of pytest must not turn into a failed test.
    is_clear = session.exitstatus == pytest.ExitCode.OK or state.run.plan.fail_fast
    if record.violations and is_clear and not state.run.gone:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the outcomes of operations, rules and links."""
    state = config.stash.get(PYTEST_RUN, None)
    if state and state.summary:
        terminalreporter.section("hypers-check")
        terminalreporter.write_line(state.summary.strip())


def _incomplete_reason(state: PytestRun, session: pytest.Session) -> str:
    """Return why the run is incomplete and gets no verdict; empty if it is complete."""
    if state.run.ended or state.plugin.interrupted:
        return state.run.ended or "interrupted"
    modules = {item.path.stem for item in session.items}
    is_whole = state.executed == len(session.items) and modules.issuperset(
        test_modules_of(state.run)
    )
    return "" if is_whole and not state.deselected else PARTIAL_RUN_REASON


@contextmanager
def _as_usage_error() -> Iterator[None]:
    try:
        yield
    except (CannotCheckError, ContractError) as error:
        raise pytest.UsageError(f"hypers-check: {error}") from None
