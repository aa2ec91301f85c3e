"""Initial data of `--scenario large`: a year of a large company, in addition to the demo data.

The number of notification tasks is an option; plans and members are in proportion to it. All data
is drawn from Faker's seeded generator, and its dates are relative to the world's instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.domain import datetime_text, files, notice_tasks, notices
from mock_server.domain.member_directory import Member
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_tasks import TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.notification_tasks import DEFAULT_END_TIME, NotificationTask, Recipient
from mock_server.seed import member_data
from mock_server.seed.faker_compat import Faker
from mock_server.seed.product_texts import (
    ALL_MEMBERS_OFFER,
    BATCH_NAMES,
    CAMPAIGN_NAMES,
    OFFERS,
    TREATMENTS,
    shop_name,
    text_content,
)
from mock_server.world.world import World

MIN_TASK_COUNT, MAX_TASK_COUNT, DEFAULT_TASK_COUNT = 100, 500_000, 10_000
"""Limits and default of the number of notification tasks."""
TASKS_PER_MEMBER, MAX_MEMBERS = 5, 100_000
HISTORY_DAYS, MAX_DAYS_AHEAD = 365, 7
"""Tasks are created between a year ago and yesterday; each starts within a week."""
OPENING_TIME, CLOSING_TIME, WORKDAY_SECONDS = (
    timedelta(hours=9),
    timedelta(hours=DEFAULT_END_TIME.hour),
    9 * 3600,
)
"""Hours of a day: start of work, latest end of a task; seconds in which tasks are created."""
START_INTERVAL, STARTS_PER_DAY = timedelta(minutes=15), 40
TASK_DURATIONS = (timedelta(hours=2), timedelta(hours=3), None)
"""Durations of tasks; None stands for an end at DEFAULT_END_TIME, as if none had been requested."""
MIN_RECIPIENTS, MAX_RECIPIENTS = 2, 20
"""Limits of the number of members of a task."""
NICKNAME_VARIABLE = "{{nickname}}"
SHOP_COUNT, SURNAME_COUNT, GIVEN_NAME_COUNT = 40, 80, 300
TASKS_PER_GROUP, MAX_GROUPS, PLANS_PER_GROUP = 2_500, 100, 5


class _TaskTemplate(NamedTuple):
    """Common fields of the tasks for one offer, treatment and shop."""

    name: str
    type: str
    contents: list[dict[str, str]]


def populate(world: World, fake: Faker, size: int) -> None:
    """Add records to a world with the demo data until it has `size` notification tasks."""
    fresh = max(0, min(MAX_MEMBERS, size // TASKS_PER_MEMBER) - len(world.members))
    member_data.add_members(world, _draw_names(fake, fresh))
    crowd = [m for number in world.members if (m := world.members.get(number))]
    shops = [shop_name(fake) for _ in range(SHOP_COUNT)]
    _add_task_for_all(world, crowd)
    count = size - len(world.notification_tasks)
    world.notification_tasks.extend(
        _generate_tasks(world, fake, crowd, _task_templates(shops), count)
    )
    groups = min(MAX_GROUPS, max(1, size // TASKS_PER_GROUP))
    for number in range(groups):
        _add_group(world, fake, crowd, shops, HISTORY_DAYS * number // groups)


def _draw_names(fake: Faker, count: int) -> list[str]:
    # Combined from a few hundred names: 100,000 names by Faker would take two seconds.
    surnames = [fake.last_name() for _ in range(SURNAME_COUNT)]
    given = [fake.first_name_female() for _ in range(GIVEN_NAME_COUNT)]
    choice = fake.random.choice
    return [choice(surnames) + choice(given) for _ in range(count)]


def _task_templates(shops: Sequence[str]) -> list[_TaskTemplate]:
    return [
        _TaskTemplate(
            f"{shop}{treatment}{offer.name}",
            offer.type,
            [
                text_content(
                    offer.text.format(nickname=NICKNAME_VARIABLE, shop=shop, treatment=treatment)
                )
            ],
        )
        for shop in shops
        for treatment in TREATMENTS
        for offer in OFFERS
    ]


def _add_task_for_all(world: World, crowd: Sequence[Member]) -> None:
    """Add a task for all members, created from an uploaded list and now half executed."""
    now = world.now()
    rows = "".join(f"{m.id},{m.user_id},{m.ciq},{m.name}\r\n" for m in crowd)
    content = f"memberId,userId,ciq,nickname\r\n{rows}".encode()
    created, signature = now - timedelta(days=1), files.sha256_hex(content)
    file_id = world.next_id("files")
    world.files[file_id] = files.create_stored_file(
        file_id, "全体会员.csv", "", content, signature, "notification", created
    )
    task = NotificationTask(
        id=world.next_id("notification_tasks"),
        name=ALL_MEMBERS_OFFER.name,
        type=ALL_MEMBERS_OFFER.type,
        contents=[text_content(ALL_MEMBERS_OFFER.text.format(nickname=NICKNAME_VARIABLE))],
        start=datetime_text.start_of_day(now),
        end=datetime_text.start_of_day(now) + timedelta(days=1, seconds=-1),
        file_ids=[file_id],
        sent_members=None,
        recipients=[Recipient(member.id, member.name) for member in crowd],
        created=created,
        updated=created,
    )
    world.notification_tasks[task.id] = task


def _generate_tasks(
    world: World, fake: Faker, crowd: Sequence[Member], kinds: Sequence[_TaskTemplate], count: int
) -> Iterator[NotificationTask]:
    """Yield tasks in order of creation, each for some consecutive members of the crowd."""
    now, draw = world.now(), fake.random.getrandbits
    recipients = [Recipient(member.id, member.name) for member in crowd]
    # Recipients and sent members are shared between tasks, so that 500,000 tasks fit into memory.
    sent = [
        {"userId": m.user_id, "ciq": m.ciq, "memberId": m.id, "nickname": m.name} for m in crowd
    ]
    days = [
        datetime_text.start_of_day(now) + timedelta(days=day - HISTORY_DAYS)
        for day in range(HISTORY_DAYS + MAX_DAYS_AHEAD + 1)
    ]
    starts = [
        [day + OPENING_TIME + number * START_INTERVAL for number in range(STARTS_PER_DAY)]
        for day in days
    ]
    for number in range(count):
        day, share = divmod(number * HISTORY_DAYS, count)
        created = starts[day][0] + timedelta(seconds=share * WORKDAY_SECONDS // count)
        # One random number per task, split by divmod, and not six calls for each of 500,000 tasks.
        digits, kind = divmod(draw(64), len(kinds))
        digits, members = divmod(digits, MAX_RECIPIENTS - MIN_RECIPIENTS + 1)
        digits, first = divmod(digits, len(crowd) - MAX_RECIPIENTS)
        digits, ahead = divmod(digits, MAX_DAYS_AHEAD)
        digits, quarter = divmod(digits, STARTS_PER_DAY)
        fate, length = divmod(digits, len(TASK_DURATIONS))
        start = starts[day + 1 + ahead][quarter]
        end = (
            start + TASK_DURATIONS[length]
            if TASK_DURATIONS[length]
            else days[day + 1 + ahead] + CLOSING_TIME
        )
        terminated = _termination_time(created, start, now, fate)
        last = first + MIN_RECIPIENTS + members
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


def _termination_time(
    created: datetime, start: datetime, now: datetime, fate: int
) -> datetime | None:
    """Return the instant at which a task was terminated, or None.

    One task in fifty is terminated before its start, and one in fifty five minutes after it, before
    the last member's turn.
    """
    if fate % 50 > 1:
        return None
    ended = start + timedelta(minutes=5) if fate % 50 else created + timedelta(minutes=10)
    return ended if ended <= now else None


def _add_group(
    world: World, fake: Faker, crowd: Sequence[Member], shops: Sequence[str], day: int
) -> None:
    """Add a group with plans and their tasks, created on this day of the year."""
    choice = fake.random.choice
    opened = (
        datetime_text.start_of_day(world.now()) - timedelta(days=HISTORY_DAYS - day) + OPENING_TIME
    )
    name = f"{opened.year} 年 {opened.month} 月{choice(CAMPAIGN_NAMES)}"
    group = NoticeGroup(world.next_id("groups"), name, opened, opened)
    world.groups[group.id] = group
    for number in range(PLANS_PER_GROUP):
        created = opened + timedelta(minutes=20 * (number + 1))
        begins, ends = created + timedelta(days=1), created + timedelta(days=30)
        visit = f"{choice(shops)}体验{choice(TREATMENTS)}护理"
        data = {
            "name": f"{visit}邀约",
            "groupId": group.id,
            "startTime": datetime_text.format_datetime(begins),
            "endTime": datetime_text.format_datetime(ends),
            "prompt": f"你是门店的护肤顾问，先问候近况，再邀请会员到{visit}。",
            "greetings": [{"type": "TEXT", "text": f"您好，想邀请您到{visit}。"}],
        }
        options = "DRAFT" if number == PLANS_PER_GROUP - 1 else "RELEASE"
        plan = notices.notice_from_request(
            world.next_id("notices"), {"options": options, "data": data}, (), created
        )
        world.notices[plan.id] = plan
        if options == "RELEASE":
            _add_plan_tasks(world, fake, crowd, plan)


def _add_plan_tasks(world: World, fake: Faker, crowd: Sequence[Member], plan: Notice) -> None:
    for number, name in enumerate(BATCH_NAMES, start=1):
        first = fake.random.randrange(len(crowd) - MAX_RECIPIENTS)
        members = tuple(TaskMember(m.id, m.name) for m in crowd[first : first + MAX_RECIPIENTS])
        created = plan.created + timedelta(minutes=number)
        start = (
            datetime_text.start_of_day(plan.created) + timedelta(days=2 + 7 * number) + OPENING_TIME
        )
        task_id = world.next_id("notice_tasks")
        world.notice_tasks[task_id] = notice_tasks.create_task(
            task_id, plan, name, start, members, created
        )
