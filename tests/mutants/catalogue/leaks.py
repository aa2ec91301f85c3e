"""Faults by which one record is mistaken for another."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "leaks/members-of-another-task",
        "The member list is that of the newest task.",
        "MT-15",
        CodeEdit(
            "handlers/notice_tasks.py",
            "    simulation = simulate_task(world, _find_task(world, task_id), now)\n    members =",
            "    simulation = simulate_task(world, _find_task(world, task_id), now)\n"
            "    task = _find_task(world, max(world.notice_tasks))\n"
            "    simulation = simulate_task(world, task, now)\n"
            "    members =",
        ),
    ),
    make_mutant(
        "leaks/tasks-of-all-plans",
        "The task list of a plan has the tasks of all plans.",
        "listMarketingNoticeTasks 200: tasks of the plan",
        CodeEdit(
            "handlers/notice_tasks.py",
            "for t in world.tasks_of(id_) if",
            "for t in [*world.notice_tasks.values()][::-1] if",
        ),
    ),
    make_mutant(
        "leaks/plans-of-all-groups",
        "Every group of the plan list has all plans.",
        "MN-10",
        CodeEdit(
            "handlers/notices.py",
            "for n in world.notices.newest(group_id) if",
            "for n in [*world.notices.values()][::-1] if group_id and",
        ),
    ),
    make_mutant(
        "leaks/reports-of-others",
        "The daily reports of a member have what others said.",
        "ME-04",
        CodeEdit(
            "domain/daily_reports.py", "if member.member_id == member_id\n", "if member.member_id\n"
        ),
    ),
    make_mutant(
        "leaks/update-of-siblings",
        "Updating a scene changes the prompt of the other scenes of its plan.",
        "createScene 200: prompt",
        CodeEdit(
            "handlers/notice_scenes.py",
            '    if "externalId" in body:\n',
            "    for other in [*world.scenes.values()]:\n"
            "        if other.notice_id == scene.notice_id and other.id != id_:\n"
            '            world.scenes[other.id] = replace(other, prompt=body["prompt"])\n'
            '    if "externalId" in body:\n',
        ),
    ),
    make_mutant(
        "leaks/another-group-deleted",
        "Deleting a group deletes the oldest one.",
        "GR-03",
        CodeEdit(
            "handlers/notice_groups.py",
            "del world.groups[group.id]",
            "del world.groups[min(world.groups)]",
        ),
    ),
    make_mutant(
        "leaks/id-given-twice",
        "Every second record has the id of the one before it, and takes its place.",
        "createGroup 200: id",
        CodeEdit(
            "world/world.py", "self._ids[table] = fresh + 1", "self._ids[table] = fresh + fresh % 2"
        ),
    ),
    make_mutant(
        "leaks/termination-of-siblings",
        "Terminating a task terminates every task of its plan.",
        "MT-04",
        CodeEdit(
            "handlers/notice_tasks.py",
            "    world.notice_tasks[task_id] = replace(task, terminated=now, updated=now)\n",
            "    for one in [*world.notice_tasks.newest(task.notice_id)]:\n"
            "        world.notice_tasks[one.id] = replace(one, terminated=now, updated=now)\n",
        ),
    ),
    make_mutant(
        "leaks/recipients-of-another-task",
        "The detail of a notification task has the members of the newest one.",
        "NT-25",
        CodeEdit(
            "handlers/notification_tasks.py",
            "    if task.sent_members:\n",
            "    if task.sent_members:\n"
            "        newest = [*world.notification_tasks.values()][-1]\n"
            "        task = task._replace(sent_members=newest.sent_members or [])\n",
        ),
    ),
    make_mutant(
        "leaks/unbinding-of-neighbours",
        "Unbinding a scene unbinds the one that was made before it, too.",
        "SC-04",
        CodeEdit(
            "handlers/notice_scenes.py",
            "    world.scenes[id_] = scene\n    return _render_scene(world, scene)\n\n\ndef _find",
            "    world.scenes[id_] = scene\n"
            "    if other := world.scenes.get(id_ - 1):\n"
            "        world.scenes[other.id] = replace(other, external_id=None, unbound=True)\n"
            "    return _render_scene(world, scene)\n\n\ndef _find",
        ),
    ),
)
