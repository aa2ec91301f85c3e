"""Sessions of the mock: time of a new one and of a reset, memory of 1,000 of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from statistics import quantiles

from benchmarks.figures import Measurements
from benchmarks.loads import LOAD_REQUESTS, BenchmarkClient
from benchmarks.servers import start_mock
from mock_server.settings import CONTROL_PLANE

SESSIONS, CLIENTS = 1_000, 32
ROUNDS_AT_WORK = 3
"""Reads, lists and writes that each session gets while the clients are at work."""
SETTLE_SECONDS = 0.5
"""Time for the allocator and the last threads, before memory is read."""
PREFIX = "/__session"


def measure_sessions(figures: Measurements, *, tell: Callable[[str], None]) -> None:
    """Add `sessions/new`, `sessions/reset` (ms), `sessions/idle` and `sessions/working` (MiB).

    The first two are 99th percentiles. Raises MeasurementError for any status but 200.
    """
    names = [f"s{number}" for number in range(SESSIONS)]
    with start_mock() as server:
        client = BenchmarkClient(server.address)
        tell(f"{SESSIONS:,} new sessions")
        before = server.memory()
        figures.add("sessions/new", _slowest([_time_request(client, name) for name in names]))
        time.sleep(SETTLE_SECONDS)
        figures.add("sessions/idle", (server.memory() - before) / SESSIONS)
        tell(f"{CLIENTS} clients at work in {SESSIONS:,} sessions")
        highest = _use_at_once(server.address, names, server.memory)
        figures.add("sessions/working", highest)
        tell(f"{SESSIONS:,} resets")
        resets = [_time_request(client, name, "POST", "/reset") for name in names]
        figures.add("sessions/reset", _slowest(resets))


def _time_request(
    client: BenchmarkClient, name: str, method: str = "GET", path: str = "/clock"
) -> float:
    """Send a request to the control plane of a session; return its milliseconds."""
    began = time.perf_counter()
    client.send(method, f"{PREFIX}/{name}{CONTROL_PLANE}{path}").read()
    return (time.perf_counter() - began) * 1000


def _slowest(durations: list[float]) -> float:
    """Return the 99th percentile."""
    return quantiles(durations, n=100)[98]


def _use_at_once(address: str, names: list[str], memory: Callable[[], float]) -> float:
    """Let all clients use their share of the sessions; return the highest memory in MiB."""
    errors: list[Exception] = []

    def work(share: list[str]) -> None:
        try:
            for name in share:
                client = BenchmarkClient(address, f"{PREFIX}/{name}")
                for load in LOAD_REQUESTS * ROUNDS_AT_WORK:
                    client.send_load(load).read()
                client.close()
        except Exception as error:  # noqa: BLE001 - raised in the thread that measures
            errors.append(error)

    workers = [
        threading.Thread(target=work, args=(names[number::CLIENTS],), daemon=True)
        for number in range(CLIENTS)
    ]
    for worker in workers:
        worker.start()
    highest = memory()
    while any(worker.is_alive() for worker in workers):
        time.sleep(0.1)
        highest = max(highest, memory())
    if errors:
        raise errors[0]
    return highest
