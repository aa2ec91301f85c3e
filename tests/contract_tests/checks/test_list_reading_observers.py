"""Lists show the form of a page, the order of rows and the words in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract_tests.checks.exchanges import new_exchange, values_shown

EXECUTIONS = "listNotificationTaskExecutions"


def execution_rows(*times: str | None) -> list[dict[str, Any]]:
    """Return executions with these times."""
    return [{"executeTime": time, "status": "PENDING"} for time in times]


@pytest.mark.parametrize(
    ("reading", "document", "values"),
    [
        ("page-sort", {"sort": []}, ["array"]),
        ("page-sort", {"sort": {"sorted": False}}, ["object"]),
        ("page-sort", {"sort": None}, []),
        ("page-sort", {"pageable": {"sort": {}}}, ["object"]),
        ("page-sort", {"sort": [], "pageable": {"sort": {}}}, ["array", "object"]),
        ("page-sort", [], []),
        ("unpaged-pageable", {"pageable": "INSTANCE"}, ["text"]),
        ("unpaged-pageable", {"pageable": {"paged": False}}, ["object"]),
        ("unpaged-pageable", {"pageable": {"unpaged": True}}, ["object"]),
        ("unpaged-pageable", {"pageable": {"paged": True, "unpaged": False}}, []),
        ("unpaged-pageable", {"pageable": None}, []),
        ("page-total", {"totalElements": 1, "total": 1}, ["sent"]),
        ("page-total", {"totalElements": 1}, ["omitted"]),
        ("page-total", {"message": "no page"}, []),
    ],
)
def test_a_page_shows_its_form(reading: str, document: Any, values: list[str]) -> None:
    """Each list in the form of Spring Data; other responses show nothing."""
    for name in ("listGroups", "listScenes", "listMarketingNoticeTaskMembers"):
        assert values_shown(reading, new_exchange(name, document)) == values
        assert values_shown(reading, new_exchange(name, document, status=400)) == []
    assert values_shown(reading, new_exchange("listNotificationTasks", document)) == []


@pytest.mark.parametrize(
    ("document", "values"),
    [
        ({"page": {}, "records": []}, ["page"]),
        ({"task_id": 1, "total_members": 0, "executions": []}, ["task"]),
        ({"page": {}}, []),
    ],
)
def test_the_list_of_executions_shows_its_structure(document: Any, values: list[str]) -> None:
    """Its rows are in `records` or in `executions`."""
    assert values_shown("executions-envelope", new_exchange(EXECUTIONS, document)) == values


@pytest.mark.parametrize("rows", ["records", "executions"])
def test_the_status_of_a_successful_execution_is_a_reading(rows: str) -> None:
    """In either structure; other statuses show nothing."""
    for shown in ("SUCCESS", "COMPLETED"):
        document = {rows: [{"status": "PENDING"}, {"status": shown}]}
        assert values_shown("execution-success-word", new_exchange(EXECUTIONS, document)) == [shown]
    document = {rows: [{"status": "FAILED"}]}
    assert values_shown("execution-success-word", new_exchange(EXECUTIONS, document)) == []


@pytest.mark.parametrize(
    ("query", "times", "values"),
    [
        ("orderBy=executeTime", ("1", "2", None, None), ["last"]),
        ("orderBy=executeTime", (None, "1", "2"), ["first"]),
        ("orderBy=executeTime&orderDirection=DESC", ("2", "1", None), ["last"]),
        ("orderBy=executeTime&orderDirection=DESC", (None, "2", "1"), ["first"]),
        ("orderBy=executeTime&orderDirection=ASC", (None, "2", "1"), []),
        ("orderBy=executeTime", (None, "2", "1"), []),
        ("orderBy=executeTime", ("1", None, "2"), []),
        ("orderBy=executeTime", ("1", "2"), []),
        ("orderBy=executeTime", (None, None), []),
        ("orderBy=status", ("1", "2", None), []),
        ("", ("1", "2", None), []),
        ("orderBy=executeTime&orderBy=status", ("1", "2", None), []),
    ],
)
def test_the_place_of_executions_without_a_time_is_a_reading(
    query: str, times: tuple[str | None, ...], values: list[str]
) -> None:
    """Only if the list is sorted by the time, as requested, and has rows of both kinds."""
    document = {"records": execution_rows(*times)}
    assert values_shown("null-order", new_exchange(EXECUTIONS, document, query=query)) == values


@pytest.mark.parametrize(
    ("dates", "values"),
    [
        (("2025-04-02", "2025-04-01"), ["newest-first"]),
        (("2025-04-01", "2025-04-01", "2025-04-02"), ["oldest-first"]),
        (("2025-04-01", "2025-04-03", "2025-04-02"), []),
        (("2025-04-01", "2025-04-01"), []),
        (("2025-04-01",), []),
        ((), []),
        ((1, 2), []),
    ],
)
def test_the_order_of_daily_reports_is_a_reading(dates: Any, values: list[str]) -> None:
    """Two different dates are needed."""
    document = {"records": [{"reportDate": date} for date in dates]}
    seen = new_exchange("listMemberDailyReports", document)
    assert values_shown("daily-reports-order", seen) == values
