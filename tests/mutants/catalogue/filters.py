"""Faults of filters."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "filter/keyword-by-case",
        "keyWord is case-sensitive.",
        "PG-07",
        Code("domain/paging.py", "keyword.casefold() in name.casefold()", "keyword in name"),
    ),
    mutant(
        "filter/ids-ignored",
        "The group list does not look at ids.",
        "GR-05",
        Code(
            "handlers/notice_groups.py",
            "(wanted is None or group.id in wanted) and contains",
            "contains",
        ),
    ),
    mutant(
        "filter/external-id-by-prefix",
        "The scene list finds an externalId by its beginning.",
        "SC-05",
        Code(
            "domain/notice_scenes.py",
            "scene.external_id == external_id",
            '(scene.external_id or "").startswith(external_id)',
        ),
    ),
    mutant(
        "filter/plan-or-keyword",
        "The scene list takes a scene that has the plan or the keyword, not both.",
        "SC-05",
        Code(
            "domain/notice_scenes.py",
            "        and (within is None or scene.id in within)\n",
            "        or (within is not None and scene.id in within)\n",
        ),
    ),
    mutant(
        "filter/status-ignored",
        "The notification task list does not look at status.",
        "NT-12",
        Code(
            "domain/notification_tasks.py",
            "        and (wanted is None or status(seed, task, now) == wanted)\n",
            "",
        ),
    ),
    mutant(
        "filter/end-excluded",
        "A task that starts at the query's endTime is not found.",
        "NT-13",
        Code("domain/notification_tasks.py", "task.start <= latest", "task.start < latest"),
    ),
    mutant(
        "filter/first-day-excluded",
        "Daily reports begin on the day after startDate.",
        "ME-01",
        Code("domain/daily_reports.py", "first <= report.date", "first < report.date"),
    ),
    mutant(
        "filter/member-status-ignored",
        "The members of a plan's task are not filtered by status.",
        "MT-06",
        Code(
            "domain/task_member_filter.py",
            "(not status or journey.status == status)",
            "(not status or journey.status)",
        ),
    ),
)
