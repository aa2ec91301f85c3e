"""Probes of pages: first page, size, counters (PG rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_lookup import EXECUTIONS_FIELD
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.prepared_lists import (
    PreparedList,
    new_api_lists,
    new_execution_list,
    new_notification_task_list,
    new_plan_list,
    new_smallest_lists,
    new_spring_lists,
)
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
ROW_COUNT = 3
"""Rows of a list that is read page by page, two per page."""
# Far beyond, but a valid page number on every server.
PAGE_BEYOND_THE_LAST = 1000


@probes.accepted("PG-01")
def first_page_has_number_0(api: ApiClient) -> None:
    """Read pages 0 and 1 of every list."""
    for rows in new_api_lists(api, ROW_COUNT):
        for current, expected in ((0, rows.keys[:2]), (1, rows.keys[2:])):
            found = rows.get_keys(api, current=current, size=2)
            expect_equal(found, expected, f"page {current} of {rows.operation}")


@probes.refused("PG-01")
def refuses_negative_page_number(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Read page -1, and the page with the smallest 32-bit number."""
    for rows in new_smallest_lists(api):
        # The smallest 32-bit number has no positive counterpart, so negating it overflows.
        for current in (-1, -(2**31)):
            yield "/query/current", rows.call(api, current=current, size=20)


@probes.accepted("PG-02")
def executions_have_20_rows_a_page_by_default(api: ApiClient) -> None:
    """List 21 executions without a size, and with the greatest one."""
    # One row more than a default page has.
    rows = new_execution_list(api, 21)
    expect_equal(rows.get_keys(api), rows.keys[:20], "the first page without size")
    expect_equal(rows.get_keys(api, current=1), rows.keys[20:], "the second page without size")
    expect_equal(rows.get_keys(api, size=100), rows.keys, "a page of 100")


@probes.refused("PG-02")
def refuses_page_of_more_than_100_executions(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """List executions with a size of 101."""
    yield "/query/size", new_execution_list(api, 1).call(api, current=0, size=101)


@probes.accepted("PG-03")
def lists_are_unpaged_without_page_number(api: ApiClient) -> None:
    """List without a page, with and without a size."""
    for rows in new_spring_lists(api, ROW_COUNT):
        # `size` has an effect only together with `current` (M3).
        for query in ({}, {"size": 1}):
            page = rows.get_page(api, **query)
            expect_equal(
                len(rows.rows_of(page)), ROW_COUNT, f"the rows of {rows.operation} with {query}"
            )
            expect_equal(
                rows.total_of(page), ROW_COUNT, f"the total of {rows.operation} with {query}"
            )
            # Without paging, it may be a text (M3).
            pageable = page.get("pageable")
            paged = pageable.get("paged", False) if isinstance(pageable, dict) else False
            expect_equal(paged, False, f"paged of {rows.operation}")


@probes.accepted("PG-05")
def counters_of_page_agree(api: ApiClient) -> None:
    """Compare the counters of the first page, the last, one beyond, and one with all rows."""
    for rows in new_spring_lists(api, ROW_COUNT):
        if not rows.has_spring_pages:
            continue
        for current, size, count, pages in ((0, 2, 2, 2), (1, 2, 1, 2), (5, 2, 0, 2), (0, 3, 3, 1)):
            page = rows.get_page(api, current=current, size=size)
            what = f"of page {current} of {rows.operation} with {size}"
            expect_page_counters(page, what, current=current, size=size, count=count, pages=pages)
            pageable = page["pageable"]
            expect_equal(pageable["offset"], current * size, f"offset {what}")
            expect_equal(pageable["pageNumber"], current, f"pageNumber {what}")
            expect_equal(pageable["pageSize"], size, f"pageSize {what}")
            shown = (pageable["paged"], pageable["unpaged"])
            expect_equal(shown, (True, False), f"paged and unpaged {what}")


def expect_page_counters(page: dict[str, Any], what: str, **is_: int) -> None:
    """Expect the counters of a Spring page with ROW_COUNT rows in total."""
    current, size, count, pages = (is_[name] for name in ("current", "size", "count", "pages"))
    expected = {
        "number": current,
        "size": size,
        "numberOfElements": count,
        "total": ROW_COUNT,
        "totalElements": ROW_COUNT,
        "totalPages": pages,
        "first": current == 0,
        "last": current >= pages - 1,
        "empty": count == 0,
    }
    if "total" not in page:  # a private field in Spring (M8)
        del expected["total"]
    expect_equal(len(page["content"]), count, f"the number of rows {what}")
    expect_equal({name: page[name] for name in expected}, expected, f"the counters {what}")


@probes.accepted("PG-08")
def accepts_page_of_one_row(api: ApiClient) -> None:
    """List pages of one row."""
    for rows in new_api_lists(api, 2):
        found = rows.get_keys(api, current=0, size=1)
        expect_equal(found, rows.keys[:1], f"a page of one of {rows.operation}")


@probes.refused("PG-08")
def refuses_page_size_below_1(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """List pages of 0 and -1 rows."""
    for rows in new_smallest_lists(api):
        for size in (0, -1):
            yield "/query/size", rows.call(api, current=0, size=size)


@probes.accepted("PG-09")
def notification_list_has_default_size_and_no_maximum(api: ApiClient) -> None:
    """List 21 tasks without page and size, and with a size of ten thousand."""
    rows = new_notification_task_list(api, 21)
    page = rows.get_page(api)
    expect_equal((page["page"]["current"], page["page"]["size"]), (0, 20), "current and size")
    expect_equal(rows.get_keys(api), rows.keys[:20], "the rows without current and size")
    # The documents state a maximum for executions alone (N23).
    page = rows.get_page(api, size=10_000)
    expect_equal(page["page"]["size"], 10_000, "size")
    expect_equal(rows.get_keys(api, size=10_000), rows.keys, "the rows with a size of 10000")


@probes.accepted("PG-10")
def lists_have_20_rows_a_page_by_default(api: ApiClient) -> None:
    """List a page without a size."""
    for rows in new_spring_lists(api, 1):
        page = rows.get_page(api, current=0)
        expect_equal(rows.size_of(page), 20, f"the size of {rows.operation}")


@probes.accepted("PG-11")
def page_beyond_the_last_is_empty(api: ApiClient) -> None:
    """List the page after the last, and one far beyond it."""
    for rows in new_api_lists(api, 2):
        for current in (1, PAGE_BEYOND_THE_LAST):
            page = rows.get_page(api, current=current, size=2)
            what = f"page {current} of {rows.operation}"
            expect_equal(rows.rows_of(page), [], what)
            expect_equal(rows.total_of(page), 2, f"the total on {what}")


@probes.accepted("PG-12")
def page_object_describes_the_records(api: ApiClient) -> None:
    """Compare the page object with the records on two pages."""
    lists: list[PreparedList] = [
        new_notification_task_list(api, ROW_COUNT),
        new_execution_list(api, ROW_COUNT),
        new_plan_list(api, ROW_COUNT),
    ]
    for rows in lists:
        for current, expected in ((0, rows.keys[:2]), (1, rows.keys[2:])):
            page = rows.get_page(api, current=current, size=2)
            what = f"of page {current} of {rows.operation}"
            if EXECUTIONS_FIELD in page:  # the structure without a page object (N16)
                expect_equal(rows.total_of(page), ROW_COUNT, f"the total {what}")
            else:
                shown = {"current": current, "size": 2, "total": ROW_COUNT}
                expect_equal({name: page["page"][name] for name in shown}, shown, f"page {what}")
            expect_equal(rows.get_keys(api, current=current, size=2), expected, f"the rows {what}")
    expect(lists, "no list was looked at")
