"""Comparison of the four servers under the same loads, in several rounds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks import wrk
from benchmarks.figures import Measurements
from benchmarks.loads import LOAD_REQUESTS, LOGIN_REQUEST
from benchmarks.servers import SERVERS, prepare_comparison

CONNECTIONS = 8
WARM_UP_SECONDS = 1
"""Seconds at the beginning of each load that are not measured, for JIT compilers and caches."""


def compare_servers(
    figures: Measurements, folder: Path, *, rounds: int, seconds: int, tell: Callable[[str], None]
) -> None:
    """Measure all servers; `folder` is an empty directory for their files.

    Raises loads.MeasurementError for a response that does not match the contract.
    """
    # All servers are started anew in every round, so that no server has records of earlier rounds
    # to keep. They run at the same time, but only one is under load at any moment.
    shapes = prepare_comparison(folder)
    for number in range(1, rounds + 1):
        with ExitStack() as stack:
            live = {}
            for server in SERVERS:
                tell(f"round {number}: {server.title} starts")
                started = stack.enter_context(server.start(folder))
                figures.add(f"start/{server.name}", started.first_answer)
                # Before the first load, which makes every server grow.
                figures.add(f"memory/{server.name}/idle", started.memory())
                shapes.check(LOGIN_REQUEST, started.client.login)
                for load in LOAD_REQUESTS:
                    shapes.check(load, started.client.send_load(load))
                live[server.name] = started
            for load in LOAD_REQUESTS:
                tell(f"round {number}: {load.name}")
                for name, one in live.items():
                    speed = wrk.run_wrk(one, load, CONNECTIONS, WARM_UP_SECONDS, seconds)
                    figures.add(f"{load.name}/{name}/rate", speed.rate)
                    figures.add(f"{load.name}/{name}/p50", speed.p50)
                    figures.add(f"{load.name}/{name}/p99", speed.p99)
            for name, one in live.items():
                figures.add(f"memory/{name}/loaded", one.memory())
