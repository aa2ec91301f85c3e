"""Operations that the users of a scenario may call, by operationId or tag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mock_server.errors import ErrorDetail, display_text
from mock_server.seed.scenario_validation import nearest_names
from openapi import iter_operations

Operations = Mapping[str, tuple[str, ...]]
"""The tags of each operation, by operationId."""


def operations_of(contract: Mapping[str, Any]) -> Operations:
    """Return the operations of a contract."""
    return {
        each.operation["operationId"]: tuple(each.operation.get("tags", ()))
        for each in iter_operations(contract)
    }


def allowed_operations(user: Mapping[str, Any], operations: Operations) -> frozenset[str]:
    """Return the operationIds that a user may call."""
    allowed = _named_operations(user["may"], operations) if "may" in user else set(operations)
    return frozenset(allowed - _named_operations(user.get("mayNot", ()), operations))


def permission_violations(
    document: Mapping[str, Any], operations: Operations
) -> Iterator[ErrorDetail]:
    """Yield a violation for each name that is neither an operationId nor a tag (CP-31)."""
    known = [*operations, *dict.fromkeys(tag for tags in operations.values() for tag in tags)]
    for index, user in enumerate(document.get("users", ())):
        for field in ("may", "mayNot"):
            for place, name in enumerate(user.get(field, ())):
                if name not in known:
                    pointer, found = f"/users/{index}/{field}/{place}", display_text(name)
                    yield ErrorDetail(pointer, "CP-31", nearest_names(name, known), found)


def _named_operations(names: Iterable[str], operations: Operations) -> set[str]:
    chosen = set(names)
    return {name for name, tags in operations.items() if name in chosen or chosen & set(tags)}
