"""Daily reports: what a member's conversations of a day came to (L1631-L1662).

A conversation over midnight has its part in the reports of both days; what a day's report says of
it no longer changes once the day is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from mock_server.domain import conversations
from mock_server.domain.conversations import Course, Journey
from mock_server.domain.notice_scenes import INVITED
from mock_server.domain.notices import Notice
from mock_server.domain.paging import contains

# A plan's name is written before the sentence: it need not be the name of something offered, and
# it may contain quotation marks.
SUMMARIES = {
    conversations.IN_SERVICE: "{plan}:会员已回复,沟通仍在进行。",
    conversations.TIMED_OUT: "{plan}:会员回复一次后没有再回应,服务超时结束。",
    conversations.HANDED: "{plan}:会员的问题已转由人工顾问跟进。",
    conversations.DECLINED: "{plan}:会员表示暂时不需要,本次服务已终止。",
    conversations.SERVED_FULLY: "{plan}:会员已了解活动内容,暂未确定到店时间。",
}
ACCEPTED = "{plan}:会员同意到店,请提前安排顾问。"


@dataclass(slots=True)
class DailyReport:
    """One day of a member: moods and scene ids without repeats, sentences in order of contact."""

    date: str
    moods: dict[str, None] = field(default_factory=dict)
    scene_ids: dict[int, None] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    @property
    def content(self) -> str:
        """The report's text; empty when the member answered nothing that day."""
        return "".join(self.sentences)


def daily_reports(
    member_id: int, courses: Iterable[Course], plans: Mapping[int, Notice], now: datetime
) -> list[DailyReport]:
    """A member's reports, newest first (ME-02): one for each date of contact."""
    spoken = [
        (journey.contacted, course.task.id, row, course)
        for course in courses
        if course.begun
        for row, member in enumerate(course.task.members)
        if member.member_id == member_id
        and (journey := conversations.journey(course, now, row)).contacted is not None
    ]
    found: dict[str, DailyReport] = {}
    for _, _, row, course in sorted(spoken, key=lambda entry: entry[:3]):
        before = conversations.UNREACHED
        for date, lived in _days(course, row, now):
            plan = plans[course.task.notice_id].name
            _add(found.setdefault(date, DailyReport(date)), before, lived, plan)
            before = lived
    return sorted(found.values(), key=lambda report: report.date, reverse=True)


def matching(
    reports: Iterable[DailyReport], first: str | None, last: str | None, keyword: str | None
) -> list[DailyReport]:
    """The reports between two dates (`yyyy-MM-dd`, inclusive) whose content holds the keyword."""
    return [
        report
        for report in reports
        if (not first or first <= report.date)
        and (not last or report.date <= last)
        and contains(keyword, report.content)
    ]


def _days(course: Course, row: int, now: datetime) -> Iterator[tuple[str, Journey]]:
    """The dates on which somebody spoke, each with what had happened by its end."""
    lived = conversations.journey(course, now, row)
    spoken = [said for said in (lived.contacted, lived.last_contact) if said]
    for date in dict.fromkeys(said.date() for said in spoken):
        midnight = datetime.combine(date + timedelta(days=1), time(), now.tzinfo)
        last_second = min(now, midnight - timedelta(seconds=1))
        yield date.isoformat(), conversations.journey(course, last_second, row)


def _add(report: DailyReport, before: Journey, journey: Journey, plan: str) -> None:
    """Add to a report what is new since `before`, the same conversation a day earlier."""
    report.moods.update(dict.fromkeys(m for m in journey.moods if m not in before.moods))
    report.scene_ids.update(dict.fromkeys(s for s in journey.scenes if s not in before.scenes))
    if journey.replied:
        sentence = ACCEPTED if INVITED in journey.scenes else SUMMARIES[journey.status]
        report.sentences.append(sentence.format(plan=plan))
