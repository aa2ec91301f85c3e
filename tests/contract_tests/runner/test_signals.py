"""Whoever ends a check, by Ctrl-C or SIGTERM, ends it; and is told what was seen so far."""

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


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_says_so_and_takes_its_mock_along(sent: signal.Signals) -> None:
    """Exit code 130, what was seen so far, and nobody listens at the mock's address any more."""
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
    """Does something where Python lets no exception out."""

    def __init__(self, act: Callable[[], object]) -> None:
        """Prepare to `act` at the end, which is at once where nobody keeps this."""
        self._act = act

    def __del__(self) -> None:
        """Act."""
        self._act()


def test_an_interruption_that_python_swallows_ends_the_check_too(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one does that falls into a collection of garbage: nothing is sent from then on.

    And nothing is printed of what was swallowed, as it has had its effect; of anything else it is.
    """
    printed: list[object] = []
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: printed.append(lost.exc_type))

    def interrupt(_: TerminalReport, name: str, *__: Any, **___: Any) -> None:
        if not told:
            CallOnDelete(lambda: signal.raise_signal(signal.SIGINT))
            CallOnDelete({}.popitem)
        told.append(name)  # not reached, were it not swallowed

    monkeypatch.setattr(TerminalReport, "done", interrupt)
    only = "getGroup,deleteGroup,listGroups"
    outcome = run_check("--target", shared_mock.address, "--only", only, *QUICK)
    assert printed == [KeyError]
    assert told == ["listGroups"]
    assert outcome.code == 130
    assert "NOT CHECKED TO THE END" in outcome.out
    assert outcome.err.endswith("hypers-check: interrupted\n")
