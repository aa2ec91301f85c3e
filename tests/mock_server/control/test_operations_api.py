"""The operations of the contract in force are listed, with what fault rules can name."""

from __future__ import annotations

from typing import Any

from openapi import iter_operations
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.serving import RunningMock


def test_every_operation_of_the_contract_is_listed(
    shared_mock: RunningMock, contract: dict[str, Any]
) -> None:
    """Method, path, tags, and the examples of each documented status."""
    listed = expect_ok(shared_mock.anonymous.get(f"{ADMIN}/operations"))
    declared = {each.operation["operationId"]: each for each in iter_operations(contract)}
    assert [each["operationId"] for each in listed] == [*declared]
    for each in listed:
        found = declared[each["operationId"]]
        assert (each["method"], each["path"]) == (found.method.upper(), found.path)
        assert each["tags"] == found.operation["tags"]
        assert {row["status"] for row in each["responses"]} == {*found.operation["responses"]}
    [group] = [each for each in listed if each["operationId"] == "createToken"]
    assert all(row["examples"] for row in group["responses"])
