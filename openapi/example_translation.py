"""Examples of the contract in another language.

Examples of errors are made from the texts of rules and errors. The texts of requests, and what
responses return of them, are translated in the overlay (`x-example-texts`). Examples of stored
records are demo data, which is in Chinese, and stay as they are (decision G10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openapi.error_texts import KEYWORD_SENTENCES, STATUS_SENTENCES, STATUS_TITLES
from openapi.loader import ContractError
from openapi.nullability import request_schemas
from openapi.pointer import child_pointer
from openapi.walking import iter_operations, walk_nodes

EXAMPLE_TEXTS_KEY = "x-example-texts"
"""Root key of an overlay: an object with the translation of each text."""
ERROR_FIELDS = frozenset({"title", "detail", "message", "error_description"})
JSON = "application/json"
JsonObject = dict[str, Any]


def translate_errors(document: JsonObject, rules: Mapping[str, Any], lang: str) -> None:
    """Replace the Chinese sentences and titles in examples of errors, in place.

    rules: the rules by id, each with its sentence in `zh` and in `lang`.
    """
    by_rule = {name: (rule["zh"], rule[lang]) for name, rule in rules.items()} | KEYWORD_SENTENCES
    texts = dict([*by_rule.values(), *STATUS_TITLES.values(), *STATUS_SENTENCES.values()])
    for value in _error_examples(document):
        for error in value.get("errors", ()):
            # By its rule: two rules may have the same sentence in one language only.
            own = dict([by_rule[error["rule"]]]) if error.get("rule") in by_rule else texts
            for shown in (value, error):
                _replace_texts(shown, ERROR_FIELDS, own)
        _replace_texts(value, ERROR_FIELDS, texts)
    for _, kind, schema in walk_nodes(document):
        properties = schema.get("properties", {}) if kind == "schema" else {}
        for name in ERROR_FIELDS & properties.keys():
            _replace_texts(properties[name], ("example",), texts)


def translate_example_texts(document: JsonObject, texts: Mapping[str, str], name: str) -> None:
    """Replace texts in the examples of requests, and of what responses return of them, in place.

    texts: the translation of each text; name: the file that they are from. The examples of a schema
    that responses have stay as they are. Raises ContractError for a text that no example has.
    """
    unused = set(texts)

    def translated(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: translated(each) for key, each in value.items()}
        if isinstance(value, list):
            return [translated(each) for each in value]
        if isinstance(value, str) and value in texts:
            unused.discard(value)
            return texts[value]
        return value

    for holder, key in _examples_of_requests(document):
        holder[key] = translated(holder[key])
    for text in sorted(unused):
        place = child_pointer(f"/{EXAMPLE_TEXTS_KEY}", text)
        raise ContractError(name, place, "no example has this text")


def _error_examples(document: JsonObject) -> Iterator[JsonObject]:
    """Yield the bodies in the examples of all responses that can be errors."""
    for _, kind, node in walk_nodes(document):
        if kind == "response":
            for example in _named_examples(node):
                if isinstance(example["value"], dict):
                    yield example["value"]


def _replace_texts(shown: JsonObject, fields: Iterable[str], texts: Mapping[str, str]) -> None:
    for field in fields:
        if isinstance(shown.get(field), str):
            shown[field] = texts.get(shown[field], shown[field])


def _examples_of_requests(document: JsonObject) -> Iterator[tuple[JsonObject, str]]:
    """Yield the objects with an example to translate, and its key there."""
    for *_, operation in iter_operations(document):
        body = operation.get("requestBody", {})
        yield from ((example, "value") for example in _named_examples(body))
        for status, response in operation["responses"].items():
            # JSON in response to a request without a body is a stored record.
            is_record = status.startswith("2") and not body
            shown = _named_examples(response, without=JSON if is_record else "")
            yield from ((example, "value") for example in shown)
            for link in response.get("links", {}).values():
                if "x-requestBody" in link:
                    yield link, "x-requestBody"
    in_responses = {id(schema) for schema in _response_schemas(document)}
    for schema in request_schemas(document):
        if "example" in schema and id(schema) not in in_responses:
            yield schema, "example"


def _named_examples(node: JsonObject, without: str = "") -> Iterator[JsonObject]:
    """Yield the named examples of a body, except those of the media type `without`."""
    for kind, media in node.get("content", {}).items():
        if kind != without:
            yield from (each for each in media.get("examples", {}).values() if "value" in each)


def _response_schemas(document: JsonObject) -> Iterator[JsonObject]:
    for *_, operation in iter_operations(document):
        for status, response in operation["responses"].items():
            if status.startswith("2"):
                for _, kind, node in walk_nodes(response, "response", document=document):
                    if kind == "schema":
                        yield node
