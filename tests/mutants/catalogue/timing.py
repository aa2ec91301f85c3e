"""Faults of writes at the same time, and of effects that come late or for one reader only."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import cache_for_each_token, cache_for_seconds

PAUSE = "await __import__('asyncio').sleep(0.03)"
"""Between reading and writing: long enough for another request."""

CONCURRENCY_MUTANTS = (
    make_mutant(
        "concurrency/id-taken-twice",
        "Groups that are created at the same time get one id; the last one takes its place.",
        "GE-04",
        CodeEdit(
            "handlers/notice_groups.py",
            "def create_group(",
            "async def create_group(",
        ),
        CodeEdit(
            "handlers/notice_groups.py",
            '    group = NoticeGroup(world.next_id("groups"), body["name"], now, now)\n',
            '    fresh = world._ids["groups"]\n'
            f"    {PAUSE}\n"
            '    world._ids["groups"] = fresh + 1\n'
            '    group = NoticeGroup(fresh, body["name"], now, now)\n',
        ),
    ),
    make_mutant(
        "concurrency/scene-written-whole",
        "Of a change and an unbinding of a scene at the same time, one is overwritten.",
        "GE-04",
        CodeEdit("handlers/notice_scenes.py", "def update_scene(", "async def update_scene("),
        CodeEdit(
            "handlers/notice_scenes.py",
            '    if "externalId" in body:\n',
            f'    {PAUSE}\n    if "externalId" in body:\n',
        ),
        CodeEdit(
            "handlers/notice_scenes.py",
            "def unbind_scene_external_id(",
            "async def unbind_scene_external_id(",
        ),
        CodeEdit(
            "handlers/notice_scenes.py",
            "external_id=None, unbound=True, updated=world.now())\n",
            f"external_id=None, unbound=True, updated=world.now())\n    {PAUSE}\n",
        ),
    ),
    make_mutant(
        "concurrency/scenes-of-a-plan",
        "Of scenes that are created at the same time, the plan has the last one only.",
        "GE-04",
        CodeEdit("handlers/notice_scenes.py", "def create_scene(", "async def create_scene("),
        CodeEdit(
            "handlers/notice_scenes.py",
            "    world.scenes[scene.id] = scene",
            f"    {PAUSE}\n    world.scenes[scene.id] = scene",
        ),
    ),
    make_mutant(
        "concurrency/one-termination-at-a-time",
        "While a plan's task is being terminated, the termination of another one does nothing.",
        "GE-04",
        CodeEdit(
            "handlers/notice_tasks.py",
            "def terminate_marketing_notice_task(",
            "async def terminate_marketing_notice_task(",
        ),
        CodeEdit(
            "handlers/notice_tasks.py",
            "    if violations := notice_tasks.termination_violations(status):\n",
            '    if vars(world).get("is_busy"):\n'
            "        return {}\n"
            '    vars(world)["is_busy"] = True\n'
            f"    {PAUSE}\n"
            '    vars(world)["is_busy"] = False\n'
            "    if violations := notice_tasks.termination_violations(status):\n",
        ),
    ),
)
STALENESS_MUTANTS = (
    make_mutant(
        "staleness/scene-for-each-token",
        "A scene is read from a cache for each token, which only writes with that token empty.",
        "GE-05",
        WireEdit(
            cache_for_each_token(
                "getScene", ("createScene", "updateScene", "unbindSceneExternalId", "createToken")
            )
        ),
    ),
    make_mutant(
        "staleness/plans-for-each-token",
        "The plan list comes from a cache for each token, which only writes with it empty.",
        "GE-05",
        WireEdit(
            cache_for_each_token(
                "listMarketingNotices",
                (
                    "createGroup",
                    "updateGroup",
                    "deleteGroup",
                    "createMarketingNotice",
                    "updateMarketingNotice",
                    "terminateMarketingNotice",
                    "enableMarketingNotice",
                    "deleteMarketingNotice",
                    "createMarketingNoticeTask",
                    "terminateMarketingNoticeTask",
                    "enableMarketingNoticeTask",
                ),
            )
        ),
    ),
    make_mutant(
        "staleness/groups-for-a-second",
        "The group list is renewed once in a second.",
        "GE-05",
        WireEdit(cache_for_seconds("listGroups", 1.0)),
    ),
    make_mutant(
        "staleness/task-for-half-a-second",
        "A notification task is read as it was up to half a second before.",
        "GE-05",
        WireEdit(cache_for_seconds("getNotificationTask", 0.5)),
    ),
    make_mutant(
        "staleness/deleted-later",
        "A group that was deleted is gone a fifth of a second later.",
        "GE-05",
        CodeEdit(
            "handlers/notice_groups.py",
            "    del world.groups[group.id]\n",
            "    loop = __import__('asyncio').get_running_loop()\n"
            "    loop.call_later(0.2, world.groups.pop, group.id, None)\n",
        ),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*CONCURRENCY_MUTANTS, *STALENESS_MUTANTS)
