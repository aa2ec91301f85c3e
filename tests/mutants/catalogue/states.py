"""Faults of states: of plans, tasks, groups and scenes."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "state/complete-changed",
        "A complete plan can be changed.",
        "MN-07",
        Code(
            "domain/notices.py",
            "(DRAFT, EXECUTION, TERMINATION), status",
            "(DRAFT, EXECUTION, TERMINATION, COMPLETE), status",
        ),
    ),
    mutant(
        "state/tasks-outlive-termination",
        "Tasks of a plan that is terminated go on.",
        "MN-05",
        Code("domain/lifecycles.py", "in notice_tasks.OPEN\n", "in ()\n"),
    ),
    mutant(
        "state/enabled-with-its-tasks",
        "Enabling a plan enables the tasks that were terminated with it.",
        "MN-18",
        Code(
            "handlers/notices.py",
            "    world.notices[id_] = notice.entered(notices.EXECUTION, now)\n",
            "    world.notices[id_] = notice.entered(notices.EXECUTION, now)\n"
            "    from dataclasses import replace\n"
            "    for task in [*world.notice_tasks.newest(id_)]:\n"
            "        world.notice_tasks[task.id] = replace(task, terminated=None)\n",
        ),
    ),
    mutant(
        "state/terminated-twice",
        "A task that was terminated can be terminated again.",
        "MT-04",
        Code(
            "domain/notice_tasks.py",
            '"MT-04", OPEN, status',
            '"MT-04", (*OPEN, TERMINATING, TERMINATION), status',
        ),
    ),
    mutant(
        "state/terminated-at-once",
        "A task that is terminated is in TERMINATION while contacts are in service.",
        "MT-12",
        Code(
            "domain/lifecycles.py",
            "notice_tasks.TERMINATING if finishing else notice_tasks.TERMINATION",
            "notice_tasks.TERMINATION if finishing in (True, False) else ''",
        ),
    ),
    mutant(
        "state/ignored-is-complete",
        "A task whose plan was not running at its start is COMPLETE.",
        "MT-14",
        Code(
            "domain/lifecycles.py",
            "    if course.ignored:\n        return notice_tasks.IGNORE\n",
            "",
        ),
    ),
    mutant(
        "state/clock-not-followed",
        "A notification task is PENDING until it ends.",
        "NT-24",
        Code(
            "domain/notification_tasks.py",
            "if now < task.start:\n        return PENDING",
            "if now < task.end:\n        return PENDING",
        ),
    ),
    mutant(
        "state/never-over",
        "A notification task whose window is over without a turn for everybody goes on.",
        "NT-14",
        Code(
            "domain/notification_tasks.py",
            "    if now >= task.end:\n        return COMPLETED\n",
            "",
        ),
    ),
    mutant(
        "state/previous-status-constant",
        "previousStatus is always PENDING.",
        "NT-26",
        Code(
            "handlers/notification_tasks.py",
            '{"previousStatus": before,',
            '{"previousStatus": notification_tasks.PENDING,',
        ),
    ),
    mutant(
        "state/full-group-deleted",
        "A group with plans can be deleted.",
        "GR-02",
        Code("domain/notice_groups.py", "if kept else []", "if not kept and kept else []"),
    ),
    mutant(
        "state/unbinding-unbinds-nothing",
        "After unbinding a scene has its externalId.",
        "SC-04",
        Code("handlers/notice_scenes.py", "external_id=None, unbound=True", "unbound=True"),
    ),
    mutant(
        "state/update-merges",
        "Updating a plan keeps the optional fields that are not sent again.",
        "MN-19",
        Code(
            "domain/notices.py",
            "details={k: v for",
            "details={**(before.details if before else {})} | {k: v for",
        ),
    ),
)
