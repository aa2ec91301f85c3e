"""Faults of refusals: the request is refused, and done all the same."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "refusals/notification-kept",
        "A notification task that breaks a rule is refused, and is in the list.",
        "GE-02",
        CodeEdit(
            "handlers/notification_tasks.py",
            "    refuse(shown, ",
            "    if shown:\n"
            "        newest = [*world.notification_tasks.values()][-1]\n"
            '        number = world.next_id("notification_tasks")\n'
            '        kept = newest._replace(id=number, name=body["taskName"])\n'
            "        world.notification_tasks[number] = kept\n"
            "    refuse(shown, ",
        ),
    ),
    make_mutant(
        "refusals/scene-without-plan-kept",
        "A scene of a plan that does not exist is refused, and is in the list.",
        "GE-02",
        CodeEdit(
            "handlers/notice_scenes.py",
            "    refuse(unknown, unknown,",
            "    if unknown:\n"
            "        kept = [*world.scenes.values()][-1]\n"
            '        number = world.next_id("scenes")\n'
            '        world.scenes[number] = replace(kept, id=number, name=body["name"])\n'
            "    refuse(unknown, unknown,",
        ),
    ),
    make_mutant(
        "refusals/plan-task-kept",
        "A plan's task whose file is no member list is refused, and is in the plan.",
        "GE-02",
        CodeEdit(
            "handlers/notice_tasks.py",
            "    refuse(violations, member_list.unknown",
            "    if start and violations:\n"
            '        number = world.next_id("notice_tasks")\n'
            "        kept = notice_tasks.create_task(\n"
            '            number, _find_notice(world, id_), body["name"], start, (), world.now()\n'
            "        )\n"
            "        world.notice_tasks[number] = kept\n"
            "    refuse(violations, member_list.unknown",
        ),
    ),
    make_mutant(
        "refusals/plan-updated",
        "An update of a plan that breaks a rule is refused, and has changed its name.",
        "GE-02",
        CodeEdit(
            "handlers/notices.py",
            '    refuse(violations, unknown, world.readings["unknown-id-in-body"])\n    keeps_id',
            "    if violations:\n"
            "        from dataclasses import replace\n"
            '        named = replace(before, name=body["data"]["name"])\n'
            "        world.notices[id_] = named\n"
            '    refuse(violations, unknown, world.readings["unknown-id-in-body"])\n    keeps_id',
        ),
    ),
    make_mutant(
        "refusals/group-deleted",
        "The deletion of a group with plans is refused, and the group is gone.",
        "GE-02",
        CodeEdit(
            "handlers/notice_groups.py",
            "(plans, with_plans):\n        raise",
            "(plans, with_plans):\n        del world.groups[group.id]\n        raise",
        ),
    ),
    make_mutant(
        "refusals/termination-noted",
        "Terminating a plan's task twice is refused, and changes its name.",
        "GE-02",
        CodeEdit(
            "handlers/notice_tasks.py",
            "notice_tasks.termination_violations(status):\n        raise",
            "notice_tasks.termination_violations(status):\n"
            '        noted = replace(task, name=f"{task.name} (2)")\n'
            "        world.notice_tasks[task_id] = noted\n"
            "        raise",
        ),
    ),
)
