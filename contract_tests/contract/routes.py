"""Operations by the method and the path of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from contract_tests.contract.operations import Operation, operations

Route = tuple[re.Pattern[str], Operation]


class RouteMatch(NamedTuple):
    """The operation of a request; values: those of its path, still encoded, in their order."""

    operation: Operation
    values: tuple[str, ...]


def match_route(method: str, path: str) -> RouteMatch | None:
    """Return the operation with this method and path; None if the contract has none.

    path: without the path of the server's URL and without a query.
    """
    for pattern, operation in _routes().get(method, ()):
        if found := pattern.fullmatch(path):
            return RouteMatch(operation, found.groups())
    return None


@lru_cache(maxsize=1)
def _routes() -> Mapping[str, list[Route]]:
    """Return the paths by method; literal paths come before those with an id."""
    # `/groups/{id}` would match `/groups/template` as well.
    found: dict[str, list[Route]] = {}
    for each in sorted(operations().values(), key=lambda each: each.path.count("{")):
        pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", each.path))
        found.setdefault(each.method.upper(), []).append((pattern, each))
    return found
