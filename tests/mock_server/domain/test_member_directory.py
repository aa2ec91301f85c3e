"""The directory of members, its drafts, and the registration of many at once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.member_directory import MemberDirectory, MemberRow
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD

MEMBER_KEYS = st.none() | st.sampled_from("abcde")
MEMBER_ROW_LISTS = st.lists(
    st.builds(
        MemberRow, st.none() | st.integers(1, 8), MEMBER_KEYS, MEMBER_KEYS, MEMBER_KEYS
    ).filter(lambda row: any(row[:3])),
    min_size=1,
    max_size=8,
)
THREADED_COUNT = MIN_ROWS_FOR_THREAD + 1


def new_member_rows(count: int, mark: str = "U") -> list[MemberRow]:
    """Return rows of members that do not exist yet."""
    return [MemberRow(None, f"{mark}{number}", f"C{mark}{number}", None) for number in range(count)]


def enrol_one_by_one(directory: MemberDirectory, rows: list[MemberRow]) -> list[int]:
    """Register members one after the other; return their ids."""
    return [directory.get_or_create(row).id for row in rows]


def directory_state(directory: MemberDirectory) -> list[Any]:
    """Return the members of a directory and its next id."""
    known = [directory.get(number) for number in directory]
    keys = [directory.get_or_create(MemberRow(None, key, None, None)).id for key in "abcde"]
    return [known, keys, directory.next_free_id()]


@settings(deadline=None)  # the machine may be busy
@given(before=MEMBER_ROW_LISTS, rows=MEMBER_ROW_LISTS)
def test_a_draft_that_is_adopted_is_as_if_there_had_been_none(
    before: list[MemberRow], rows: list[MemberRow]
) -> None:
    """The directory has the same members and ids as without a draft, also afterwards."""
    plain, drafting = MemberDirectory(3), MemberDirectory(3)
    assert enrol_one_by_one(plain, before) == enrol_one_by_one(drafting, before)
    draft = drafting.create_draft()
    assert enrol_one_by_one(plain, rows) == enrol_one_by_one(draft, rows)
    drafting.apply_draft(draft)
    assert directory_state(plain) == directory_state(drafting)


@settings(deadline=None)  # the machine may be busy
@given(before=MEMBER_ROW_LISTS, rows=MEMBER_ROW_LISTS)
def test_meeting_many_at_once_is_as_meeting_each(
    before: list[MemberRow], rows: list[MemberRow]
) -> None:
    """If a member exists or occurs twice, nothing is registered at once."""
    plain, quick = MemberDirectory(3), MemberDirectory(3)
    assert enrol_one_by_one(plain, before) == enrol_one_by_one(quick, before)
    met = [member.id for member in quick.register_all_new(rows)] or enrol_one_by_one(quick, rows)
    assert met == enrol_one_by_one(plain, rows)
    assert directory_state(plain) == directory_state(quick)


def test_new_people_are_met_at_once() -> None:
    """This includes new members with ids of their own, but not a list with a known member."""
    directory = MemberDirectory(1001)
    assert [member.id for member in directory.register_all_new(new_member_rows(3))] == [
        1001,
        1002,
        1003,
    ]
    assert directory.register_all_new([MemberRow(number, None, None, None) for number in (7, 9)])
    assert not directory.register_all_new([MemberRow(None, "V", None, None), *new_member_rows(1)])
    assert len(directory) == 5


def test_members_are_found_again_whichever_list_they_came_in() -> None:
    """Drafts of short and of long lists are applied one after the other."""
    directory = MemberDirectory(1001)
    lists = [new_member_rows(5), new_member_rows(THREADED_COUNT, "V"), new_member_rows(5, "W")]
    for rows in lists:
        draft = directory.create_draft()
        assert draft.register_all_new(rows)
        directory.apply_draft(draft)
    found = [directory.get_or_create(row).id for rows in lists for row in rows]
    assert found == [*range(1001, 1001 + 5 + THREADED_COUNT + 5)] == [*directory]
