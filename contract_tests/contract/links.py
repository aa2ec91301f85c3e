"""The contract's links: what an answer names, and the request that it leads to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from schemathesis import Case, Response

from contract_tests.contract.operations import Operation
from contract_tests.contract.schemathesis_compat import link_name
from openapi import resolve_pointer


@dataclass(frozen=True)
class Link:
    """One link: what to put where in a request to its target."""

    source: Operation
    status: str
    name: str
    target: Operation
    parameters: Mapping[str, Any]
    body: Any

    def __str__(self) -> str:
        """As schemathesis writes it."""
        return link_name(self.source.label, self.status, self.name, self.target.label)

    @property
    def fills_target_path(self) -> bool:
        """Whether all of the target's path comes from here, nothing of it from an example."""
        return set(self.target.example["path"]) <= self.parameters.keys()

    def request(
        self, case: Case[Any], response: Response, example: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """An example of the target with the values of this link, from a request and its answer.

        None when the answer lacks one of them: an empty list names nothing.
        """
        request = dict(example)
        try:
            values = {
                name: _evaluate_expression(text, case, response)
                for name, text in self.parameters.items()
            }
            if self.body is not None:
                request["body"] = _evaluate_expression(self.body, case, response)
        except (LookupError, TypeError, ValueError):
            return None
        request["path"] = {n: values.pop(n, given) for n, given in request["path"].items()}
        request["query"] = request["query"] | values
        return request


def links_between(chosen: Collection[Operation]) -> list[Link]:
    """Every link from one of these operations to one of them; those that delete come last."""
    targets = {operation.name: operation for operation in chosen}
    found = [
        Link(source, status, name, targets[to], _parameter_values(link), link.get("requestBody"))
        for source in chosen
        for status, response in source.raw["responses"].items()
        for name, link in response.get("links", {}).items()
        if (to := link["operationId"]) in targets
    ]
    return sorted(found, key=lambda link: link.target.method == "delete")


def _parameter_values(link: Mapping[str, Any]) -> dict[str, Any]:
    """Return a link's values by the names of its target's parameters: `path.id` is `id`."""
    given = link.get("parameters", {})
    return {name.removeprefix("path.").removeprefix("query."): given[name] for name in given}


def _evaluate_expression(expression: Any, case: Case[Any], response: Response) -> Any:
    """A constant as it is; a runtime expression (OpenAPI 3.0.3) as the value it leads to."""
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
            raise ValueError(f"{expression} is no expression that the check can read")
    found = resolve_pointer(found, pointer)
    if found is None:
        raise LookupError(expression)
    return found
