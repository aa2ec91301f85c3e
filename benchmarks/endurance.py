"""Endurance of the mock: memory after resets, idle connections, delays beside a long list."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from statistics import median, quantiles
from urllib.parse import urlsplit

from benchmarks.figures import Measurements
from benchmarks.loads import BenchmarkClient, BenchmarkResponse, MeasurementError
from benchmarks.processes import MIB, ServerProcess
from benchmarks.reading import time_reads
from benchmarks.servers import start_mock
from benchmarks.workbooks import BOUNDARY
from mock_server.settings import CONTROL_PLANE

RESETS, UPLOADS_PER_RESET, UPLOAD_SIZE = 10, 10, 20 * MIB
"""Each round uploads 200 MB, followed by a reset."""
POLLING_CLIENTS, POLL_SECONDS, POLL_ROUNDS = 8, 5.0, 3
"""Clients that reuse an idle connection without checking whether it is still open, as Node's do."""
LIST_LENGTH, LIST_READS, DELAY_ROUNDS = 100_000, 3, 3
IDLE_SECONDS = 1.0
PLANS = "/api/v1/marketing-notice"


def measure_endurance(figures: Measurements, *, tell: Callable[[str], None]) -> None:
    """Add `memory/first` and `memory/last` (MiB), `polls/failed` and `unpaged/delay` (ms).

    Raises loads.MeasurementError for any status but 200.
    """
    tell(f"{RESETS} rounds of uploads and a reset")
    with start_mock() as server:
        full = [_memory_after_uploads(server) for _ in range(RESETS)]
    figures.add("memory/first", full[0])
    figures.add("memory/last", full[-1])
    tell(f"{POLL_ROUNDS} polls every {POLL_SECONDS:g} s")
    with start_mock() as server:
        figures.add("polls/failed", _failed_poll_share(server))
    tell(f"a list of {LIST_LENGTH:,} rows")
    for _ in range(DELAY_ROUNDS):
        with start_mock() as server:
            figures.add("unpaged/delay", _measure_list_delay(server))


def _memory_after_uploads(server: ServerProcess) -> float:
    """Upload the files of a round, then reset; return the MiB in use before the reset."""
    client = BenchmarkClient(server.address)
    for number in range(UPLOADS_PER_RESET):
        _upload_file(client, bytes([number]) * UPLOAD_SIZE, "a.bin")
    used = server.memory()
    client.send("POST", f"{CONTROL_PLANE}/reset").read()
    client.close()
    return used


def _failed_poll_share(server: ServerProcess) -> float:
    """Return the share of polls that failed because the server had closed the connection."""
    place = urlsplit(server.address).netloc
    clients = [HTTPConnection(place, timeout=10) for _ in range(POLLING_CLIENTS)]
    failed = 0
    for poll in range(POLL_ROUNDS + 1):
        # The first round opens the connections and does not count.
        time.sleep(POLL_SECONDS if poll else 0)
        for client in clients:
            try:
                client.request("GET", f"{CONTROL_PLANE}/health")
                client.getresponse().read()
            except (OSError, HTTPException):
                failed += 1
                client.close()  # so that the next request opens a new one
    for client in clients:
        client.close()
    return failed / (POLL_ROUNDS * POLLING_CLIENTS)


def _measure_list_delay(server: ServerProcess) -> float:
    """Return the 99th percentile of reads beside unpaged lists in ms, minus the idle median."""
    rows = "".join(f"U{number:06},会员{number}\n" for number in range(LIST_LENGTH))
    file_id = _upload_file(server.client, f"userId,nickname\n{rows}".encode(), "members.csv")
    body = f'{{"name": "批次", "startTime": "00:00", "fileIds": [{file_id}]}}'.encode()
    task = server.client.send("POST", f"{PLANS}/301/task", body).read()["id"]
    begun = time.perf_counter()
    idle = time_reads(server.client, lambda: time.perf_counter() > begun + IDLE_SECONDS)
    client, answers = BenchmarkClient(server.address), list[BenchmarkResponse]()

    def ask() -> None:
        for _ in range(LIST_READS):
            answers.append(client.send("GET", f"{PLANS}/task/{task}/members"))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    waited = time_reads(server.client, lambda: not asking.is_alive())
    asking.join()
    client.close()
    # Parsed only now, because parsing a list blocks all threads of this process and so its reads.
    sizes = [len(answer.read()["content"]) for answer in answers]
    if sizes != [LIST_LENGTH] * LIST_READS:
        raise MeasurementError(f"expected lists of {LIST_LENGTH} rows, got {sizes}")
    return quantiles(waited, n=100, method="inclusive")[98] - median(idle)


def _upload_file(client: BenchmarkClient, content: bytes, name: str) -> int:
    part = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    head = f'{part}"moduleName"\r\n\r\nm\r\n{part}"file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    sent = client.send("POST", "/api/v1/file", body, f"multipart/form-data; boundary={BOUNDARY}")
    return int(sent.read()["id"])
