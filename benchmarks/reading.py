"""Reads from a separate process, so that the work of the benchmark does not delay them.

`python -m benchmarks.reading ADDRESS` sends a read every READ_INTERVAL seconds until its standard
input ends. It then prints the delays as JSON, in milliseconds from the time at which each was due.
"""

from __future__ import annotations

import json
import select
import sys
import time

from benchmarks.loads import READ_REQUEST, BenchmarkClient

READ_INTERVAL = 0.005


def main(address: str) -> None:
    """Read until standard input ends."""
    client = BenchmarkClient(address)
    waited: list[float] = []
    due = time.perf_counter()
    while not select.select([sys.stdin], [], [], 0)[0]:
        time.sleep(max(0.0, due - time.perf_counter()))
        client.send_load(READ_REQUEST).read()
        waited.append((time.perf_counter() - due) * 1000)
        due += READ_INTERVAL
    print(json.dumps(waited))


if __name__ == "__main__":
    main(sys.argv[1])
