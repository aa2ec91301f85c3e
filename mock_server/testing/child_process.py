"""The process of a mock that a test has started: it ends when its input does.

The input is a pipe from the process that runs the test. It ends when the test is over, and also
when that process is killed, on every system, so that no mock is left behind.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

PATIENCE_SECONDS = 8
"""How long the mock may take to stop; it gives its requests two seconds."""


def main() -> None:
    """Run the mock with the arguments of this process."""
    threading.Thread(target=stop_at_end_of_input, daemon=True).start()
    # By its name: the test client imports no module of the server.
    runpy.run_module("mock_server", run_name="__main__", alter_sys=True)


def stop_at_end_of_input() -> None:
    """Wait for the end of the input, then stop the mock as Ctrl-C does."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    signal.raise_signal(signal.SIGINT)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
