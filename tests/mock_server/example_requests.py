"""Requests made of the contract's examples, and a way to send them to a mock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx

import openapi
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from tests.serving import CLIENT_CREDENTIALS, RunningMock, fetch_token


@dataclass(frozen=True)
class ExampleRequest:
    """A request of an example.

    given: the parameters that are sent; kind: media type of the body, empty without a body.
    """

    name: str
    operation: Operation
    given: tuple[Mapping[str, Any], ...]
    body: Any = None
    kind: str = ""


def iter_example_requests(contract: Mapping[str, Any]) -> Iterator[ExampleRequest]:
    """Yield a request for each named body of a contract, and for each optional parameter."""
    for _, _, item, declared in openapi.iter_operations(contract):
        name = declared["operationId"]
        operation = operations()[name]
        parameters = [
            openapi.resolve_pointer(contract, each["$ref"][1:]) if "$ref" in each else each
            for each in (*item.get("parameters", ()), *declared.get("parameters", ()))
        ]
        needed = tuple(each for each in parameters if each.get("required"))
        bodies = declared.get("requestBody", {}).get("content", {})
        for kind, content in bodies.items():
            for label, example in content["examples"].items():
                yield ExampleRequest(f"{name} {label}", operation, needed, example["value"], kind)
        if not bodies:
            yield ExampleRequest(name, operation, needed)
        for each in parameters:
            if not each.get("required"):
                yield ExampleRequest(f"{name} {each['name']}", operation, (*needed, each))


EXAMPLE_REQUESTS = (*iter_example_requests(openapi.load()),)
"""Those of the published contract."""


def path_and_query(request: ExampleRequest) -> tuple[str, list[tuple[str, Any]]]:
    """Return path and query with the examples of the given parameters."""
    path, query = request.operation.path, list[tuple[str, Any]]()
    for each in request.given:
        value = each["example"]
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(value))
        elif each["in"] == "query":
            query += [
                (each["name"], one) for one in (value if isinstance(value, list) else [value])
            ]
    return path, query


def send_example(
    mock: RunningMock,
    request: ExampleRequest,
    path: str = "",
    query: list[tuple[str, Any]] | None = None,
    **otherwise: Any,
) -> httpx.Response:
    """Log in to a fresh mock and return its response to an example.

    path, query: values to send instead of the examples; otherwise: arguments of httpx in place of
    the defaults.
    """
    mock.anonymous.post("/__admin/reset").raise_for_status()
    token, more = fetch_token(mock.anonymous), dict[str, Any]()
    if request.kind == MULTIPART_FORM:
        more["files"] = {
            name: ("a.txt", value.encode()) if name == "file" else (None, value)
            for name, value in request.body.items()
        }
    elif request.kind:
        more["json"] = request.body
    more["headers"] = {e["name"]: e["example"] for e in request.given if e["in"] == "header"}
    if "clientBasic" in request.operation.security_schemes:
        more["auth"] = CLIENT_CREDENTIALS
    else:
        more["headers"]["Authorization"] = f"Bearer {token}"
    own_path, own_query = path_and_query(request)
    asked = urlencode(own_query if query is None else query, quote_via=quote)
    url = f"{path or own_path}?{asked}" if asked else path or own_path
    return mock.anonymous.request(request.operation.method, url, **(more | otherwise))
