"""Work in processes ends with the mock, and with the connection of its request."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.bodies import hostile_body
from benchmarks.loads import NEW_TASK, TASKS
from benchmarks.processes import process_tree
from mock_server.runtime.worker_processes import MAX_FILE_READERS
from tests.serving import fetch_token

# The processes of a mock are counted in /proc, which no other system has.
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts processes in /proc")
CLIENT_COUNT = 8
COMMAND = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]


@dataclass
class ServedMock:
    """A mock in a process."""

    process: subprocess.Popen[bytes]
    client: httpx.Client

    def worker_count(self) -> int:
        """Return the number of its worker processes."""
        return len(process_tree(self.process.pid)) - 1

    def has_workers(self, count: int, *, spare: int = 0, steady: float = 0) -> bool:
        """Return whether this number of workers, or one more (idle), is reached within 15 seconds.

        The number has to hold for `steady` seconds: between two jobs there are fewer.
        """
        end = time.monotonic() + 15
        since = None
        while time.monotonic() < end:
            if self.worker_count() not in range(count, count + spare + 1):
                since = None
            elif time.monotonic() - (since := since or time.monotonic()) >= steady:
                return True
            time.sleep(0.01)
        return False


@contextmanager
def serve_mock(*arguments: str) -> Iterator[ServedMock]:
    """Run a mock whose standard error can be read."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        address = process.stdout.readline().decode().split()[-1]
        with httpx.Client(
            base_url=address, timeout=60, limits=httpx.Limits(max_connections=50)
        ) as client:
            client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
            try:
                yield ServedMock(process, client)
            finally:
                process.kill()


def body_with_member_list(served: ServedMock, rows: int = 90_000) -> bytes:
    """Return a task with a list of members and an unused column; reading it takes a second."""
    note = "x" * 300
    content = "userId,nickname,note\n" + "".join(f"U{row},N{row},{note}\n" for row in range(rows))
    file = {"file": ("members.csv", content.encode(), "text/csv")}
    uploaded = served.client.post("/api/v1/file", data={"moduleName": "m"}, files=file)
    task: dict[str, Any] = {**NEW_TASK, "fileIds": [uploaded.raise_for_status().json()["id"]]}
    del task["members"]
    return json.dumps(task).encode()


def post_task(served: ServedMock, raw: bytes) -> httpx.Response:
    """Return the response to a task."""
    return served.client.post(
        TASKS, content=raw, headers={"Content-Type": "application/json", "Accept-Language": "en"}
    )


def response_statuses(answers: list[Future[httpx.Response]]) -> set[int]:
    """Return the statuses of responses; 0 for a closed connection."""
    return {0 if answer.exception() else answer.result().status_code for answer in answers}


@pytest.mark.parametrize(("by", "kind"), [(signal.SIGTERM, "files"), (signal.SIGINT, "bodies")])
def test_the_mock_leaves_in_time_and_in_silence_whatever_is_under_way(
    by: signal.Signals, kind: str
) -> None:
    """It exits with code 0 within 3 seconds; clients get a 503 or are disconnected."""
    with serve_mock() as served, ThreadPoolExecutor(CLIENT_COUNT) as threads:
        raw = body_with_member_list(served) if kind == "files" else hostile_body("empty arrays", 1)
        answers = [threads.submit(post_task, served, raw) for _ in range(CLIENT_COUNT)]
        assert served.has_workers(MAX_FILE_READERS if kind == "files" else 1)
        begun = time.monotonic()
        served.process.send_signal(by)
        _, complaints = served.process.communicate(timeout=30)
        took = time.monotonic() - begun
        assert served.process.returncode == 0
    assert took < 3
    assert complaints == b""
    assert 503 in response_statuses(answers)
    assert response_statuses(answers) <= {0, 200, 400, 503}
    for answer in answers:
        if not answer.exception() and answer.result().status_code == 503:
            assert "shutting down" in answer.result().json()["detail"]
            assert answer.result().headers["Connection"] == "close"


@pytest.mark.whole
def test_a_body_that_is_still_arriving_is_refused_when_the_mock_leaves() -> None:
    """A client that is sending a body gets the reason, too."""
    import socket  # noqa: PLC0415 - the only test that writes half a request

    with serve_mock() as served:
        url = served.client.base_url
        with socket.create_connection((url.host, url.port)) as half:
            head = f"POST {TASKS} HTTP/1.1\r\nHost: {url.host}\r\nContent-Length: 9000000\r\n"
            head += f"Authorization: {served.client.headers['Authorization']}\r\n"
            half.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + b"[" * 500_000)
            begun = time.monotonic()
            served.process.terminate()
            assert half.recv(65536).startswith(b"HTTP/1.1 503")
            _, complaints = served.process.communicate(timeout=30)
    assert time.monotonic() - begun < 3
    assert complaints == b""


@pytest.mark.whole
def test_a_reader_ends_with_its_caller_and_frees_its_place_and_holds_up_no_reset() -> None:
    """Disconnected clients leave nothing behind, and a reset waits for no file."""
    with serve_mock() as served:
        raw = body_with_member_list(served)
        impatient = served.client.build_request(
            "POST", TASKS, content=raw, headers={"Content-Type": "application/json"}
        )
        impatient.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), 1.0)
        with ThreadPoolExecutor(CLIENT_COUNT) as threads:
            gone = [threads.submit(served.client.send, impatient) for _ in range(CLIENT_COUNT)]
            assert served.has_workers(MAX_FILE_READERS)
            begun = time.monotonic()
            assert served.client.post("/__admin/reset", json={}).status_code == 200
            assert time.monotonic() - begun < 5
            assert 0 in response_statuses(gone)
            assert response_statuses(gone) <= {0, 200}
        # A request that was finished in time has left the idle process.
        assert served.has_workers(0, spare=1, steady=1.5), describe_leftover_processes(
            served.process.pid
        )
        served.client.headers["Authorization"] = f"Bearer {fetch_token(served.client)}"
        small = body_with_member_list(served, 10)
        begun = time.monotonic()
        assert post_task(served, small).status_code == 200
        assert time.monotonic() - begun < 10
        assert (
            len(describe_leftover_processes(served.process.pid)) == 1
        )  # the idle process, which reads for the next task


def describe_leftover_processes(ancestor: int) -> list[str]:
    """Return states, processor times and last arguments of unreaped children."""
    found = []
    for one in process_tree(ancestor)[1:]:
        try:
            command = Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8").split("\0")
            about = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        found.append(f"{about[0]} {about[11]} {command[-2:]}")
    return found or [str(one) for one in process_tree(os.getpid()) if _is_zombie_of(one, ancestor)]


def _is_zombie_of(one: int, ancestor: int) -> bool:
    try:
        state = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return False
    return state[0] == "Z" and int(state[1]) == ancestor
