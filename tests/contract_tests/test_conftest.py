"""Other ways to run the check: plain pytest, and schemathesis with our configuration."""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import openapi
from contract_tests import conftest
from contract_tests.options import add_options, build_parser, environment_variable_of
from contract_tests.runner.merge_command import build_merge_parser
from openapi.__main__ import main as print_contract
from tests.contract_tests.checks.test_custom_checks import GROUP, wrong_status
from tests.contract_tests.faulty_server import run_faulty_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, CheckResult
from tests.docs.markdown import MarkdownFile
from tests.serving import RunningMock, fetch_token

ROOT = Path(openapi.__file__).parents[1]


@pytest.fixture(scope="module")
def faulty_address() -> Iterator[str]:
    """Yield the URL of a mock that reads groups with an undocumented status."""
    with run_faulty_mock("GET", GROUP, wrong_status) as address:
        yield address


def check_by_pytest(*arguments: str) -> CheckResult:
    """Run `pytest contract_tests` in this process, without other plugins and options."""
    own = ("--disable-plugin-autoload", "-p", "schemathesis", "-s", "--assert=plain")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = pytest.main([str(ROOT / "contract_tests"), *own, *arguments])
    return CheckResult(int(code), out.getvalue(), err.getvalue())


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--only", "createToken"), "createToken (needs client credentials"),
        (("--only", "AU-02"), "AU-02 (not checkable: needs the credentials, not a token)"),
    ],
)
def test_plain_pytest_does_not_pass_when_nothing_was_checked(
    shared_mock: RunningMock, arguments: Sequence[str], reason: str
) -> None:
    """Without a test that could be run, pytest gives the reason and does not pass."""
    given = ("--target", shared_mock.address, "--token", fetch_token(shared_mock.anonymous))
    found = check_by_pytest(*given, *arguments, *QUICK)
    assert found.code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED), found.out
    assert "NOTHING WAS CHECKED" in found.out
    assert reason in found.out


@pytest.mark.whole
def test_plain_pytest_shows_each_test_and_fails_as_pytest_does(
    faulty_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is a line for each operation, chapter, links and chains; the violation has its request.

    A violation fails its own test only, and the reports are written too.
    """
    monkeypatch.setenv("HYPERS_CHECK_CLIENT_SECRET", "demo-secret")
    given = ("--target", faulty_address, "--only", f"getGroup,{SAMPLE_RULE}", *QUICK)
    found = check_by_pytest(*given, "--password", "demo-password", "--report", str(tmp_path), "-v")
    assert found.code == pytest.ExitCode.TESTS_FAILED, found.out + found.err
    lines = found.out.splitlines()
    (operation,) = (line for line in lines if "[getGroup] FAILED" in line)
    assert "test_operations.py::" in operation
    assert any("test_rules.py::test_rules[GR] " in line for line in lines)
    assert "getGroup: Undocumented status code" in found.out
    assert f'curl -H "Authorization: Bearer $TOKEN" {faulty_address}' in found.out
    assert "THE CONTRACT DOES NOT HOLD" in found.out
    assert (tmp_path / "report.html").exists()
    assert "demo-secret" not in found.out
    assert "demo-password" not in found.out


def test_a_part_of_the_tests_is_not_judged_as_a_whole(faulty_address: str) -> None:
    """Deselected tests cause no violation."""
    found = check_by_pytest(
        "--target", faulty_address, "--only", f"getGroup,{SAMPLE_RULE},GR-04", *QUICK, "-k", "rules"
    )
    assert found.code == pytest.ExitCode.TESTS_FAILED, found.out
    assert "not all tests were run" in found.out
    assert "never succeeded" not in found.out


@pytest.mark.whole
def test_plain_pytest_takes_what_the_baseline_knows(faulty_address: str, tmp_path: Path) -> None:
    """A known violation fails no test until its entry has expired."""
    what = "operation: getGroup, title: Undocumented status code, owner: a, reason: b"
    codes = []
    for expires in ("2999-12-31", "2020-01-01"):
        file = tmp_path / f"{expires}.yaml"
        file.write_text(f"- {{{what}, expires: {expires}}}\n")
        given = (
            "--target",
            faulty_address,
            "--only",
            f"getGroup,{SAMPLE_RULE}",
            *QUICK,
            "-k",
            "getGroup",
        )
        codes.append(check_by_pytest(*given, "--baseline", str(file)).code)
    assert codes == [pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED]


def test_plain_pytest_says_in_a_line_why_it_cannot_begin() -> None:
    """It is a usage error with pytest's exit code, without a traceback."""
    found = check_by_pytest("--target", "http://127.0.0.1:1")
    assert found.code == pytest.ExitCode.USAGE_ERROR
    assert "hypers-check: http://127.0.0.1:1 cannot be reached" in found.err
    assert "Traceback" not in found.out + found.err


def test_plain_pytest_does_not_share_a_run_among_processes() -> None:
    """With `-n`, a moving clock would disturb the other processes."""
    config = SimpleNamespace(option=SimpleNamespace(numprocesses=2))
    with pytest.raises(pytest.UsageError, match="use hypers-check --workers"):
        conftest.pytest_sessionstart(SimpleNamespace(config=config))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/checking.md"])
def test_every_option_of_the_check_that_a_block_shows_exists(name: str) -> None:
    """Options are checked in shell blocks, CI steps, and settings of pytest and schemathesis."""
    theirs = {
        "schemathesis": {"--config-file", "--max-examples"},
        "contract_tests": set(_option_names(build_parser())),
        "make contract": set(_option_names(build_parser())),
        "hypers-check": set(_option_names(build_parser()))
        | set(_option_names(build_merge_parser())),
    }
    lines = (
        line
        for block in MarkdownFile(name).blocks()
        for line in block.text.replace("\\\n", " ").splitlines()
    )
    shown = [line for line in lines if any(command in line for command in theirs)]
    for line in shown:
        known = next(options for command, options in theirs.items() if command in line)
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line
        assert set(re.findall(r"HYPERS_CHECK_\w+", line)) <= _option_variables(), line
    assert shown


def _option_names(parser: argparse.ArgumentParser) -> list[str]:
    return [name for action in parser._actions for name in action.option_strings]


def _option_variables() -> set[str]:
    return {
        environment_variable_of(name)
        for name in _option_names(build_parser())
        if name.startswith("--")
    }


def test_plain_pytest_takes_the_options_of_a_run() -> None:
    """It accepts all options of `hypers-check` except those that split a run or replace it."""
    taken: list[str] = []
    group: Any = SimpleNamespace(addoption=lambda *names, **_: taken.extend(names))
    add_options(conftest._PytestOptions(group))
    assert {*_option_names(build_parser())} - set(taken) == {
        *("-h", "--help", "--version", "--workers", "--shard"),
        *("--har", "--har-base"),  # send nothing, so there are no tests to run
        "--timeout",  # is pytest-timeout's; here it is --request-timeout
    }


@pytest.mark.whole
def test_schemathesis_checks_as_we_do(
    faulty_address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It logs in and uses our checks: only the faulty operation fails."""
    assert print_contract(["--format", "json"]) in (0, None)
    contract = tmp_path / "openapi.json"
    contract.write_text(capsys.readouterr().out)
    operations = ("getGroup", "createToken", "createGroup")
    found = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", "contract_tests/schemathesis.toml", "run", str(contract)),
            *("--max-examples", "1", "--phases", "examples,fuzzing"),
            *(word for name in operations for word in ("--include-operation-id", name)),
        ],
        cwd=ROOT,
        env=os.environ | {"HYPERS_CHECK_TARGET": faulty_address},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 1, found.stdout + found.stderr
    failed = [line for line in found.stdout.splitlines() if line.startswith("____")]
    assert len(failed) == 1
    assert "GET /api/v1/marketing-notice/group/{id}" in failed[0]
    assert "Undocumented status code" in found.stdout
    assert "Tested: 3" in found.stdout
    assert "demo-secret" not in found.stdout
