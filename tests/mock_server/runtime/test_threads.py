"""A thread that works does not keep the event loop of the mock waiting."""

from __future__ import annotations

import subprocess
import sys

COMMAND = """
import io, os, signal, sys
from mock_server.__main__ import main

class Output(io.TextIOWrapper):
    def write(self, text):
        sys.stdout = sys.__stdout__
        print(sys.getswitchinterval(), flush=True)
        os.kill(os.getpid(), signal.SIGINT)
        return len(text)

sys.stdout = Output(sys.stdout.buffer)
main(["--port", "0", "--frozen"])
"""


def test_a_thread_yields_the_interpreter_ten_times_sooner_than_by_default() -> None:
    """With Python's 5 ms, requests queue up for as long as a thread works."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND], capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout.split()[0]) <= sys.getswitchinterval() / 10
