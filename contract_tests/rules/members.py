"""Probes of the daily reports of a member (L1631-L1662)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient, format_date
from contract_tests.rules.factories import new_plan, new_plan_task, upload_member_list
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.registry import ProbeRegistry

probes = ProbeRegistry()
LIST_REPORTS = "listMemberDailyReports"
TASKS_PER_DAY = 8
"""Number of tasks per day for one member, enough for at least one contact."""


def list_daily_reports(api: ApiClient, member: int, **query: Any) -> list[dict[str, Any]]:
    """Return the reports that a query finds."""
    found: list[dict[str, Any]] = api.call_json(LIST_REPORTS, id=member, query=query)["records"]
    return found


def new_known_member(api: ApiClient) -> int:
    """Return the id of a member that is in a task but has not been contacted."""
    member = api.new_members(1, nickname="李娜")[0]
    new_plan_task(api, new_plan(api)["id"], file_id=upload_member_list(api, [member]))
    return int(member["memberId"])


def new_contacted_member(api: ApiClient, *days: int) -> int:
    """Return the id of a member contacted on these days from now, with the clock past the last."""
    plan = new_plan(api, "RELEASE")["id"]
    member = api.new_members(1, nickname="李娜")[0]
    file = upload_member_list(api, [member])
    # Whether a contact succeeds is random on a server; one report needs only one success.
    for ahead in days * TASKS_PER_DAY:
        new_plan_task(api, plan, api.moment_at(ahead, 9), file_id=file)
    api.advance_to(api.moment_at(days[-1], 12))
    return int(member["memberId"])


@probes.accepted("ME-01", clock=True)
def dates_and_keyword_filter(api: ApiClient) -> None:
    """Filter three reports by dates, with both ends and reversed, and by keyword."""
    member = new_contacted_member(api, 1, 2, 3)
    dates = [format_date(api.moment_at(ahead, 0)) for ahead in (3, 2, 1)]
    third, second, first = dates
    for query, expected in (
        ({}, dates),
        ({"startDate": second}, [third, second]),
        ({"endDate": second}, [second, first]),
        ({"startDate": second, "endDate": second}, [second]),
        ({"startDate": third, "endDate": first}, []),
    ):
        got = [row["reportDate"] for row in list_daily_reports(api, member, **query)]
        expect_equal(got, expected, f"the reports with {query}")
    told = [row for row in list_daily_reports(api, member) if row.get("content")]
    expect(told, "no report has a content")
    # The wording is the server's own, so the keyword comes from it.
    word = told[0]["content"][:4]
    expected = [row["reportDate"] for row in told if word in row["content"]]
    got = [row["reportDate"] for row in list_daily_reports(api, member, keyword=word)]
    expect_equal(got, expected, f"the reports with the keyword {word}")
    expect_equal(
        list_daily_reports(api, member, keyword=api.unique_name()),
        [],
        "the reports with a keyword in none",
    )


@probes.accepted("ME-02", clock=True)
def reports_are_newest_first(api: ApiClient) -> None:
    """List the reports of three days."""
    dates = [
        row["reportDate"] for row in list_daily_reports(api, new_contacted_member(api, 1, 2, 3))
    ]
    expect_equal(len(dates), 3, "the number of reports")
    expect_equal(dates, sorted(dates, reverse=True), "the order of the dates")


@probes.accepted("ME-03")
def dates_that_exist(api: ApiClient) -> None:
    """Filter by dates that exist, a leap day among them."""
    list_daily_reports(api, new_known_member(api), startDate="2028-02-29", endDate="2030-04-30")


@probes.refused("ME-03")
def dates_that_do_not_exist(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter by a date that does not exist, a date-time, and other formats."""
    member = new_known_member(api)
    for wrong in ("2030-02-30", "2030-04-21 00:00:00", "2030/04/21", "20300421", "2030-4-21"):
        for name in ("startDate", "endDate"):
            yield f"/query/{name}", api.call(LIST_REPORTS, id=member, query={name: wrong})


@probes.accepted("ME-04", clock=True)
def there_is_one_report_for_each_day_of_contact(api: ApiClient) -> None:
    """List the reports of a member contacted on two days, and of one never contacted."""
    expect_equal(
        list_daily_reports(api, new_known_member(api)),
        [],
        "the reports of a member that was never contacted",
    )
    # Not on day 2, so that a report for a day without contact is noticed (D8).
    dates = [row["reportDate"] for row in list_daily_reports(api, new_contacted_member(api, 1, 3))]
    expect_equal(
        {*dates}, {format_date(api.moment_at(1, 0)), format_date(api.moment_at(3, 0))}, "the dates"
    )
    expect_equal(len(dates), 2, "the number of reports")
