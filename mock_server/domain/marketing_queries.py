"""What the list queries and the references of the marketing notices have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from mock_server.domain.paging import SortKeys, SpringQuery, parse_id_list, sorted_rows
from mock_server.errors import ErrorDetail, InvalidRequest, NotFound

MAX_SHOWN_IDS = 5


def spring_query(
    current: int | None,
    size: int | None,
    order_by: Sequence[str] | None,
    order_direction: str | None,
    order_null_handling: str | None,
) -> SpringQuery:
    """The five paging parameters as they arrive, absent ones with Spring's defaults (L250-L254)."""
    return SpringQuery(
        current, size, order_by or (), order_direction or "ASC", order_null_handling or "NATIVE"
    )


def parse_id_filter(
    written: str | None, pointer: str, query: SpringQuery, keys: SortKeys[Any]
) -> frozenset[int] | None:
    """The ids of a list query whose `orderBy` is checked along with them, so that all is said.

    Raises InvalidRequest (PG-06, PG-04) with every violation of both.
    """
    violations: list[ErrorDetail] = []
    ids = None
    try:
        ids = parse_id_list(written, pointer)
    except InvalidRequest as refusal:
        violations += refusal.violations
    try:
        sorted_rows([], keys, query.order_by, query.order_direction)
    except InvalidRequest as refusal:
        violations += refusal.violations
    if violations:
        raise InvalidRequest(*violations)
    return ids


def unknown_id_violations(
    known: Collection[int], named: Iterable[tuple[str, int]], rule: str
) -> list[ErrorDetail]:
    """One violation of `rule` for every (pointer, id) whose id is not known (X1: 400, not 404)."""
    accepted = abbreviate_ids(known)
    return [
        ErrorDetail(pointer, rule, accepted, str(found))
        for pointer, found in named
        if found not in known
    ]


def not_found_error(known: Iterable[int], pointer: str, found: int) -> NotFound:
    """The refusal of a path id that nothing has (ID-02); it names some that are there."""
    return NotFound(ErrorDetail(pointer, "ID-02", abbreviate_ids(known), str(found)))


def abbreviate_ids(ids: Iterable[int]) -> str:
    """The first few ids, for the `accepted` and `found` of a violation."""
    first = [str(one) for one in islice(ids, MAX_SHOWN_IDS + 1)]
    more = ["..."] if len(first) > MAX_SHOWN_IDS else []
    return ", ".join(first[:MAX_SHOWN_IDS] + more)


def state_violations(
    pointer: str, rule: str, allowed: Sequence[str], status: str
) -> list[ErrorDetail]:
    """A violation of `rule` unless the status is one of those the operation is allowed in."""
    if status in allowed:
        return []
    return [ErrorDetail(pointer, rule, ", ".join(allowed), status)]
