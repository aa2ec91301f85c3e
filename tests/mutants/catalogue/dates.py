"""Faults of dates and times."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, Wire, mutant
from tests.mutants.wire import put, takes_for
from tests.wire_faults import changes, each

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "dates/iso-in-answers",
        "A task list has its times with a T.",
        "listNotificationTasks 200: scheduledStartTime",
        Wire(
            changes(
                "listNotificationTasks",
                each("records", put("scheduledStartTime", lambda t: t.replace(" ", "T"))),
            )
        ),
    ),
    mutant(
        "dates/iso-in-requests",
        "A start with a T is taken.",
        "NT-22",
        Wire(takes_for("createNotificationTask", r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)", r"\1 \2")),
    ),
    mutant(
        "dates/31-february",
        "31 February is taken for the 28th.",
        "NT-22",
        Wire(takes_for("createNotificationTask", r"-02-(29|3\d) ", "-02-28 ")),
    ),
    mutant(
        "dates/end-at-start",
        "A task may end in the second in which it starts.",
        "NT-09",
        Code("domain/notification_tasks.py", "if end <= start:", "if end < start:"),
    ),
    mutant(
        "dates/end-on-a-later-day",
        "A task may end on a later day.",
        "NT-08",
        Code(
            "domain/notification_tasks.py",
            "if end.date() != start.date():",
            "if end.date() < start.date():",
        ),
    ),
    mutant(
        "dates/utc",
        "Times of notification tasks are answered in UTC.",
        "NT-25",
        Code(
            "handlers/notification_tasks.py",
            '"scheduledStartTime": datetime_text.text(task.start),',
            '"scheduledStartTime": datetime_text.text(task.start - task.start.utcoffset()),',
        ),
    ),
    mutant(
        "dates/twelve-hour-clock",
        "The start of a plan's task is told by a clock of twelve hours.",
        "MT-15",
        Code("handlers/notice_tasks.py", "{task.start:%H:%M}", "{task.start:%I:%M}"),
    ),
    mutant(
        "dates/hour-that-is-over",
        "A task at an hour that is over today begins today.",
        "MT-02",
        Code(
            "domain/schedules.py",
            "    return today + timedelta(days=1)\n",
            "    return today\n",
        ),
    ),
    mutant(
        "dates/update-unnoticed",
        "A group that is renamed keeps its lastUpdateTime.",
        "GR-04",
        Code(
            "handlers/notice_groups.py",
            'name=body["name"], updated=world.now())',
            'name=body["name"])',
        ),
    ),
)
