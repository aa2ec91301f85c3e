"""A fork of a world has the same state, and changes of one of the two do not show in the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_server.clock import CST, DEFAULT_INSTANT, Clock
from mock_server.domain.files import create_stored_file
from mock_server.domain.member_directory import MemberDirectory, MemberRow
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD
from mock_server.seed import create_world
from mock_server.world.world import RECORD_TABLES, World

USER, PASSWORD = "demo@example.com", "demo-password"


def new_world() -> World:
    """Return a demo world with a frozen clock and a token."""
    world = create_world("demo", 1, Clock(DEFAULT_INSTANT, frozen=True))
    world.tokens.issue(USER, PASSWORD, world.now())
    return world


def observe(world: World) -> dict[str, Any]:
    """Return all that a world shows: its records in both orders, sizes, ids, tokens to come."""
    drawn = world.token_generator.getstate()
    tables: dict[str, Any] = {
        name: [*table.values()] for name in RECORD_TABLES for table in [getattr(world, name)]
    }
    tables["newest groups"] = [*world.groups.newest()]
    tables["newest tasks"] = [[*world.notice_tasks.newest(key)] for key in (301, 302, 303)]
    tables["ids"] = {**world._ids}
    tables["bytes"] = (world.used_bytes(), world.files.used_bytes, world.members.weight)
    tables["tokens"] = ({**world.tokens._access}, {**world.tokens._refresh}, drawn)
    tables["renamed"] = {**world.renamed_notices}
    tables["by user"] = world.members.find_by_path("new", "userId")
    return tables


def add_group(world: World) -> None:
    """Add a group."""
    id_ = world.next_id("groups")
    world.groups[id_] = NoticeGroup(id_, "新组", world.now(), world.now())


def add_old_scene(world: World) -> None:
    """Add a scene that is older than all others."""
    before = world.now() - timedelta(days=999)
    world.scenes[999] = Scene(999, "旧", "ONLY", "", "CUSTOM", before, before)


def rename_group(world: World) -> None:
    """Replace a group at its place."""
    world.groups[101] = replace(world.groups[101], name="改名")


def give_notice_another_id(world: World) -> None:
    """Update a plan, which gets another id."""
    before = world.notices[301]
    world.update_notice(before, replace(before, id=world.next_id("notices"), first_id=301))


def add_file(world: World) -> None:
    """Add a file with the content of another one."""
    first = next(iter(world.files.values()))
    id_ = world.next_id("files")
    world.files[id_] = create_stored_file(
        id_, "x.txt", "", first.content, first.signature, "m", world.now()
    )


def remove_file(world: World) -> None:
    """Remove a file."""
    del world.files[next(iter(world.files))]


def add_member(world: World) -> None:
    """Add one member."""
    world.members.get_or_create(MemberRow(None, "new", None, None))


def add_draft(world: World) -> None:
    """Add the few members of a draft."""
    draft = world.members.create_draft()
    draft.get_or_create(MemberRow(None, "new", None, None))
    world.members.apply_draft(draft)


def add_block(world: World) -> None:
    """Add a block of members."""
    rows = [MemberRow(None, "new", None, None), MemberRow(None, "new 2", None, None)]
    assert world.members.register_all_new(rows)


def issue_token(world: World) -> None:
    """Issue a token, which draws from the generator."""
    world.tokens.issue(USER, PASSWORD, world.now())


def refresh_token(world: World) -> None:
    """Use the refresh token."""
    world.tokens.refresh(next(iter(world.tokens._refresh)), world.now())


CHANGES = (
    add_group,
    add_old_scene,
    rename_group,
    give_notice_another_id,
    add_file,
    remove_file,
    add_member,
    add_draft,
    add_block,
    issue_token,
    refresh_token,
    lambda world: world.groups.__delitem__(101),
    lambda world: world.remove_notice(world.notices[302]),
    lambda world: world.groups.extend([NoticeGroup(999, "组", world.now(), world.now())]),
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_world_does_not_show_in_its_fork_and_the_other_way_round(
    change: Callable[[World], Any],
) -> None:
    """Whichever of the two is changed first; the change itself is the same in both."""
    for changed_first in (0, 1):
        world = new_world()
        pair = (world, world.fork(world.clock))
        before = observe(world)
        assert observe(pair[1]) == before
        change(pair[changed_first])
        assert observe(pair[not changed_first]) == before
        assert (after := observe(pair[changed_first])) != before
        change(pair[not changed_first])
        assert observe(pair[not changed_first]) == after
        assert observe(pair[changed_first]) == after


def test_a_fork_shares_no_container_that_may_change() -> None:
    """An attribute that is added to World later is either immutable or forked as well."""
    world = new_world()
    fork = world.fork(Clock(DEFAULT_INSTANT))
    shared = {name for name, value in vars(world).items() if vars(fork)[name] is value}
    # Whole numbers, answers that never change, and the processes that all worlds share; also the
    # object that counts the records that they share.
    assert shared <= {
        "seed",
        "_free",
        "shared_bytes",
        "shared_records",
        "readers",
        "_readings",
        "page_shape",
        "member_list_readings",
    }


def test_a_fork_takes_no_copy_of_its_tables_until_one_is_changed() -> None:
    """A world of 100,000 records is forked as fast as an empty one."""
    world = new_world()
    fork = world.fork(world.clock)
    rows = world.groups._rows
    assert fork.groups._rows is rows
    add_group(fork)
    assert world.groups._rows is rows
    assert fork.groups._rows is not rows
    taken = fork.groups._rows
    add_group(fork)
    assert fork.groups._rows is taken


def test_a_long_layer_of_members_is_left_to_the_forks() -> None:
    """Copying it would take milliseconds; members that are added later get a layer of their own."""
    directory = MemberDirectory(1)
    count = MIN_ROWS_FOR_THREAD + 1
    assert directory.register_all_new([MemberRow(None, f"U{n}", None, None) for n in range(count)])
    fork = directory.fork()
    for number in range(3):
        directory.get_or_create(MemberRow(None, f"N{number}", None, None))
        directory.fork()
    assert [len(layer[0]) for layer in directory.layers] == [count, 3]
    assert [len(layer[0]) for layer in fork.layers] == [count]


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("scale", [1, 0.5, 86_400])
def test_a_clock_goes_on_from_its_state(frozen: bool, scale: float) -> None:
    """With its fraction of a second: a state of the state is the same one."""
    clock = Clock(DEFAULT_INSTANT, frozen=frozen, scale=scale)
    clock.advance(1.25)
    state = clock.state()
    assert state.now >= DEFAULT_INSTANT + timedelta(seconds=1.25)
    later = Clock.from_state(state._replace(frozen=True))
    assert later.state() == state._replace(frozen=True)
    assert later.now() == state.now.replace(microsecond=0)
    again = Clock.from_state(state)
    assert (again.frozen, again.scale, again.started) == (frozen, scale, DEFAULT_INSTANT)
    assert again.now() >= later.now()
    assert state.now.tzinfo is CST
