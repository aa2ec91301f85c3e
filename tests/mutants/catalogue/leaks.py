"""Faults by which one record is mistaken for another."""

from __future__ import annotations

from tests.mutants.mutant import Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "leaks/members-of-another-task",
        "The member list is that of the newest task.",
        "MT-15",
        Code(
            "handlers/notice_tasks.py",
            "    course = _course(world, _task(world, task_id), now)\n    members =",
            "    course = _course(world, _task(world, task_id), now)\n"
            "    course = _course(world, _task(world, max(world.notice_tasks)), now)\n"
            "    members =",
        ),
    ),
    mutant(
        "leaks/tasks-of-all-plans",
        "The task list of a plan has the tasks of all plans.",
        "listMarketingNoticeTasks 200: tasks of the plan",
        Code(
            "handlers/notice_tasks.py",
            "for t in world.notice_tasks.newest(id_) if",
            "for t in [*world.notice_tasks.values()][::-1] if",
        ),
    ),
    mutant(
        "leaks/plans-of-all-groups",
        "Every group of the plan list has all plans.",
        "MN-10",
        Code(
            "handlers/notices.py",
            "for n in world.notices.newest(group_id) if",
            "for n in [*world.notices.values()][::-1] if group_id and",
        ),
    ),
    mutant(
        "leaks/reports-of-others",
        "The daily reports of a member have what others said.",
        "ME-04",
        Code(
            "domain/daily_reports.py", "if member.member_id == member_id\n", "if member.member_id\n"
        ),
    ),
    mutant(
        "leaks/update-of-siblings",
        "Updating a scene changes the prompt of the other scenes of its plan.",
        "createScene 200: prompt",
        Code(
            "handlers/notice_scenes.py",
            '    if "externalId" in body:\n',
            "    for other in [*world.scenes.values()]:\n"
            "        if other.notice_id == scene.notice_id and other.id != id_:\n"
            '            world.scenes[other.id] = replace(other, prompt=body["prompt"])\n'
            '    if "externalId" in body:\n',
        ),
    ),
    mutant(
        "leaks/another-group-deleted",
        "Deleting a group deletes the oldest one.",
        "GR-03",
        Code(
            "handlers/notice_groups.py",
            "del world.groups[group.id]",
            "del world.groups[min(world.groups)]",
        ),
    ),
    mutant(
        "leaks/id-given-twice",
        "Every second record has the id of the one before it, and takes its place.",
        "createGroup 200: id",
        Code(
            "world/world.py", "self._ids[table] = fresh + 1", "self._ids[table] = fresh + fresh % 2"
        ),
    ),
    mutant(
        "leaks/termination-of-siblings",
        "Terminating a task terminates every task of its plan.",
        "MT-04",
        Code(
            "handlers/notice_tasks.py",
            "    world.notice_tasks[task_id] = replace(task, terminated=now, updated=now)\n",
            "    for one in [*world.notice_tasks.newest(task.notice_id)]:\n"
            "        world.notice_tasks[one.id] = replace(one, terminated=now, updated=now)\n",
        ),
    ),
    mutant(
        "leaks/recipients-of-another-task",
        "The detail of a notification task has the members of the newest one.",
        "NT-25",
        Code(
            "handlers/notification_tasks.py",
            "    if task.sent_members:\n",
            "    if task.sent_members:\n"
            "        newest = [*world.notification_tasks.values()][-1]\n"
            "        task = task._replace(sent_members=newest.sent_members or [])\n",
        ),
    ),
    mutant(
        "leaks/unbinding-of-neighbours",
        "Unbinding a scene unbinds the one that was made before it, too.",
        "SC-04",
        Code(
            "handlers/notice_scenes.py",
            "    world.scenes[id_] = scene\n    return _rendered(scene)\n\n\ndef _found",
            "    world.scenes[id_] = scene\n"
            "    if other := world.scenes.get(id_ - 1):\n"
            "        world.scenes[other.id] = replace(other, external_id=None, unbound=True)\n"
            "    return _rendered(scene)\n\n\ndef _found",
        ),
    ),
)
