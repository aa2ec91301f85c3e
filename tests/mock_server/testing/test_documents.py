"""The dataclasses and arguments of the test client are those of the control plane's contract."""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mock_server.control.contract import load_control_contract
from mock_server.testing import Mock, documents, member_file_documents
from mock_server.testing.documents import camel_case, instant_text, read_document
from mock_server.testing.faults import Faults
from mock_server.testing.journal import Criteria, Requests

SCHEMAS = load_control_contract(secured=True)["components"]["schemas"]
SCHEMA_OF = {
    documents.FaultRule: "CountedFaultRule",
    documents.RecordedRequest: "ListedRequest",
    documents.SessionInfo: "Session",
}
"""Schemas with another name than their dataclass."""
DATACLASSES = [
    each
    for module in (documents, member_file_documents)
    for each in vars(module).values()
    if hasattr(each, "__dataclass_fields__")
]


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__name__)
def test_each_dataclass_has_the_fields_of_its_schema(kind: Any) -> None:
    """Required fields have no default; the others are None, or empty."""
    schema = SCHEMAS[SCHEMA_OF.get(kind, kind.__name__)]
    assert {camel_case(each.name) for each in fields(kind)} == set(schema["properties"])
    required = {
        camel_case(each.name)
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    }
    assert required == set(schema["required"])


@pytest.mark.parametrize(
    ("function", "schema"),
    [(Faults.add, "FaultRule"), (Mock.reset, "Reset"), (Mock.session, "NewSession")],
)
def test_a_call_has_the_arguments_of_the_contract(function: Any, schema: str) -> None:
    """Each field of a body is a keyword."""
    given = inspect.signature(function).parameters.keys() - {"self"}
    assert {camel_case(name) for name in given} == set(SCHEMAS[schema]["properties"])


def test_requests_are_searched_by_all_criteria_of_the_contract() -> None:
    """`find`, `count` and `wait_for` take them; the operation comes first."""
    criteria = {"operationId", *map(camel_case, Criteria.__annotations__)}
    assert criteria == set(SCHEMAS["RequestCriteria"]["properties"])
    waiting = inspect.signature(Requests.wait_for).parameters.keys() - {"self", "operation"}
    assert waiting - {"criteria"} | criteria | {"limit"} == set(
        SCHEMAS["RequestWait"]["properties"]
    )


def test_fields_of_a_newer_mock_are_ignored() -> None:
    """An older client can control a newer mock."""
    document = {"now": "2025-04-21T09:00:00+08:00", "frozen": True, "scale": 1, "paused": False}
    china = timezone(timedelta(hours=8))
    assert read_document(documents.Clock, document) == documents.Clock(
        datetime(2025, 4, 21, 9, tzinfo=china), frozen=True, scale=1
    )


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("2025-04-21 15:00:00", "2025-04-21T15:00:00+08:00"),
        ("2025-04-21T15:00:00Z", "2025-04-21T15:00:00+00:00"),
        (datetime(2025, 4, 21, 15), "2025-04-21T15:00:00+08:00"),  # noqa: DTZ001 - what is tested
        (datetime(2025, 4, 21, 15, tzinfo=UTC), "2025-04-21T15:00:00+00:00"),
        ("noon", "noon"),
    ],
)
def test_an_instant_without_an_offset_is_in_china_standard_time(given: Any, sent: str) -> None:
    """Like all date-times of the API; the control plane refuses other strings."""
    assert instant_text(given) == sent
