"""The members of long lists are looked up beside other requests, as if nobody else had asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain import members
from mock_server.domain.members import FEW, Directory, MemberRow, drafted, enrolled
from mock_server.domain.notification_tasks import Recipient
from mock_server.runtime.threads import MANY_ROWS

KEYS = st.none() | st.sampled_from("abcde")
ROWS = st.lists(
    st.builds(MemberRow, st.none() | st.integers(1, 8), KEYS, KEYS, KEYS).filter(
        lambda row: any(row[:3])
    ),
    min_size=1,
    max_size=8,
)
MANY = MANY_ROWS + 1


def crowd(count: int, mark: str = "U") -> list[MemberRow]:
    """People that nobody has met."""
    return [MemberRow(None, f"{mark}{number}", f"C{mark}{number}", None) for number in range(count)]


def by_one(directory: Directory, rows: list[MemberRow]) -> list[int]:
    """Their ids, when they are enrolled one after the other."""
    return [directory.enrol(row).id for row in rows]


def state(directory: Directory) -> list[Any]:
    """All that a directory knows, and the next id."""
    known = [directory.get(number) for number in directory]
    keys = [directory.enrol(MemberRow(None, key, None, None)).id for key in "abcde"]
    return [known, keys, directory.fresh_id()]


@given(before=ROWS, rows=ROWS)
def test_a_draft_that_is_adopted_is_as_if_there_had_been_none(
    before: list[MemberRow], rows: list[MemberRow]
) -> None:
    """Same ids, same members, same ids for whoever comes next."""
    plain, drafting = Directory(3), Directory(3)
    assert by_one(plain, before) == by_one(drafting, before)
    draft = drafting.draft()
    assert by_one(plain, rows) == by_one(draft, rows)
    drafting.adopt(draft)
    assert state(plain) == state(drafting)


@given(before=ROWS, rows=ROWS)
def test_meeting_many_at_once_is_as_meeting_each(
    before: list[MemberRow], rows: list[MemberRow]
) -> None:
    """Or it changes nothing, when one of them was met before or is there twice."""
    plain, quick = Directory(3), Directory(3)
    assert by_one(plain, before) == by_one(quick, before)
    met = [member.id for member in quick.meet(rows)] or by_one(quick, rows)
    assert met == by_one(plain, rows)
    assert state(plain) == state(quick)


@pytest.mark.parametrize("length", [1, FEW, FEW + 1, MANY_ROWS, MANY])
def test_a_list_of_any_length_is_as_one_by_one(length: int) -> None:
    """Few members, blocks of them, and a draft in a thread: the same ids and names, remembered."""
    rows = [*crowd(length), MemberRow(None, "U0", None, "again")]
    plain, asked = Directory(1001), Directory(1001)
    people = [plain.enrol(row) for row in rows]
    expected = [
        Recipient(one.id, row.name or one.name) for one, row in zip(people, rows, strict=True)
    ]
    assert asyncio.run(enrolled(asked, rows, Recipient)) == expected
    assert [*asked] == [*plain]
    assert asked.fresh_id() == plain.fresh_id()


def test_new_people_are_met_at_once() -> None:
    """With ids of their own too; somebody known among them takes it away."""
    directory = Directory(1001)
    assert [member.id for member in directory.meet(crowd(3))] == [1001, 1002, 1003]
    assert directory.meet([MemberRow(number, None, None, None) for number in (7, 9)])
    assert not directory.meet([MemberRow(None, "V", None, None), *crowd(1)])
    assert len(directory) == 5


def test_others_are_served_while_a_long_list_is_enrolled() -> None:
    """It is enrolled in a thread, and adopted at once."""

    async def work() -> tuple[int, int]:
        directory, turns = Directory(1001), 0

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        counting = asyncio.create_task(count())
        draft, found = await drafted(directory, crowd(MANY), Recipient)
        counting.cancel()
        assert len(directory) == 0
        directory.adopt(draft)
        assert [one.member_id for one in found] == [*directory]
        return len(directory), turns

    known, turns = asyncio.run(work())
    assert known == MANY
    assert turns > 2


@pytest.mark.parametrize("busy", [1, members.PATIENCE + 1])
def test_whoever_is_met_meanwhile_is_not_met_again(busy: int) -> None:
    """A draft that was overtaken is made anew; if that goes on, the others wait for the last."""

    async def work() -> None:
        directory, others = Directory(1001), iter(range(busy))

        async def overtake() -> None:
            for number in others:
                directory.enrol(crowd(number + 1)[number])
                await asyncio.sleep(0.01)

        overtaking = asyncio.create_task(overtake())
        await asyncio.sleep(0)
        draft, found = await drafted(directory, crowd(MANY), Recipient)
        directory.adopt(draft)
        overtaking.cancel()
        assert found[0].member_id == 1001
        assert len({one.member_id for one in found}) == MANY == len(directory)

    asyncio.run(work())


def test_a_long_list_is_a_layer_and_a_short_one_is_not() -> None:
    """Adopting 100,000 members takes no longer than adopting one."""
    directory = Directory(1001)
    for rows, layers in ((crowd(5), 1), (crowd(MANY, "V"), 3), (crowd(5, "W"), 3)):
        draft = directory.draft()
        assert draft.meet(rows)
        directory.adopt(draft)
        assert len(directory.layers) == layers
    assert directory.enrol(MemberRow(None, "V7", None, None)).id == 1001 + 5 + 7
