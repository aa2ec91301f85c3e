"""A recorded request had to be accepted, had to be refused, or is open."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, DOCUMENTED, Strictness
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.workflows.recorded.validity import (
    RequestValidity,
    accepted_invalid_finding,
    validity_of,
)

URL = "https://example.com"


def validity(
    name: str,
    query: str = "",
    body: Any = None,
    *,
    status: int = 200,
    media_type: str = "application/json",
    strictness: Strictness = CURATED,
    is_whole: bool = True,
) -> RequestValidity:
    """Return the validity of a request with the ids 7."""
    operation = operations(strictness)[name]
    path = operation.path.replace("{id}", "7").replace("{taskId}", "7")
    request = requests.Request(
        operation.method.upper(),
        f"{URL}{path}{query}",
        headers={"Content-Type": media_type} if body is not None else {},
        data=None if body is None else json.dumps(body).encode(),
    ).prepare()
    return validity_of(operation, request, status, is_whole=is_whole)


@pytest.mark.parametrize(
    ("name", "query", "body", "verdict", "parts"),
    [
        ("listGroups", "?current=0&size=20", None, "valid", ()),
        ("listGroups", "?current=0&size=0", None, "invalid", ("/query/size",)),
        ("listGroups", "?orderBy=name&orderBy=id", None, "valid", ()),
        ("listGroups", "?orderBy=color", None, "invalid", ("/query/orderBy",)),
        # Open questions: each server takes or refuses these.
        ("listGroups", "?orderBy=name,id", None, "open", ()),
        ("listGroups", "?keyWord=", None, "open", ()),
        ("listGroups", "?ids=", None, "open", ()),
        ("listGroups", "?_=17", None, "open", ()),
        ("listNotificationTasks", "?taskType=", None, "invalid", ("/query/taskType",)),
        ("createGroup", "", {"name": "春"}, "valid", ()),
        ("createGroup", "", {}, "invalid", ("/body",)),
        ("createGroup", "", {"name": []}, "invalid", ("/body",)),
        ("createGroup", "", {"name": 42}, "open", ()),
        ("createGroup", "", {"name": "春", "color": "red"}, "open", ()),
        ("updateScene", "", {"name": "a", "prompt": "b", "externalId": None}, "open", ()),
    ],
)
def test_the_contract_decides(
    name: str, query: str, body: Any, verdict: str, parts: tuple[str, ...]
) -> None:
    """A request that it allows had to be accepted, unless an open question is about it."""
    assert validity(name, query, body) == RequestValidity(verdict, parts)  # type: ignore[arg-type]


def test_too_little_of_a_request_was_recorded() -> None:
    """Without the body, nothing follows; nor with a form, whose files recorders leave out."""
    assert validity("createGroup", body={}, is_whole=False).verdict == "open"
    assert validity("uploadFile", body={}).verdict == "open"


@pytest.mark.parametrize("status", [401, 403])
def test_a_user_may_be_refused(status: int) -> None:
    """A token expires, and a recording does not show who may do what."""
    assert validity("listGroups", status=status).verdict == "open"
    assert validity("createToken", body={"grant_type": "password"}, status=400).verdict == "open"


def test_another_media_type_is_invalid() -> None:
    """Refused with 400 or 415."""
    found = validity("createGroup", body={"name": "a"}, media_type="text/plain")
    assert found == RequestValidity("invalid", ("/body",))


def test_a_constraint_of_ours_does_not_bind_by_the_documents() -> None:
    """With `documented`, a server may refuse what breaks only an inferred constraint."""
    query = "?current=0&size=0"
    assert validity("listGroups", query, strictness=DOCUMENTED).verdict == "open"
    assert validity("createGroup", body={"name": []}, strictness=DOCUMENTED).verdict == "invalid"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, ViolationKind.INVALID_ACCEPTED),
        (409, ViolationKind.INVALID_REFUSED_OTHERWISE),
        (400, None),
        (404, None),
        (401, None),
        (415, None),
        (429, None),
        # Findings of their own.
        (302, None),
        (500, None),
    ],
)
def test_an_invalid_request_has_to_be_refused(status: int, kind: ViolationKind | None) -> None:
    """With 400 or 404, or for a reason that a recording does not show."""
    operation = operations()["listGroups"]
    found = accepted_invalid_finding(
        operation, status, RequestValidity("invalid", ("/query/size",))
    )
    assert (found.kind if found else None) == kind
    assert kind is None or (found and "Invalid: /query/size" in found.detail)
    assert accepted_invalid_finding(operation, status, RequestValidity("valid")) is None
