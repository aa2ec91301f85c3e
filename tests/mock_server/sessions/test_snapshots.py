"""Snapshots of a session: kept by name, limited in number and bytes, and cheap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_server.domain.files import create_stored_file, sha256_hex
from mock_server.errors import Conflict, ContentTooLarge, NotFound
from mock_server.sessions.snapshots import MAX_SNAPSHOTS, SessionSnapshots, SnapshotBudget
from mock_server.sessions.state_document import SessionState
from mock_server.world.world import World
from tests.mock_server.sessions.states import new_state, state_of

LIMIT = 2**20


def add_file(world: World, content: bytes) -> None:
    """Add a file with this content."""
    id_ = world.next_id("files")
    world.files[id_] = create_stored_file(
        id_, "x.bin", "", content, sha256_hex(content), "m", world.now()
    )


def names(snapshots: SessionSnapshots) -> list[str]:
    """Return the names in order."""
    return [each.name for each in snapshots]


def test_snapshots_are_listed_in_the_order_in_which_they_were_saved() -> None:
    """One that is saved again counts as new."""
    snapshots, state = SessionSnapshots(SnapshotBudget(LIMIT)), new_state()
    for name in ("a", "b", "a"):
        snapshots.save(name, state)
    assert names(snapshots) == ["b", "a"]
    assert snapshots.get("a").saved == state.world.now()
    assert snapshots.delete("a").name == "a"
    assert names(snapshots) == ["b"]


def test_an_unknown_snapshot_is_not_found_and_the_known_ones_are_named() -> None:
    """To read it and to delete it."""
    snapshots = SessionSnapshots(SnapshotBudget(LIMIT))
    snapshots.save("a", new_state())
    for use in (snapshots.get, snapshots.delete):
        with pytest.raises(NotFound) as refused:
            use("b")
        assert refused.value.violations[0].accepted == "a"


def test_the_number_of_snapshots_is_limited() -> None:
    """One more is refused; one can still be replaced, and another one saved in its place."""
    snapshots, state = SessionSnapshots(SnapshotBudget(2**30)), new_state("empty")
    for number in range(MAX_SNAPSHOTS):
        snapshots.save(str(number), state)
    with pytest.raises(Conflict) as refused:
        snapshots.save("more", state)
    assert refused.value.violations[0].rule == "CP-29"
    snapshots.save("0", state)
    snapshots.delete("1")
    snapshots.save("more", state)
    assert len(snapshots) == MAX_SNAPSHOTS


def test_a_snapshot_beyond_the_limit_of_bytes_is_refused_and_changes_nothing() -> None:
    """Neither the earlier one of its name nor the order."""
    snapshots, world = SessionSnapshots(SnapshotBudget(LIMIT)), new_state().world
    first, _ = snapshots.save("a", state_of(world))
    snapshots.save("b", state_of(world))
    add_file(world, bytes(LIMIT))
    for name in ("a", "c"):
        with pytest.raises(ContentTooLarge) as refused:
            snapshots.save(name, state_of(world))
        assert refused.value.violations[0].rule == "maxStorage"
    assert names(snapshots) == ["a", "b"]
    assert snapshots.get("a") is first


def test_a_file_that_several_snapshots_share_counts_once() -> None:
    """Until the last of them is deleted."""
    snapshots, world = SessionSnapshots(SnapshotBudget(LIMIT)), new_state("empty").world
    add_file(world, bytes(LIMIT * 2 // 3))
    for name in "abc":
        snapshots.save(name, state_of(world))
    other = new_state("empty").world
    add_file(other, bytes(LIMIT * 2 // 3))
    for name in "abc":
        with pytest.raises(ContentTooLarge):
            snapshots.save("other", state_of(other))
        snapshots.delete(name)
    assert snapshots.save("other", state_of(other))[0].size > LIMIT * 2 // 3
    assert snapshots.delete("other")
    assert snapshots._budget.used_bytes == 0
    assert not snapshots._files


def test_a_snapshot_shares_the_tables_of_the_world() -> None:
    """It takes no memory for its records until the world has replaced them."""
    world = new_state().world
    state: SessionState = state_of(world)
    rows = world.notices._rows
    assert state.world.notices._rows is rows
    world.notices[301] = replace(world.notices[301], name="x")
    assert state.world.notices._rows is rows
    assert world.notices._rows is not rows
