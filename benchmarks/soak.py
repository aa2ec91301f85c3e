"""Send random requests from 32 clients to 100 sessions for ten minutes: `make soak`.

The requests are drawn from a seed. Half of them go to the default session: logins, lists, records
of every kind, uploads, downloads, member files, invalid requests. The others change one of the
sessions (records, faults, clock, snapshots, exported states, resets, requests that are broken off),
which is then compared with a model of its own (`soak_sessions.py`). Meanwhile the console is open
and polls. No response may be a 5xx that
was not asked for, and memory must not grow by more than a tenth from the first resets of all
sessions after the warm-up to the last ones.

A run of at least ten minutes writes benchmarks/SOAK.md.
"""

from __future__ import annotations

import argparse
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
from benchmarks.open_console import EXPECTED_STATUSES, open_console
from benchmarks.processes import ServerProcess
from benchmarks.report import markdown_table
from benchmarks.roaming import WEIGHTED_REQUESTS, SoakClient
from benchmarks.servers import start_mock
from benchmarks.soak_sessions import (
    ModelMismatchError,
    ModelSession,
    SessionClient,
    change_and_check,
    observe_first,
    reset_session,
)
from mock_server.clock import DEFAULT_INSTANT
from mock_server.settings import CONTROL_PLANE

RESULTS_FILE = Path(__file__).with_name("SOAK.md")
DEFAULT_MINUTES, DEFAULT_CLIENTS, DEFAULT_SEED = 10.0, 32, 1
DEFAULT_SESSIONS = 100
DEFAULT_RESETS = 30
"""Number of resets of all sessions in a run of any length."""
MODEL_SHARE = 0.5
"""Part of the requests that go to sessions with a model."""
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
    sessions: int = DEFAULT_SESSIONS
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
        "--sessions",
        type=int,
        default=DEFAULT_SESSIONS,
        help="number of sessions (default %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=DEFAULT_SEED, help="seed of the requests (default %(default)s)"
    )
    options = parser.parse_args(arguments)
    try:
        soaked = run_soak(options.minutes, options.clients, options.seed, sessions=options.sessions)
    except MeasurementError as error:
        print(f"make soak: {error}", file=sys.stderr)
        return 2
    text = render_soak_report(soaked)
    print(text, end="")
    if options.minutes >= DEFAULT_MINUTES:
        RESULTS_FILE.write_text(text, encoding="utf-8")
    return 0 if soaked.passed else 1


def run_soak(
    minutes: float,
    clients: int,
    seed: int,
    resets: int = DEFAULT_RESETS,
    sessions: int = DEFAULT_SESSIONS,
) -> SoakResult:
    """Start a mock and run the test. Raises MeasurementError if the mock does not start."""
    soaked = SoakResult(minutes, clients, sessions)
    with (
        start_mock("--max-sessions", str(sessions)) as server,
        open_console(server.address) as polled,
    ):
        phase, models = _Phase(), _create_models(server, sessions)
        seeds = range(seed, seed + clients)
        crowd = [
            threading.Thread(target=_run_client, args=(server, one, phase, soaked, models))
            for one in seeds
        ]
        for one in crowd:
            one.start()
        begun = time.monotonic()
        for number in range(1, resets + 1):
            time.sleep(max(0.0, begun + number * minutes * 60 / resets - time.monotonic()))
            # Just before a reset, when the worlds have the most records.
            soaked.peak_memory = max(soaked.peak_memory, server.memory())
            phase.running.clear()
            _reset_worlds(server, soaked, models)
            phase.over = number == resets
            phase.running.set()
        for one in crowd:
            one.join()
    for status, count in polled.items():
        soaked.statuses["console", status] = count
        if status not in EXPECTED_STATUSES:
            soaked.failures.append(f"console: {status}")
    return soaked


class _Phase:
    """Phase of the run, by which the clients send requests, pause during resets, or end."""

    def __init__(self) -> None:
        self.running = threading.Event()
        self.running.set()
        self.over = False

    def goes_on(self) -> bool:
        """Wait during a pause; return whether the run goes on."""
        self.running.wait()
        return not self.over


def _create_models(server: ServerProcess, count: int) -> list[ModelSession]:
    """Return models of sessions that begin like the default session, which nobody has used yet."""
    client = SoakClient(server.address, random.Random(0))
    first = observe_first(client, DEFAULT_INSTANT)
    client.close()
    return [ModelSession(f"soak-{number}", first) for number in range(count)]


def _reset_worlds(
    server: ServerProcess, soaked: SoakResult, models: Sequence[ModelSession]
) -> None:
    """Reset all sessions, and measure memory; a session in use is reset after its step."""
    # A separate client: the control plane needs no token on loopback, and draws nothing.
    roamer = SessionClient(server.address, random.Random(0))
    status = roamer.send("POST", f"{CONTROL_PLANE}/reset")
    soaked.statuses["reset", status] += 1
    if status != 200:
        soaked.failures.append(f"reset: {status}")
    for session in models:
        with session.lock:
            roamer.use(session)
            try:
                reset_session(roamer)
            except ModelMismatchError as error:
                soaked.failures.append(f"reset: {error}")
    time.sleep(SETTLE_SECONDS)
    soaked.memory_after_resets.append(server.memory())
    roamer.close()


def _run_client(
    server: ServerProcess,
    seed: int,
    phase: _Phase,
    soaked: SoakResult,
    models: list[ModelSession],
) -> None:
    """Send the requests of one client sequentially until the run ends."""
    names: list[str] = [*WEIGHTED_REQUESTS]
    weights = [WEIGHTED_REQUESTS[name][0] for name in names]
    drawn = random.Random(seed)
    roamer, member = SoakClient(server.address, drawn), SessionClient(server.address, drawn)
    while phase.goes_on():
        if drawn.random() < MODEL_SHARE:
            _change_session(member, models, soaked)
            continue
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
    member.close()


def _change_session(client: SessionClient, models: list[ModelSession], soaked: SoakResult) -> None:
    try:
        name = change_and_check(client, models)
    except Exception as error:  # noqa: BLE001 - any failure is a result of the test
        soaked.failures.append(f"session: {type(error).__name__} {error}")
        client.close()
    else:
        soaked.statuses[name, 200] += 1


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

{verdict}: {sum(soaked.statuses.values()):,} requests, and steps in sessions, of {soaked.clients}
clients in {soaked.minutes:g} minutes, with {soaked.sessions} sessions and
{len(soaked.failures)} failures. Memory after the last resets is {soaked.growth:.2f} times that
after the warm-up (limit {MAX_MEMORY_GROWTH:g}).
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
