"""Members of long lists are registered in threads, with the same result as without."""

from __future__ import annotations

import asyncio
import threading

import pytest

from mock_server.domain.member_directory import MemberDirectory, MemberRow
from mock_server.domain.member_registration import (
    SMALL_LIST_ROWS,
    register_in_draft,
    register_members,
)
from mock_server.domain.notification_tasks import Recipient
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD
from tests.mock_server.domain.test_member_directory import THREADED_COUNT, new_member_rows


@pytest.mark.parametrize(
    "length", [1, SMALL_LIST_ROWS, SMALL_LIST_ROWS + 1, MIN_ROWS_FOR_THREAD, THREADED_COUNT]
)
def test_a_list_of_any_length_is_as_one_by_one(length: int) -> None:
    """Few members, blocks and drafts in a thread give the same ids and names."""
    rows = [*new_member_rows(length), MemberRow(None, "U0", None, "again")]
    plain, asked = MemberDirectory(1001), MemberDirectory(1001)
    people = [plain.get_or_create(row) for row in rows]
    expected = [
        Recipient(one.id, row.name or one.name) for one, row in zip(people, rows, strict=True)
    ]
    assert asyncio.run(register_members(asked, rows, Recipient)) == expected
    assert [*asked] == [*plain]
    assert asked.next_free_id() == plain.next_free_id()


def test_others_are_served_while_a_long_list_is_enrolled() -> None:
    """A long list is registered in a thread, and its draft applied in one step."""
    served = threading.Event()

    async def serve() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        served.set()

    def recipient(member_id: int, name: str) -> Recipient:
        # Without a thread, this would block the event loop, which then could not serve others.
        assert served.wait(10), "the event loop waits for the list"
        return Recipient(member_id, name)

    async def work() -> int:
        directory, serving = MemberDirectory(1001), asyncio.create_task(serve())
        draft, found = await register_in_draft(
            directory, new_member_rows(THREADED_COUNT), recipient
        )
        await serving
        assert len(directory) == 0
        directory.apply_draft(draft)
        assert [one.member_id for one in found] == [*directory]
        return len(directory)

    assert asyncio.run(work()) == THREADED_COUNT


@pytest.mark.parametrize("busy", [1, 4])
def test_whoever_is_met_meanwhile_is_not_met_again(busy: int) -> None:
    """A draft is repeated if the directory has changed; the last attempt blocks the event loop."""

    async def work() -> None:
        directory, others = MemberDirectory(1001), iter(range(busy))

        async def overtake() -> None:
            for number in others:
                directory.get_or_create(new_member_rows(number + 1)[number])
                await asyncio.sleep(0.01)

        overtaking = asyncio.create_task(overtake())
        await asyncio.sleep(0)
        draft, found = await register_in_draft(
            directory, new_member_rows(THREADED_COUNT), Recipient
        )
        directory.apply_draft(draft)
        overtaking.cancel()
        assert found[0].member_id == 1001
        assert len({one.member_id for one in found}) == THREADED_COUNT == len(directory)

    asyncio.run(work())
