"""Response times of the mock as the number of records grows by a factor of 2 or 100."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from math import ceil

from benchmarks import wrk
from benchmarks.figures import Measurements
from benchmarks.filled import FIRST_TASK_ID
from benchmarks.loads import TASK_TYPE, TASKS, LoadRequest, MeasurementError
from benchmarks.processes import ServerProcess, free_port, start_server

SMALL_SIZE, MEDIUM_SIZE, LARGE_SIZE = SIZES = (1_000, 50_000, 100_000)
PAGE_SIZE = 20
MIN_REQUESTS = 4
"""Minimum number of requests in a measurement."""
TASK_PAGE_PATH = f"{TASKS}?taskType={TASK_TYPE}"


@dataclass(frozen=True)
class ListQuery:
    """Request for a list of tasks, or of the executions of one task (`of_members`)."""

    name: str
    title: str
    path: Callable[[int], str]
    sizes: tuple[int, int]
    of_members: bool = False


def _executions_path(size: int) -> str:
    return f"{TASKS}/{FIRST_TASK_ID + SIZES.index(size)}/executions"


LIST_QUERIES = (
    ListQuery(
        "page", "tasks, the default page", lambda _: TASK_PAGE_PATH, (SMALL_SIZE, LARGE_SIZE)
    ),
    ListQuery(
        "status",
        "tasks by status",
        lambda _: f"{TASK_PAGE_PATH}&status=PENDING",
        (MEDIUM_SIZE, LARGE_SIZE),
    ),
    ListQuery(
        "window",
        "tasks by time",
        lambda _: f"{TASK_PAGE_PATH}&startTime=2025-04-22%2000:00:00&endTime=2025-04-23%2023:00:00",
        (MEDIUM_SIZE, LARGE_SIZE),
    ),
    ListQuery(
        "executions",
        "executions, a page in the middle",
        lambda size: f"{_executions_path(size)}?current={size // PAGE_SIZE // 2}",
        (SMALL_SIZE, LARGE_SIZE),
        of_members=True,
    ),
    ListQuery(
        "sorted",
        "executions by time",
        lambda size: f"{_executions_path(size)}?orderBy=executeTime&orderDirection=DESC",
        (MEDIUM_SIZE, LARGE_SIZE),
        of_members=True,
    ),
)


def measure_scaling(
    figures: Measurements, *, rounds: int, seconds: int, tell: Callable[[str], None]
) -> None:
    """Add `query/size` for each query: the median of sequential requests, in milliseconds.

    Slow queries are measured for longer than `seconds`, for at least MIN_REQUESTS requests. Raises
    loads.MeasurementError if a status is not 200 or a page is not full.
    """
    with ExitStack() as stack:
        worlds = {}
        for size in SIZES:
            tell(f"creating a world of {size:,} tasks")
            worlds[size] = stack.enter_context(
                _start_filled_mock(size, SIZES if size == SMALL_SIZE else ())
            )
        for number in range(1, rounds + 1):
            tell(f"round {number}: pages of large worlds")
            for query in LIST_QUERIES:
                for size in query.sizes:
                    world = worlds[SMALL_SIZE if query.of_members else size]
                    load = LoadRequest(query.name, "GET", query.path(size), "", "")
                    # wrk needs a fixed duration, so a single request is timed first.
                    took = _time_request(world, load)
                    speed = wrk.run_wrk(world, load, 1, 0, max(seconds, ceil(MIN_REQUESTS * took)))
                    figures.add(f"{query.name}/{size}", speed.p50)


def _start_filled_mock(
    tasks: int, members: tuple[int, ...]
) -> AbstractContextManager[ServerProcess]:
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.filled", str(port), str(tasks)]
    return start_server([*words, *map(str, members)], port)


def _time_request(world: ServerProcess, load: LoadRequest) -> float:
    """Return the seconds of a single request. Raises MeasurementError if its page is not full."""
    begun = time.perf_counter()
    records = world.client.send_load(load).read()["records"]
    if len(records) != PAGE_SIZE:
        raise MeasurementError(f"{load.path}: expected {PAGE_SIZE} records, got {len(records)}")
    return time.perf_counter() - begun
