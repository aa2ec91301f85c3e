"""List queries and references between records, as shared by the marketing notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from mock_server.domain.paging import SortKeys, SpringQuery, parse_id_list, sort_rows
from mock_server.errors import ErrorDetail, InvalidRequest, NotFound

MAX_SHOWN_IDS = 5


def build_spring_query(
    current: int | None,
    size: int | None,
    order_by: Sequence[str] | None,
    order_direction: str | None,
    order_null_handling: str | None,
) -> SpringQuery:
    """Return the paging parameters of a request, with Spring's defaults (L250-L254)."""
    return SpringQuery(
        current, size, order_by or (), order_direction or "ASC", order_null_handling or "NATIVE"
    )


def parse_id_filter(
    written: str | None, pointer: str, query: SpringQuery, keys: SortKeys[Any]
) -> frozenset[int] | None:
    """Return the ids of a list query, and check its `orderBy` as well.

    Raises InvalidRequest (PG-06, PG-04) with all violations of both.
    """
    # An error reports all violations at once, but sorting happens only after filtering by the ids.
    violations: list[ErrorDetail] = []
    ids = None
    try:
        ids = parse_id_list(written, pointer)
    except InvalidRequest as error:
        violations += error.violations
    try:
        sort_rows([], keys, query.order_by, query.order_direction)
    except InvalidRequest as error:
        violations += error.violations
    if violations:
        raise InvalidRequest(*violations)
    return ids


def unknown_id_violations(
    known: Collection[int], named: Iterable[tuple[str, int]], rule: str
) -> list[ErrorDetail]:
    """Return a violation of `rule` for every unknown id of (pointer, id) (X1: 400, not 404)."""
    accepted = abbreviate_ids(known)
    return [
        ErrorDetail(pointer, rule, accepted, str(found))
        for pointer, found in named
        if found not in known
    ]


def not_found_error(known: Iterable[int], pointer: str, found: int) -> NotFound:
    """Return the error for an unknown id in a path (ID-02); it lists some known ids."""
    return NotFound(ErrorDetail(pointer, "ID-02", abbreviate_ids(known), str(found)))


def abbreviate_ids(ids: Iterable[int]) -> str:
    """Return the first MAX_SHOWN_IDS ids as text, for `accepted` or `found` of a violation."""
    # One more than is shown: the world may have 500,000 ids, and only "..." depends on the rest.
    first = [str(one) for one in islice(ids, MAX_SHOWN_IDS + 1)]
    more = ["..."] if len(first) > MAX_SHOWN_IDS else []
    return ", ".join(first[:MAX_SHOWN_IDS] + more)


def state_violations(
    pointer: str, rule: str, allowed: Sequence[str], status: str
) -> list[ErrorDetail]:
    """Return a violation of `rule` unless the status is one of `allowed`."""
    if status in allowed:
        return []
    return [ErrorDetail(pointer, rule, ", ".join(allowed), status)]
