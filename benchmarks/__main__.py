"""Measure the mock beside a bare Starlette app that returns the same bytes: `make bench`.

Both run under the same uvicorn with the same settings, one after the other in every round, driven
by wrk with the same requests. What counts is the ratio: it says what routing, security,
validation, state and response checks cost. Requests a second depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

READY = re.compile(r"http://127\.0\.0\.1:(\d+)")
RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)")
TOKEN_BODY = {
    "grant_type": "password",
    "username": "demo@example.com",
    "password": "demo-password",
}
NEW_TASK = {
    "taskName": "春季护肤节返场提醒",
    "taskType": "APPOINTMENT_REMINDER",
    "scheduledStartTime": "2025-04-21 10:30:00",
    "contents": [{"contentType": "TEXT", "contentValue": "尊敬的{{nickname}},期待您的光临。"}],
    "members": [{"userId": "U1001", "nickname": "张丽"}, {"userId": "U1002", "nickname": "王芳"}],
}


@dataclass(frozen=True)
class Load:
    """One kind of request."""

    name: str
    method: str
    path: str
    body: str = ""


LOADS = (
    Load("read", "GET", "/api/v1/notification-tasks/501"),
    Load("list", "GET", "/api/v1/notification-tasks?taskType=APPOINTMENT_REMINDER&size=20"),
    Load("write", "POST", "/api/v1/notification-tasks", json.dumps(NEW_TASK)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table; returns 1 when a ratio is below `--least`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds a load (default 3)")
    parser.add_argument("--seconds", type=int, default=3, help="seconds a measurement (default 3)")
    parser.add_argument("--least", type=float, default=0.5, help="lowest ratio (default 0.5)")
    options = parser.parse_args(arguments)
    if not shutil.which("wrk"):
        print("make bench needs wrk (Debian package wrk)", file=sys.stderr)
        return 2
    print(f"{'':8}{'mock':>10}{'starlette':>12}{'ratio':>8}   requests a second, median of "
          f"{options.rounds} rounds of {options.seconds} s")  # fmt: skip
    ratios = [_measure(load, options.rounds, options.seconds) for load in LOADS]
    return int(min(ratios) < options.least)


def _measure(load: Load, rounds: int, seconds: int) -> float:
    mine, bare = [], []
    with _mock() as address:
        token = _token(address)
        answer = _answer(address, load, token)
    for _ in range(rounds):
        with _mock() as address:
            mine.append(_wrk(address, load, _token(address), seconds))
        with _starlette(answer) as address:
            bare.append(_wrk(address, load, token, seconds))
    ratio = median(mine) / median(bare)
    print(f"{load.name:8}{median(mine):10.0f}{median(bare):12.0f}{ratio:8.2f}")
    return ratio


def _token(address: str) -> str:
    answer = httpx.post(
        f"{address}/oauth/token", json=TOKEN_BODY, auth=("demo-client", "demo-secret")
    )
    return str(answer.raise_for_status().json()["access_token"])


def _answer(address: str, load: Load, token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = httpx.request(
        load.method, address + load.path, content=load.body.encode() or None, headers=headers
    )
    return answer.raise_for_status().content


def _wrk(address: str, load: Load, token: str, seconds: int) -> float:
    lines = [
        f'wrk.method = "{load.method}"',
        f'wrk.headers["Authorization"] = "Bearer {token}"',
        'wrk.headers["Content-Type"] = "application/json"',
    ]
    if load.body:
        lines.append(f"wrk.body = {json.dumps(load.body, ensure_ascii=False)}")
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write("\n".join(lines))
        script.flush()
        command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script.name, address + load.path]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = FAILED.search(printed)
    found = RATE.search(printed)
    if failed or not found:
        raise RuntimeError(f"{load.name}: {failed.group(0) if failed else printed}")
    return float(found.group(1))


@contextmanager
def _mock() -> Iterator[str]:
    command = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
    with _server(command) as address:
        yield address


@contextmanager
def _starlette(answer: bytes) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(answer)
        file.flush()
        bare = Path(__file__).with_name("bare.py")
        with _server([sys.executable, str(bare), file.name]) as address:
            yield address


@contextmanager
def _server(command: list[str]) -> Iterator[str]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            for line in process.stdout:
                if found := READY.search(line):
                    yield found.group(0)
                    break
            else:
                raise RuntimeError(f"{command} did not start")
        finally:
            process.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
