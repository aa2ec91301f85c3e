"""What the mock's answers cost when there is twice or a hundred times as much of something."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from math import ceil

from benchmarks import wrk
from benchmarks.figures import Figures
from benchmarks.filled import FIRST_TASK
from benchmarks.loads import TASK_TYPE, TASKS, Load, Unfit
from benchmarks.processes import Running, free_port, running

FEW, HALF, MOST = SIZES = (1_000, 50_000, 100_000)
PAGE = 20
FIT = 4
"""Requests that a measurement has room for at least."""
PAGE_OF_TASKS = f"{TASKS}?taskType={TASK_TYPE}"


@dataclass(frozen=True)
class Query:
    """A list request: of tasks (TASKS of each size) or of one task's executions (MEMBERS)."""

    name: str
    title: str
    path: Callable[[int], str]
    sizes: tuple[int, int]
    of_members: bool = False


def _executions(size: int) -> str:
    return f"{TASKS}/{FIRST_TASK + SIZES.index(size)}/executions"


QUERIES = (
    Query("page", "tasks, the default page", lambda _: PAGE_OF_TASKS, (FEW, MOST)),
    Query("status", "tasks by status", lambda _: f"{PAGE_OF_TASKS}&status=PENDING", (HALF, MOST)),
    Query(
        "window",
        "tasks by time",
        lambda _: f"{PAGE_OF_TASKS}&startTime=2025-04-22%2000:00:00&endTime=2025-04-23%2023:00:00",
        (HALF, MOST),
    ),
    Query(
        "executions",
        "executions, a page in the middle",
        lambda size: f"{_executions(size)}?current={size // PAGE // 2}",
        (FEW, MOST),
        of_members=True,
    ),
    Query(
        "sorted",
        "executions by time",
        lambda size: f"{_executions(size)}?orderBy=executeTime&orderDirection=DESC",
        (HALF, MOST),
        of_members=True,
    ),
)


def scale(figures: Figures, *, rounds: int, seconds: int, tell: Callable[[str], None]) -> None:
    """Add `query/size` for each, in milliseconds of one request after the other (the median).

    What takes long is measured for longer than `seconds`, so that several requests fit.
    Raises loads.Unfit when an answer is not 200 or a page is not full.
    """
    with ExitStack() as stack:
        worlds = {}
        for size in SIZES:
            tell(f"a world of {size:,} tasks is filled")
            worlds[size] = stack.enter_context(_filled(size, SIZES if size == FEW else ()))
        for number in range(1, rounds + 1):
            tell(f"round {number}: pages of large worlds")
            for query in QUERIES:
                for size in query.sizes:
                    world = worlds[FEW if query.of_members else size]
                    load = Load(query.name, "GET", query.path(size), "", "")
                    took = _once(world, load)
                    speed = wrk.measure(world, load, 1, 0, max(seconds, ceil(FIT * took)))
                    figures.add(f"{query.name}/{size}", speed.p50)


def _filled(tasks: int, members: tuple[int, ...]) -> AbstractContextManager[Running]:
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.filled", str(port), str(tasks)]
    return running([*words, *map(str, members)], port)


def _once(world: Running, load: Load) -> float:
    """Seconds of a single request; raises Unfit when its page is not full."""
    begun = time.perf_counter()
    records = world.client.ask(load).read()["records"]
    if len(records) != PAGE:
        raise Unfit(f"{load.path}: {len(records)} records")
    return time.perf_counter() - begun
