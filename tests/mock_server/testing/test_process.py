"""A mock in a process of its own starts on a free port and ends with the test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mock_server.testing import (
    Mock,
    MockConnectionError,
    MockStartError,
    connect,
    running_mock,
)
from tests.serving import RunningMock

WAITS_FOR_ITS_END = """
import sys, time
from mock_server.testing import running_mock

with running_mock() as mock:
    print(mock.url, flush=True)
    time.sleep(120)
"""


def wait_until_gone(mock: Mock) -> None:
    """Wait until nothing answers at the address of a mock."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            mock.version()
        except MockConnectionError:
            return
        time.sleep(0.05)
    pytest.fail(f"{mock.url} still answers")


def test_a_mock_starts_with_its_options_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Environment variables of the mock, and modules in the working directory, are ignored."""
    monkeypatch.setenv("HYPERS_MOCK_SCENARIO", "large")
    (tmp_path / "openapi.py").write_text("raise SystemExit('not this one')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with running_mock(scenario="empty", seed=7) as mock:
        health = mock.health()
        assert (health.scenario, health.seed) == ("empty", 7)
        assert health.clock is not None
        assert health.clock.frozen
        assert mock.url.startswith("http://127.0.0.1:")
    with pytest.raises(MockConnectionError):
        mock.version()


@pytest.mark.whole
def test_a_mock_that_cannot_start_says_why() -> None:
    """The error has the output of `hypers-mock`."""
    with (
        pytest.raises(MockStartError, match=r"exit code 2:\nhypers-mock: .*there is no file nope"),
        running_mock(readings="nope"),
    ):
        pass


def test_a_mock_that_is_running_is_used_and_stays(shared_mock: RunningMock) -> None:
    """By its URL; it has its own options already."""
    with running_mock(shared_mock.address) as mock:
        assert mock.session("a").clock.advance(hours=1)
    assert connect(shared_mock.address).version()
    with pytest.raises(TypeError, match="already running has its own options: seed"):
        running_mock(shared_mock.address, seed=7).__enter__()


@pytest.mark.whole
def test_a_mock_ends_with_the_process_of_the_test_even_if_it_is_killed() -> None:
    """The pipe to the mock is closed by the system."""
    with subprocess.Popen(
        [sys.executable, "-c", WAITS_FOR_ITS_END], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        mock = connect(process.stdout.readline().strip())
        os.kill(process.pid, signal.SIGKILL)
    wait_until_gone(mock)
