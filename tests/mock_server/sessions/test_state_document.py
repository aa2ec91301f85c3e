"""A state has one document, from which the same state is read again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_type_hints

import pytest

from mock_server.clock import Clock
from mock_server.domain.notice_tasks import Pause
from mock_server.domain.schedules import DailyWindow
from mock_server.seed import Scenario
from mock_server.sessions.record_codec import CHUNK_BYTES, RecordCodecs, record_fields
from mock_server.sessions.state_document import RECORD_TYPES, encode_state, id_ranges
from mock_server.sessions.state_reader import SECTIONS
from mock_server.sessions.state_values import outside_of
from mock_server.world.world import RECORD_TABLES, World
from tests.mock_server.sessions.states import (
    PASSWORD,
    USER,
    document_of,
    new_state,
    read,
    rich_state,
    state_of,
)

FIELDS_OF_VERSION_1 = {
    "Member": "ciq id name userId",
    "StoredFile": "content created fileName id mediaType moduleName signature",
    "NoticeGroup": "created id name updated",
    "Scene": "created externalId id name noticeId prompt sceneType statisticalMethod unbound"
    " updated",
    "Notice": "created details firstId groupId id name phases sceneSets updated",
    "NoticeTask": (
        "created id members name noticeId outcomes pauses planRan sceneIds start terminated updated"
        " window"
    ),
    "NotificationTask": (
        "contents created end fileIds id name outcomes recipients sentMembers sentSize start"
        " terminated type updated"
    ),
}


@pytest.mark.parametrize(
    ("scenario", "size"), [("demo", 100), ("empty", 100), ("large", 100), ("large", 3_000)]
)
def test_a_state_is_read_again_byte_for_byte(scenario: Scenario, size: int) -> None:
    """Each scenario, with a token; the bytes depend on nothing but the state."""
    state = new_state(scenario, size)
    written = encode_state(state)
    assert encode_state(new_state(scenario, size)) == written
    found = read(json.loads(written))
    assert encode_state(found) == written
    assert found.world.used_bytes() == state.world.used_bytes()
    assert found.world.next_id("scenes") == state.world.next_id("scenes")


def test_every_record_and_every_kind_of_value_is_read_again() -> None:
    """Integers of any size, references to files, and sent fields that look like our marks."""
    state = rich_state()
    found = read(document_of(state))
    for name in RECORD_TABLES:
        old, new = ([*getattr(each.world, name).values()] for each in (state, found))
        if name == "notification_tasks":  # sequences of another type
            assert [json.dumps(row.sent_members) for row in old] == [
                json.dumps(row.sent_members) for row in new
            ]
            old = [row._replace(file_ids=None) for row in old]
            new = [row._replace(file_ids=None) for row in new]
        assert old == new
    assert found.world.tokens.credentials == state.world.tokens.credentials
    assert encode_state(found) == encode_state(state)


def test_the_next_token_is_the_same_after_reading() -> None:
    """The random generator is part of the state, and so is who has which token."""
    state = new_state()
    found = read(document_of(state))
    assert found.world.tokens.entries() == state.world.tokens.entries()
    pairs = [each.world.tokens.issue(USER, PASSWORD, each.world.now()) for each in (state, found)]
    assert pairs[0] == pairs[1]


def test_a_plan_with_another_id_and_a_paused_task_are_read_again() -> None:
    """The ids of renamed plans follow from the plans."""
    world = new_state().world
    plan, task = world.notices[301], world.notice_tasks[401]
    world.update_notice(plan, replace(plan, id=world.next_id("notices"), first_id=301))
    now = world.now()
    world.notice_tasks[401] = replace(
        task,
        pauses=(Pause(now - timedelta(seconds=9), now, plan_ran=True),),
        window=DailyWindow(3600, 7200),
        outcomes={1: "TERMINATE_SERVICE"},
    )
    state = state_of(world)
    found = read(document_of(state))
    assert found.world.renamed_notices == {301: world.notices[306].id}
    assert found.world.notice_of(found.world.notice_tasks[401]).id == 306
    assert encode_state(found) == encode_state(state)


def test_the_clock_is_read_again_with_its_fraction() -> None:
    """Frozen or not, with its scale and the instant at which it began."""
    state = new_state()
    clock = Clock(state.clock.now, scale=2.5)
    clock.advance(1.25)
    state = replace(state, clock=clock.state())
    found = read(document_of(state))
    assert found.clock == state.clock
    assert found.world.now() == state.clock.now.replace(microsecond=0)


def test_records_that_take_no_storage_take_none_after_reading() -> None:
    """Those of the scenario `large`; a terminated one does."""
    world = new_state("large").world
    task = [*world.notification_tasks.values()][-1]
    world.notification_tasks[task.id] = task._replace(terminated=world.now())
    document = document_of(state_of(world, "large"))
    assert document["notificationTasksUnweighed"] != []
    found = read(document).world
    assert found.notification_tasks.weight == world.notification_tasks.weight > 0
    assert found.used_bytes() == world.used_bytes()


def test_ids_are_written_as_ranges() -> None:
    """In their order, without those that are left out."""
    ranges = id_ranges([1, 2, 3, 5, 9, 8], {2})
    assert ranges == [[1, 1], [3, 3], [5, 5], [9, 9], [8, 8]]
    outside = outside_of([(5, 9), (1, 3)])
    assert [number for number in range(12) if outside(number)] == [0, 4, 10, 11]


def test_shared_values_are_written_once_and_shared_after_reading() -> None:
    """Tasks of the scenario `large` have the same members; the document would be ten times it."""
    state = new_state("large", 1_000)
    tasks = [*read(document_of(state)).world.notification_tasks.values()]
    sent = [row for task in tasks for row in task.sent_members or ()]
    recipients = [row for task in tasks for row in task.recipients]
    for rows, limit in ((sent, 400), (recipients, 400)):
        assert len(rows) > 5_000
        assert len({*map(id, rows)}) < limit
    assert len({id(task.contents) for task in tasks}) < 1_000


def test_a_large_file_is_written_in_chunks() -> None:
    """No text is longer than a quick step of decoding; each is a whole number of triples."""
    assert CHUNK_BYTES % 3 == 0
    [file] = [row for row in document_of(rich_state())["files"] if row["id"] == 605]
    assert [len(text) for text in file["content"]] == [65_536, 65_536, 65_536, 42_328]


def test_the_fields_of_records_are_those_of_the_version() -> None:
    """A new field needs a default, or another version of the format."""
    found = {
        type_.__name__: " ".join(sorted(field.wire for field in record_fields(type_)))
        for type_ in RECORD_TYPES.values()
    }
    assert found == FIELDS_OF_VERSION_1


def test_every_kind_of_record_of_a_world_is_in_the_document() -> None:
    """And every field of the document is written and read."""
    assert {*RECORD_TYPES} == {*RECORD_TABLES}
    assert {*document_of(new_state())} == {*SECTIONS}


def test_a_type_without_a_json_form_is_an_error_of_the_program() -> None:
    """It is found by the first state that is written, as in every test here."""

    class Odd:
        value: complex

    with pytest.raises(TypeError, match="no JSON form"):
        RecordCodecs().of(get_type_hints(Odd)["value"])


def test_reading_empties_the_document() -> None:
    """A large one takes as much memory as the world, and is freed while the world is made."""
    document: dict[str, Any] = document_of(new_state())
    read(document)
    assert not any(rows for rows in document.values() if isinstance(rows, list))


def test_a_state_of_a_world_is_not_changed_by_the_world() -> None:
    """It is a fork."""
    world: World = new_state().world
    state = state_of(world)
    written = encode_state(state)
    del world.groups[101]
    world.tokens.issue(USER, PASSWORD, world.now())
    assert encode_state(state) == written
