"""A year of a large company: what `--scenario large` has beside the demo story.

So many notification tasks as are asked for, plans and members in proportion. Everything is drawn
from Faker's generator, which is seeded, and dated around the world's instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from mock_server.domain import datetime_text, files, notice_tasks, notices
from mock_server.domain.members import Member
from mock_server.domain.notice_groups import Group
from mock_server.domain.notice_tasks import TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import DEFAULT_END, NotificationTask, Recipient
from mock_server.seed import people
from mock_server.seed.faker_compat import Faker
from mock_server.seed.product_texts import (
    BATCHES,
    CAMPAIGNS,
    EVERYBODY,
    OFFERS,
    TREATMENTS,
    shop_name,
)
from mock_server.world.world import World

SMALLEST, LARGEST, DEFAULT_SIZE = 100, 500_000, 10_000
"""How many notification tasks there may be, and how many there are unless it is chosen."""
TASKS_A_MEMBER, MOST_MEMBERS = 5, 100_000
DAYS, AHEAD = 365, 7
"""Tasks were created from a year ago to yesterday; each starts within a week."""
OPENS, CLOSES, LONG = timedelta(hours=9), timedelta(hours=DEFAULT_END.hour), 9 * 3600
"""Of a day: when work begins, when tasks end at the latest, for how many seconds they are made."""
QUARTER, QUARTERS = timedelta(minutes=15), 40
LENGTHS = (timedelta(hours=2), timedelta(hours=3), None)
"""How long tasks may run; None is until DEFAULT_END, as when no end is asked for."""
FEWEST, MOST = 2, 20
"""Members of a task."""
NICKNAME = "{{nickname}}"
SHOPS, SURNAMES, GIVEN_NAMES = 40, 80, 300
TASKS_A_GROUP, MOST_GROUPS, PLANS_A_GROUP = 2_500, 100, 5


class _Kind(NamedTuple):
    """What tasks of one offer, treatment and shop have in common."""

    name: str
    type: str
    contents: list[dict[str, str]]


def populate(world: World, fake: Faker, size: int) -> None:
    """Fill a world that holds the demo story up to `size` notification tasks."""
    fresh = max(0, min(MOST_MEMBERS, size // TASKS_A_MEMBER) - len(world.members))
    people.meet(world, _names(fake, fresh))
    crowd = [m for number in world.members if (m := world.members.get(number))]
    shops = [shop_name(fake) for _ in range(SHOPS)]
    _everybody(world, crowd)
    count = size - len(world.notification_tasks)
    world.notification_tasks.extend(_tasks(world, fake, crowd, _kinds(shops), count))
    groups = min(MOST_GROUPS, max(1, size // TASKS_A_GROUP))
    for number in range(groups):
        _group(world, fake, crowd, shops, DAYS * number // groups)


def _names(fake: Faker, count: int) -> list[str]:
    surnames = [fake.last_name() for _ in range(SURNAMES)]
    given = [fake.first_name_female() for _ in range(GIVEN_NAMES)]
    choice = fake.random.choice
    return [choice(surnames) + choice(given) for _ in range(count)]


def _kinds(shops: Sequence[str]) -> list[_Kind]:
    return [
        _Kind(
            f"{shop}{treatment}{offer.name}",
            offer.type,
            [_text(offer.text.format(nickname=NICKNAME, shop=shop, treatment=treatment))],
        )
        for shop in shops
        for treatment in TREATMENTS
        for offer in OFFERS
    ]


def _text(value: str) -> dict[str, str]:
    return {"contentType": "TEXT", "contentValue": value}


def _everybody(world: World, crowd: Sequence[Member]) -> None:
    """One task for all members, from an uploaded list, in the middle of its run."""
    now = world.now()
    rows = "".join(f"{m.id},{m.user_id},{m.ciq},{m.name}\r\n" for m in crowd)
    content = f"memberId,userId,ciq,nickname\r\n{rows}".encode()
    created, signature = now - timedelta(days=1), files.signature(content)
    file_id = world.next_id("files")
    world.files[file_id] = files.stored(
        file_id, "全体会员.csv", "", content, signature, "notification", created
    )
    task = NotificationTask(
        id=world.next_id("notification_tasks"),
        name=EVERYBODY.name,
        type=EVERYBODY.type,
        contents=[_text(EVERYBODY.text.format(nickname=NICKNAME))],
        start=_midnight(now),
        end=_midnight(now) + timedelta(days=1, seconds=-1),
        file_ids=[file_id],
        sent_members=None,
        recipients=[Recipient(member.id, member.name) for member in crowd],
        created=created,
        updated=created,
    )
    world.notification_tasks[task.id] = task


def _tasks(
    world: World, fake: Faker, crowd: Sequence[Member], kinds: Sequence[_Kind], count: int
) -> Iterator[NotificationTask]:
    """Tasks in order of creation, each for some of the crowd, who stand beside each other in it."""
    now, draw = world.now(), fake.random.getrandbits
    recipients = [Recipient(member.id, member.name) for member in crowd]
    sent = [
        {"userId": m.user_id, "ciq": m.ciq, "memberId": m.id, "nickname": m.name} for m in crowd
    ]
    days = [_midnight(now) + timedelta(days=day - DAYS) for day in range(DAYS + AHEAD + 1)]
    starts = [[day + OPENS + number * QUARTER for number in range(QUARTERS)] for day in days]
    for number in range(count):
        day, share = divmod(number * DAYS, count)
        created = starts[day][0] + timedelta(seconds=share * LONG // count)
        digits, kind = divmod(draw(64), len(kinds))
        digits, members = divmod(digits, MOST - FEWEST + 1)
        digits, first = divmod(digits, len(crowd) - MOST)
        digits, ahead = divmod(digits, AHEAD)
        digits, quarter = divmod(digits, QUARTERS)
        fate, length = divmod(digits, len(LENGTHS))
        start = starts[day + 1 + ahead][quarter]
        end = start + LENGTHS[length] if LENGTHS[length] else days[day + 1 + ahead] + CLOSES
        terminated = _terminated(created, start, now, fate)
        last = first + FEWEST + members
        yield NotificationTask(
            id=world.next_id("notification_tasks"),
            name=f"{kinds[kind].name}({start.month} 月 {start.day} 日)",
            type=kinds[kind].type,
            contents=kinds[kind].contents,
            start=start,
            end=end,
            file_ids=None,
            sent_members=sent[first:last],
            recipients=recipients[first:last],
            created=created,
            updated=terminated or created,
            terminated=terminated,
        )


def _terminated(created: datetime, start: datetime, now: datetime, fate: int) -> datetime | None:
    """When a task was terminated, if at all.

    One in fifty was before its start, one in fifty five minutes after it, when nobody's last turn
    had come.
    """
    if fate % 50 > 1:
        return None
    ended = start + timedelta(minutes=5) if fate % 50 else created + timedelta(minutes=10)
    return ended if ended <= now else None


def _group(
    world: World, fake: Faker, crowd: Sequence[Member], shops: Sequence[str], day: int
) -> None:
    """A group of plans, the first of which began on this day of the year."""
    choice = fake.random.choice
    opened = _midnight(world.now()) - timedelta(days=DAYS - day) + OPENS
    name = f"{opened.year} 年 {opened.month} 月{choice(CAMPAIGNS)}"
    group = Group(world.next_id("groups"), name, opened, opened)
    world.groups[group.id] = group
    for number in range(PLANS_A_GROUP):
        created = opened + timedelta(minutes=20 * (number + 1))
        begins, ends = created + timedelta(days=1), created + timedelta(days=30)
        visit = f"{choice(shops)}体验{choice(TREATMENTS)}护理"
        data = {
            "name": f"{visit}邀约",
            "groupId": group.id,
            "startTime": datetime_text.text(begins),
            "endTime": datetime_text.text(ends),
            "prompt": f"你是门店的护肤顾问,先问候近况,再邀请会员到{visit}。",
            "greetings": [{"type": "TEXT"}],
        }
        options = "DRAFT" if number == PLANS_A_GROUP - 1 else "RELEASE"
        plan = notices.written(
            world.next_id("notices"), {"options": options, "data": data}, (), created
        )
        world.notices[plan.id] = plan
        if options == "RELEASE":
            _batches(world, fake, crowd, plan)


def _batches(world: World, fake: Faker, crowd: Sequence[Member], plan: Notice) -> None:
    for number, name in enumerate(BATCHES, start=1):
        first = fake.random.randrange(len(crowd) - MOST)
        members = tuple(TaskMember(m.id, m.name) for m in crowd[first : first + MOST])
        created = plan.created + timedelta(minutes=number)
        start = _midnight(plan.created) + timedelta(days=2 + 7 * number) + OPENS
        task_id = world.next_id("notice_tasks")
        world.notice_tasks[task_id] = notice_tasks.planned(
            task_id, plan, name, start, members, created
        )


def _midnight(instant: datetime) -> datetime:
    return datetime.combine(instant, time(), instant.tzinfo)
