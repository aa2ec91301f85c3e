"""The members of the demo story."""

from __future__ import annotations

from collections.abc import Iterable

from mock_server.domain.members import Member
from mock_server.seed.faker_compat import Faker
from mock_server.world.world import World

NAMED = ("张丽", "王芳", "李娜", "陈静")
PEOPLE = 24


def populate(world: World, fake: Faker) -> None:
    """Twenty-four members, 1001 to 1024: four the examples name, the others from Faker."""
    meet(world, [*NAMED, *(fake.name_female() for _ in range(PEOPLE - len(NAMED)))])


def meet(world: World, names: Iterable[str]) -> None:
    """New members with these names, each with all three keys."""
    for name in names:
        number = world.members.fresh_id()
        world.members.add(Member(number, name, f"U{number}", f"C{number}"))
