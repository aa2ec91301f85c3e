"""Whether the documents allow a request, as it is sent: then no server has to refuse it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs
from requests import PreparedRequest

import openapi
from contract_tests.contract.headers import media_type
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations_in
from contract_tests.contract.strictness import DOCUMENTED
from contract_tests.contract.vendor_extensions import translate_extensions

INTEGER_PATTERN = re.compile(r"-?[0-9]+")
NUMBER_PATTERN = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
MAX_DIGITS = 4000
"""Digits that are read as a number."""
BOOLEAN_BY_TEXT = {"true": True, "false": False}
Node = dict[str, Any]


def is_allowed_by_documents(name: str, request: PreparedRequest) -> bool:
    """Whether a request to an operation breaks nothing that the documents state.

    Of a form this is never said: no constraint of one rests on us alone.
    """
    operation = _documented_operations()[name]
    return all(_check_parameters(operation, request)) and _is_body_allowed(operation, request)


@cache
def _documented_operations() -> dict[str, Operation]:
    """The operations as far as the documents go, their requests too."""
    contract: Node = _one_of_to_any_of(
        translate_extensions(openapi.load(strictness=DOCUMENTED.name))
    )
    return operations_in(contract, DOCUMENTED)


def _one_of_to_any_of(node: Any) -> Any:
    """The node with `anyOf` for `oneOf`: what told two schemas apart may have been ours."""
    if isinstance(node, list):
        return [_one_of_to_any_of(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        "anyOf" if key == "oneOf" else key: _one_of_to_any_of(value) for key, value in node.items()
    }


def _check_parameters(operation: Operation, request: PreparedRequest) -> Iterator[bool]:
    url = urlsplit(str(request.url))
    template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
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
    """Whether a parameter may be sent as these texts, none if it is left out."""
    if not texts:
        return not parameter.get("required", False)
    schema = operation.resolve_reference(parameter["schema"])
    value: Any
    if schema.get("type") == "array":
        items = operation.resolve_reference(schema["items"])
        value = [_parse_text(text, items.get("type")) for text in texts]
    elif len(texts) == 1:
        value = _parse_text(texts[0], schema.get("type"))
    else:
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
    try:
        body = json.loads(sent)
    except (ValueError, RecursionError):
        return False
    return _is_valid_value(operation, ("body", kind), body)


def _parse_text(text: str, kind: str | None) -> Any:
    """A text as a server reads it that wants this type; itself when it is none of it."""
    if kind == "integer" and INTEGER_PATTERN.fullmatch(text):
        return int(text) if len(text) < MAX_DIGITS else text
    if kind == "number" and NUMBER_PATTERN.fullmatch(text):
        return float(text)
    return BOOLEAN_BY_TEXT.get(text, text) if kind == "boolean" else text


def _is_valid_value(operation: Operation, where: tuple[str, str], value: Any) -> bool:
    try:
        return bool(_schema_validator(operation.name, where).is_valid(value))
    except (ValueError, OverflowError):  # half a surrogate pair, a number that JSON does not have
        return False


@cache  # as many as the contract has parameters and bodies
def _schema_validator(name: str, where: tuple[str, str]) -> jsonschema_rs.Draft4Validator:
    operation = _documented_operations()[name]
    place, key = where
    if place == "body":
        return operation.compile_schema(operation.raw["requestBody"]["content"][key]["schema"])
    found = (each for each in operation.declared_parameters if (each["in"], each["name"]) == where)
    return operation.compile_schema(next(found)["schema"])
