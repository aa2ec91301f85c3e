"""Validity of a request as it was sent, by the whole contract or by the documents alone."""

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
from contract_tests.contract.strictness import DOCUMENTED, INTERIM, Strictness
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
    return not any(invalid_parts(name, request, DOCUMENTED))


def invalid_parts(
    name: str, request: PreparedRequest, strictness: Strictness, *, lenient: bool = False
) -> Iterator[str]:
    """Yield the pointers of the parts of a request that are not allowed: `/query/size`, `/body`.

    They are not allowed under every reading, or with `lenient` under none. A form is an invalid
    body.
    """
    operation = _request_operations(strictness, lenient=lenient)[name]
    yield from _invalid_parameters(operation, request, lenient=lenient)
    if not _is_body_allowed(operation, request, lenient=lenient):
        yield "/body"


@cache  # one for each strictness, and for lenient
def _request_operations(strictness: Strictness, *, lenient: bool) -> dict[str, Operation]:
    """Return the operations of the contract with all or only the documented constraints.

    Those on requests are loosened, too.
    """
    readings = openapi.strict_readings() if strictness.binding else INTERIM
    found = translate_extensions(
        openapi.load(
            strictness=strictness.name, readings=openapi.all_readings() if lenient else readings
        )
    )
    if lenient or not strictness.binding:
        found = _replace_one_of_by_any_of(found)
    return operations_of_contract(_nullable_to_any_of(found), strictness)


def _nullable_to_any_of(node: Any) -> Any:
    """Return the node with `nullable`, which JSON Schema does not have, as an alternative."""
    if isinstance(node, list):
        return [_nullable_to_any_of(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _nullable_to_any_of(value) for key, value in node.items()}
    # Not where it is the name of a property.
    return {"anyOf": [found, {"type": "null"}]} if found.get("nullable") is True else found


def _replace_one_of_by_any_of(node: Any) -> Any:
    """Return the node with `anyOf` for `oneOf`.

    The constraint that kept two schemas apart may be one of those that were dropped. Under several
    readings, a value may fit two schemas.
    """
    if isinstance(node, list):
        return [_replace_one_of_by_any_of(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        "anyOf" if key == "oneOf" else key: _replace_one_of_by_any_of(value)
        for key, value in node.items()
    }


def _invalid_parameters(
    operation: Operation, request: PreparedRequest, *, lenient: bool
) -> Iterator[str]:
    url = urlsplit(str(request.url))
    template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    # Not from the beginning: the target's URL may have a path of its own.
    path = re.search(f"{template}$", url.path)
    if path is None:
        yield "/path"
    # By the readings `absent`, `split`, `coerced` of empty values, commas and numbers, which no
    # schema can state.
    pairs = parse_qsl(url.query, keep_blank_values=not lenient)
    sent = [("query", *pair) for pair in pairs]
    named = path.groupdict() if path else {}
    sent += [("path", name, unquote(text)) for name, text in named.items()]
    sent += [("header", name.lower(), str(text)) for name, text in request.headers.items()]
    for parameter in operation.declared_parameters:
        place, name = parameter["in"], parameter["name"]
        where = place, name.lower() if place == "header" else name
        texts = [text for *at, text in sent if (*at,) == where]
        if not _is_parameter_allowed(operation, parameter, texts, lenient=lenient):
            yield f"/{place}/{name}"


def _is_parameter_allowed(
    operation: Operation, parameter: Node, texts: list[str], *, lenient: bool
) -> bool:
    """Return whether a parameter may be sent with these texts; an empty list leaves it out."""
    if not texts:
        return not parameter.get("required", False)
    schema = operation.resolve_reference(parameter["schema"])
    value: Any
    if schema.get("type") == "array":
        items = operation.resolve_reference(schema["items"])
        each = [part for text in texts for part in text.split(",")] if lenient else texts
        value = [_parse_text(text, items.get("type")) for text in each]
    elif len(texts) == 1:
        value = _parse_text(texts[0], schema.get("type"))
    else:  # a parameter sent twice has no defined meaning
        return False
    where = parameter["in"], parameter["name"]
    return _is_valid_value(operation, where, value, lenient=lenient)


def _is_body_allowed(operation: Operation, request: PreparedRequest, *, lenient: bool) -> bool:
    declared = operation.raw.get("requestBody")
    sent = request.body
    if declared is None or not isinstance(sent, str | bytes) or not sent:
        return declared is None or not declared.get("required", False)
    kind = media_type(str(request.headers.get("Content-Type", "")))
    if kind not in declared["content"] or kind == MULTIPART_FORM:
        return False
    body = parse_json_body(sent, invalid=...)
    if body is ...:
        return False
    return _is_valid_value(operation, ("body", kind), body, lenient=lenient)


def _is_number_or_text(error: jsonschema_rs.ValidationError) -> bool:
    if not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Type):
        return False
    found = error.instance
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return is_number or (isinstance(found, str) and bool(NUMBER_PATTERN.fullmatch(found)))


def _parse_text(text: str, kind: str | None) -> Any:
    """Return a text as a server would parse it for this type; unchanged if it does not fit."""
    if kind == "integer" and INTEGER_PATTERN.fullmatch(text):
        return int(text) if len(text) < MAX_DIGITS else text
    if kind == "number" and NUMBER_PATTERN.fullmatch(text):
        return float(text)
    return BOOLEAN_BY_TEXT.get(text, text) if kind == "boolean" else text


def _is_valid_value(
    operation: Operation, where: tuple[str, str], value: Any, *, lenient: bool
) -> bool:
    validator = _schema_validator(operation.strictness, operation.name, where, lenient=lenient)
    try:
        if lenient:
            return all(map(_is_number_or_text, validator.iter_errors(value)))
        return bool(validator.is_valid(value))
    # Lone surrogates, and numbers that JSON does not have.
    except (ValueError, OverflowError):
        return False


@cache  # one for each parameter and body of the contract, and each form of it
def _schema_validator(
    strictness: Strictness, name: str, where: tuple[str, str], *, lenient: bool
) -> jsonschema_rs.Draft4Validator:
    operation = _request_operations(strictness, lenient=lenient)[name]
    place, key = where
    if place == "body":
        return operation.compile_schema(operation.raw["requestBody"]["content"][key]["schema"])
    found = (each for each in operation.declared_parameters if (each["in"], each["name"]) == where)
    return operation.compile_schema(next(found)["schema"])
