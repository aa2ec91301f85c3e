"""With `--workers N`, several processes reach the same verdict."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import process_tree
from contract_tests.contract.operations import operations
from contract_tests.options import build_parser
from contract_tests.runner.workers import worker_count
from mock_server.app import create_app
from tests.contract_tests.checks.test_custom_checks import GROUP, wrong_status
from tests.contract_tests.faulty_server import run_faulty_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, run_check
from tests.serving import FROZEN, RunningMock, serve_app

GROUP_RULES = "GR-01,GR-02,GR-03,GR-04,GR-05,GR-06"
CREATIONS = "/api/v1/marketing-notice/group"
LONG = ("--only", "notice-groups", "--max-examples", "5000", "--workers", "2")


class RecordingApp:
    """A mock that records which connections create groups."""

    def __init__(self, app: Any) -> None:
        """Record the requests to `app`."""
        self._app = app
        self.senders: list[int] = []
        """Port of the client of each creation, in order."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", CREATIONS):
            self.senders.append(scope["client"][1])
        await self._app(scope, receive, send)


@pytest.mark.whole
def test_rules_have_the_target_to_themselves() -> None:
    """No worker sends requests of its rules before another has sent all of its own."""
    app = RecordingApp(create_app(FROZEN))
    with serve_app(app) as address:
        outcome = run_check("--target", address, "--only", GROUP_RULES, "--workers", "2")
    assert outcome.code == 0, outcome.out + outcome.err
    changes = sum(one != other for one, other in zip(app.senders, app.senders[1:], strict=False))
    assert len(set(app.senders)) == 2
    assert changes == 1


@pytest.mark.whole
def test_the_first_violation_ends_all() -> None:
    """With `--fail-fast` the other workers are stopped, and their results are merged too."""
    only = ("--only", "getGroup,deleteGroup,createGroup,updateGroup", *QUICK)
    with run_faulty_mock("*", f"{GROUP}|{CREATIONS}", wrong_status) as address:
        outcome = run_check("--target", address, *only, "--workers", "2", "--fail-fast")
    assert outcome.code == 1
    assert "stopped at the first violation" in outcome.out
    assert len(outcome.shown) <= 2


def test_a_worker_that_cannot_begin_ends_all(shared_mock: RunningMock) -> None:
    """One reason is given, and there is no verdict without all results."""
    given = ("--target", shared_mock.address, "--password", "wrong", *QUICK)
    outcome = run_check(*given, "--only", "getGroup,deleteGroup", "--workers", "2")
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "credentials" in outcome.err


@contextmanager
def long_check(address: str) -> Iterator[subprocess.Popen[str]]:
    """Check a server with two workers; they are under way once the first line is printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "contract_tests", "--target", address, *LONG],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        yield process


def kill_a_worker(check: subprocess.Popen[str]) -> None:
    """End one of the processes that send requests."""
    # Forked workers have the command line of the check itself.
    own = Path(f"/proc/{check.pid}/cmdline").read_bytes()
    workers = [
        each
        for each in process_tree(check.pid)[1:]
        if Path(f"/proc/{each}/cmdline").read_bytes() == own
    ]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)


def press_ctrl_c(check: subprocess.Popen[str]) -> None:
    """Interrupt all processes, as a terminal does, once there is something to report."""
    time.sleep(3)
    os.killpg(check.pid, signal.SIGINT)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (kill_a_worker, 2, "a worker ended without a result"),
        (press_ctrl_c, 130, "interrupted"),
    ],
)
def test_the_end_of_a_worker_is_the_end_of_all(
    shared_mock: RunningMock,
    end: Callable[[subprocess.Popen[str]], None],
    code: int,
    said: str,
) -> None:
    """No process of the check is left, and it says why it ended; Ctrl-C collects what there is."""
    with long_check(shared_mock.address) as check:
        processes = process_tree(check.pid)
        end(check)
        out, err = check.communicate(timeout=60)
    assert check.returncode == code, (out, err)
    assert err.splitlines()[-1].endswith(said), err
    assert ("NOT CHECKED TO THE END" in out) is (code == 130)
    assert not [each for each in processes if Path(f"/proc/{each}/exe").exists()]


@pytest.mark.whole
def test_two_workers_share_a_server() -> None:
    """Operations are tested at the same time, the rest in turn, with one verdict."""
    only = ("--only", f"getGroup,deleteGroup,{SAMPLE_RULE}", *QUICK)
    with run_faulty_mock("GET", GROUP, wrong_status) as address:
        shared = run_check("--target", address, *only, "--workers", "2")
    assert shared.code == 1, shared.err
    assert ("getGroup", "Undocumented status code") in shared.shown
    assert {name for name, _ in shared.violations} <= {"getGroup", SAMPLE_RULE}
    assert {"getGroup", "deleteGroup", "links", "chains"} <= shared.progress.keys()
    assert (
        f"Checking {address} with 2 workers: profile full: 2 of {len(operations())} operations"
        in shared.out
    )


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ((), 2),
        (("--workers", "1"), 1),
        (("--workers", "3"), 3),
        (("--target", "http://127.0.0.1:1"), 1),
        (("--target", "http://127.0.0.1:1", "--workers", "2"), 2),
        (("--only", "createGroup"), 1),
    ],
    ids=str,
)
def test_so_many_workers_as_pay(given: tuple[str, ...], number: int) -> None:
    """Each core has a worker with its own mock; a target or a small run has one worker."""
    assert worker_count(build_parser().parse_args(given), cores=2) == number


def test_a_machine_of_many_cores_gets_four_workers() -> None:
    """More workers are started only on request."""
    assert worker_count(build_parser().parse_args([]), cores=64) == 4
