"""Faults of what is counted."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "arithmetic/rate-of-the-planned",
        "The rate of completed services is of the planned, not of the contacted.",
        "RP-01",
        Code(
            "domain/reports.py",
            "_rate(counts.completed, counts.contacted)",
            "_rate(counts.completed, counts.planned)",
        ),
    ),
    mutant(
        "arithmetic/six-places",
        "Rates have six places.",
        "RP-01",
        Code("domain/reports.py", "PLACES = 4", "PLACES = 6"),
    ),
    mutant(
        "arithmetic/newest-task-only",
        "A plan's report counts its newest task only.",
        "RP-02",
        Code(
            "handlers/notices.py",
            "reports.count(_courses(world, notice, now), now)",
            "reports.count(_courses(world, notice, now)[:1], now)",
        ),
    ),
    mutant(
        "arithmetic/timeouts-not-completed",
        "A service that timed out is not counted as completed.",
        "RP-05",
        Code(
            "domain/conversations.py",
            "frozenset({SERVED_FULLY, TIMED_OUT})",
            "frozenset({SERVED_FULLY})",
        ),
    ),
    mutant(
        "arithmetic/only-counts-triggers",
        "An ONLY scene counts every trigger.",
        "RP-04",
        Code(
            "domain/reports.py",
            'counts.rows if scene.statistical_method == "ONLY" else',
            'counts.rows if scene.statistical_method == "" else',
        ),
    ),
    mutant(
        "arithmetic/files-for-members",
        "totalMembers of a task with member files is the number of files.",
        "NT-17",
        Code(
            "handlers/notification_tasks.py",
            '"totalMembers": len(task.recipients),\n    }',
            '"totalMembers": len(task.sent_members or task.file_ids or ()),\n    }',
        ),
    ),
    mutant(
        "arithmetic/begun-tasks-only",
        "memberNumber in the plan list counts tasks that have begun only.",
        "RP-03",
        Code(
            "handlers/notices.py",
            "sum(len(course.task.members) for course in courses)",
            "sum(len(course.task.members) for course in courses if course.begun)",
        ),
    ),
)
