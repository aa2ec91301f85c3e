"""The same seed against the same server sends the same requests, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.contract_tests.recorder import RecordedRequest, run_recorded_mock
from tests.contract_tests.run_check import CheckResult, run_check

CHECK_OPTIONS = ("--only", "createToken,uploadFile,listGroups,getGroup", "--max-examples", "2")
"""Tokens, forms, queries, bodies, paths and links, a few of each."""

SMALL_CHECK_OPTIONS = ("--only", "createToken,uploadFile", "--max-examples", "1")


def run_recorded_check(*arguments: str) -> tuple[list[RecordedRequest], CheckResult]:
    """Return the requests of a check of a new mock, and its result."""
    with run_recorded_mock() as (address, recorder):
        outcome = run_check("--target", address, *CHECK_OPTIONS, *arguments)
    assert outcome.code == 0, outcome.out
    return recorder.requests, outcome


@pytest.fixture(scope="module")
def first_check() -> tuple[list[RecordedRequest], CheckResult]:
    """Run the check that others are compared with."""
    return run_recorded_check()


@pytest.mark.whole
def test_the_same_seed_sends_the_same_requests(
    first_check: tuple[list[RecordedRequest], CheckResult],
) -> None:
    """Method, path, query, headers and body, to the last byte."""
    requests, _ = first_check
    types = [dict(headers).get(b"content-type", b"") for _, _, headers, _ in requests]
    assert len(requests) > 200
    assert any(kind.startswith(b"multipart/form-data; boundary=") for kind in types)
    assert run_recorded_check()[0] == requests


def requests_of_process(**environment: str) -> list[RecordedRequest]:
    """Return the requests of the command in a process of its own."""
    with run_recorded_mock() as (address, recorder):
        subprocess.run(
            [sys.executable, "-m", "contract_tests", "--target", address, *SMALL_CHECK_OPTIONS],
            env=os.environ | environment,
            capture_output=True,
            timeout=150,
            check=True,
        )
    return recorder.requests


@pytest.mark.whole
def test_so_does_another_process() -> None:
    """Hash randomization and the environment of continuous integration do not matter.

    Two new processes are compared, since this one is not fresh: schemathesis tries unsupported
    methods once per process, and earlier tests have registered strategies.
    """
    requests = requests_of_process(PYTHONHASHSEED="1", CI="true")
    assert len(requests) > 100
    assert requests == requests_of_process(PYTHONHASHSEED="2", CI="")


@pytest.mark.whole
def test_another_seed_sends_other_requests(
    first_check: tuple[list[RecordedRequest], CheckResult],
) -> None:
    """The seed decides."""
    assert run_recorded_check("--seed", "2")[0] != first_check[0]


def test_every_request_is_counted(first_check: tuple[list[RecordedRequest], CheckResult]) -> None:
    """There is one login, and as many responses as reported."""
    requests, outcome = first_check
    assert len(requests) == 1 + sum(number for _, number in outcome.progress.values())
