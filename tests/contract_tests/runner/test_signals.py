"""Ctrl-C and SIGTERM end a check, which reports its results so far."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.reporting import TerminalReport
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock


@pytest.mark.whole
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_says_so_and_takes_its_mock_along(sent: signal.Signals) -> None:
    """The exit code is 130, and the check's own mock is stopped."""
    long = [
        sys.executable,
        "-m",
        "contract_tests",
        "--only",
        "notice-groups",
        "--max-examples",
        "5000",
    ]
    with subprocess.Popen(
        long, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(2)
        process.send_signal(sent)
        rest, err = process.communicate(timeout=60)
    assert process.returncode == 130, (rest, err)
    assert "NOT CHECKED TO THE END" in rest
    assert err == "hypers-check: interrupted\n"
    address = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert address
    port = int(address[0].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


class CallOnDelete:
    """Object that acts in its finalizer, where Python drops exceptions."""

    def __init__(self, act: Callable[[], object]) -> None:
        """Prepare to call `act` when the object is deleted."""
        self._act = act

    def __del__(self) -> None:
        """Call `act`."""
        self._act()


def test_an_interruption_that_python_swallows_ends_the_check_too(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception dropped during garbage collection has its effect: nothing more is sent.

    The dropped KeyboardInterrupt is not printed; any other exception is.
    """
    printed: list[object] = []
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: printed.append(lost.exc_type))

    def interrupt(_: TerminalReport, name: str, *__: Any, **___: Any) -> None:
        if not told:
            CallOnDelete(lambda: signal.raise_signal(signal.SIGINT))
            CallOnDelete({}.popitem)
        told.append(name)  # not reached, were it not swallowed

    monkeypatch.setattr(TerminalReport, "write_test", interrupt)
    only = "getGroup,deleteGroup,listGroups"
    outcome = run_check("--target", shared_mock.address, "--only", only, *QUICK)
    assert printed == [KeyError]
    assert told == ["listGroups"]
    assert outcome.code == 130
    assert "NOT CHECKED TO THE END" in outcome.out
    assert outcome.err.endswith("hypers-check: interrupted\n")
