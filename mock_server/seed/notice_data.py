"""Demo data of the marketing notices: groups, plans, scenes and plan tasks.

All dates are relative to the world's instant; at 2025-04-21 09:00:00 they are those of the
contract's examples. The statuses are the same at any instant.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from mock_server.domain import datetime_text, notice_scenes, notice_tasks, notices
from mock_server.domain.member_directory import Member
from mock_server.domain.notice_groups import NoticeGroup
from mock_server.domain.notice_scenes import Scene
from mock_server.domain.notice_tasks import TaskMember
from mock_server.domain.notices import Notice
from mock_server.domain.notification_contents import LocalFileReference
from mock_server.seed.faker_compat import Faker
from mock_server.seed.member_data import demo_members
from mock_server.world.world import World

SYSTEM_PROMPTS = {
    notice_scenes.INVITED_SCENE_ID: "顾客明确同意到店或参加活动。",
    notice_scenes.HANDED_OVER_SCENE_ID: "顾客要求人工服务，或表达明显不满。",
    notice_scenes.SERVED_SCENE_ID: "本次沟通的目标已经达成，顾客没有其他问题。",
}


def add_system_scenes(world: World) -> None:
    """Add the SYSTEM scenes, which exist in every world."""
    for scene_id, name in notice_scenes.SYSTEM_SCENES.items():
        method = "GRAND_TOTAL" if scene_id == notice_scenes.HANDED_OVER_SCENE_ID else "ONLY"
        created = _time_on_day(world, -109, "09:00:00")
        _add_scene(world, name, method, SYSTEM_PROMPTS[scene_id], "SYSTEM", created)


def populate(world: World, _fake: Faker) -> None:
    """Add the demo data, which does not use Faker because all of it is fixed; needs the members."""
    _add_group(
        world,
        "春季焕肤计划",
        _time_on_day(world, -19, "10:15:00"),
        _time_on_day(world, -3, "16:40:12"),
    )
    _add_group(world, "会员关怀", _time_on_day(world, -11, "09:30:00"))
    _add_group(
        world, "冬季补水计划", _time_on_day(world, -47, "14:20:00")
    )  # has no plan: can be deleted
    running = _add_running_notice(world)
    method, prompt = "ONLY", "顾客询问门店在哪里、怎么走或停车是否方便。"
    created = _time_on_day(world, -19, "11:00:00")
    address = _add_scene(world, "询问门店地址", method, prompt, "CUSTOM", created, running.id)
    updated = _time_on_day(world, -6, "17:20:00")
    world.scenes[address.id] = replace(address, external_id="EXT-204", updated=updated)
    method, prompt = "GRAND_TOTAL", "顾客询问产品或护理项目的价格、优惠。"
    created = _time_on_day(world, -13, "14:20:00")
    price = _add_scene(world, "咨询价格", method, prompt, "CUSTOM", created, running.id)
    for scene in (address, price):
        running = running.with_scene(scene.id, scene.created)
    world.notices[running.id] = running
    stopped = _add_stopped_notice(world, price.id)
    complete = _add_complete_notice(world)
    _add_draft_notice(world)
    _add_tasks(world, running, stopped, complete)
    _add_returning_tasks(world, _add_returning_notice(world))


def _text_greeting(text: str) -> dict[str, Any]:
    return {"type": "TEXT", "text": text}


def _add_running_notice(world: World) -> Notice:
    data = {
        "name": "敏感肌修护体验邀约",
        "groupId": 101,
        "description": "邀请敏感肌会员到店体验舒缓修护护理。",
        "startTime": datetime_text.format_datetime(_time_on_day(world, -18, "08:00:00")),
        "endTime": datetime_text.format_datetime(_time_on_day(world, 40, "21:00:00")),
        "replyStrategy": "CONSULTANT_CONTINUE_AFTER_REPLY",
        "replyDelay": 15,
        "unifiedReply": True,
        "segmentSeparator": "||",
        "minReplyInterval": 5,
        "monitoringStrategy": [{"sceneId": 202, "strategy": ["AI_SERVICE_END_UNTIL_RESTART"]}],
        "prompt": "你是品牌的护肤顾问，语气亲切、简短，目标是邀请会员到店体验修护护理。",
        "backgroundInfo": "门店新上线舒缓修护护理，面向敏感肌会员，首次体验免费。",
        "timeInfo": _period_text(world, 0, 40) + "，每天 10:00 到 21:00，需提前一天预约。",
        "referenceCase": "顾客：会不会刺激？顾问：护理全程不含酒精和香精，会先做耳后测试。",
        "timeoutWakeUp": True,
        "timeout": 30,
        "timeoutPrompt": "礼貌询问会员是否还需要帮忙预约，不要重复之前的内容。",
        "greetings": [
            _text_greeting("您好，门店新上线舒缓修护护理，首次体验免费，想邀请您到店试试。"),
            {"type": "IMAGE", "image": LocalFileReference(602)},
        ],
    }
    notice = _add_notice(world, "RELEASE", data, _time_on_day(world, -19, "10:30:00"))
    return replace(notice, updated=_time_on_day(world, -3, "11:05:30"))


def _add_stopped_notice(world: World, scene_id: int) -> Notice:
    data = {
        "name": "新品精华试用回访",
        "groupId": 101,
        "description": "回访领取过新品精华试用装的会员，了解使用感受。",
        "replyStrategy": "CONSULTANT_NO_FURTHER_REPLY",
        "replyDelay": 20,
        "sceneIds": [scene_id],
        "prompt": "你是品牌的护肤顾问，先询问试用感受，再介绍正装的优惠。",
        "timeoutWakeUp": False,
        "greetings": [_text_greeting("您好，新品精华试用装用得怎么样？想听听您的感受。")],
    }
    notice = _add_notice(world, "RELEASE", data, _time_on_day(world, -5, "13:45:00"))
    stopped = notice.with_status(notices.TERMINATION, _time_on_day(world, -4, "10:25:00"))
    world.notices[notice.id] = stopped
    return notice


def _add_complete_notice(world: World) -> Notice:
    data = {
        "name": "生日月会员关怀",
        "groupId": 102,
        "description": "给当月生日的会员送上祝福，并邀请到店领取生日礼。",
        "startTime": datetime_text.format_datetime(_time_on_day(world, -11, "09:00:00")),
        "endTime": datetime_text.format_datetime(_time_on_day(world, -6, "21:00:00")),
        "replyStrategy": "AI_HOSTING_END_AFTER_REPLY",
        "prompt": "你是门店的会员顾问，先送上生日祝福，再邀请会员到店领取生日礼。",
        "greetings": [_text_greeting("祝您生日快乐！门店为您准备了生日礼，欢迎到店领取。")],
    }
    return _add_notice(world, "RELEASE", data, _time_on_day(world, -11, "09:40:00"))


def _add_draft_notice(world: World) -> None:
    data = {
        "name": "五一到店礼预约",
        "groupId": 101,
        "description": "邀请会员五一假期到店领取礼品，到店前先预约。",
        "startTime": datetime_text.format_datetime(_time_on_day(world, 7, "09:00:00")),
        "endTime": datetime_text.format_datetime(_time_on_day(world, 14, "21:00:00")),
    }
    _add_notice(world, "DRAFT", data, _time_on_day(world, -2, "15:10:00"))


def _add_returning_notice(world: World) -> Notice:
    """Add plan 305, a draft on its first day and released on the second."""
    data = {
        "name": "“520”心动礼遇💐老会员回店护理",
        "groupId": 102,
        "description": "邀请三个月没有到店的老会员回店护理（含 Café 下午茶）。",
        "startTime": datetime_text.format_datetime(_time_on_day(world, -9, "09:00:00")),
        "endTime": datetime_text.format_datetime(_time_on_day(world, 29, "21:00:00")),
        "replyStrategy": "CONSULTANT_CONTINUE_AFTER_REPLY",
        "prompt": "你是门店的会员顾问，先问候近况，再邀请会员回店护理。",
        "greetings": [_text_greeting("您好，好久不见，想邀请您回店做一次护理。")],
    }
    draft = _add_notice(world, "DRAFT", data, _time_on_day(world, -9, "15:00:00"))
    released = draft.with_status(notices.EXECUTION, _time_on_day(world, -8, "11:00:00"))
    world.notices[draft.id] = released
    return released


def _add_returning_tasks(world: World, returning: Notice) -> None:
    """Add tasks 405 to 407: ignored because the plan was a draft, completed, just terminated."""
    people = demo_members(world)
    created, start = _time_on_day(world, -9, "15:30:00"), _time_on_day(world, -8, "10:00:00")
    _add_task(world, returning, "老会员名单 A:𠮷野、Zoë 等", start, people[20:], created)
    created, start = _time_on_day(world, -8, "11:10:00"), _time_on_day(world, -7, "10:00:00")
    _add_task(world, returning, "老会员名单 B", start, people, created)
    # Half of the 24 members have been contacted, eight of them in the last 15 minutes. With every
    # seed, at least one of the eight is still in service.
    created, start = _time_on_day(world, -1, "18:00:00"), world.now() - timedelta(minutes=21)
    task_id = _add_task(world, returning, "老会员名单 C", start, people, created)
    end = start + timedelta(minutes=20)
    task = world.notice_tasks[task_id]
    world.notice_tasks[task_id] = replace(task, terminated=end, updated=end)


def _add_tasks(world: World, running: Notice, stopped: Notice, complete: Notice) -> None:
    """Add tasks 401 to 404; `stopped` is the plan before its termination."""
    people = demo_members(world)
    half_an_hour_ago = world.now() - timedelta(minutes=30)
    created = _time_on_day(world, -1, "17:30:00")
    _add_task(world, running, "首批邀约名单", half_an_hour_ago, people[:12], created)
    created, start = _time_on_day(world, -1, "17:40:00"), _time_on_day(world, 1, "10:00:00")
    _add_task(world, running, "第二批邀约名单", start, people[12:20], created)
    created, start = _time_on_day(world, -5, "14:00:00"), _time_on_day(world, -4, "10:00:00")
    task_id = _add_task(world, stopped, "新品试用首批", start, people[1::4], created)
    # 25 minutes after the start of 40: some members were contacted, the others never will be.
    end = start + timedelta(minutes=25)
    task = world.notice_tasks[task_id]
    world.notice_tasks[task_id] = replace(task, terminated=end, updated=end)
    created, start = _time_on_day(world, -11, "10:00:00"), _time_on_day(world, -10, "10:00:00")
    _add_task(world, complete, "四月生日会员", start, people[:20:2], created)


def _add_group(world: World, name: str, created: datetime, updated: datetime | None = None) -> None:
    group = NoticeGroup(world.next_id("groups"), name, created, updated or created)
    world.groups[group.id] = group


def _add_notice(world: World, options: str, data: dict[str, Any], created: datetime) -> Notice:
    body = {"options": options, "data": data}
    system = notice_scenes.SYSTEM_SCENES
    notice = notices.notice_from_request(world.next_id("notices"), body, system, created)
    world.notices[notice.id] = notice
    return notice


def _add_scene(
    world: World,
    name: str,
    method: str,
    prompt: str,
    scene_type: str,
    created: datetime,
    notice_id: int | None = None,
) -> Scene:
    scene_id = world.next_id("scenes")
    scene = Scene(scene_id, name, method, prompt, scene_type, created, created, notice_id=notice_id)
    world.scenes[scene_id] = scene
    return scene


def _add_task(
    world: World,
    notice: Notice,
    name: str,
    start: datetime,
    people: list[Member],
    created: datetime,
) -> int:
    members = tuple(TaskMember(member.id, member.name) for member in people)
    task_id = world.next_id("notice_tasks")
    task = notice_tasks.create_task(task_id, notice, name, start, members, created)
    world.notice_tasks[task_id] = task
    return task_id


def _time_on_day(world: World, days: int, time_of_day: str) -> datetime:
    """Return a time on the day that is `days` after the world's date."""
    now = world.now()
    return datetime.combine(now + timedelta(days=days), time.fromisoformat(time_of_day), now.tzinfo)


def _period_text(world: World, first: int, last: int) -> str:
    days = (_time_on_day(world, day, "00:00:00") for day in (first, last))
    return "至 ".join(f"{day.month} 月 {day.day} 日" for day in days)
