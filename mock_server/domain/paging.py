"""Sorting and paging, in the API's two forms: Spring's page object and `page`/`records`."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from mock_server.errors import ErrorDetail, InvalidRequest

T = TypeVar("T")
SortKeys = Mapping[str, Callable[[T], Any]]
"""Functions that return a row's value for each sortable field, by wire name."""

DEFAULT_PAGE_SIZE = 20
LONG_LIST_ROWS = 1_000
"""Number of rows above which a page is rendered in blocks."""
ROWS_PER_SORT_RUN = 5_000
"""Rows that are sorted by one call, which blocks other threads for a few milliseconds."""


@dataclass(frozen=True, slots=True)
class LongListResponse:
    """JSON object with one long list, whose rows are rendered, validated and encoded in blocks.

    document: the object, with an empty list at `key`.
    render: returns the JSON value of a row. It is called in a thread and must not read anything
        that can change.
    """

    document: dict[str, Any]
    key: str
    rows: Sequence[Any]
    render: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class PageShape:
    """Form of Spring's pages, by the answers to three open questions (M3, M8, M9).

    sort_is_object: `sort` is a summary and not an array; unpaged_is_text: `pageable` is a text
    without paging; has_total: a page has `total`.
    """

    sort_is_object: bool = False
    unpaged_is_text: bool = False
    has_total: bool = True

    @classmethod
    def from_readings(cls, readings: Mapping[str, str]) -> PageShape:
        """Return the form under these readings."""
        return cls(
            readings["page-sort"] == "object",
            readings["unpaged-pageable"] == "text",
            readings["page-total"] == "sent",
        )


DEFAULT_PAGE_SHAPE = PageShape()
UNPAGED_TEXT = "INSTANCE"
"""The JSON that Jackson writes for Spring's `Unpaged`, an enum with this one constant."""


@dataclass(frozen=True, slots=True)
class SpringQuery:
    """Query parameters of a list in Spring's format (L250-L254)."""

    current: int | None = None
    size: int | None = None
    order_by: Sequence[str] = ()
    order_direction: str = "ASC"
    order_null_handling: str = "NATIVE"


def sort_rows(
    rows: Sequence[T],
    keys: SortKeys[T],
    order_by: Sequence[str],
    direction: str,
    nulls: str = "NATIVE",
) -> Sequence[T]:
    """Return rows sorted by several fields, stably; by no field, return `rows` itself.

    nulls: NATIVE puts rows without a value last. Raises InvalidRequest (PG-04) with every field
    that is not sortable.
    """
    unknown = [
        ErrorDetail(f"/query/orderBy/{index}", "PG-04", ", ".join(keys), name)
        for index, name in enumerate(order_by)
        if name not in keys
    ]
    if unknown:
        raise InvalidRequest(*unknown)
    result = rows
    # The least significant field first, as sorting is stable. A repeated name would change nothing
    # and cost another sort.
    for name in reversed(dict.fromkeys(order_by)):
        read = keys[name]
        present = [row for row in result if read(row) is not None]
        absent = [row for row in result if read(row) is None]
        present = _sort_in_runs(present, read, reverse=direction == "DESC")
        result = absent + present if nulls == "NULLS_FIRST" else present + absent
    return result


def _sort_in_runs(rows: list[T], read: Callable[[T], Any], *, reverse: bool) -> list[T]:
    """Return rows sorted stably; long lists are sorted in runs and merged.

    A single sort is one call into C, during which no other thread could run.
    """
    runs = [
        sorted(rows[start : start + ROWS_PER_SORT_RUN], key=read, reverse=reverse)
        for start in range(0, len(rows), ROWS_PER_SORT_RUN)
    ]
    return runs[0] if len(runs) == 1 else [*heapq.merge(*runs, key=read, reverse=reverse)]


def render_list(
    document: dict[str, Any], key: str, rows: Sequence[T], render: Callable[[T], Any]
) -> dict[str, Any] | LongListResponse:
    """Return a document with the rendered rows at `key`, or a LongListResponse if they are many."""
    if len(rows) > LONG_LIST_ROWS:
        return LongListResponse(document, key, rows, render)
    document[key] = [render(row) for row in rows]
    return document


def render_spring_page(
    rows: Sequence[T],
    query: SpringQuery,
    shape: PageShape = DEFAULT_PAGE_SHAPE,
    *,
    keys: SortKeys[T],
    render: Callable[[T], Any],
) -> dict[str, Any] | LongListResponse:
    """Return a page in Spring's format of `rows`, which are filtered and in their default order.

    Without `current`, all rows are on one page (PG-03); without `size`, a page has 20 rows (N23).
    Only the rows of the page are rendered. Raises InvalidRequest (PG-04).
    """
    ordered = sort_rows(
        rows, keys, query.order_by, query.order_direction, query.order_null_handling
    )
    total = len(ordered)
    paged = query.current is not None
    number = query.current or 0
    # The documents do not describe an unpaged response; it is one page with all rows (M3).
    size = (query.size or DEFAULT_PAGE_SIZE) if paged else total
    offset = number * size
    content = ordered[offset : offset + size]
    sort = _render_sort(query, shape)
    pages = -(-total // size) if size else 0
    pageable = {
        "paged": paged,
        "unpaged": not paged,
        "pageNumber": number,
        "pageSize": size,
        "offset": offset,
        "sort": sort,
    }
    page = {
        "content": [],
        "pageable": UNPAGED_TEXT if shape.unpaged_is_text and not paged else pageable,
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
    if not shape.has_total:
        del page["total"]
    return render_list(page, "content", content, render)


def _render_sort(query: SpringQuery, shape: PageShape) -> list[dict[str, Any]] | dict[str, bool]:
    if shape.sort_is_object:
        is_sorted = bool(query.order_by)
        return {"sorted": is_sorted, "unsorted": not is_sorted, "empty": not is_sorted}
    return [_sort_object(name, query) for name in query.order_by]


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


def render_records_page(
    rows: Sequence[T], current: int, size: int, render: Callable[[T], Any], **more: Any
) -> dict[str, Any] | LongListResponse:
    """Return `page` and `records` (L156-L176) of filtered and sorted rows, and `more` fields."""
    offset = current * size
    page = {"current": current, "size": size, "total": len(rows)}
    document = {"page": page, "records": [], **more}
    return render_list(document, "records", rows[offset : offset + size], render)


def parse_id_list(
    written: str | None, pointer: str, commas: str = "split"
) -> frozenset[int] | None:
    """Parse ids separated by commas (M4); return None if the parameter is absent or empty.

    commas: answer to comma-in-array-parameters; `literal` allows a single id. Raises InvalidRequest
    (PG-06) if a part is not a positive integer.
    """
    if not written:
        return None
    parts = [part.strip() for part in split_values(written, commas)]
    # isdigit() accepts digits of other scripts, hence isascii(). A 64-bit integer has at most 19
    # digits, and int() would raise for more than 4,300.
    if all(part.isascii() and part.isdigit() and len(part) <= 19 and int(part) for part in parts):
        return frozenset(int(part) for part in parts)
    accepted = "101,102" if commas == "split" else "101"
    raise InvalidRequest(ErrorDetail(pointer, "PG-06", accepted, written[:80]))


def split_values(written: str, commas: str) -> list[str]:
    """Return the values of a parameter: separated by commas, or all of it if they are `literal`."""
    return written.split(",") if commas == "split" else [written]


def contains_keyword(keyword: str | None, name: str) -> bool:
    """Return whether `name` contains the keyword, ignoring case (PG-07); True without a keyword."""
    return not keyword or keyword.casefold() in name.casefold()
