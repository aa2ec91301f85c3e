"""Daily reports: what a member's conversations of a day came to (L1631-L1662)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mock_server.domain import journeys
from mock_server.domain.journeys import Course, Journey
from mock_server.domain.notices import Notice
from mock_server.domain.paging import contains
from mock_server.domain.scenes import INVITED

SUMMARIES = {
    journeys.IN_SERVICE: "会员已回复“{plan}”的消息,沟通仍在进行。",
    journeys.TIMED_OUT: "会员回复“{plan}”的消息后没有再回应,服务超时结束。",
    journeys.HANDED: "会员就“{plan}”提出的问题已转由人工顾问跟进。",
    journeys.DECLINED: "会员表示暂时不需要“{plan}”,本次服务已终止。",
    journeys.SERVED_FULLY: "会员了解了“{plan}”的内容,暂未确定到店时间。",
}
ACCEPTED = "会员同意到店参加“{plan}”,请提前为其安排顾问。"


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
    lived = [
        (journey.contacted, course.task.id, journey, plans[course.task.notice_id].name)
        for course in courses
        if course.begun
        for row, member in enumerate(course.task.members)
        if member.member_id == member_id
        and (journey := journeys.journey(course, now, row)).contacted is not None
    ]
    found: dict[str, DailyReport] = {}
    for contacted, _, journey, plan in sorted(lived, key=lambda entry: entry[:2]):
        date = contacted.date().isoformat() if contacted else ""
        _add(found.setdefault(date, DailyReport(date)), journey, plan)
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


def _add(report: DailyReport, journey: Journey, plan: str) -> None:
    report.moods.update(dict.fromkeys(journey.moods))
    report.scene_ids.update(dict.fromkeys(journey.scenes))
    if journey.replied:
        sentence = ACCEPTED if INVITED in journey.scenes else SUMMARIES[journey.status]
        report.sentences.append(sentence.format(plan=plan))
