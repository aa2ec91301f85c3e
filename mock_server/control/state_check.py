"""Check that the mock can show each record of a world that was not made by its own requests."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Iterator, Mapping
from typing import Any

from mock_server.domain.notification_tasks import NotificationTask
from mock_server.errors import ApiError, ErrorDetail, InvalidResponse
from mock_server.sessions.record_codec import camel_case
from mock_server.sessions.state_checks import FIT_RULE, MAX_VIOLATIONS
from mock_server.world.world import World

OPERATIONS = {
    "files": ("getFile", "id_"),
    "groups": ("getGroup", "id_"),
    "scenes": ("getScene", "id_"),
    "notices": ("getMarketingNotice", "id_"),
    "notice_tasks": ("getMarketingNoticeTask", "task_id"),
    "notification_tasks": ("getNotificationTask", "task_id"),
}
"""Operation that shows a record of each kind, and the argument with its id."""
MAX_REASON_LENGTH = 200


def find_unservable(world: World, contract: Any) -> list[ErrorDetail]:
    """Return the records whose response would be a 500 under a compiled contract; in a thread."""
    # A text that is too long for its response, a header of a file that HTTP does not allow: what
    # requests cannot store has no end, so the responses themselves are tried.
    return asyncio.run(_find_unservable(world, contract))


async def _find_unservable(world: World, contract: Any) -> list[ErrorDetail]:
    found: list[ErrorDetail] = []
    world = _with_short_tasks(world)
    for table, (name, argument) in OPERATIONS.items():
        # Another contract may lack it (--contract).
        check = getattr(contract.operations.get(name), "check_response", None)
        if check is None:
            continue
        for index, id_ in enumerate(getattr(world, table)):
            if reason := await _reason(check(world, **{argument: id_})):
                pointer = f"/body/{camel_case(table)}/{index}"
                found.append(ErrorDetail(pointer, FIT_RULE, "valid response", reason))
                if len(found) == MAX_VIOLATIONS:
                    return found
    return found


def _with_short_tasks(world: World) -> World:
    """Return a copy of a world for reads, whose notification tasks have one member."""
    short: Any = copy.copy(world)
    short.notification_tasks = _ShortTasks(world.notification_tasks)
    found: World = short
    return found


class _ShortTasks:
    """Notification tasks with one member each.

    The statistics of a task follow from its members, who were checked before, and take long.
    """

    def __init__(self, tasks: Mapping[int, NotificationTask]) -> None:
        self._tasks = tasks

    def __iter__(self) -> Iterator[int]:
        return iter(self._tasks)

    def get(self, id_: int) -> NotificationTask:
        """Return a task with its first member."""
        task = self._tasks[id_]
        return task._replace(recipients=task.recipients[:1])


async def _reason(response: Awaitable[None]) -> str | None:
    """Return why a response would be a 500; None if it would be another one."""
    try:
        await response
    except ApiError:
        return None
    # Any error in a handler: the records are not those that its own requests have made.
    except (InvalidResponse, ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:MAX_REASON_LENGTH]
    return None
