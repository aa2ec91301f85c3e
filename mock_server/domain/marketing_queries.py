"""What the list queries and the references of the marketing notices have in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any

from mock_server.domain.paging import Keys, SpringQuery, id_list, sorted_rows
from mock_server.errors import Invalid, NotFound, Violation

SHOWN_IDS = 5


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


def read_ids(
    written: str | None, pointer: str, query: SpringQuery, keys: Keys[Any]
) -> frozenset[int] | None:
    """The ids of a list query whose `orderBy` is checked along with them, so that all is said.

    Raises Invalid (PG-06, PG-04) with every violation of both.
    """
    violations: list[Violation] = []
    ids = None
    try:
        ids = id_list(written, pointer)
    except Invalid as refusal:
        violations += refusal.violations
    try:
        sorted_rows([], keys, query.order_by, query.order_direction)
    except Invalid as refusal:
        violations += refusal.violations
    if violations:
        raise Invalid(*violations)
    return ids


def unknown_ids(
    known: Collection[int], named: Iterable[tuple[str, int]], rule: str
) -> list[Violation]:
    """One violation of `rule` for every (pointer, id) whose id is not known (X1: 400, not 404)."""
    accepted = shown_ids(known)
    return [
        Violation(pointer, rule, accepted, str(found))
        for pointer, found in named
        if found not in known
    ]


def not_found(known: Iterable[int], pointer: str, found: int) -> NotFound:
    """The refusal of a path id that nothing has (ID-02); it names some that are there."""
    return NotFound(Violation(pointer, "ID-02", shown_ids(known), str(found)))


def shown_ids(ids: Iterable[int]) -> str:
    """The first few ids, for the `accepted` and `found` of a violation."""
    first = [str(one) for one in islice(ids, SHOWN_IDS + 1)]
    more = ["..."] if len(first) > SHOWN_IDS else []
    return ", ".join(first[:SHOWN_IDS] + more)


def wrong_state(pointer: str, rule: str, allowed: Sequence[str], status: str) -> list[Violation]:
    """A violation of `rule` unless the status is one of those the operation is allowed in."""
    if status in allowed:
        return []
    return [Violation(pointer, rule, ", ".join(allowed), status)]
