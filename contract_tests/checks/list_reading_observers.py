"""Observers of lists: the form of a page, the order of rows, the words in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from contract_tests.checks.exchange import Exchange, ReadingObserverRegistry
from contract_tests.contract.api_lookup import response_fields
from contract_tests.contract.operations import Operation

observers = ReadingObserverRegistry()
EXECUTION_ROWS = ("records", "executions")
"""Fields with the rows, one for each structure of the list."""


def is_spring_page(operation: Operation) -> bool:
    """Return whether an operation answers the page of Spring Data."""
    return operation.method == "get" and "content" in response_fields(operation.name)


@observers.observes_reading("page-sort", is_spring_page)
def observe_page_sort(exchange: Exchange) -> Iterator[str]:
    """Yield the form of `sort`, in the page and in its `pageable`."""
    pageable = exchange.document.get("pageable")
    for part in (exchange.document, pageable if isinstance(pageable, dict) else {}):
        if isinstance(part.get("sort"), list):
            yield "array"
        elif isinstance(part.get("sort"), dict):
            yield "object"


@observers.observes_reading("unpaged-pageable", is_spring_page)
def observe_unpaged_pageable(exchange: Exchange) -> Iterator[str]:
    """Yield the form of `pageable` in a response that is the whole list."""
    pageable = exchange.document.get("pageable")
    if pageable == "INSTANCE":
        yield "text"
    elif isinstance(pageable, dict) and (
        pageable.get("paged") is False or pageable.get("unpaged") is True
    ):
        yield "object"


@observers.observes_reading("page-total", is_spring_page)
def observe_page_total(exchange: Exchange) -> Iterator[str]:
    """Yield whether a page has `total` beside `totalElements`."""
    if "totalElements" in exchange.document:
        yield "sent" if "total" in exchange.document else "omitted"


@observers.observes_reading("executions-envelope")
def observe_executions_envelope(exchange: Exchange) -> Iterator[str]:
    """Yield the structure of the list of executions."""
    if isinstance(exchange.document.get("records"), list):
        yield "page"
    if isinstance(exchange.document.get("executions"), list):
        yield "task"


@observers.observes_reading("execution-success-word")
def observe_success_word(exchange: Exchange) -> Iterator[str]:
    """Yield the status of successful executions."""
    for row in _execution_rows(exchange):
        if row.get("status") in ("SUCCESS", "COMPLETED"):
            yield row["status"]


@observers.observes_reading("null-order")
def observe_null_order(exchange: Exchange) -> Iterator[str]:
    """Yield the place of the rows without a time, if the others are sorted by it as requested."""
    if exchange.parameters.get("orderBy") != ["executeTime"]:
        return
    direction = exchange.parameters.get("orderDirection", ["ASC"])
    times = [row.get("executeTime") for row in _execution_rows(exchange)]
    sent = [time for time in times if isinstance(time, str)]
    empty = times.count(None)
    if not sent or not empty or sent != sorted(sent, reverse=direction == ["DESC"]):
        return
    if times == [*sent, *[None] * empty]:
        yield "last"
    elif times == [*[None] * empty, *sent]:
        yield "first"


@observers.observes_reading("daily-reports-order")
def observe_daily_reports_order(exchange: Exchange) -> Iterator[str]:
    """Yield the order of the dates, if there are two or more."""
    dates = [row.get("reportDate") for row in _objects(exchange.document.get("records"))]
    if len({*dates}) < 2 or not all(isinstance(date, str) for date in dates):
        return
    ordered = sorted(map(str, dates))
    if dates == ordered:
        yield "oldest-first"
    elif dates == ordered[::-1]:
        yield "newest-first"


def _execution_rows(exchange: Exchange) -> list[dict[str, Any]]:
    return [row for name in EXECUTION_ROWS for row in _objects(exchange.document.get(name))]


def _objects(found: Any) -> Sequence[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else ()
