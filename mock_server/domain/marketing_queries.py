"""Queries of the lists of marketing notices: paging, sorting, filter by ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mock_server.domain.paging import SortKeys, SpringQuery, parse_id_list, sort_rows
from mock_server.errors import ErrorDetail, InvalidRequest


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
    written: str | None, pointer: str, query: SpringQuery, keys: SortKeys[Any], commas: str
) -> frozenset[int] | None:
    """Return the ids of a list query, and check its `orderBy` as well.

    commas: answer to comma-in-array-parameters (M4). Raises InvalidRequest (PG-06, PG-04) with all
    violations of both.
    """
    # An error reports all violations at once, but sorting happens only after filtering by the ids.
    violations: list[ErrorDetail] = []
    ids = None
    try:
        ids = parse_id_list(written, pointer, commas)
    except InvalidRequest as error:
        violations += error.violations
    try:
        sort_rows([], keys, query.order_by, query.order_direction)
    except InvalidRequest as error:
        violations += error.violations
    if violations:
        raise InvalidRequest(*violations)
    return ids
