"""The members of the demo world are those of a skin-care company."""

from __future__ import annotations

import pytest

from mock_server.clock import DEFAULT_INSTANT, Clock
from mock_server.seed import create_world
from mock_server.seed.faker_compat import Faker, create_faker
from mock_server.settings import DEFAULT_SEED
from mock_server.world.world import World

CHOSEN_NAMES = {
    1007: "奶茶三分糖",
    1012: "Coco妈妈",
    1016: "小鹿乱撞",
    1021: "𠮷野百合",
    1022: "Zoë今天早睡",
    1024: "向日葵🌻",
}


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
    names = member_names(world)
    others = {
        number
        for number, name in names.items()
        if not any(name[:end] in surnames and name[end:] in women for end in (1, 2))
    }
    assert [*names] == [*range(1001, 1025)]
    assert others - CHOSEN_NAMES.keys() <= {1010, 1019}


def test_some_members_go_by_a_nickname(world: World) -> None:
    """A quarter of them, and none of those in the examples, with any seed."""
    names = member_names(world)
    assert {number: names[number] for number in CHOSEN_NAMES} == CHOSEN_NAMES
    examples = {1001: "张丽", 1002: "王芳", 1003: "李娜", 1004: "陈静"}
    assert {number: names[number] for number in examples} == examples


def test_task_405_has_the_people_whom_its_name_mentions(world: World) -> None:
    """`老会员名单 A:𠮷野、Zoë 等`: the list contains members whose names begin so, and others."""
    task = world.notice_tasks[405]
    mentioned = task.name.removeprefix("老会员名单 A:").removesuffix(" 等").split("、")
    assert len(mentioned) == 2
    members = [member.name for member in task.members]
    for name in mentioned:
        assert any(member.startswith(name) for member in members), (name, members)
    assert len(members) > len(mentioned)
