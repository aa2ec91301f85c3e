"""Demo data of the notification tasks: files 601-604 and tasks 501-504."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mock_server.domain import files
from mock_server.domain.datetime_text import start_of_day
from mock_server.domain.document_types import XLSX
from mock_server.domain.member_directory import Member
from mock_server.domain.notification_contents import LocalFileReference
from mock_server.domain.notification_tasks import NotificationTask, Recipient
from mock_server.member_files.xlsx_writer import write_workbook
from mock_server.seed.faker_compat import Faker
from mock_server.seed.member_data import demo_members
from mock_server.seed.product_texts import shop_name, text_content
from mock_server.world.world import World

MEMBER_LIST_COLUMNS = ("memberId", "userId", "ciq", "nickname")
COUPONS = ("百元护理券", "新客体验券")
POSTER_CONTENT = {"contentType": "IMAGE", "contentValue": LocalFileReference(602)}


def populate(world: World, fake: Faker) -> None:
    """Add files and tasks, with times relative to the world's instant; needs the members."""
    people = demo_members(world)
    _add_files(world, people)
    _add_tasks(world, people, fake)


def _add_files(world: World, people: list[Member]) -> None:
    created = world.now() - timedelta(days=1)
    for name, media_type, content, module in (
        ("会员名单.xlsx", XLSX, _build_member_list(people[:4]), "notification"),
        ("spring-poster.png", "image/png", _poster_png(), "notification"),
        ("计划任务名单.xlsx", XLSX, _build_member_list(people[:12]), "marketing_notice"),
        ("report.pdf", "application/pdf", _report_pdf(), "report"),
    ):
        id_, signature = world.next_id("files"), files.sha256_hex(content)
        # Not `create_stored_file`: to detect the type takes longer than to write the file.
        world.files[id_] = files.StoredFile(
            id_, name, media_type, content, signature, module, created
        )


def _add_tasks(world: World, people: list[Member], fake: Faker) -> None:
    now = world.now()
    midnight = start_of_day(now)
    last = midnight + timedelta(hours=23, minutes=59, seconds=59)
    # From half an hour ago to three hours from now, but within the day (NT-08). Late in the day the
    # start is later, so that the last member's turn is still to come and the task is EXECUTING.
    left = (last - now) // 3
    started = max(midnight, now - min(timedelta(minutes=30), left - left % timedelta(seconds=1)))
    ends = min(last, now + timedelta(hours=3))
    reminder = text_content(
        "尊敬的{{nickname}}，您预约的护理时间将到，" + shop_name(fake) + "期待您的光临。"
    )
    running = _add_task(
        world,
        "春季护肤节预约提醒",
        "APPOINTMENT_REMINDER",
        [reminder, POSTER_CONTENT],
        # In the last two seconds of a day, no task can be running and also end on that day.
        (started, max(ends, now + timedelta(seconds=2))),
        people[:4],
        now - timedelta(days=1),
    )
    world.notification_tasks[running] = world.notification_tasks[running]._replace(
        file_ids=[601], sent_members=None
    )
    begins = now + timedelta(hours=5)
    if begins + timedelta(hours=4) > last:
        begins = midnight + timedelta(days=1, hours=14)
    gift = text_content("{{nickname}}，您的{{couponName}}即将到期，欢迎到店使用。")
    window = (begins, begins + timedelta(hours=4))
    created = now - timedelta(hours=1)
    _add_task(
        world,
        "会员专属礼券提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        [gift],
        window,
        people[4:10],
        created,
        [{"couponName": COUPONS[number % len(COUPONS)]} for number in range(6)],
    )
    day = midnight - timedelta(days=18)
    holiday = text_content("{{nickname}}，清明假期门店照常营业，您的预约已为您保留。")
    window = (day + timedelta(hours=9), day + timedelta(hours=19))
    created = day - timedelta(hours=8)
    _add_task(
        world, "清明假期到店提醒", "APPOINTMENT_REMINDER", [holiday], window, people[:8], created
    )
    day = midnight - timedelta(days=3)
    lead = text_content("{{nickname}}，感谢您的咨询，护肤顾问稍后与您联系。")
    window = (day + timedelta(hours=9), day + timedelta(hours=19))
    created = day - timedelta(hours=8)
    stopped = _add_task(
        world,
        "新客资跟进提醒",
        "CUSTOMER_RESOURCE_REMINDER",
        [lead],
        window,
        people[10:16],
        created,
    )
    ended = day + timedelta(hours=9, minutes=25)
    world.notification_tasks[stopped] = world.notification_tasks[stopped]._replace(
        terminated=ended, updated=ended
    )


def _add_task(
    world: World,
    name: str,
    kind: str,
    contents: list[dict[str, Any]],
    window: tuple[datetime, datetime],
    people: list[Member],
    created: datetime,
    parameters: Sequence[dict[str, str]] = (),
) -> int:
    """Add a task for these people, each with some dynamic parameters beside ids and nickname."""
    task = NotificationTask(
        id=world.next_id("notification_tasks"),
        name=name,
        type=kind,
        contents=contents,
        start=window[0],
        end=window[1],
        file_ids=None,
        sent_members=[
            {"userId": m.user_id, "ciq": m.ciq, "memberId": m.id, "nickname": m.name, **own}
            for m, own in zip(people, parameters or [{}] * len(people), strict=True)
        ],
        recipients=[Recipient(member.id, member.name) for member in people],
        created=created,
        updated=created,
    )
    world.notification_tasks[task.id] = task
    return task.id


def _build_member_list(people: list[Member]) -> bytes:
    rows = [(m.id, m.user_id or "", m.ciq or "", m.name) for m in people]
    return write_workbook(MEMBER_LIST_COLUMNS, rows)


def _poster_png() -> bytes:
    """Return a PNG of 120 by 60 pixels with a gradient from rose to white."""
    width, height = 120, 60
    lines = b"".join(b"\0" + bytes((244, 170 + y, 190 + y)) * width for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _report_pdf() -> bytes:
    """Return a PDF of one page with one line of text."""
    text = b"BT /F1 24 Tf 72 720 Td (Hypers monthly report) Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    written = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return b"%sxref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n%s" % (
        written,
        size,
        table,
        size,
        b"startxref\n%d\n%%%%EOF\n" % len(written),
    )
