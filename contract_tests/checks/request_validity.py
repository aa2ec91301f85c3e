"""Validity of a request by the documents alone; a server may accept a request that is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs
from requests import PreparedRequest

import openapi
from contract_tests.contract.headers import media_type
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations_of_contract
from contract_tests.contract.strictness import DOCUMENTED
from contract_tests.contract.vendor_extensions import translate_extensions

INTEGER_PATTERN = re.compile(r"-?[0-9]+")
NUMBER_PATTERN = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# Python refuses to parse more than 4300 digits by default.
MAX_DIGITS = 4000
"""Maximum number of digits that are parsed as a number."""
BOOLEAN_BY_TEXT = {"true": True, "false": False}
Node = dict[str, Any]


def is_allowed_by_documents(name: str, request: PreparedRequest) -> bool:
    """Return whether a request breaks no constraint that the documents state.

    False for every form, since the documents state all constraints on forms.
    """
    operation = _documented_operations()[name]
    return all(_check_parameters(operation, request)) and _is_body_allowed(operation, request)


@cache
def _documented_operations() -> dict[str, Operation]:
    """Return the operations of the contract reduced to the documents, requests included."""
    contract: Node = _replace_one_of_by_any_of(
        translate_extensions(openapi.load(strictness=DOCUMENTED.name))
    )
    return operations_of_contract(contract, DOCUMENTED)


def _replace_one_of_by_any_of(node: Any) -> Any:
    """Return the node with `anyOf` for `oneOf`.

    The constraint that kept two schemas apart may be one of those that were dropped.
    """
    if isinstance(node, list):
        return [_replace_one_of_by_any_of(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        "anyOf" if key == "oneOf" else key: _replace_one_of_by_any_of(value)
        for key, value in node.items()
    }


def _check_parameters(operation: Operation, request: PreparedRequest) -> Iterator[bool]:
    url = urlsplit(str(request.url))
    template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    # Not from the beginning: the target's URL may have a path of its own.
    path = re.search(f"{template}$", url.path)
    yield path is not None
    sent = [("query", *pair) for pair in parse_qsl(url.query, keep_blank_values=True)]
    named = path.groupdict() if path else {}
    sent += [("path", name, unquote(text)) for name, text in named.items()]
    sent += [("header", name.lower(), str(text)) for name, text in request.headers.items()]
    for parameter in operation.declared_parameters:
        place, name = parameter["in"], parameter["name"]
        where = place, name.lower() if place == "header" else name
        yield _is_parameter_allowed(
            operation, parameter, [text for *at, text in sent if (*at,) == where]
        )


def _is_parameter_allowed(operation: Operation, parameter: Node, texts: list[str]) -> bool:
    """Return whether a parameter may be sent with these texts; an empty list leaves it out."""
    if not texts:
        return not parameter.get("required", False)
    schema = operation.resolve_reference(parameter["schema"])
    value: Any
    if schema.get("type") == "array":
        items = operation.resolve_reference(schema["items"])
        value = [_parse_text(text, items.get("type")) for text in texts]
    elif len(texts) == 1:
        value = _parse_text(texts[0], schema.get("type"))
    else:  # a parameter sent twice has no defined meaning
        return False
    where = parameter["in"], parameter["name"]
    return _is_valid_value(operation, where, value)


def _is_body_allowed(operation: Operation, request: PreparedRequest) -> bool:
    declared = operation.raw.get("requestBody")
    sent = request.body
    if declared is None or not isinstance(sent, str | bytes) or not sent:
        return declared is None or not declared.get("required", False)
    kind = media_type(str(request.headers.get("Content-Type", "")))
    if kind not in declared["content"] or kind == MULTIPART_FORM:
        return False
    body = parse_json_body(sent, invalid=...)
    return body is not ... and _is_valid_value(operation, ("body", kind), body)


def _parse_text(text: str, kind: str | None) -> Any:
    """Return a text as a server would parse it for this type; unchanged if it does not fit."""
    if kind == "integer" and INTEGER_PATTERN.fullmatch(text):
        return int(text) if len(text) < MAX_DIGITS else text
    if kind == "number" and NUMBER_PATTERN.fullmatch(text):
        return float(text)
    return BOOLEAN_BY_TEXT.get(text, text) if kind == "boolean" else text


def _is_valid_value(operation: Operation, where: tuple[str, str], value: Any) -> bool:
    try:
        return bool(_schema_validator(operation.name, where).is_valid(value))
    # Lone surrogates, and numbers that JSON does not have.
    except (ValueError, OverflowError):
        return False


@cache  # one for each parameter and body of the contract
def _schema_validator(name: str, where: tuple[str, str]) -> jsonschema_rs.Draft4Validator:
    operation = _documented_operations()[name]
    place, key = where
    if place == "body":
        return operation.compile_schema(operation.raw["requestBody"]["content"][key]["schema"])
    found = (each for each in operation.declared_parameters if (each["in"], each["name"]) == where)
    return operation.compile_schema(next(found)["schema"])
