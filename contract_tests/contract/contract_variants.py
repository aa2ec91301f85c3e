"""The variants of the contract that the check uses: what it sends, accepts and judges by.

An open question has several answers, and a server may give any of them, so no single one will do.
Requests are generated from the one whose valid requests are valid under every answer; responses are
judged by the one that has all answers, or the demanded ones. The same two show which requests
are neither right nor wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import openapi
from contract_tests.contract.strictness import (
    CURATED,
    STRICTNESS_KEY,
    Strictness,
    decisions_for_keyword,
)
from contract_tests.contract.vendor_extensions import translate_extensions

DOCUMENTED_STATUSES = ("400", "401", "403", "404", "500")
"""Statuses that the documents list for every operation (L2056-L2063, E2)."""
ANY_SUCCESS = "2XX"
"""Key of the response that is added to a 200 that we have only inferred (G9)."""
RESPONSE_SUFFIX = ".response"
"""Suffix of the names of components for responses."""
BY_READING_KEY = "x-by-reading"
"""Key of a response that belongs to one answer to an open question, so that no server need send it.
"""
COMPONENTS = "#/components/"
Node = dict[str, Any]


def build_contract_to_check(strictness: Strictness) -> Node:
    """Return the contract to check a server against: strict requests, and all allowed responses.

    Raises ContractError.
    """
    sent = build_strict_contract(CURATED)
    judged = build_superset_contract(strictness)
    paths: Node = {}
    for path, item in sent["paths"].items():
        paths[path] = dict(item)
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                found = judged["paths"][path][method]["responses"]
                responses = _mark_by_reading(operation["responses"], found, judged)
                responses = _with_response_references(responses)
                responses |= _additional_responses(operation, responses, strictness)
                # An answer to an open question adds its status at the end.
                paths[path][method] = operation | {"responses": dict(sorted(responses.items()))}
    components = {part: found for part, found in sent["components"].items() if part != "responses"}
    components["schemas"] = _schemas_of_requests(sent)
    for part in ("schemas", "responses"):
        components.setdefault(part, {}).update(
            (name + RESPONSE_SUFFIX, _with_response_references(node))
            for name, node in judged["components"][part].items()
        )
    return sent | {
        STRICTNESS_KEY: strictness.name,
        openapi.READINGS_KEY: judged[openapi.READINGS_KEY],
        "paths": paths,
        "components": components,
    }


def build_strict_contract(strictness: Strictness) -> Node:
    """Return the contract whose valid requests are valid under every answer.

    Raises ContractError.
    """
    return translate_extensions(openapi.load(strictness=strictness.name, readings="strict"))


def build_superset_contract(strictness: Strictness) -> Node:
    """Return the contract with all answers that a server may give; raises ContractError."""
    demanded = dict(strictness.demanded)
    # The named form is kept on disk, a choice is built each time.
    readings: Any = openapi.all_readings(demanded) if demanded else "all"
    return translate_extensions(openapi.load(strictness=strictness.name, readings=readings))


def without_response_suffix(reference: str) -> str:
    """Return a reference to a component without the suffix of those for responses."""
    return reference.removesuffix(RESPONSE_SUFFIX)


def _mark_by_reading(sure: Mapping[str, Any], responses: Node, judged: Node) -> Node:
    """Return the responses; those that the strict form does not have are marked."""
    return {
        status: response
        if status in sure
        else openapi.resolve_pointer(judged, response["$ref"]) | {BY_READING_KEY: True}
        if "$ref" in response
        else response | {BY_READING_KEY: True}
        for status, response in responses.items()
    }


def _schemas_of_requests(sent: Node) -> Node:
    """Return the schemas that requests use."""
    waiting: list[Any] = [
        {key: part for key, part in operation.items() if key != "responses"}
        for *_, operation in openapi.iter_operations(sent)
    ]
    waiting += [item.get("parameters", ()) for item in sent["paths"].values()]
    waiting += [sent["components"].get("parameters", {})]
    found: Node = {}
    while waiting:
        for reference in openapi.iter_references(waiting.pop()):
            name = reference.rpartition("/")[2]
            if reference == f"{COMPONENTS}schemas/{name}" and name not in found:
                found[name] = sent["components"]["schemas"][name]
                waiting.append(found[name])
    return {name: node for name, node in sent["components"]["schemas"].items() if name in found}


def _additional_responses(operation: Node, responses: Node, strictness: Strictness) -> Node:
    """Return the responses that an operation may give besides those declared for it."""
    if strictness.binding:
        return {}
    codes = [*DOCUMENTED_STATUSES, *map(str, sorted(strictness.extra_refusal_statuses))]
    more: Node = {code: {"description": code} for code in codes if code not in responses}
    if decisions_for_keyword(operation, "responses/200"):
        more[ANY_SUCCESS] = {
            # A link belongs to the 200; followed from any 2XX it would count as documented for all
            # of them.
            key: responses["200"][key]
            for key in responses["200"]
            if key != "links"
        }
    return more


def _with_response_references(node: Any) -> Any:
    """Return the node with each reference to a component led to the one for responses."""
    if isinstance(node, list):
        return [_with_response_references(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value + RESPONSE_SUFFIX
        if key == "$ref" and isinstance(value, str)
        else _with_response_references(value)
        for key, value in node.items()
    }
