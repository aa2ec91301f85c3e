"""Faults of filters."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "filter/keyword-by-case",
        "keyWord is case-sensitive.",
        "PG-07",
        CodeEdit("domain/paging.py", "keyword.casefold() in name.casefold()", "keyword in name"),
    ),
    make_mutant(
        "filter/ids-ignored",
        "The group list does not look at ids.",
        "GR-05",
        CodeEdit(
            "handlers/notice_groups.py",
            "(wanted is None or group.id in wanted) and contains",
            "contains",
        ),
    ),
    make_mutant(
        "filter/external-id-by-prefix",
        "The scene list finds an externalId by its beginning.",
        "SC-05",
        CodeEdit(
            "domain/notice_scenes.py",
            "shown_external_id(scene, after_unbinding) == external_id",
            '(scene.external_id or "").startswith(external_id)',
        ),
    ),
    make_mutant(
        "filter/plan-or-keyword",
        "The scene list takes a scene that has the plan or the keyword, not both.",
        "SC-05",
        CodeEdit(
            "domain/notice_scenes.py",
            "        and (within is None or scene.id in within)\n",
            "        or (within is not None and scene.id in within)\n",
        ),
    ),
    make_mutant(
        "filter/status-ignored",
        "The notification task list does not look at status.",
        "NT-12",
        CodeEdit(
            "domain/notification_tasks.py",
            "        and (wanted is None or task_status(seed, task, now) == wanted)\n",
            "",
        ),
    ),
    make_mutant(
        "filter/end-excluded",
        "A task that starts at the query's endTime is not found.",
        "NT-13",
        CodeEdit("domain/notification_tasks.py", "task.start <= latest", "task.start < latest"),
    ),
    make_mutant(
        "filter/first-day-excluded",
        "Daily reports begin on the day after startDate.",
        "ME-01",
        CodeEdit("domain/daily_reports.py", "first <= report.date", "first < report.date"),
    ),
    make_mutant(
        "filter/member-status-ignored",
        "The members of a plan's task are not filtered by status.",
        "MT-06",
        CodeEdit(
            "domain/task_member_filter.py",
            "(not status or conversation.status == status)",
            "(not status or conversation.status)",
        ),
    ),
    make_mutant(
        "filter/end-ignored-with-status",
        "The notification task list does not look at endTime when status is given.",
        "PG-18",
        CodeEdit(
            "domain/notification_tasks.py",
            "(latest is None or task.start <= latest)",
            "(wanted or latest is None or task.start <= latest)",
        ),
    ),
    make_mutant(
        "filter/groups-ignored-with-status",
        "The plan list does not look at groupIds when status is given.",
        "PG-18",
        CodeEdit(
            "handlers/notices.py",
            "(wanted is None or group.id in wanted)",
            "(status or wanted is None or group.id in wanted)",
        ),
    ),
    make_mutant(
        "filter/keyword-ignored-with-ids",
        "The group list does not look at keyWord when ids is given.",
        "PG-18",
        CodeEdit(
            "handlers/notice_groups.py",
            "and contains_keyword(key_word, group.name)",
            "and (wanted is not None or contains_keyword(key_word, group.name))",
        ),
    ),
    make_mutant(
        "filter/moods-ignored-with-scenes",
        "The members of a plan's task are not filtered by moodValue when sceneIds is given.",
        "PG-18",
        CodeEdit(
            "domain/task_member_filter.py",
            "(not moods or not moods.isdisjoint",
            "(scene_ids is not None or not moods or not moods.isdisjoint",
        ),
    ),
    make_mutant(
        "filter/keyword-ignored-with-end-date",
        "The daily reports are not filtered by keyword when endDate is given.",
        "PG-18",
        CodeEdit(
            "domain/daily_reports.py",
            "and contains_keyword(keyword, report.content)",
            "and (last or contains_keyword(keyword, report.content))",
        ),
    ),
)
