"""Another client of a mock, in a process of its own, and how long it waits while files are read."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.serving import fetch_token

PATH = "/api/v1/notification-tasks?taskType=APPOINTMENT_REMINDER&current=0&size=10"
PAUSE_SECONDS = 0.01
CLIENT_HEADERS = {"X-Mock-Session": "other-client"}


@dataclass(frozen=True)
class Waits:
    """Milliseconds that requests took: as measured, and without waits for a core.

    The mock is not the cause if a process is ready to run and gets no core, because other
    processes of the machine have all of them. Linux counts these waits by thread (`schedstat`).
    """

    measured: list[float]
    own: list[float]

    def percentile(self, share: float) -> float:
        """Return the wait without waits for a core that this share of requests did not exceed."""
        return _percentile(self.own, share)

    def measured_percentile(self, share: float) -> float:
        """Return the measured wait that this share of requests did not exceed."""
        return _percentile(self.measured, share)


class OtherClient:
    """A client that sends requests, one after another, until it is asked for its waits."""

    def __init__(self, address: str, pid: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, address, str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def stop(self) -> Waits:
        """End it and return its waits. Raises RuntimeError."""
        output, _ = self._process.communicate(timeout=30)
        if self._process.returncode:
            raise RuntimeError("a request of the other client has failed")
        return Waits(**json.loads(output))


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _ready_seconds(pid: int) -> float:
    """Return how long the main thread of a process was ready without a core; 0 if not counted."""
    try:
        counts = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(counts[1]) / 1e9


def _main(address: str, pid: int) -> None:
    measured, own = [], []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(base_url=address, headers=CLIENT_HEADERS, verify=context) as client:
        client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
        os.set_blocking(sys.stdin.fileno(), False)
        while sys.stdin.buffer.read(1) is None:  # nothing yet; b"" once it is closed
            ready, begun = _ready_seconds(pid) + _ready_seconds(os.getpid()), time.perf_counter()
            client.get(PATH).raise_for_status()
            took = time.perf_counter() - begun
            waited = _ready_seconds(pid) + _ready_seconds(os.getpid()) - ready
            measured.append(took * 1000)
            own.append(max(0.0, took - waited) * 1000)
            time.sleep(PAUSE_SECONDS)
    print(json.dumps({"measured": measured, "own": own}))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
