"""Creation of a task from a workbook of 100,000 rows: duration, delay of other requests."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable
from statistics import median, quantiles
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.figures import Measurements
from benchmarks.loads import NEW_TASK, TASKS, BenchmarkClient, MeasurementError
from benchmarks.processes import ServerProcess
from benchmarks.reading import time_reads
from benchmarks.servers import start_mock
from mock_server.domain.document_types import XLSX

ROW_COUNT = 100_000
COLUMNS = ("userId", "ciq", "nickname", "城市")
CITIES = ("上海", "北京", "广州", "成都", "杭州")
IDLE_SECONDS = 1.0
BOUNDARY = "bench-7f3a"


def measure_workbook(figures: Measurements, *, rounds: int, tell: Callable[[str], None]) -> None:
    """Add `workbook/create` and `workbook/parser` (seconds), `workbook/delay` and `worst` (ms).

    The delay is the 99th percentile of reads during the creation of the task, minus the median of
    reads without it. Raises loads.MeasurementError if a request fails.
    """
    tell(f"writing a workbook of {ROW_COUNT:,} rows")
    content = build_workbook(ROW_COUNT)
    for number in range(1, rounds + 1):
        tell(f"round {number}: a task from a workbook")
        # Before and after, because the speed of the machine varies during a round.
        before = time_parser(content)
        with start_mock() as server:
            created, idle, waited = _measure_creation(server, content)
        figures.add("workbook/parser", (before + time_parser(content)) / 2)
        figures.add("workbook/create", created)
        # Inclusive, because the default method extrapolates beyond the longest delay.
        percentiles = quantiles(waited, n=100, method="inclusive")
        figures.add("workbook/delay", percentiles[98] - median(idle))
        figures.add("workbook/worst", max(waited))


def build_workbook(rows: int) -> bytes:
    """Return an .xlsx file with this number of members."""
    # By openpyxl and not by our own writer, as most workbooks come from other software.
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(COLUMNS)
    for row in range(rows):
        sheet.append((f"U{row:06}", f"C{row:06}", f"会员{row}", CITIES[row % len(CITIES)]))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def time_parser(content: bytes) -> float:
    """Return the seconds that calamine, which the mock uses, takes to read a workbook."""
    begun = time.perf_counter()
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        rows = sum(1 for _ in book.get_sheet_by_index(0).iter_rows())
    took = time.perf_counter() - begun
    if rows != ROW_COUNT + 1:
        raise MeasurementError(f"expected {ROW_COUNT + 1} rows from the parser, got {rows}")
    return took


def _measure_creation(
    server: ServerProcess, content: bytes
) -> tuple[float, list[float], list[float]]:
    """Return the seconds of the creation, and the delays of reads before and during it in ms."""
    file_id = upload_workbook(server.client, content)
    begun = time.perf_counter()
    idle = time_reads(server.client, lambda: time.perf_counter() > begun + IDLE_SECONDS)
    work = _CreationThread(server.address, file_id)
    work.start()
    waited = time_reads(server.client, lambda: not work.is_alive())
    work.join()
    if work.members != ROW_COUNT:
        raise MeasurementError(
            f"expected a task with {ROW_COUNT} members, got {work.members}: {work.failed}"
        )
    return work.seconds, idle, waited


class _CreationThread(threading.Thread):
    """Thread that creates the task, with a connection of its own."""

    def __init__(self, address: str, file_id: int) -> None:
        super().__init__(daemon=True)
        self.seconds = 0.0
        self.members = 0
        self.failed: Exception | None = None
        self._client = BenchmarkClient(address)
        body: dict[str, Any] = {**NEW_TASK, "fileIds": [file_id]}
        del body["members"]
        self._body = json.dumps(body).encode()

    def run(self) -> None:
        begun = time.perf_counter()
        try:
            self.members = self._client.send("POST", TASKS, self._body).read()["totalMembers"]
        except (OSError, MeasurementError) as error:
            self.failed = error
        self.seconds = time.perf_counter() - begun
        self._client.close()


def upload_workbook(client: BenchmarkClient, content: bytes) -> int:
    """Upload a workbook; return its id."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nnotification\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="members.xlsx"\r\n'
        f"Content-Type: {XLSX}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    answered = client.send(
        "POST", "/api/v1/file", body, f"multipart/form-data; boundary={BOUNDARY}"
    )
    return int(answered.read()["id"])
