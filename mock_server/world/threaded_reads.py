"""Long reads in a thread, on a snapshot of the world, so that other requests are not delayed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from mock_server.runtime.threads import run_in_thread_if
from mock_server.world.world import World

ReadHandler = Callable[..., Any]
MAX_LOOP_STEPS = 1_000
"""Steps that a request may take on the event loop; a step, such as a conversation, takes 10 us."""


def threaded_read(steps: Callable[..., int]) -> Callable[[ReadHandler], ReadHandler]:
    """Return a decorator that runs a read-only handler in a thread if it takes many steps.

    steps: returns a quick estimate of their number from the world and the handler's arguments.
    """

    def decorator(handler: ReadHandler) -> ReadHandler:
        @wraps(handler)
        async def wrapper(world: World, **arguments: Any) -> Any:
            if steps(world, **arguments) <= MAX_LOOP_STEPS:
                return handler(world, **arguments)
            return await run_in_thread_if(True, partial(handler, world.snapshot(), **arguments))

        return wrapper

    return decorator


def count_read_steps(world: World, id_: int | None = None) -> int:
    """Return the steps of a read of one plan or of all: one for each task and each member."""
    tasks = world.notice_tasks
    found = tasks.values() if id_ is None else world.tasks_of(id_)
    # So many tasks need a thread anyway, and counting their members would take as long as a read.
    if len(found) > MAX_LOOP_STEPS:
        return len(found)
    return sum(1 + len(task.members) for task in found)
