"""A page has to match its query, and its counters have to match its rows."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.checks.page_consistency import find_page_faults, is_paged_list
from contract_tests.contract.operations import operations
from mock_server.domain.paging import SpringQuery, render_records_page, render_spring_page
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check

SPRING, RECORDS, PLANS = "listGroups", "listNotificationTasks", "listMarketingNotices"


def render_page(total: int, query: dict[str, int]) -> Any:
    """Return a Spring page with this number of rows."""
    asked = SpringQuery(query.get("current"), query.get("size"))
    return render_spring_page(range(total), asked, keys={}, render=lambda row: {"id": row})


def faulty_places(name: str, query: dict[str, int], page: Any) -> set[str]:
    """The fields that do not fit."""
    return {fault.place for fault in find_page_faults(name, query, page)}


def test_the_lists_are_those_with_a_size() -> None:
    """Seven of them; the daily reports of a member have no pages."""
    assert sum(map(is_paged_list, operations())) == 7
    assert not is_paged_list("listMemberDailyReports")


@pytest.mark.parametrize("total", [0, 1, 20, 21, 40])
@pytest.mark.parametrize("query", [{}, {"current": 0}, {"current": 1, "size": 20}, {"size": 5}])
def test_a_page_of_the_mock_fits(total: int, query: dict[str, int]) -> None:
    """Tried: an empty page, a full last one, a short one, one beyond the last, and no paging."""
    assert faulty_places(SPRING, query, render_page(total, query)) == set()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("size", 50),
        ("number", 1),
        ("total", 2),
        ("totalPages", 2),
        ("numberOfElements", 2),
        ("first", False),
        ("last", False),
        ("empty", True),
    ],
)
def test_each_counter_of_a_spring_page_counts(field: str, value: object) -> None:
    """One that does not fit is named."""
    query = {"current": 0, "size": 100}
    assert faulty_places(SPRING, query, {**render_page(3, query), field: value}) == {field}


def test_a_page_with_too_few_rows_does_not_fit() -> None:
    """50 of 60 rows are wrong on a page of 100 and without paging, whatever the counters are."""
    for query in ({"current": 0, "size": 100}, {}):
        page = render_page(60, query)
        page["content"] = page["content"][:50]
        assert "rows" in faulty_places(SPRING, query, page)


def test_a_size_that_is_not_obeyed_does_not_fit() -> None:
    """A page of 50 is wrong if 100 rows were requested."""
    page = render_records_page(range(3), 0, 50, lambda row: {"id": row})
    assert faulty_places(RECORDS, {"size": 100}, page) == {"size"}
    assert faulty_places(RECORDS, {"size": 50}, page) == set()
    assert faulty_places(RECORDS, {"current": 1, "size": 50}, page) == {"current", "rows"}


def test_a_list_of_groups_without_paging_has_the_size_of_all() -> None:
    """Its page says what it likes, and the rows are all."""
    page = render_records_page(range(3), 0, 3, lambda row: {"groupId": row})
    assert faulty_places(PLANS, {}, page) == set()
    assert isinstance(page, dict)
    assert faulty_places(PLANS, {}, {**page, "records": []}) == {"rows"}


@pytest.mark.parametrize("page", [None, [], {}, {"content": []}, {"records": [], "page": 1}])
def test_an_answer_of_another_form_has_no_faults_here(page: object) -> None:
    """A schema violation says so."""
    assert faulty_places(SPRING, {}, page) == set()


def set_size_to_seven(exchange: MockExchange) -> None:
    """A page that has 7 as its size, whatever was asked for."""
    if exchange.status == 200:
        exchange.json = {**exchange.json, "size": 7}


@pytest.mark.whole
def test_a_check_finds_a_page_that_does_not_fit() -> None:
    """The check covers responses to generated requests and to the contract's example."""
    with run_faulty_mock("GET", "/api/v1/marketing-notice/group", set_size_to_seven) as url:
        found = run_check("--target", url, "--only", SPRING, *QUICK)
    assert (SPRING, "Page does not match its query") in found.violations
