"""Reads at a steady rate and their delays, also from a process of their own.

`python -m benchmarks.reading ADDRESS` sends reads until its standard input ends, so that the work
of the benchmark does not delay them. It then prints the delays as JSON, in milliseconds.
"""

from __future__ import annotations

import json
import select
import sys
import time
from collections.abc import Callable

from benchmarks.loads import READ_REQUEST, BenchmarkClient

READ_INTERVAL = 0.005
"""Seconds between the times at which reads are due. The delay of a read includes the time that it
had to wait for the one before it."""


def time_reads(client: BenchmarkClient, over: Callable[[], bool]) -> list[float]:
    """Send a read every READ_INTERVAL seconds until `over()`; return the delays in milliseconds."""
    waited: list[float] = []
    due = time.perf_counter()
    ended = None
    while ended is None or due < ended:
        time.sleep(max(0.0, due - time.perf_counter()))
        client.send_load(READ_REQUEST).read()
        answered = time.perf_counter()
        waited.append((answered - due) * 1000)
        due += READ_INTERVAL
        if ended is None and over():
            ended = answered  # reads that were due before this have been delayed, too
    return waited


def main(address: str) -> None:
    """Read until standard input ends."""
    waited = time_reads(
        BenchmarkClient(address), lambda: bool(select.select([sys.stdin], [], [], 0)[0])
    )
    print(json.dumps(waited))


if __name__ == "__main__":
    main(sys.argv[1])
