"""Daily reports: summaries of a member's conversations, one for each day (L1631-L1662).

A conversation that continues after midnight appears in the reports of both days. The report of a
day does not change once the day is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mock_server.domain import conversations
from mock_server.domain.conversations import Conversation, TaskSimulation
from mock_server.domain.datetime_text import start_of_day
from mock_server.domain.notice_scenes import INVITED_SCENE_ID
from mock_server.domain.paging import contains_keyword

# The name of the plan precedes the sentence instead of being part of it: it is any text, possibly
# with quotation marks of its own, and not always the name of something that is offered.
SUMMARY_BY_STATUS = {
    conversations.IN_SERVICE: "{plan}：会员已回复，沟通仍在进行。",
    conversations.TIMEOUT_COMPLETE_SERVICE: "{plan}：会员回复一次后没有再回应，服务超时结束。",
    conversations.CUSTOMER_SERVICE_INTERVENES: "{plan}：会员的问题已转由人工顾问跟进。",
    conversations.TERMINATE_SERVICE: "{plan}：会员表示暂时不需要，本次服务已终止。",
    conversations.COMPLETE_SERVICE: "{plan}：会员已了解活动内容，暂未确定到店时间。",
}
INVITATION_ACCEPTED = "{plan}：会员同意到店，请提前安排顾问。"


@dataclass(slots=True)
class DailyReport:
    """Report of one day: moods and scene ids without duplicates, sentences in order of contact."""

    date: str
    moods: dict[str, None] = field(default_factory=dict)
    scene_ids: dict[int, None] = field(default_factory=dict)
    sentences: list[str] = field(default_factory=list)

    @property
    def content(self) -> str:
        """Text of the report; empty if the member did not reply that day (D3)."""
        return "".join(self.sentences)


def build_daily_reports(
    member_id: int,
    simulations: Iterable[TaskSimulation],
    now: datetime,
    order: str = "newest-first",
) -> list[DailyReport]:
    """Return the reports of a member, one for each date with a contact.

    order: by date, the reading daily-reports-order (ME-02, D7).
    """
    spoken = [
        (conversation.contacted, simulation.task.id, row, simulation)
        for simulation in simulations
        if simulation.begun
        for row, member in enumerate(simulation.task.members)
        if member.member_id == member_id
        and (conversation := conversations.conversation_at(simulation, now, row)).contacted
        is not None
    ]
    found: dict[str, DailyReport] = {}
    for _, _, row, simulation in sorted(spoken, key=lambda entry: entry[:3]):
        before = conversations.NOT_REACHED_CONVERSATION
        for date, conversation in _iter_days_of_contact(simulation, row, now):
            plan = simulation.notice.name
            _add_to_report(found.setdefault(date, DailyReport(date)), before, conversation, plan)
            before = conversation
    return sorted(found.values(), key=lambda report: report.date, reverse=order == "newest-first")


def filter_reports(
    reports: Iterable[DailyReport], first: str | None, last: str | None, keyword: str | None
) -> list[DailyReport]:
    """Return the reports between two dates (`yyyy-MM-dd`, inclusive) that contain the keyword."""
    # Dates in this form compare as text.
    return [
        report
        for report in reports
        if (not first or first <= report.date)
        and (not last or report.date <= last)
        and contains_keyword(keyword, report.content)
    ]


def _iter_days_of_contact(
    simulation: TaskSimulation, row: int, now: datetime
) -> Iterator[tuple[str, Conversation]]:
    """Yield each date with a contact, and the conversation as it was at the end of that day."""
    conversation = conversations.conversation_at(simulation, now, row)
    spoken = [said for said in (conversation.contacted, conversation.last_contact) if said]
    for day in dict.fromkeys(map(start_of_day, spoken)):
        # Instants are whole seconds, and midnight itself belongs to the next day.
        last_second = min(now, day + timedelta(days=1, seconds=-1))
        yield day.date().isoformat(), conversations.conversation_at(simulation, last_second, row)


def _add_to_report(
    report: DailyReport, before: Conversation, conversation: Conversation, plan: str
) -> None:
    """Add to a report what is new since `before`, the state of the conversation a day earlier."""
    report.moods.update(dict.fromkeys(m for m in conversation.moods if m not in before.moods))
    report.scene_ids.update(dict.fromkeys(s for s in conversation.scenes if s not in before.scenes))
    if conversation.replied:
        sentence = (
            INVITATION_ACCEPTED
            if INVITED_SCENE_ID in conversation.scenes
            else SUMMARY_BY_STATUS[conversation.status]
        )
        report.sentences.append(sentence.format(plan=plan))
