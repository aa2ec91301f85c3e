"""A request is assigned to the operation whose method and path it has."""

from __future__ import annotations

import pytest

from contract_tests.contract.operations import operations
from contract_tests.contract.routes import match_route

GROUPS = "/api/v1/marketing-notice/group"


@pytest.mark.parametrize("name", operations())
def test_the_path_of_each_operation_leads_to_it(name: str) -> None:
    """No operation hides another, and a template in a path takes any text."""
    operation = operations()[name]
    path = operation.path.replace("{id}", "a%20b").replace("{taskId}", "a%20b")
    found = match_route(operation.method.upper(), path)
    assert found is not None
    assert found.operation.name == name
    assert found.values == ("a%20b",) * operation.path.count("{")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("HEAD", f"{GROUPS}/1"),
        ("PATCH", f"{GROUPS}/1"),
        ("GET", f"{GROUPS}/"),
        ("GET", f"{GROUPS}/1/2"),
        ("GET", "/"),
    ],
)
def test_other_methods_and_paths_have_no_operation(method: str, path: str) -> None:
    """An empty id, a further segment and an undeclared method match nothing."""
    assert match_route(method, path) is None
