"""Shops and offers of a skin-care company, for which Faker has no good texts."""

from __future__ import annotations

from typing import NamedTuple

from mock_server.seed.faker_compat import Faker

# Not from Faker, whose streets are often named after a second city, as in 南宁深圳街.
STREETS = ("人民路", "解放路", "建设路", "文化路", "沿江路", "湖滨路", "学府路", "青年路", "花园路")


def shop_name(fake: Faker) -> str:
    """Return the name of a shop, made of its city and its street."""
    return f"{fake.city_name()}{fake.random.choice(STREETS)}店"


def text_content(text: str) -> dict[str, str]:
    """Return a content of a notification."""
    return {"contentType": "TEXT", "contentValue": text}


class Offer(NamedTuple):
    """Occasion for a notification: name, task type, and a text with placeholders."""

    name: str
    type: str
    text: str


TREATMENTS = ("舒缓修护", "深层补水", "焕亮", "紧致", "净澈清洁", "屏障养护", "夜间密集", "眼周")
OFFERS = (
    Offer(
        "护理预约提醒",
        "APPOINTMENT_REMINDER",
        "{nickname}，您在{shop}预约的{treatment}护理时间将到，请提前十分钟到店。",
    ),
    Offer(
        "体验名额确认",
        "APPOINTMENT_REMINDER",
        "{nickname}，{shop}已为您保留{treatment}体验名额，如需改期请提前一天告诉我们。",
    ),
    Offer(
        "复诊回访预约",
        "APPOINTMENT_REMINDER",
        "{nickname}，上次{treatment}护理已满一个月，{shop}为您留出了复查时间。",
    ),
    Offer(
        "会员日到店提醒",
        "APPOINTMENT_REMINDER",
        "{nickname}，会员日当天到{shop}做{treatment}护理，可获赠同系列小样一份。",
    ),
    Offer(
        "生日礼券到期提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        "{nickname}，您的生日礼券月底到期，可在{shop}兑换{treatment}护理一次。",
    ),
    Offer(
        "积分清零提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        "{nickname}，您的部分积分即将清零，可在{shop}兑换{treatment}系列产品。",
    ),
    Offer(
        "试用装领取提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        "{nickname}，您申领的{treatment}试用装已到{shop}，请于本周内领取。",
    ),
    Offer(
        "等级权益更新提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        "{nickname}，您的会员等级已更新，{shop}的{treatment}护理可享新权益。",
    ),
)
CAMPAIGN_NAMES = ("焕肤计划", "会员关怀", "新品体验", "老客回店", "节日礼遇", "门店周年")
"""Names for groups of plans."""
BATCH_NAMES = ("首批邀约名单", "第二批邀约名单", "第三批邀约名单")
ALL_MEMBERS_OFFER = Offer(
    "会员日全员通知",
    "CUSTOMER_RESOURCE_REMINDER",
    "{nickname}，一年一度的会员日开始了，到店即可领取专属礼遇。",
)
