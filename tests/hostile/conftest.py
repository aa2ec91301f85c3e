"""A mock in a separate process, for all hostile requests."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.exchange import (
    MAX_BODY_SIZE,
    TASK,
    TOKEN_PLACEHOLDER,
    SocketResponse,
    request,
    send_and_receive,
)
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT

COMMAND = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
MAX_GROWTH = 200 * 1024 * 1024
"""Growth of resident memory by all requests."""


@dataclass(frozen=True)
class Victim:
    """The mock: address, token, process and log."""

    port: int
    token: bytes
    pid: int
    stderr: Path

    def send(self, *pieces: bytes, pause: float = 0, end: bool = False) -> list[SocketResponse]:
        """Send pieces with the token inserted; return all responses until the mock closes."""
        return send_and_receive(self.port, map(self.insert_token, pieces), pause=pause, end=end)

    def insert_token(self, sent: bytes) -> bytes:
        """Return the bytes with the token in place of its placeholder."""
        return sent.replace(TOKEN_PLACEHOLDER, self.token)

    def check_is_responsive(self) -> None:
        """Fail unless a normal request on a new connection succeeds."""
        (answer,) = self.send(request(path=TASK))
        assert answer.status == 200

    def memory(self, name: str) -> int:
        """Return the resident memory in bytes: `VmRSS` now, `VmHWM` at its peak."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition(f"{name}:")[2].split()[0]) * 1024


@pytest.fixture(scope="package")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """The mock that gets all requests.

    At the end it is running, has logged no error, and has not grown much.
    """
    stderr = tmp_path_factory.mktemp("hostile") / "stderr"
    with (
        stderr.open("wb") as written,
        subprocess.Popen(
            [*COMMAND, "--max-body-size", str(MAX_BODY_SIZE)],
            stdout=subprocess.PIPE,
            stderr=written,
        ) as process,
    ):
        try:
            port = _wait_for_port(process)
            victim = Victim(port, _fetch_token(port), process.pid, stderr)
            before = victim.memory("VmRSS")
            yield victim
            assert process.poll() is None, "the mock is gone"
            assert not logged_errors(victim)
            assert victim.memory("VmHWM") - before < MAX_GROWTH
        finally:
            process.terminate()
    assert process.returncode == 0


def logged_errors(victim: Victim) -> list[str]:
    """Return the log lines that require attention."""
    written = victim.stderr.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in written if re.search("Traceback|ERROR|CRITICAL|Exception", line)]


def _wait_for_port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout
    for line in process.stdout:
        if ready := re.search(rb"http://127\.0\.0\.1:(\d+)", line):
            return int(ready[1])
    raise AssertionError("the mock did not start")


def _fetch_token(port: int) -> bytes:
    credentials = base64.b64encode(":".join(CLIENT_CREDENTIALS).encode())
    sent = request(
        b"POST",
        b"/oauth/token",
        b"Authorization: Basic " + credentials,
        body=json.dumps(PASSWORD_GRANT).encode(),
        token=False,
    )
    (answer,) = send_and_receive(port, [sent])
    return str(answer.document["access_token"]).encode()
