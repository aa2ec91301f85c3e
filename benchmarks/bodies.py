"""Hostile JSON bodies and shutdown under load: memory, delay of other requests, shutdown time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from statistics import quantiles

from benchmarks.figures import Measurements
from benchmarks.loads import NEW_TASK, TASKS, BenchmarkClient, MeasurementError
from benchmarks.processes import ServerProcess, time_shutdown
from benchmarks.servers import start_mock
from benchmarks.workbooks import ROW_COUNT, build_workbook, upload_workbook

VALUE_COUNT, MEMBER_COUNT, CLIENT_COUNT = 990_000, 100_000, 8
MEMORY_POLL_SECONDS = 0.01
CONNECTION_CLOSED = 0
"""In place of a status, for a connection that the server closed without a response."""
HOSTILE_BODY_NAMES = (
    "wrong items", "wrong root", "unknown keys", "empty objects", "empty arrays", "deep", "commas",
    "chains", "one wrong member", "valid",
)  # fmt: skip


def hostile_body(name: str, less: int = 1) -> bytes:
    """Return a body of HOSTILE_BODY_NAMES, as large as the limits allow divided by `less`."""
    count = VALUE_COUNT // less
    if name in ("valid", "one wrong member"):
        members = [_member(number) for number in range(MEMBER_COUNT // less)]
        if name != "valid":
            members[-7]["memberId"] = "x"
        return json.dumps({**NEW_TASK, "members": members}).encode()
    return {
        "wrong items": lambda: b'{"members":[' + b",".join([b"1"] * count) + b"]}",
        "wrong root": lambda: b"[" + b",".join([b"1234567890"] * count) + b"]",
        "unknown keys": lambda: b"{%b}" % b",".join(b'"k%d":1' % n for n in range(count // 2)),
        "empty objects": lambda: b"[" + b",".join([b"{}"] * count) + b"]",
        "empty arrays": lambda: b"[" + b",".join([b"[]"] * count) + b"]",
        "deep": lambda: b"[" * count,
        "commas": lambda: b'{"taskName":"' + b"," * (2**25 // less - 20) + b'"}',
        "chains": lambda: (
            b"[" + b",".join([b'{"a":' * 99 + b"1" + b"}" * 99] * (count // 150)) + b"]"
        ),
    }[name]()


def _member(number: int) -> dict[str, object]:
    return {
        "memberId": 1_000_000 + number,
        "userId": f"U{number:07}",
        "ciq": f"C{number:07}",
        "nickname": f"会员{number}",
        "giftName": "舒缓修护面膜",
    }


def measure_hostile_bodies(
    figures: Measurements, *, rounds: int, tell: Callable[[str], None]
) -> None:
    """Add `bodies/memory` (MiB above idle), `bodies/delay` (ms) and `bodies/leave` (seconds).

    memory: peak of the mock and its processes, while one client sends every body, then 8 clients
        send one each at the same time.
    delay: 99th percentile of the delay of other requests meanwhile.
    leave: time from SIGTERM to exit while tasks are being created from 8 workbooks.

    Raises loads.MeasurementError for an unexpected status.
    """
    sent = [hostile_body(name) for name in HOSTILE_BODY_NAMES]
    for number in range(1, rounds + 1):
        tell(f"round {number}: hostile bodies")
        with start_mock() as server:
            memory, waited = measure_memory_and_delay(server, sent)
        figures.add("bodies/memory", memory)
        figures.add("bodies/delay", quantiles(waited, n=100, method="inclusive")[98])
        tell(f"round {number}: an end under load")
        figures.add("bodies/leave", _measure_shutdown())


def measure_memory_and_delay(server: ServerProcess, sent: list[bytes]) -> tuple[float, list[float]]:
    """Return the peak in MiB above the idle mock, and the delays of reads in milliseconds.

    Raises loads.MeasurementError if a client gets an unexpected status, or no response.
    """
    peak, resting = 0.0, server.memory()
    reader = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.reading", server.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    hostile = sent[:-1]  # without the valid body, which is stored and so is not a temporary peak
    try:
        for shares in ([sent], [[one] for one in hostile[:CLIENT_COUNT]]):
            with ThreadPoolExecutor(len(shares)) as pool:
                sending = [pool.submit(_send_bodies, server.address, share) for share in shares]
                while not all(each.done() for each in sending):
                    peak = max(peak, server.memory())
                    time.sleep(MEMORY_POLL_SECONDS)
            for each in sending:
                each.result()
    finally:
        waited, _ = reader.communicate()
    if reader.returncode:
        raise MeasurementError(f"the process that reads ended with {reader.returncode}")
    return peak - resting, json.loads(waited)


def _send_bodies(address: str, bodies: Iterable[bytes]) -> None:
    try:
        with closing(BenchmarkClient(address)) as client:
            for one in bodies:
                answered = client.send("POST", TASKS, one)
                # 413 is expected beyond a limit; the valid body is 200.
                if answered.status not in (200, 400, 413):
                    raise MeasurementError(f"{answered.status} {answered.content[:500]!r}")
    except (OSError, HTTPException) as error:
        raise MeasurementError(f"a client got no response: {error!r}") from error


def _measure_shutdown() -> float:
    """Return the seconds from SIGTERM to exit while workbooks are being read."""
    with start_mock() as server:
        task = {**NEW_TASK, "fileIds": [upload_workbook(server.client, build_workbook(ROW_COUNT))]}
        del task["members"]
        raw = json.dumps(task).encode()
        clients = [BenchmarkClient(server.address) for _ in range(CLIENT_COUNT)]
        with ThreadPoolExecutor(CLIENT_COUNT) as pool:
            creating = [pool.submit(_status_of_creation, client, raw) for client in clients]
            time.sleep(1)  # so that the workbooks are being read
            took = time_shutdown(server.process_id, signal.SIGTERM)
        statuses = [each.result() for each in creating]
    # A task that was finished in time is 200.
    if not set(statuses) <= {CONNECTION_CLOSED, 200, 503}:
        raise MeasurementError(f"callers got {statuses}")
    return took


def _status_of_creation(client: BenchmarkClient, body: bytes) -> int:
    try:
        return client.send("POST", TASKS, body).status
    except (OSError, HTTPException):
        return CONNECTION_CLOSED
