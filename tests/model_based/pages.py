"""Both formats of pages, and sorting: the rules of every list (PG-01 to PG-15, NT-28)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Row = dict[str, Any]


def page_slice(whole: Sequence[Row], current: int | None, size: int | None) -> list[Row]:
    """Return the rows of a page: all without `current`, 20 without `size` (M3, N23)."""
    if current is None:
        return list(whole)
    length = size or 20
    return list(whole[current * length : (current + 1) * length])


def check_spring_page(
    page: Row, whole: Sequence[Row], current: int | None = None, size: int | None = None
) -> None:
    """Check rows and counters of a page in Spring's format (PG-03, PG-05, PG-10)."""
    rows, total, number = page_slice(whole, current, size), len(whole), current or 0
    length = total if current is None else size or 20
    pages = (total + length - 1) // length if length else 0
    assert page["content"] == rows
    counters = {name: page[name] for name in page if name not in ("content", "pageable", "sort")}
    assert counters == {
        "total": total,
        "totalElements": total,
        "totalPages": pages,
        "number": number,
        "size": length,
        "numberOfElements": len(rows),
        "empty": not rows,
        "first": number == 0,
        "last": number + 1 >= pages,
    }
    paging = {name: page["pageable"][name] for name in page["pageable"] if name != "sort"}
    assert paging == {
        "paged": current is not None,
        "unpaged": current is None,
        "pageNumber": number,
        "pageSize": length,
        "offset": number * length,
    }
    assert page["sort"] == page["pageable"]["sort"]


def check_record_page(page: Row, whole: Sequence[Row], current: int, size: int) -> None:
    """Check a page of records: its rows of `whole`, and the total (PG-12)."""
    assert page["records"] == page_slice(whole, current, size)
    assert page["page"] == {"current": current, "size": size, "total": len(whole)}


def check_sorted(
    rows: Sequence[Row],
    unsorted: Sequence[Row],
    fields: Sequence[str],
    direction: str = "ASC",
    nulls: str = "NATIVE",
) -> None:
    """Check that the same rows are sorted by several fields, empty values last or first (PG-15)."""
    assert sorted(map(repr, rows)) == sorted(map(repr, unsorted))
    for before, after in pairwise(rows):
        for name in fields:
            one, other = before.get(name), after.get(name)
            if one != other:
                assert _is_in_order(one, other, direction, nulls), (name, one, other)
                break


def _is_in_order(one: Any, other: Any, direction: str, nulls: str) -> bool:
    if one is None or other is None:
        return (one is None) == (nulls == "NULLS_FIRST")
    return bool(one < other) if direction == "ASC" else bool(one > other)
