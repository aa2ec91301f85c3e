"""wrk: a load on a server, and what it says of rate and latency."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from typing import NamedTuple

from benchmarks.loads import LoadRequest, MeasurementError
from benchmarks.processes import ServerProcess

RATE_LINE = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
LATENCY_LINE = re.compile(r"^\s+([0-9]+)%\s+([0-9.]+)(us|ms|s|m) *$", re.MULTILINE)
FAILURE_LINE = re.compile(r"(Non-2xx or 3xx responses: \d+|Socket errors: .*)")
RESPONSE_TIMEOUT = 60
"""Seconds that an answer may take."""
UNIT_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class LoadResult(NamedTuple):
    """Requests a second, and milliseconds that half and 99 of 100 of them took at most."""

    rate: float
    p50: float
    p99: float


def run_wrk(
    server: ServerProcess, load: LoadRequest, connections: int, warm_up: int, seconds: int
) -> LoadResult:
    """Put a load on a server, some seconds before those that count.

    Raises MeasurementError when the server refuses or drops any of it.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as file:
        file.write(lua_script(load, server.client.authorization))
        file.flush()
        words = ["wrk", "--latency", "-t1", f"-c{connections}", f"--timeout={RESPONSE_TIMEOUT}s"]
        for length in (warm_up, seconds) if warm_up else (seconds,):
            command = [*words, f"-d{length}s", "-s", file.name, server.address + load.path]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise MeasurementError(f"wrk: {done.stderr or done.stdout}")
            speed = parse_output(done.stdout)
    return speed


def lua_script(load: LoadRequest, authorization: str) -> str:
    """What tells wrk to send this load; a JSON text is a Lua text too."""
    lines = [
        f'wrk.method = "{load.method}"',
        f'wrk.headers["Authorization"] = "{authorization}"',
        'wrk.headers["Content-Type"] = "application/json"',
    ]
    if load.body:
        lines.append(f"wrk.body = {json.dumps(load.body, ensure_ascii=False)}")
    return "\n".join(lines)


def parse_output(printed: str) -> LoadResult:
    """What wrk has printed.

    Raises MeasurementError when it reports failures or says something else.
    """
    if failed := FAILURE_LINE.search(printed):
        raise MeasurementError(f"wrk: {failed[0]}")
    rate = RATE_LINE.search(printed)
    shares = {
        int(share): float(number) * UNIT_MILLISECONDS[unit]
        for share, number, unit in LATENCY_LINE.findall(printed)
    }
    if rate is None or not shares.keys() >= {50, 99}:
        raise MeasurementError(f"wrk printed {printed!r}")
    if not float(rate[1]):
        raise MeasurementError("wrk: no request was answered in time")
    return LoadResult(float(rate[1]), shares[50], shares[99])
