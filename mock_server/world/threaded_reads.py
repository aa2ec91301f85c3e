"""Long reads beside other requests: in a thread, on a snapshot of the world."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from mock_server.runtime.threads import run_in_thread_if
from mock_server.world.world import World

ReadHandler = Callable[..., Any]
MAX_LOOP_STEPS = 1_000
"""Steps that a request may take on the event loop; what a member lives through takes 10 us."""


def threaded_read(steps: Callable[..., int]) -> Callable[[ReadHandler], ReadHandler]:
    """Run a read-only handler in a thread when it takes many `steps`.

    `steps` estimates them from the world and the handler's arguments, quickly.
    """

    def decorator(handler: ReadHandler) -> ReadHandler:
        @wraps(handler)
        async def wrapper(world: World, **arguments: Any) -> Any:
            if steps(world, **arguments) <= MAX_LOOP_STEPS:
                return handler(world, **arguments)
            return await run_in_thread_if(True, partial(handler, world.snapshot(), **arguments))

        return wrapper

    return decorator


def count_members(world: World, id_: int | None = None) -> int:
    """Return the number of rows of a plan's tasks, or of all plans; at least one for each task."""
    tasks = world.notice_tasks
    found = tasks.values() if id_ is None else tasks.newest(id_)
    if len(found) > MAX_LOOP_STEPS:
        return len(found)
    return sum(1 + len(task.members) for task in found)
