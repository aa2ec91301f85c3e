"""Run the check by plain pytest: `pytest contract_tests --target URL`.

The same options as `hypers-check`, its tests one by one, and pytest's own output and exit codes.
`hypers-check` runs the same tests without this file.
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

from contract_tests.checks.completeness import without_gaps
from contract_tests.contract import hypothesis_compat
from contract_tests.contract.schemathesis_compat import label_of
from contract_tests.options import add_options
from contract_tests.reporting import Report
from contract_tests.results.scope import checks_nothing, why_nothing
from contract_tests.runner import pytest_compat
from contract_tests.runner.finish import Ending
from contract_tests.runner.garbage_collection import collect_seldom
from contract_tests.runner.pytest_compat import name_test
from contract_tests.runner.pytest_plugin import (
    Plugin,
    account_of,
    clean_up,
    names,
    tests_of,
    under_way,
)
from contract_tests.runner.run import Run
from contract_tests.runner.setup import opened
from contract_tests.runner.signals import terminable
from contract_tests.target.target import Unfit
from openapi import ContractError

PARTIAL = "not every test was run to its end"


@dataclass
class PytestRun:
    """The run behind a session of pytest.

    left_out: how many tests were deselected; ran: how many were not; told: what its end says.
    """

    run: Run
    plugin: Plugin
    ending: Ending
    begun: float
    left_out: int = 0
    ran: int = 0
    told: str = ""


PYTEST_RUN = pytest.StashKey[PytestRun]()


class _Declared(argparse.ArgumentParser):
    """Declares to pytest what is declared to it."""

    def __init__(self, group: pytest.OptionGroup) -> None:
        super().__init__(add_help=False)
        self._group = group

    def add_argument(self, *names: Any, **attributes: Any) -> argparse.Action:
        # `--timeout` is pytest-timeout's, in which others may be installed beside us.
        self._group.addoption(*(name for name in names if name != "--timeout"), **attributes)
        return super().add_argument(*names, **attributes)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a run; those of several processes are `hypers-check`'s alone."""
    add_options(_Declared(parser.getgroup("hypers-check", "what is checked, and how")))


def pytest_report_header() -> list[str]:
    """Say what is lost with the installed versions of others."""
    return [*hypothesis_compat.losses(), *pytest_compat.losses()]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Log in, or start a mock to check."""
    config = session.config
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", None):
        raise pytest.UsageError(
            "pytest -n would move the target's time while other tests need it to stand:"
            " use hypers-check --workers"
        )
    collect_seldom()
    stack = ExitStack()
    config.add_cleanup(stack.close)
    stack.enter_context(terminable())
    with _usable():
        ending = Ending.read(config.option.report, config.option.baseline)
        run = stack.enter_context(opened(config.option))
    stack.enter_context(under_way(run))
    plugin = Plugin(run, Report(io.StringIO()), ending.knows)
    plugin.pytest_sessionstart(session)  # too late for pytest to call it
    config.pluginmanager.register(plugin)
    config.stash[PYTEST_RUN] = PytestRun(run, plugin, ending, time.monotonic())


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the modules that the profile has no use for."""
    state = config.stash.get(PYTEST_RUN, None)
    is_test = (
        collection_path.match("test_*.py")
        and collection_path.parent == Path(__file__).parent / "suite"
    )
    return True if state and is_test and collection_path.stem not in tests_of(state.run) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the test of an operation bear its name, where pytest shows it and to `-k`."""
    for item in items:
        if label := label_of(item):
            name = names()[label]
            item.extra_keyword_matches.add(name)
            name_test(item, name)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count what pytest was told to leave out."""
    for item in items:
        item.config.stash[PYTEST_RUN].left_out += 1


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Count what was not left out."""
    item.config.stash[PYTEST_RUN].ran += 1


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Take back what was made, judge the run as a whole, write its reports."""
    state = session.config.stash.get(PYTEST_RUN, None)
    if state is None or session.config.option.collectonly:
        return
    clean_up(state.run, Report(io.StringIO()))
    out = io.StringIO()
    record = without_gaps(
        account_of(
            state.run, state.plugin.done, _ended(state, session), time.monotonic() - state.begun
        )
    )
    try:
        record = state.ending.close(record, Report(out, is_told=True))
    except Unfit as error:
        out.write(f"{error}\n")
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    if not state.run.gone and not record.violations and not record.ended and checks_nothing(record):
        out.write(f"{why_nothing(record)}\n")
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    state.told = out.getvalue()
    is_clear = session.exitstatus == pytest.ExitCode.OK or state.run.plan.fail_fast
    if record.violations and is_clear and not state.run.gone:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what came of operations, rules and links."""
    state = config.stash.get(PYTEST_RUN, None)
    if state and state.told:
        terminalreporter.section("hypers-check")
        terminalreporter.write_line(state.told.strip())


def _ended(state: PytestRun, session: pytest.Session) -> str:
    """Why the run did not come to its end; of a part of the tests, nobody judges the whole."""
    if state.run.ended or state.plugin.interrupted:
        return state.run.ended or "interrupted"
    modules = {item.path.stem for item in session.items}
    is_whole = state.ran == len(session.items) and modules.issuperset(tests_of(state.run))
    return "" if is_whole and not state.left_out else PARTIAL


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except (Unfit, ContractError) as error:
        raise pytest.UsageError(f"hypers-check: {error}") from None
