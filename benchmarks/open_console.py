"""The console, open in browsers that poll it, while the mock is under load."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from benchmarks import wrk
from benchmarks.comparison import CONNECTIONS, WARM_UP_SECONDS
from benchmarks.figures import Measurements
from benchmarks.loads import LOAD_REQUESTS, MeasurementError
from benchmarks.servers import start_mock

CONSOLE_PAGES = ("/__console/", "/__console/journal", "/__console/data/notificationTasks")
"""Pages that are open: overview, journal, a list of records."""
POLL_SECONDS = 2.0
"""Seconds between two polls of a page; no page of the console polls more often."""
RESPONSE_TIMEOUT = 60.0
VERSION_ATTRIBUTE = re.compile(rb'data-version="([^"]*)"')
EXPECTED_STATUSES = (200, 204)


@contextmanager
def open_console(address: str) -> Iterator[Counter[int]]:
    """Poll the pages of a mock as the console's script does; yields their statuses so far.

    A page that does not respond has the status 0.
    """
    statuses: Counter[int] = Counter()
    closed = threading.Event()
    tabs = [
        threading.Thread(target=_poll_page, args=(address, path, statuses, closed), daemon=True)
        for path in CONSOLE_PAGES
    ]
    for tab in tabs:
        tab.start()
    try:
        yield statuses
    finally:
        closed.set()
        for tab in tabs:
            tab.join()


def _poll_page(address: str, path: str, statuses: Counter[int], closed: threading.Event) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=RESPONSE_TIMEOUT)
    version = ""
    while True:
        try:
            connection.request("GET", path, headers={"X-Console-Version": version})
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException):
            connection.close()
            statuses[0] += 1
        else:
            statuses[response.status] += 1
            if found := VERSION_ATTRIBUTE.search(content):
                version = found[1].decode()
        if closed.wait(POLL_SECONDS):
            connection.close()
            return


def measure_open_console(
    figures: Measurements, *, rounds: int, seconds: int, tell: Callable[[str], None]
) -> None:
    """Add `console/LOAD/open` and `console/LOAD/closed`, in requests per second.

    Raises MeasurementError if a request or a page of the console fails.
    """
    for number in range(1, rounds + 1):
        tell(f"round {number}: the console")
        with start_mock() as server:
            server.client.login.read()
            for load in LOAD_REQUESTS:
                closed = wrk.run_wrk(server, load, CONNECTIONS, WARM_UP_SECONDS, seconds)
                figures.add(f"console/{load.name}/closed", closed.rate)
                with open_console(server.address) as statuses:
                    opened = wrk.run_wrk(server, load, CONNECTIONS, WARM_UP_SECONDS, seconds)
                figures.add(f"console/{load.name}/open", opened.rate)
                if set(statuses).difference(EXPECTED_STATUSES):
                    raise MeasurementError(f"the console responded with {dict(statuses)}")
