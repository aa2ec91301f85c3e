"""Check of pages: their counters against the query, the rows and each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from schemathesis import Case, CheckContext, Response

from contract_tests.contract.api_lookup import ROW_FIELDS, operation_effects, response_fields
from contract_tests.contract.operations import operations
from contract_tests.contract.schemathesis_cases import is_valid, json_or_none, operation_of
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind

DEFAULT_SIZE = 20
"""Rows of a page without a requested size (PG-02, PG-09, PG-10)."""
Json = Mapping[str, Any]


def is_paged_list(name: str) -> bool:
    """Return whether an operation returns pages of rows."""
    return "query/size" in operations()[name].parameter_names and bool(
        response_fields(name).intersection(ROW_FIELDS)
    )


def find_page_faults(name: str, query: Json, document: Any) -> list[ResponseFinding]:
    """Return the counters of a page that do not fit its query or its rows (PG-03, PG-05, PG-12).

    query: a valid one, with `current` and `size` as texts or integers. A response of another form
    violates its schema and has no faults here.
    """
    if not isinstance(document, Mapping):
        return []
    rows = next(
        (document[each] for each in ROW_FIELDS if isinstance(document.get(each), list)), None
    )
    # Spring's counters are beside the rows, those of the other lists in `page` (M7).
    page = document if "content" in document else document.get("page")
    if rows is None or not isinstance(page, Mapping):
        return []
    try:
        wanted = dict(_expected_counters(name, query, len(rows), page))
    except (LookupError, TypeError, ValueError):
        return []
    found = {**page, "rows": len(rows)}
    return [
        ResponseFinding(
            ViolationKind.PAGE_INCONSISTENT,
            f"{field} {value}",
            f"{field} {found[field]}",
            place=field,
        )
        for field, value in wanted.items()
        if field in found and found[field] != value
    ]


def _expected_counters(name: str, query: Json, rows: int, page: Json) -> Iterator[tuple[str, Any]]:
    """Yield the counters of a page and its number of rows, as they follow from query and total."""
    is_spring = "content" in response_fields(name)
    total = int(page["totalElements"] if "totalElements" in page else page["total"])
    is_whole = query.get("current") in (None, "") and not operation_effects(name).always_paged
    current = int(query.get("current") or 0)
    size = total if is_whole else int(query.get("size") or DEFAULT_SIZE)
    yield "rows", max(0, min(size, total - current * size))
    if not is_whole:
        yield "size", size
        yield "number" if is_spring else "current", current
    if is_spring:
        yield "total", total
        yield "numberOfElements", rows
        yield "empty", rows == 0
        yield "first", current == 0
        if not is_whole:  # an empty list on one page has no page or one
            pages = -(-total // size)
            yield "totalPages", pages
            yield "last", current + 1 >= pages


def pages_fit_their_queries(_context: CheckContext, response: Response, case: Case[Any]) -> None:
    """Check that a page is the requested one, and that its counters fit its rows.

    Where only the documents bind, a server may choose its pages.
    """
    operation = operation_of(case)
    is_right_method = case.method.lower() == operation.method
    if response.status_code != 200 or not is_right_method or not operation.strictness.binding:
        return
    if not is_paged_list(operation.name) or not is_valid(case):
        return
    sent = parse_qsl(urlsplit(str(response.request.url)).query, keep_blank_values=True)
    query = dict(sent)
    if len(query) < len(sent):  # the contract does not say which of two values counts
        return
    if faults := find_page_faults(operation.name, query, json_or_none(response)):
        raise ContractViolationError(*faults)
