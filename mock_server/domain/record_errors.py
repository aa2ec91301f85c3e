"""Errors about records: unknown ids, and states that do not allow a change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice

from mock_server.errors import ErrorDetail, InvalidRequest, NotFound

MAX_SHOWN_IDS = 5


def unknown_id_violations(
    known: Collection[int], named: Iterable[tuple[str, int]], rule: str
) -> list[ErrorDetail]:
    """Return a violation of `rule` for every unknown id of (pointer, id)."""
    accepted = abbreviate_ids(known)
    return [
        ErrorDetail(pointer, rule, accepted, str(found))
        for pointer, found in named
        if found not in known
    ]


def refuse(
    violations: Sequence[ErrorDetail],
    unknown: Collection[ErrorDetail],
    status: str,
    total: int = 0,
) -> None:
    """Raise the error for the violations of a request, if there are any.

    unknown: those of them that are unknown ids in the body; status: answer to unknown-id-in-body
    (X1); total: the number of all violations, if these are not all. With `404`, a request with no
    other violation raises NotFound; everything else is an InvalidRequest.
    """
    if status == "404" and unknown and len(unknown) == len(violations):
        raise NotFound(*violations, total=total)
    if violations:
        raise InvalidRequest(*violations, total=total)


def not_found_error(known: Iterable[int | str], pointer: str, found: int | str) -> NotFound:
    """Return the error for an unknown id in a path (ID-02); it lists some known ids."""
    return NotFound(ErrorDetail(pointer, "ID-02", abbreviate_ids(known), str(found)))


def abbreviate_ids(ids: Iterable[int | str]) -> str:
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
