"""Validity of a request as it was sent, by the variants of the contract that a server may follow.

Requests are generated from a form that is strict about open questions. One that this form does not
allow may still be valid for a server that has decided a question in another way, or that only the
documents bind. It may accept such a request or refuse it, so sending it proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema_rs
from requests import PreparedRequest

from contract_tests.checks.converted_values import convert_to_schema_types, parse_text_as_type
from contract_tests.contract.contract_variants import build_strict_contract, build_superset_contract
from contract_tests.contract.headers import media_type
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations_of_contract
from contract_tests.contract.strictness import Strictness

URLENCODED_FORM = "application/x-www-form-urlencoded"
Node = dict[str, Any]


def may_be_valid(name: str, request: PreparedRequest, strictness: Strictness) -> bool:
    """Return whether a server that is bound by this strictness may take a request for valid.

    False for every form with a file, since neither the documents nor an open question allow one
    that the contract refuses.
    """
    return not any(invalid_parts(name, request, strictness, lenient=True))


def invalid_parts(
    name: str, request: PreparedRequest, strictness: Strictness, *, lenient: bool = False
) -> Iterator[str]:
    """Yield the pointers of the parts of a request that are not allowed: `/query/size`, `/body`.

    They are not allowed under every reading, or with `lenient` under none that the server may
    follow. A form is an invalid body.
    """
    operation = _request_operations(strictness, lenient=lenient)[name]
    yield from _invalid_parameters(operation, request, lenient=lenient)
    if not _is_body_allowed(operation, request, lenient=lenient):
        yield "/body"


# One entry for each strictness, with and without demanded answers.
@lru_cache(maxsize=8)
def _request_operations(strictness: Strictness, *, lenient: bool) -> dict[str, Operation]:
    contract: Node = (
        build_superset_contract(strictness) if lenient else build_strict_contract(strictness)
    )
    if not strictness.binding:
        contract = _replace_one_of_by_any_of(contract)
    return operations_of_contract(_nullable_to_any_of(contract), strictness)


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


def _invalid_parameters(
    operation: Operation, request: PreparedRequest, *, lenient: bool
) -> Iterator[str]:
    url = urlsplit(str(request.url))
    template = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    # Not from the beginning: the target's URL may have a path of its own.
    path = re.search(f"{template}$", url.path)
    if path is None:
        yield "/path"
    sent = [("query", *pair) for pair in parse_qsl(url.query, keep_blank_values=True)]
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
    required = bool(parameter.get("required", False))
    may_follow = operation.strictness.may_follow
    if lenient and not required and may_follow("empty-query-values", "absent"):
        texts = [text for text in texts if text]
    if not texts:
        return not required
    schema = operation.resolve_reference(parameter["schema"])
    value: Any
    if schema.get("type") == "array":
        items = operation.resolve_reference(schema["items"])
        if lenient and may_follow("comma-in-array-parameters", "split"):
            texts = [part for text in texts for part in text.split(",")]
        value = [parse_text_as_type(text, items.get("type")) for text in texts]
    elif len(texts) == 1:
        value = parse_text_as_type(texts[0], schema.get("type"))
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
    # Only logins are sent as such a form (A3).
    is_form = kind == URLENCODED_FORM
    body = dict(_form_pairs(sent)) if is_form else parse_json_body(sent, invalid=...)
    where = "body", kind
    if body is ... or _is_valid_value(operation, where, body, lenient=lenient):
        return body is not ...
    converted = convert_to_schema_types(operation, declared["content"][kind]["schema"], body)
    return lenient and _is_valid_value(operation, where, converted, lenient=True)


def _form_pairs(sent: str | bytes) -> list[tuple[str, str]]:
    text = sent.decode(errors="replace") if isinstance(sent, bytes) else sent
    return parse_qsl(text, keep_blank_values=True)


def _is_valid_value(
    operation: Operation, where: tuple[str, str], value: Any, *, lenient: bool
) -> bool:
    try:
        validator = _schema_validator(operation.strictness, operation.name, where, lenient=lenient)
        return bool(validator.is_valid(value))
    # Lone surrogates, and numbers that JSON does not have.
    except (ValueError, OverflowError):
        return False


# One for each parameter and body of the contract, and each form of it.
@lru_cache(maxsize=512)
def _schema_validator(
    strictness: Strictness, name: str, where: tuple[str, str], *, lenient: bool
) -> jsonschema_rs.Draft4Validator:
    operation = _request_operations(strictness, lenient=lenient)[name]
    place, key = where
    if place == "body":
        return operation.compile_schema(operation.raw["requestBody"]["content"][key]["schema"])
    found = (each for each in operation.declared_parameters if (each["in"], each["name"]) == where)
    return operation.compile_schema(next(found)["schema"])
