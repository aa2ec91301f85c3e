"""The tests of a run, by pytest: without its terminal, whatever the caller's settings of it are."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from contract_tests.contract import operations
from contract_tests.links import links_between
from contract_tests.reporting import Report
from contract_tests.run import CURRENT, Run
from contract_tests.sameness import without_local_constants
from contract_tests.secrecy import hide_fields
from contract_tests.violations import Violation

HERE = Path(__file__).parent
TESTS = ("test_operations", "test_workflows")
SHOWN = 10
"""Links that were not followed, shown by name."""


def conduct(run: Run, report: Report) -> None:
    """Run the tests and tell the report; raises KeyboardInterrupt after that if they were ended."""
    files = [str(HERE / f"{name}.py") for name in TESTS]
    options = ["-c", str(HERE / "pytest.ini"), "--rootdir", str(HERE)]
    plugins = ["--disable-plugin-autoload", "-p", "schemathesis"]
    plugin = Plugin(run, report)
    report.begin(run.target.url, len(run.chosen), run.plan.seed, run.plan.max_examples)
    before = CURRENT.set(run)
    try:
        with _environment(), without_local_constants():
            code = pytest.main([*options, *plugins, *files], plugins=[plugin])
    finally:
        CURRENT.reset(before)
        for name in TESTS:  # they are this run's; another one imports them anew
            sys.modules.pop(f"{__package__}.{name}", None)
    ended = plugin.interrupted or run.gone is not None
    if not ended:
        plugin.note_omissions(code)
    report.end(list(run.violations), _notes(run), ended=ended)
    if plugin.interrupted:
        raise KeyboardInterrupt


class Plugin:
    """What pytest tells while the tests run."""

    def __init__(self, run: Run, report: Report) -> None:
        """Fail the tests of this run by its violations, and tell the report of each test."""
        self.interrupted = False
        self._run = run
        self._report = report
        self._done: set[str] = set()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let the run stop the tests."""
        self._run.stop = lambda reason: setattr(session, "shouldstop", reason)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        """Fail a test at its end when answers to it violated the contract."""
        noted = self._run.violations.times
        result = yield
        if self._run.violations.times > noted:
            pytest.fail("the contract does not hold", pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Tell the report what a test did; note what made it fail besides violations."""
        report = yield
        label = getattr(item, "operation_label", None)
        name = _names()[label] if label else item.name.removeprefix("test_")
        fault = call.excinfo.value if call.excinfo and report.failed else None
        if fault and not isinstance(fault, pytest.fail.Exception):
            self._note_fault(name, fault)
        if call.when == "call" and not report.skipped:
            self._done.add(name)
            statuses, self._run.statuses = self._run.statuses, Counter()
            self._report.done(name, statuses, call.duration, violated=report.failed)
        return report

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the user has ended the run; a target that has gone ends it, too."""
        self.interrupted = self._run.gone is None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what stopped tests from being collected."""
        if report.failed:
            self._run.violations.add(Violation("check", "It broke", report.longreprtext))

    def note_omissions(self, code: int) -> None:
        """No green without work: note that the tests broke, and which operations they left out."""
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._run.violations.add(Violation("check", "It broke", f"pytest ended with {code}"))
        for operation in self._run.chosen:
            if operation.name not in self._done:
                self._run.violations.add(Violation(operation.name, "It was not checked", ""))

    def _note_fault(self, name: str, error: BaseException) -> None:
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                self._note_fault(name, inner)
            return
        notes = getattr(error, "__notes__", [])
        text = self._run.caller.secrets.hide(hide_fields("\n".join([str(error), *notes]).strip()))
        kind = type(error).__name__
        self._run.violations.add(Violation(name, f"The check broke by {kind}", text))


def _notes(run: Run) -> Iterator[str]:
    links = [str(link) for link in links_between(run.chosen)]
    if links:
        yield f"Links followed: {len(run.followed)} of {len(links)}"
        missed = [f"  not {link}" for link in links if link not in run.followed]
        yield from missed[:SHOWN]
        if len(missed) > SHOWN:
            yield f"  and {len(missed) - SHOWN} more not"
    never = [each.name for each in run.chosen if each.name not in run.succeeded]
    if never:
        yield f"Never seen to succeed: {', '.join(never)}"


def _names() -> dict[str, str]:
    return {operation.label: operation.name for operation in operations().values()}


@contextmanager
def _environment() -> Iterator[None]:
    """The process's environment without what is meant for other tests, and put back afterwards."""
    kept = dict(os.environ)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    try:
        with TemporaryDirectory(prefix="hypers-check-") as scratch:
            # Hypothesis keeps a cache; not in the folder that the check is run from.
            os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = scratch
            yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
