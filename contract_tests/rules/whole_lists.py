"""Probes of whole lists: pages of every size, joined, are the same rows (PG-17)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.checks.page_consistency import find_page_faults
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import TASK_TYPES
from contract_tests.rules.outcome import RuleViolationError, expect_equal
from contract_tests.rules.prepared_lists import (
    PreparedList,
    new_api_lists,
    new_execution_list,
    new_group_list,
    new_lists_without_rows,
    new_task_member_list,
)
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
ROWS = 3
"""Rows of a list that is read page by page, two a page."""
LARGE = 100
"""The greatest page size that every list accepts (PG-02)."""
MANY = 51
"""Number of rows that a server with a maximum page size of 50 cannot return at once."""
Json = dict[str, Any]


def get_valid_page_rows(api: ApiClient, rows: PreparedList, **query: Any) -> list[Json]:
    """Return the rows of a page, whose counters have to fit. Raises RuleViolationError."""
    found = rows.get_page(api, **query)
    answer = api.answers[-1]
    for fault in find_page_faults(rows.operation, query, found):
        message = f"{fault.actual} on {rows.operation} with {query}, expected {fault.expected}"
        raise RuleViolationError(message, answer, expected=fault.expected, actual=fault.actual)
    return rows.rows_of(found)


@probes.accepted("PG-17")
def joined_pages_are_the_whole_list(api: ApiClient) -> None:
    """Read three rows in pages of 2, in a page of 100 and without paging, in both directions."""
    for rows in new_api_lists(api, ROWS):
        for order in ({}, {"orderBy": rows.sort, "orderDirection": "DESC"}):
            if order and rows.operation == "listNotificationTasks":  # has one order
                continue
            pages = [
                row
                for number in (0, 1)
                for row in get_valid_page_rows(api, rows, **order, **two_row_query(number))
            ]
            expect_equal(len(pages), ROWS, f"the rows of {rows.operation} in pages of 2")
            large = get_valid_page_rows(api, rows, **order, current=0, size=LARGE)
            expect_equal(large, pages, f"a page of {LARGE} of {rows.operation}")
            if not operation_effects(rows.operation).always_paged:
                expect_equal(
                    get_valid_page_rows(api, rows, **order),
                    pages,
                    f"{rows.operation} without paging",
                )


def two_row_query(number: int) -> Json:
    """Return the query for a page of two rows."""
    return {"current": number, "size": 2}


@probes.accepted("PG-17")
def list_without_rows_is_empty(api: ApiClient) -> None:
    """Read the first page of an empty list, the one after it, and the list without paging."""
    for rows in new_lists_without_rows(api):
        for query in ({"current": 0, "size": 20}, {"current": 1, "size": 20}, {}):
            what = f"rows of {rows.operation} with {query}, which match nothing"
            expect_equal(get_valid_page_rows(api, rows, **query), [], what)
            expect_equal(rows.total_of(api.answers[-1].json), 0, f"total of the {what}")


@probes.accepted("PG-17")
def page_of_new_rows_has_requested_size(api: ApiClient) -> None:
    """Read 51 rows in a page of 100, and the last one in a page of 1."""
    for rows in (new_execution_list(api, MANY), new_task_member_list(api, MANY)):
        found = len(get_valid_page_rows(api, rows, current=0, size=LARGE))
        expect_equal(found, MANY, f"the number of rows of {rows.operation}")
        last = rows.get_keys(api, current=MANY - 1, size=1)
        expect_equal(last, rows.keys[-1:], f"the last row of {rows.operation}")


@probes.accepted("PG-17")
def page_of_existing_records_is_full(api: ApiClient) -> None:
    """Read a page of 100 of every list of records, with 51 new groups where there are fewer."""
    for rows in iter_lists_of_records(api):
        get_valid_page_rows(api, rows, current=0, size=LARGE)


def iter_lists_of_records(api: ApiClient) -> Iterator[PreparedList]:
    """Yield the lists of groups, plans, scenes and tasks, with the records of the server.

    Only groups are added, because they can be deleted; the list of plans has their rows, too. Plan
    tasks are those of the plan that has the most.
    """
    groups = PreparedList("listGroups", [])
    if groups.total_of(groups.get_page(api, current=0, size=1)) < MANY:
        groups = new_group_list(api, MANY)
    yield from (groups, PreparedList("listMarketingNotices", []), PreparedList("listScenes", []))
    for kind in TASK_TYPES:
        yield PreparedList("listNotificationTasks", [], {"taskType": kind})
    page = PreparedList("listMarketingNotices", []).get_page(api, current=0, size=LARGE)
    numbers = {
        plan["id"]: plan.get("taskCount", 0) for row in page["records"] for plan in row["plan"]
    }
    if numbers:
        plan = max(numbers, key=lambda each: numbers[each])
        yield PreparedList("listMarketingNoticeTasks", [], ids={"id": plan})
