"""Faults of dates and times."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import replace_field, rewrite_request
from tests.wire_faults import edit_each_row, edit_response

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "dates/iso-in-answers",
        "A task list has its times with a T.",
        "listNotificationTasks 200: scheduledStartTime",
        WireEdit(
            edit_response(
                "listNotificationTasks",
                edit_each_row(
                    "records", replace_field("scheduledStartTime", lambda t: t.replace(" ", "T"))
                ),
            )
        ),
    ),
    make_mutant(
        "dates/iso-in-requests",
        "A start with a T is taken.",
        "NT-22",
        WireEdit(
            rewrite_request(
                "createNotificationTask", r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)", r"\1 \2"
            )
        ),
    ),
    make_mutant(
        "dates/31-february",
        "31 February is taken for the 28th.",
        "NT-22",
        WireEdit(rewrite_request("createNotificationTask", r"-02-(29|3\d) ", "-02-28 ")),
    ),
    make_mutant(
        "dates/end-at-start",
        "A task may end in the second in which it starts.",
        "NT-09",
        CodeEdit("domain/notification_tasks.py", "if end <= start:", "if end < start:"),
    ),
    make_mutant(
        "dates/end-on-a-later-day",
        "A task may end on a later day.",
        "NT-08",
        CodeEdit(
            "domain/notification_tasks.py",
            "if end.date() != start.date():",
            "if end.date() < start.date():",
        ),
    ),
    make_mutant(
        "dates/utc",
        "Times of notification tasks are answered in UTC.",
        "NT-25",
        CodeEdit(
            "handlers/notification_tasks.py",
            '"scheduledStartTime": datetime_text.format_datetime(task.start),',
            '"scheduledStartTime": '
            "datetime_text.format_datetime(task.start - task.start.utcoffset()),",
        ),
    ),
    make_mutant(
        "dates/twelve-hour-clock",
        "The start of a plan's task is told by a clock of twelve hours.",
        "MT-15",
        CodeEdit("handlers/notice_tasks.py", "{task.start:%H:%M}", "{task.start:%I:%M}"),
    ),
    make_mutant(
        "dates/hour-that-is-over",
        "A task at an hour that is over today begins today.",
        "MT-02",
        CodeEdit(
            "domain/schedules.py",
            "    return today + timedelta(days=1)\n",
            "    return today\n",
        ),
    ),
    make_mutant(
        "dates/update-unnoticed",
        "A group that is renamed keeps its lastUpdateTime.",
        "GR-04",
        CodeEdit(
            "handlers/notice_groups.py",
            'name=body["name"], updated=world.now())',
            'name=body["name"])',
        ),
    ),
)
