"""A worker process has limits of memory and time, also on a system without those of POSIX."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from mock_server.runtime.process_limits import is_failure

LIKE_WINDOWS = """
import os, signal, sys
sys.modules["resource"] = None
del signal.alarm, os.nice
"""
"""Code that takes away what Windows lacks."""
NATIVE_CODE = "import re; re.match('(a+)+b', 'a' * 40)"
"""Code that holds the interpreter lock for hours."""


def run_code(code: str) -> subprocess.CompletedProcess[bytes]:
    """Run code in a process of its own."""
    imported = "from mock_server.runtime.process_limits import *\n"
    return subprocess.run(
        [sys.executable, "-c", imported + code], capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize("before", ["", LIKE_WINDOWS], ids=["POSIX", "Windows"])
def test_native_code_ends_when_the_time_is_over(before: str) -> None:
    """Nothing is printed, and the exit code differs from that of a bug."""
    done = run_code(f"{before}\nTimeLimit(1).start()\n{NATIVE_CODE}")
    assert done.returncode == (1 if before else -signal.SIGALRM)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert not is_failure(done.returncode, done.stderr)


@pytest.mark.whole
@pytest.mark.parametrize("before", ["", LIKE_WINDOWS], ids=["POSIX", "Windows"])
def test_a_stopped_limit_ends_nothing_and_keeps_the_rest(before: str) -> None:
    """The seconds count for all files of a task together."""
    code = "import time; limit = TimeLimit(2); limit.start(); time.sleep(1.1); limit.stop()"
    after = "time.sleep(1.5); limit.start(); time.sleep(5); print('not ended')"
    done = run_code(f"{before}\n{code}; {after}")
    assert (done.returncode != 0, done.stdout) == (True, b"")


def test_a_system_without_limits_of_memory_and_priority_runs_all_the_same() -> None:
    """Windows has neither `resource` nor `nice`."""
    done = run_code(f"{LIKE_WINDOWS}\nlimit_memory(1); lower_priority(5); print('runs')")
    assert (done.stdout, done.stderr) == (b"runs\n", b"") or sys.platform == "win32"


def test_a_limit_that_the_system_refuses_is_left_out() -> None:
    """MacOS refuses a limit below what the process has reserved."""
    refusing = """
import resource
def setrlimit(limit, values): raise ValueError("current limit exceeds maximum limit")
resource.setrlimit = setrlimit
limit_memory(2**20); print('runs')
"""
    done = run_code(refusing)
    assert (done.stdout, done.stderr) == (b"runs\n", b"")


def test_an_exception_is_a_bug_and_a_limit_is_none() -> None:
    """Python prints a traceback before it exits with 1."""
    done = run_code("raise RuntimeError")
    assert is_failure(done.returncode, done.stderr)
    assert not is_failure(3, b"")
    assert not is_failure(-9, b"killed")
