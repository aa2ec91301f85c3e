"""Send random requests from 32 clients for ten minutes: `make soak`.

The requests are drawn from a seed: logins, lists, records of every kind, uploads, downloads, member
files, invalid requests, and occasional resets. No response may be a 5xx, and memory must not grow
by more than a tenth from the first resets after the warm-up to the last ones. A run of at least ten
minutes writes benchmarks/SOAK.md.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.loads import MeasurementError
from benchmarks.machine import describe_machine
from benchmarks.processes import ServerProcess
from benchmarks.report import markdown_table
from benchmarks.roaming import WEIGHTED_REQUESTS, SoakClient
from benchmarks.servers import start_mock
from mock_server.settings import CONTROL_PLANE

RESULTS_FILE = Path(__file__).with_name("SOAK.md")
DEFAULT_MINUTES, DEFAULT_CLIENTS, DEFAULT_SEED = 10.0, 32, 1
DEFAULT_RESETS = 60
"""Number of resets in a run of any length."""
WARM_UP_SHARE = 0.2
"""Part of the run during which memory may grow."""
MAX_MEMORY_GROWTH = 1.1
SETTLE_SECONDS = 0.5
"""Seconds from a reset to the measurement of memory, in which requests of the old world end."""


@dataclass
class SoakResult:
    """Result of a run: number of responses by request and status, memory in MiB."""

    minutes: float
    clients: int
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    memory_after_resets: list[float] = field(default_factory=list)
    peak_memory: float = 0.0

    @property
    def growth(self) -> float:
        """Ratio of the memory at the end to that after the warm-up, each the median of 3 resets."""
        settled = self.memory_after_resets[int(len(self.memory_after_resets) * WARM_UP_SHARE) :]
        return median(settled[-3:]) / median(settled[:3])

    @property
    def passed(self) -> bool:
        """True if nothing failed and memory did not grow."""
        return not self.failures and self.growth <= MAX_MEMORY_GROWTH


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; return 1 if something failed or memory grew, 2 if no mock started."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument(
        "--minutes",
        type=float,
        default=DEFAULT_MINUTES,
        help="length of the run (default %(default)g)",
    )
    parser.add_argument(
        "--clients",
        type=int,
        default=DEFAULT_CLIENTS,
        help="number of clients (default %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="seed of the requests (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        soaked = run_soak(options.minutes, options.clients, options.seed)
    except MeasurementError as error:
        print(f"make soak: {error}", file=sys.stderr)
        return 2
    text = render_soak_report(soaked)
    print(text, end="")
    if options.minutes >= DEFAULT_MINUTES:
        RESULTS_FILE.write_text(text, encoding="utf-8")
    return 0 if soaked.passed else 1


def run_soak(minutes: float, clients: int, seed: int, resets: int = DEFAULT_RESETS) -> SoakResult:
    """Start a mock and run the test. Raises MeasurementError if the mock does not start."""
    soaked = SoakResult(minutes, clients)
    with start_mock() as server:
        over = threading.Event()
        seeds = range(seed, seed + clients)
        crowd = [
            threading.Thread(target=_run_client, args=(server, one, over, soaked)) for one in seeds
        ]
        for one in crowd:
            one.start()
        for _ in range(resets):
            over.wait(max(0.0, minutes * 60 / resets - SETTLE_SECONDS))
            # Just before a reset, when the world has the most records.
            soaked.peak_memory = max(soaked.peak_memory, server.memory())
            _reset_world(server, soaked)
        over.set()
        for one in crowd:
            one.join()
    return soaked


def _reset_world(server: ServerProcess, soaked: SoakResult) -> None:
    # A separate client: the control plane needs no token on loopback, and draws nothing.
    roamer = SoakClient(server.address, random.Random(0))
    status = roamer.send("POST", f"{CONTROL_PLANE}/reset")
    soaked.statuses["reset", status] += 1
    if status != 200:
        soaked.failures.append(f"reset: {status}")
    time.sleep(SETTLE_SECONDS)
    soaked.memory_after_resets.append(server.memory())
    roamer.close()


def _run_client(
    server: ServerProcess, seed: int, over: threading.Event, soaked: SoakResult
) -> None:
    """Send the requests of one client sequentially until the run ends."""
    names: list[str] = [*WEIGHTED_REQUESTS]
    weights = [WEIGHTED_REQUESTS[name][0] for name in names]
    drawn = random.Random(seed)
    roamer = SoakClient(server.address, drawn)
    for _ in itertools.takewhile(lambda _: not over.is_set(), itertools.count()):
        name = drawn.choices(names, weights)[0]
        ask: Callable[[SoakClient], Any] = WEIGHTED_REQUESTS[name][1]
        try:
            statuses = ask(roamer)
        except Exception as error:  # noqa: BLE001 - any failure is a result of the test
            soaked.failures.append(f"{name}: {type(error).__name__} {error}")
            roamer.close()
            continue
        for status in statuses:
            soaked.statuses[name, status] += 1
            if status >= 500:
                soaked.failures.append(f"{name}: {status}")
    roamer.close()


def render_soak_report(soaked: SoakResult) -> str:
    """Return the report as a Markdown page."""
    verdict = "Passed" if soaked.passed else "**Failed**"
    shown = soaked.memory_after_resets
    sizes = [
        ["after the first reset", f"{shown[0]:.0f}"],
        ["after the warm-up", f"{median(shown[int(len(shown) * WARM_UP_SHARE) :][:3]):.0f}"],
        ["at the end", f"{median(shown[-3:]):.0f}"],
        ["highest before a reset", f"{soaked.peak_memory:.0f}"],
    ]
    counted = sorted(soaked.statuses.items())
    names = sorted({name for name, _ in soaked.statuses})
    rows = [
        [name, ", ".join(f"{status}: {count:,}" for (of, status), count in counted if of == name)]
        for name in names
    ]
    failed = "".join(f"\n- {failure}" for failure in soaked.failures[:20])
    where = [[name, value] for name, value in describe_machine().items()]
    return f"""\
# Results of `make soak`

{verdict}: {sum(soaked.statuses.values()):,} requests of {soaked.clients} clients in
{soaked.minutes:g} minutes, {len(soaked.failures)} failures; memory after the last resets is
{soaked.growth:.2f} times that after the warm-up (limit {MAX_MEMORY_GROWTH:g}).
{failed}
## Memory, MiB

{markdown_table(["", ""], sizes)}

## Requests

{markdown_table(["", "responses by status"], rows)}

## Machine

{markdown_table(["", ""], where)}
"""


if __name__ == "__main__":
    raise SystemExit(main())
