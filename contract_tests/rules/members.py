"""Probes of the daily reports of a member (L1631-L1662)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from contract_tests.rules.client import ApiClient, format_date
from contract_tests.rules.factories import new_plan, new_plan_task, upload_member_list
from contract_tests.rules.outcome import ExpectedRefusal, RuleViolationError, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
LIST_REPORTS = "listMemberDailyReports"
DAILY_REPORTS_ID = "daily-reports-id"
TASKS_PER_DAY = 8
"""Number of tasks per day for one member, enough for at least one contact."""


def daily_reports_id(api: ApiClient, member: Mapping[str, Any]) -> str:
    """Return the id under which the reports of a known member are found, as it is in a path.

    It is the memberId or the userId (D4), which the probe observes. Raises RuleViolationError if a
    server finds reports under neither.
    """
    for name in ("memberId", "userId"):
        found = quote(str(member[name]), safe="")
        answer = api.call(LIST_REPORTS, id=found)
        if api.is_success(answer):
            api.observe(DAILY_REPORTS_ID, name, answer)
            return found
        if answer.status not in (400, 404):
            break
    message = f"no reports under memberId or userId: {answer}"
    raise RuleViolationError(message, answer, expected="200", actual=str(answer.status))


def daily_reports_newest_first(api: ApiClient, member: str, **query: Any) -> list[dict[str, Any]]:
    """Return the reports that a query finds, newest first."""
    found: list[dict[str, Any]] = api.call_json(LIST_REPORTS, id=member, query=query)["records"]
    # They may be oldest first (D7), but in no other order.
    dates = [row["reportDate"] for row in found]
    expect(dates in (sorted(dates), sorted(dates)[::-1]), f"the order of the dates is {dates}")
    return found[::-1] if dates == sorted(dates) else found


def new_uncontacted_member(api: ApiClient) -> str:
    """Return the id of a member that is in a task but has not been contacted."""
    member = api.new_members(1, nickname="李娜")[0]
    new_plan_task(api, new_plan(api)["id"], file_id=upload_member_list(api, [member]))
    return daily_reports_id(api, member)


def new_contacted_member(api: ApiClient, *days: int) -> str:
    """Return the id of a member contacted on these days from now, with the clock past the last."""
    plan = new_plan(api, "RELEASE")["id"]
    member = api.new_members(1, nickname="李娜")[0]
    file = upload_member_list(api, [member])
    # Whether a contact succeeds is random on a server; one report needs only one success.
    for ahead in days * TASKS_PER_DAY:
        new_plan_task(api, plan, api.moment_at(ahead, 9), file_id=file)
    api.advance_to(api.moment_at(days[-1], 12))
    return daily_reports_id(api, member)


@probes.accepted("ME-01", clock=True, observes=(DAILY_REPORTS_ID,))
def daily_reports_filter_by_dates_and_keyword(api: ApiClient) -> None:
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
        got = [row["reportDate"] for row in daily_reports_newest_first(api, member, **query)]
        expect_equal(got, expected, f"the reports with {query}")
    told = [row for row in daily_reports_newest_first(api, member) if row.get("content")]
    expect(told, "no report has a content")
    # The wording is the server's own, so the keyword comes from it.
    word = told[0]["content"][:4]
    expected = [row["reportDate"] for row in told if word in row["content"]]
    got = [row["reportDate"] for row in daily_reports_newest_first(api, member, keyword=word)]
    expect_equal(got, expected, f"the reports with the keyword {word}")
    expect_equal(
        daily_reports_newest_first(api, member, keyword=api.unique_name()),
        [],
        "the reports with a keyword in none",
    )


@probes.accepted("ME-02", clock=True, observes=(DAILY_REPORTS_ID,))
def daily_reports_are_newest_first(api: ApiClient) -> None:
    """List the reports of three days, which may also be oldest first."""
    found = daily_reports_newest_first(api, new_contacted_member(api, 1, 2, 3))
    expect_equal(len({row["reportDate"] for row in found}), 3, "the number of dates")


@probes.accepted("ME-03", observes=(DAILY_REPORTS_ID,))
def accepts_existing_dates_as_report_filter(api: ApiClient) -> None:
    """Filter by dates that exist, a leap day among them."""
    daily_reports_newest_first(
        api, new_uncontacted_member(api), startDate="2028-02-29", endDate="2030-04-30"
    )


@probes.refused("ME-03", observes=(DAILY_REPORTS_ID,))
def refuses_nonexistent_dates_as_report_filter(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter by a date that does not exist, a date-time, and other formats."""
    member = new_uncontacted_member(api)
    for wrong in ("2030-02-30", "2030-04-21 00:00:00", "2030/04/21", "20300421", "2030-4-21"):
        for name in ("startDate", "endDate"):
            yield f"/query/{name}", api.call(LIST_REPORTS, id=member, query={name: wrong})


@probes.accepted("ME-04", clock=True, observes=(DAILY_REPORTS_ID,))
def member_has_one_report_for_each_day_of_contact(api: ApiClient) -> None:
    """List the reports of a member contacted on two days, and of one never contacted."""
    expect_equal(
        daily_reports_newest_first(api, new_uncontacted_member(api)),
        [],
        "the reports of a member that was never contacted",
    )
    # Not on day 2, so that a report for a day without contact is noticed (D8).
    dates = [
        row["reportDate"]
        for row in daily_reports_newest_first(api, new_contacted_member(api, 1, 3))
    ]
    expect_equal(
        {*dates}, {format_date(api.moment_at(1, 0)), format_date(api.moment_at(3, 0))}, "the dates"
    )
    expect_equal(len(dates), 2, "the number of reports")
