"""Daily reports: there is one for each date of a contact with the member (ME-01 to ME-04)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.model_based.caller import MockCaller
from tests.model_based.model import PlatformModel
from tests.model_based.time_texts import parse_time

MAX_CONVERSATION = timedelta(hours=1)
"""Longer than any conversation; one that ends today may have begun yesterday."""


def check_daily_reports(caller: MockCaller, model: PlatformModel) -> None:
    """Compare the reports of every member with its rows in all tasks and with earlier reports.

    Members without any change since the last check are skipped.
    """
    for member in model.members.values():
        state = f"{model.now.date()} {contacted_rows(model, member)}"
        if model.reported.get(member) == state:
            continue
        model.reported[member] = state
        records = caller.get(f"/api/v1/members/{member}/daily-reports").ok()["records"]
        dates = [record["reportDate"] for record in records]
        assert dates == sorted(set(dates), reverse=True)
        _check_contacts(model, contacted_rows(model, member), records)
        _check_past_days(model, member, records)


def contacted_rows(model: PlatformModel, member: int) -> list[dict[str, Any]]:
    """Return a member's rows in the tasks of all plans, as last seen."""
    return [
        row
        for task in model.tasks.values()
        for row in task.rows
        if row["memberId"] == member and "lastContactTime" in row
    ]


def _check_contacts(
    model: PlatformModel, rows: list[dict[str, Any]], records: list[dict[str, Any]]
) -> None:
    contacts = [parse_time(row["lastContactTime"]) for row in rows]
    certain = {contact.date().isoformat() for contact in contacts}
    # A member whose last contact was soon after midnight may have been contacted before it.
    possible = certain | {(contact - MAX_CONVERSATION).date().isoformat() for contact in contacts}
    shown = {record["reportDate"]: record for record in records}
    assert certain <= set(shown) <= possible
    for name in ("moodValues", "scenes"):
        told = {value for record in records for value in record[name]}
        assert told == {value for row in rows for value in row[name]}
    for date, record in shown.items():
        own = [row for row in rows if row["lastContactTime"].startswith(date)]
        next_day = parse_time(f"{date} 00:00:00") + timedelta(days=1)
        alone = all(
            contact.date() == (contact - MAX_CONVERSATION).date()
            or contact.date().isoformat() != date
            for contact in contacts
        ) and not any(next_day <= contact < next_day + MAX_CONVERSATION for contact in contacts)
        if alone:
            for name in ("moodValues", "scenes"):
                assert set(record[name]) == {value for row in own for value in row[name]}
            assert ("content" in record) == any(row["moodValues"] for row in own)
    assert all(date <= model.now.date().isoformat() for date in shown)


def _check_past_days(model: PlatformModel, member: int, records: list[dict[str, Any]]) -> None:
    """Reports of past days do not change."""
    today = model.now.date().isoformat()
    over = {record["reportDate"]: record for record in records if record["reportDate"] < today}
    seen = model.days.setdefault(member, {})
    assert {date: over.get(date) for date in seen} == seen
    seen.update(over)
