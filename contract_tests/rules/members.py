"""Probes of the daily reports of a member (L1631-L1662)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import Api, day
from contract_tests.rules.factories import new_batch, new_list, new_plan
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
LIST = "listMemberDailyReports"
TIMES = 8
"""How many tasks of a day name a member, so that one contact at least comes about."""


def reports(api: Api, member: int, **query: Any) -> list[dict[str, Any]]:
    """The reports that a query finds."""
    found: list[dict[str, Any]] = api.ok(LIST, id=member, query=query)["records"]
    return found


def met(api: Api) -> int:
    """A member that the server knows, since a task has named it; nobody has contacted it yet."""
    member = api.people(1, nickname="李娜")[0]
    new_batch(api, new_plan(api)["id"], file_id=new_list(api, [member]))
    return int(member["memberId"])


def contacted(api: Api, *days: int) -> int:
    """A member that was contacted on these days from now; time has moved beyond the last."""
    plan = new_plan(api, "RELEASE")["id"]
    member = api.people(1, nickname="李娜")[0]
    file = new_list(api, [member])
    for ahead in days * TIMES:
        new_batch(api, plan, api.at(ahead, 9), file_id=file)
    api.advance_to(api.at(days[-1], 12))
    return int(member["memberId"])


@probes.accepted("ME-01", clock=True)
def dates_and_keyword_filter(api: Api) -> None:
    """Three reports; both ends included, an interval the wrong way round empty."""
    member = contacted(api, 1, 2, 3)
    dates = [day(api.at(ahead, 0)) for ahead in (3, 2, 1)]
    third, second, first = dates
    for query, expected in (
        ({}, dates),
        ({"startDate": second}, [third, second]),
        ({"endDate": second}, [second, first]),
        ({"startDate": second, "endDate": second}, [second]),
        ({"startDate": third, "endDate": first}, []),
    ):
        got = [row["reportDate"] for row in reports(api, member, **query)]
        expect_equal(got, expected, f"what {query} finds")
    told = [row for row in reports(api, member) if row.get("content")]
    expect(told, "no report has a content")
    word = told[0]["content"][:4]
    expected = [row["reportDate"] for row in told if word in row["content"]]
    got = [row["reportDate"] for row in reports(api, member, keyword=word)]
    expect_equal(got, expected, f"what {word} finds")
    expect_equal(reports(api, member, keyword=api.name()), [], "what no report holds")


@probes.accepted("ME-02", clock=True)
def reports_are_newest_first(api: Api) -> None:
    """Three days."""
    dates = [row["reportDate"] for row in reports(api, contacted(api, 1, 2, 3))]
    expect_equal(len(dates), 3, "the number of reports")
    expect_equal(dates, sorted(dates, reverse=True), "the order of the dates")


@probes.accepted("ME-03")
def dates_that_exist(api: Api) -> None:
    """A leap day among them."""
    reports(api, met(api), startDate="2028-02-29", endDate="2030-04-30")


@probes.refused("ME-03")
def dates_that_do_not(api: Api) -> Iterator[Attempt]:
    """A day that no calendar has, a date-time, other signs."""
    member = met(api)
    for wrong in ("2030-02-30", "2030-04-21 00:00:00", "2030/04/21", "20300421", "2030-4-21"):
        for name in ("startDate", "endDate"):
            yield f"/query/{name}", api.call(LIST, id=member, query={name: wrong})


@probes.accepted("ME-04", clock=True)
def there_is_one_report_for_each_day_of_contact(api: Api) -> None:
    """Contacted today plus one and three: two reports, none between; none before."""
    expect_equal(reports(api, met(api)), [], "the reports of a member that was never contacted")
    dates = [row["reportDate"] for row in reports(api, contacted(api, 1, 3))]
    expect_equal({*dates}, {day(api.at(1, 0)), day(api.at(3, 0))}, "the dates")
    expect_equal(len(dates), 2, "the number of reports")
