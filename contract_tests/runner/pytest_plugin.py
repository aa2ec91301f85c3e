"""Execution of the tests of a run by pytest, without its terminal and the caller's settings."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from unittest import SkipTest

import pytest

from contract_tests.checks.completeness import excuse_limited_operations, judge_completeness
from contract_tests.checks.failure_conversion import login_violations
from contract_tests.contract.hypothesis_compat import without_local_constants
from contract_tests.contract.links import links_between
from contract_tests.contract.operations import operation_ids_by_label
from contract_tests.contract.schemathesis_compat import tested_operation_label
from contract_tests.reporting import TerminalReport, format_violation
from contract_tests.results.record import RunRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, new_violation
from contract_tests.rules.client import ApiClient
from contract_tests.rules.probe_runner import TIME_CHAPTER
from contract_tests.runner.check_run import CURRENT_RUN, CheckRun
from contract_tests.runner.pytest_environment import isolated_environment
from contract_tests.runner.schemathesis_config import select_walks
from contract_tests.runner.signals import reliable_interrupt
from contract_tests.target.redaction import redact_fields

PACKAGE_FOLDER = Path(__file__).parents[1]
TEST_MODULE_PROFILES = MappingProxyType(
    {
        "test_operations": ("full", "safe"),
        "test_examples": ("smoke",),
        "test_workflows": ("full", "safe", "smoke"),
        "test_rules": ("full", "safe"),
    }
)
"""Test modules in their order, each with the profiles in which it runs."""
SUITE_PACKAGE = "contract_tests.suite"
"""Package of the test modules."""
CONCURRENT_TEST_MODULES = ("test_operations", "test_examples")
"""Test modules that do not depend on other requests to the target at the same time."""
PYTEST_OPTIONS = (
    *(
        "-c",
        str(PACKAGE_FOLDER / "pytest.ini"),
        "--rootdir",
        str(PACKAGE_FOLDER),
        # conftest.py is for plain pytest; assertions are not rewritten, since no test here has any.
        "--noconftest",
        "--assert=plain",
    ),
    # Another plugin of the environment could reorder, repeat or distribute the tests.
    *("--disable-plugin-autoload", "-p", "schemathesis"),
    # The plugin unraisableexception would collect all garbage five times at the end.
    *("-p", "no:unraisableexception", "-p", "no:terminal", "-s"),
)
"""Options beside those in pytest.ini, which also applies to direct calls of pytest."""


def run_tests(run: CheckRun, report: TerminalReport) -> RunRecord:
    """Run the tests, report each, and return the record; raises nothing.

    Its `ended` gives the reason if the tests did not finish: the target is gone, or the user
    stopped.
    """
    files = [str(PACKAGE_FOLDER / "suite" / f"{name}.py") for name in test_modules_of(run)]
    plugin = RunPlugin(run, report)
    report.write_start(run.target.url, run.scope, run.plan.seed, run.plan.max_examples)
    begun = time.monotonic()
    code = int(pytest.ExitCode.OK)
    try:
        # Without a file, pytest would collect tests in the current directory.
        if files:
            with isolated_environment(), active_run(run):
                code = pytest.main([*PYTEST_OPTIONS, *files], plugins=[plugin])
    finally:
        remove_created_records(run, report)
    ended = run.ended or ("interrupted" if plugin.interrupted else "")
    if not ended:
        plugin.note_unchecked(code)
    return judge_completeness(build_record(run, plugin.done, ended, time.monotonic() - begun))


@contextmanager
def active_run(run: CheckRun) -> Iterator[None]:
    """Make this run available to the test modules, which every run imports anew."""
    # Responses to the login belong to no test.
    run.caller.request_log.take_new_statuses()
    before = CURRENT_RUN.set(run)
    try:
        with reliable_interrupt(run), without_local_constants():
            yield
    finally:
        CURRENT_RUN.reset(before)
        for name in TEST_MODULE_PROFILES:
            # The modules are parametrized at import by the run that is active then.
            sys.modules.pop(f"{SUITE_PACKAGE}.{name}", None)


def test_modules_of(run: CheckRun) -> Iterator[str]:
    """Yield the modules that have something to test in this run."""
    for name, profiles in TEST_MODULE_PROFILES.items():
        wanted: dict[str, Sequence[object]] = {
            "test_workflows": select_walks(run.plan, run.generated),
            "test_rules": run.probe_runner.rules,
        }
        if run.plan.profile in profiles and wanted.get(name, run.shard_operations):
            yield name


def remove_created_records(run: CheckRun, report: TerminalReport) -> None:
    """Remove the created records, whatever ended the tests."""
    if run.plan.profile != "full":
        return
    # Every request would run into the timeout.
    if run.gone:
        run.cleanup.list_as_not_removed(str(run.gone))
        return
    begun = time.monotonic()
    token = run.target.token or None
    with ApiClient(run.target, run.caller.session, "end", token=token) as api:
        run.cleanup.note_unanswered([*run.caller.request_log.doubtful], api)
        run.cleanup.remove_all(api)
    statuses = run.caller.request_log.take_new_statuses()
    if statuses:
        report.write_test("clean-up", statuses, time.monotonic() - begun, violated=False)


def build_record(run: CheckRun, done: Collection[str], ended: str, seconds: float) -> RunRecord:
    """Return the results; `done` are the finished tests, `ended` is the reason for missing ones."""
    for violation in login_violations(run.caller):
        run.violations.add(violation)
    violations = list(run.violations)
    return RunRecord(
        target=run.target.url,
        profile=run.plan.profile,
        strictness=run.plan.strictness.name,
        seed=run.plan.seed,
        max_examples=run.plan.max_examples,
        only=sorted(run.plan.only),
        shard=run.plan.shard,
        seconds=seconds,
        operations=excuse_limited_operations(
            run.tally.operation_records(violations, done), run.limits, run.plan.strictness
        ),
        rules=list(run.probe_runner.rule_records()),
        violations=violations,
        links={str(link): run.followed[str(link)] for link in links_between(run.chosen)},
        left=run.cleanup.leftovers,
        sent=run.caller.request_log.methods,
        limits=dict(sorted(run.limits.items())),
        left_out=run.left_out,
        readings=run.readings.records(run.probe_runner.verdicts, run.plan.profile),
        ended=ended,
    )


class RunPlugin:
    """pytest plugin that reports tests while they run."""

    def __init__(
        self,
        run: CheckRun,
        report: TerminalReport,
        is_known: Callable[[Violation], bool] = lambda _: False,
    ) -> None:
        """Fail the tests of this run for its violations, except known ones, and report each."""
        self._is_known = is_known
        self.interrupted = False
        self._run = run
        self._report = report
        self.done: set[str] = set()
        """Titles of the finished tests: operationIds, `links`, `rules-AU` and so on."""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Give the run a way to stop the tests."""
        self._run.stop = lambda reason: setattr(session, "shouldstop", reason)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """With `--fail-fast`, begin with the tests that find most in the least time."""
        # With several workers, those tests wait for a turn and must come last.
        if self._run.plan.fail_fast and not self._run.turn:
            items.sort(key=_test_cost)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Wait for other workers before tests that may use each other's records."""
        if item.path.stem not in CONCURRENT_TEST_MODULES:
            self._run.wait_for_turn()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self) -> Generator[None, object, object]:
        """Fail a test at its end if responses in it violated the contract."""
        before = set(self._run.violations)
        result: object = True
        try:
            result = yield
        # `CheckRun.send` raises SkipTest once the run is over; violations until then still count.
        except (SkipTest, pytest.skip.Exception):
            if not self._run.ended:
                raise
        new = [each for each in self._run.violations if each not in before]
        if shown := [format_violation(each) for each in new if not self._is_known(each)]:
            pytest.fail("\n\n".join(["the contract does not hold", *shown]), pytrace=False)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report the responses in a test, and note errors other than violations."""
        report = yield
        label = tested_operation_label(item)
        name = operation_ids_by_label()[label] if label else _test_title(item)
        fault = call.excinfo.value if call.excinfo and report.failed else None
        if fault and not isinstance(fault, pytest.fail.Exception):
            self._note_error(name, fault)
        if call.when == "call" and not report.skipped:
            # A test that the end of the run has cut short is not done.
            if not self._run.ended:
                self.done.add(name)
            self._run.tally.add_seconds(name, call.duration)
            statuses = self._run.caller.request_log.take_new_statuses()
            self._report.write_test(name, statuses, call.duration, violated=report.failed)
        return report

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note that the user stopped the run; pytest interrupts it itself if the target is lost."""
        self.interrupted = not isinstance(excinfo.value, pytest.Session.Interrupted)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note an error that kept tests from being collected."""
        if report.failed:
            self._note_violation("check", ViolationKind.RUN_BROKE, detail=report.longreprtext)

    def note_unchecked(self, code: int) -> None:
        """Note a failure to run the tests, and the operations and rules that were left out.

        A run must not pass without having checked anything.
        """
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self._note_violation("check", ViolationKind.RUN_BROKE, actual=str(int(code)))
        for operation in self._run.shard_operations:
            if operation.name not in self.done:
                self._note_violation(operation.name, ViolationKind.NOT_CHECKED)
        for rule in self._run.probe_runner.rule_records():
            if rule.outcome == "not checked":
                self._note_violation(rule.rule, ViolationKind.NOT_CHECKED)

    def _note_error(self, name: str, error: BaseException) -> None:
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                self._note_error(name, inner)
            return
        notes = getattr(error, "__notes__", [])
        # An error of a library may quote the request with its headers.
        text = self._run.caller.secrets.redact(
            redact_fields("\n".join([str(error), *notes]).strip())
        )
        self._note_violation(
            name, ViolationKind.CHECK_BROKE, place=type(error).__name__, detail=text
        )

    def _note_violation(self, name: str, kind: ViolationKind, **fields: str) -> None:
        self._run.violations.add(new_violation(name, kind, **fields))


def _test_cost(item: pytest.Item) -> int:
    """Return the rank by duration: links a second, rules half a minute, the rest a minute."""
    given = _test_parameters(item)
    if "chapter" in given:
        return 2 if given["chapter"] == TIME_CHAPTER else 1
    return 0 if given.get("walk") == "links" else 3


def _test_title(item: pytest.Item) -> str:
    """Return the title of a test: links, rules-AU, or an operationId."""
    given = _test_parameters(item)
    if "chapter" in given:
        return f"rules-{given['chapter']}"
    return next(iter(given.values()), item.name)


def _test_parameters(item: pytest.Item) -> dict[str, str]:
    """Return the parameters of a test: a chapter, a walk or an operation."""
    return dict(getattr(getattr(item, "callspec", None), "params", {}))
