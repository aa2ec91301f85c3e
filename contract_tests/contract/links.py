"""Links of the contract: values in one response that make the request of another operation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from schemathesis import Case, Response

from contract_tests.contract.operations import Operation
from contract_tests.contract.schemathesis_compat import link_name
from openapi import resolve_pointer

RECORDS_POINTER, EXECUTIONS_POINTER = "/records/", "/executions/"
"""Beginnings of the pointers into the two structures of the list of executions."""


@dataclass(frozen=True)
class Link:
    """A link between two operations, with the values for the request to its target."""

    source: Operation
    status: str
    name: str
    target: Operation
    parameters: Mapping[str, Any]
    body: Any

    def __str__(self) -> str:
        """Return the link's name in the notation of schemathesis."""
        return link_name(self.source.label, self.status, self.name, self.target.label)

    @property
    def fills_target_path(self) -> bool:
        """True if the link supplies every path parameter of its target, without an example."""
        return set(self.target.example["path"]) <= self.parameters.keys()

    def request(
        self, case: Case[Any], response: Response, example: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return an example of the target with this link's values, from a request and its response.

        None if the response lacks a value, for example because it is an empty list.
        """
        request = dict(example)
        try:
            values = {
                name: _evaluate_expression(text, case, response)
                for name, text in self.parameters.items()
            }
            if self.body is not None:
                request["body"] = _evaluate_expression(self.body, case, response)
        # The server decides what the body looks like, so a pointer may run into any type of value.
        except (LookupError, TypeError, ValueError):
            return None
        request["path"] = {n: values.pop(n, given) for n, given in request["path"].items()}
        request["query"] = request["query"] | values
        return request


def links_between(chosen: Collection[Operation]) -> list[Link]:
    """Return every link between these operations; links to deletions come last."""
    targets = {operation.name: operation for operation in chosen}
    found = [
        Link(source, status, name, targets[to], _parameter_values(link), link.get("requestBody"))
        for source in chosen
        for status, response in source.raw["responses"].items()
        for name, link in response.get("links", {}).items()
        if (to := link["operationId"]) in targets
    ]
    # A deleted record cannot be the source or target of the links after it.
    return sorted(found, key=lambda link: link.target.method == "delete")


def _parameter_values(link: Mapping[str, Any]) -> dict[str, Any]:
    """Return a link's values by the names of its target's parameters: `path.id` is `id`."""
    given = link.get("parameters", {})
    return {name.removeprefix("path.").removeprefix("query."): given[name] for name in given}


def _evaluate_expression(expression: Any, case: Case[Any], response: Response) -> Any:
    """Return the value of a runtime expression (OpenAPI 3.0.3), or a constant as it is.

    Raises LookupError, TypeError or ValueError for an expression without a value.
    """
    if isinstance(expression, dict):
        return {key: _evaluate_expression(each, case, response) for key, each in expression.items()}
    if isinstance(expression, list):
        return [_evaluate_expression(each, case, response) for each in expression]
    if not isinstance(expression, str) or not expression.startswith("$"):
        return expression
    place, _, pointer = expression.partition("#")
    match place.split("."):
        case ["$response", "body"]:
            found = response.json()
        case ["$request", "body"]:
            found = case.body
        case ["$request", "path", name]:
            return case.path_parameters[name]
        case ["$request", "query", name]:
            return case.query[name]
        case _:
            raise ValueError(f"the check does not support the expression {expression}")
    try:
        found = resolve_pointer(found, pointer)
    except LookupError:
        # The list of executions may have another structure (N16).
        found = resolve_pointer(found, pointer.replace(RECORDS_POINTER, EXECUTIONS_POINTER))
    # A null in a nullable field names no record.
    if found is None:
        raise LookupError(expression)
    return found
