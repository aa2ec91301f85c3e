"""Members of the demo data."""

from __future__ import annotations

from collections.abc import Iterable

from mock_server.domain.member_directory import Member
from mock_server.seed.faker_compat import Faker
from mock_server.world.world import FIRST_IDS, World

EXAMPLE_NAMES = {1001: "张丽", 1002: "王芳", 1003: "李娜", 1004: "陈静"}
NICKNAMES = {
    1007: "奶茶三分糖",
    1012: "Coco妈妈",
    1016: "小鹿乱撞",
    1021: "𠮷野百合",
    1022: "Zoë今天早睡",
    1024: "向日葵🌻",
}
"""Names that members have chosen, with characters beyond the BMP, accents and emoji. Plan task 405
mentions two of them."""
# Most members of a skin-care company are women.
MEN = frozenset({1010, 1019})
MEMBER_COUNT = 24


def populate(world: World, fake: Faker) -> None:
    """Add 24 members, 1001 to 1024; those without a fixed name get one from Faker."""
    first = FIRST_IDS["members"]
    fixed = EXAMPLE_NAMES | NICKNAMES
    numbers = range(first, first + MEMBER_COUNT)
    add_members(world, [fixed.get(number) or _full_name(fake, number) for number in numbers])


def demo_members(world: World) -> list[Member]:
    """Return the members that `populate` adds, without those that a world does not have."""
    first = FIRST_IDS["members"]
    known = (world.members.get(number) for number in range(first, first + MEMBER_COUNT))
    return [member for member in known if member]


def _full_name(fake: Faker, number: int) -> str:
    # Not Faker's `name_female`, which also returns men's names.
    given = fake.first_name_male() if number in MEN else fake.first_name_female()
    return f"{fake.last_name()}{given}"


def add_members(world: World, names: Iterable[str]) -> None:
    """Add members with these names and with all three keys."""
    for name in names:
        number = world.members.next_free_id()
        world.members.add(Member(number, name, f"U{number}", f"C{number}"))
