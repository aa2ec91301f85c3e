"""Sorting and paging, in the API's two forms: Spring's page object and `page`/`records`."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mock_server.errors import ErrorDetail, InvalidRequest

T = TypeVar("T")
SortKeys = Mapping[str, Callable[[T], Any]]
"""Sortable wire fields, each with how to read its value from a row."""

DEFAULT_PAGE_SIZE = 20
LONG_LIST_ROWS = 1_000
"""Rows from which on a page is rendered in blocks."""
ROWS_PER_SORT_RUN = 5_000
"""Rows that are sorted in one go, which nobody can interrupt: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class LongListResponse:
    """JSON with one long list, whose rows are rendered, checked and encoded in blocks.

    `document` has the list's place, at `key`, with nothing in it. `render` makes JSON of a row; it
    looks at nothing that changes, since it is called in a thread.
    """

    document: dict[str, Any]
    key: str
    rows: Sequence[Any]
    render: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class SpringQuery:
    """The five query parameters of every Spring list (L250-L254)."""

    current: int | None = None
    size: int | None = None
    order_by: Sequence[str] = ()
    order_direction: str = "ASC"
    order_null_handling: str = "NATIVE"


def sorted_rows(
    rows: Sequence[T],
    keys: SortKeys[T],
    order_by: Sequence[str],
    direction: str,
    nulls: str = "NATIVE",
) -> Sequence[T]:
    """Sort by several fields, stably; NATIVE puts empty values last. By none: `rows` themselves.

    Raises InvalidRequest (PG-04) naming every field that is not sortable.
    """
    unknown = [
        ErrorDetail(f"/query/orderBy/{index}", "PG-04", ", ".join(keys), name)
        for index, name in enumerate(order_by)
        if name not in keys
    ]
    if unknown:
        raise InvalidRequest(*unknown)
    result = rows
    for name in reversed(dict.fromkeys(order_by)):  # a name again changes nothing, and costs a sort
        read = keys[name]
        present = [row for row in result if read(row) is not None]
        absent = [row for row in result if read(row) is None]
        present = _sort_in_runs(present, read, reverse=direction == "DESC")
        result = absent + present if nulls == "NULLS_FIRST" else present + absent
    return result


def _sort_in_runs(rows: list[T], read: Callable[[T], Any], *, reverse: bool) -> list[T]:
    """Sort stably; many rows in runs that are merged, so that a thread holds up nobody."""
    runs = [
        sorted(rows[start : start + ROWS_PER_SORT_RUN], key=read, reverse=reverse)
        for start in range(0, len(rows), ROWS_PER_SORT_RUN)
    ]
    return runs[0] if len(runs) == 1 else [*heapq.merge(*runs, key=read, reverse=reverse)]


def render_list(
    document: dict[str, Any], key: str, rows: Sequence[T], render: Callable[[T], Any]
) -> dict[str, Any] | LongListResponse:
    """A document with its list, or what makes one of many rows. `document` has a place for it."""
    if len(rows) > LONG_LIST_ROWS:
        return LongListResponse(document, key, rows, render)
    document[key] = [render(row) for row in rows]
    return document


def spring_page(
    rows: Sequence[T], query: SpringQuery, *, keys: SortKeys[T], render: Callable[[T], Any]
) -> dict[str, Any] | LongListResponse:
    """One Spring page of `rows`, which arrive filtered and in their default order.

    Without `current` everything is on one page (PG-03); `current` without `size` takes 20 (N23).
    Only the rows of the page are rendered. Raises InvalidRequest (PG-04).
    """
    ordered = sorted_rows(
        rows, keys, query.order_by, query.order_direction, query.order_null_handling
    )
    total = len(ordered)
    paged = query.current is not None
    number = query.current or 0
    size = (query.size or DEFAULT_PAGE_SIZE) if paged else total
    offset = number * size
    content = ordered[offset : offset + size]
    sort = [_sort_object(name, query) for name in query.order_by]
    pages = -(-total // size) if size else 0
    page = {
        "content": [],
        "pageable": {
            "paged": paged,
            "unpaged": not paged,
            "pageNumber": number,
            "pageSize": size,
            "offset": offset,
            "sort": sort,
        },
        "total": total,
        "empty": not content,
        "number": number,
        "size": size,
        "numberOfElements": len(content),
        "sort": sort,
        "first": number == 0,
        "last": number + 1 >= pages,
        "totalPages": pages,
        "totalElements": total,
    }
    return render_list(page, "content", content, render)


def _sort_object(name: str, query: SpringQuery) -> dict[str, Any]:
    descending = query.order_direction == "DESC"
    return {
        "direction": query.order_direction,
        "property": name,
        "ignoreCase": False,
        "nullHandling": query.order_null_handling,
        "ascending": not descending,
        "descending": descending,
    }


def records_page(
    rows: Sequence[T], current: int, size: int, render: Callable[[T], Any], **more: Any
) -> dict[str, Any] | LongListResponse:
    """`page` and `records` (L156-L176) of rows that arrive filtered and sorted; then `more`."""
    offset = current * size
    page = {"current": current, "size": size, "total": len(rows)}
    document = {"page": page, "records": [], **more}
    return render_list(document, "records", rows[offset : offset + size], render)


def parse_id_list(written: str | None, pointer: str) -> frozenset[int] | None:
    """Read ids joined by commas; None when the parameter is absent or empty.

    Raises InvalidRequest (PG-06) when a part is not a positive integer.
    """
    if not written:
        return None
    parts = [part.strip() for part in written.split(",")]
    if all(part.isascii() and part.isdigit() and len(part) <= 19 and int(part) for part in parts):
        return frozenset(int(part) for part in parts)
    raise InvalidRequest(ErrorDetail(pointer, "PG-06", "101,102", written[:80]))


def contains_keyword(keyword: str | None, name: str) -> bool:
    """Whether `name` holds the keyword, whatever the case (PG-07); no keyword, always."""
    return not keyword or keyword.casefold() in name.casefold()
