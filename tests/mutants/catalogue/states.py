"""Faults of states: of plans, tasks, groups and scenes."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "state/complete-changed",
        "A complete plan can be changed.",
        "MN-07",
        CodeEdit(
            "domain/notices.py",
            "(DRAFT, EXECUTION, TERMINATION), status",
            "(DRAFT, EXECUTION, TERMINATION, COMPLETE), status",
        ),
    ),
    make_mutant(
        "state/tasks-outlive-termination",
        "Tasks of a plan that is terminated go on.",
        "MN-05",
        CodeEdit("domain/notice_lifecycles.py", "in notice_tasks.OPEN_STATUSES\n", "in ()\n"),
    ),
    make_mutant(
        "state/enabled-with-its-tasks",
        "Enabling a plan enables the tasks that were terminated with it.",
        "MN-18",
        CodeEdit(
            "handlers/notices.py",
            "    world.notices[id_] = notice.with_status(notices.EXECUTION, now)\n",
            "    world.notices[id_] = notice.with_status(notices.EXECUTION, now)\n"
            "    from dataclasses import replace\n"
            "    for task in [*world.notice_tasks.newest(id_)]:\n"
            "        world.notice_tasks[task.id] = replace(task, terminated=None)\n",
        ),
    ),
    make_mutant(
        "state/contacts-in-a-termination",
        "An enabled task has made the contacts that its termination prevented.",
        "MT-18",
        CodeEdit(
            "domain/notice_tasks.py",
            "pauses = (*pauses, Pause(self.terminated, now, notice.is_running(now)))",
            "pauses = ()",
        ),
    ),
    make_mutant(
        "state/contacts-in-a-terminated-plan",
        "A task that is enabled in a terminated plan contacts its members.",
        "MT-18",
        CodeEdit("domain/notices.py", "if phase.status != EXECUTION:", "if not phase.status:"),
    ),
    make_mutant(
        "state/enabled-in-a-complete-plan",
        "A task of a complete plan can be enabled.",
        "MT-05",
        CodeEdit(
            "domain/notice_tasks.py",
            "if notice_status == notices.COMPLETE:",
            "if notice_status == '':",
        ),
    ),
    make_mutant(
        "state/system-scene-renamed",
        "A SYSTEM scene can get another name.",
        "SC-10",
        CodeEdit("domain/notice_scenes.py", '{"name": scene.name, "prompt"', '{"prompt"'),
    ),
    make_mutant(
        "state/terminated-twice",
        "A task that was terminated can be terminated again.",
        "MT-04",
        CodeEdit(
            "domain/notice_tasks.py",
            '"MT-04", OPEN_STATUSES, status',
            '"MT-04", (*OPEN_STATUSES, TERMINATING, TERMINATION), status',
        ),
    ),
    make_mutant(
        "state/terminated-at-once",
        "A task that is terminated is in TERMINATION while contacts are in service.",
        "MT-12",
        CodeEdit(
            "domain/notice_lifecycles.py",
            "notice_tasks.TERMINATING if finishing else notice_tasks.TERMINATION",
            "notice_tasks.TERMINATION if finishing in (True, False) else ''",
        ),
    ),
    make_mutant(
        "state/ignored-is-complete",
        "A task whose plan was not running at its start is COMPLETE.",
        "MT-14",
        CodeEdit(
            "domain/notice_lifecycles.py",
            "    if simulation.ignored:\n        return notice_tasks.IGNORE\n",
            "",
        ),
    ),
    make_mutant(
        "state/clock-not-followed",
        "A notification task is PENDING until it ends.",
        "NT-24",
        CodeEdit(
            "domain/notification_tasks.py",
            "if now < task.start:\n        return PENDING",
            "if now < task.end:\n        return PENDING",
        ),
    ),
    make_mutant(
        "state/never-over",
        "A notification task whose window is over without a turn for everybody goes on.",
        "NT-14",
        CodeEdit(
            "domain/notification_tasks.py",
            "    if now >= task.end:\n        return COMPLETED\n",
            "",
        ),
    ),
    make_mutant(
        "state/previous-status-constant",
        "previousStatus is always PENDING.",
        "NT-26",
        CodeEdit(
            "handlers/notification_tasks.py",
            '{"previousStatus": before,',
            '{"previousStatus": notification_tasks.PENDING,',
        ),
    ),
    make_mutant(
        "state/full-group-deleted",
        "A group with plans can be deleted.",
        "GR-02",
        CodeEdit("domain/notice_groups.py", "if kept else []", "if not kept and kept else []"),
    ),
    make_mutant(
        "state/unbinding-unbinds-nothing",
        "After unbinding a scene has its externalId.",
        "SC-04",
        CodeEdit("handlers/notice_scenes.py", "external_id=None, unbound=True", "unbound=True"),
    ),
    make_mutant(
        "state/update-merges",
        "Updating a plan keeps the optional fields that are not sent again.",
        "MN-19",
        CodeEdit(
            "domain/notices.py",
            "details={k: v for",
            "details={**(before.details if before else {})} | {k: v for",
        ),
    ),
)
