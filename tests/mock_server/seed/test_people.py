"""The members of the demo world are those of a skin-care company."""

from __future__ import annotations

import pytest

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.seed import create_world
from mock_server.seed.faker_compat import Faker, create_faker
from mock_server.seed.people import EXAMPLE_NAMES, MEMBER_COUNT, MEN, NICKNAMES
from mock_server.settings import DEFAULT_SEED
from mock_server.world.world import World


@pytest.fixture(params=[DEFAULT_SEED, 1, 7])
def world(request: pytest.FixtureRequest) -> World:
    """A demo world, for several seeds."""
    return create_world("demo", request.param, Clock(DEFAULT_INSTANT, frozen=True))


def member_names(world: World) -> dict[int, str]:
    """Return the name of each member, by id."""
    return {number: found.name for number in world.members if (found := world.members.get(number))}


def given_names(fake: Faker, kind: str) -> set[str]:
    """Return Faker's given names of women (`first_names_female`) or men (`first_names_male`)."""
    return {name for provider in fake.providers for name in getattr(provider, kind, ())}


def test_most_members_have_names_of_women(world: World) -> None:
    """With any seed, all full names but two are those of women."""
    fake = create_faker(0)
    surnames = given_names(fake, "last_names")
    women = given_names(fake, "first_names_female")
    full = {number: name for number, name in member_names(world).items() if number not in NICKNAMES}
    assert len(full) == MEMBER_COUNT - len(NICKNAMES)
    others = {
        number
        for number, name in full.items()
        if not any(name[:end] in surnames and name[end:] in women for end in (1, 2))
    }
    assert others <= MEN
    assert len(MEN) < MEMBER_COUNT / 10


def test_some_members_go_by_a_nickname(world: World) -> None:
    """A quarter at most, and none of those in the examples."""
    shown = member_names(world)
    assert {number: shown[number] for number in NICKNAMES} == NICKNAMES
    assert 3 < len(NICKNAMES) <= MEMBER_COUNT / 4
    assert {number: shown[number] for number in EXAMPLE_NAMES} == EXAMPLE_NAMES


def test_task_405_has_the_people_whom_its_name_mentions(world: World) -> None:
    """`老会员名单 A:𠮷野、Zoë 等`: the list contains members whose names begin so, and others."""
    task = world.notice_tasks[405]
    mentioned = task.name.removeprefix("老会员名单 A:").removesuffix(" 等").split("、")
    assert len(mentioned) == 2
    members = [member.name for member in task.members]
    for name in mentioned:
        assert any(member.startswith(name) for member in members), (name, members)
    assert len(members) > len(mentioned)
