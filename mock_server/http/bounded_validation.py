"""Search for the first violations of a large value without collecting all of them.

jsonschema-rs creates all errors before it returns the first, each with its value as text: a million
wrong items take seconds and gigabytes. Here, a translated schema is evaluated keyword by keyword,
until the caller has enough violations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Any

from mock_server.errors import ErrorDetail, display_text
from mock_server.http.undeclared_input import suggest_names
from openapi import escape_token

SchemaCompiler = Callable[[dict[str, Any]], Callable[[Any], bool]]
"""Compiles a translated schema to a test that returns whether it accepts a value."""
MAX_SMALL_VALUES = 1_000
MAX_SMALL_CHARACTERS = 20_000
STRUCTURAL_KEYWORDS = frozenset(
    {
        "$ref", "additionalProperties", "allOf", "definitions", "items", "properties", "required",
        "x-rules",
    }
)  # fmt: skip
COMPANION_KEYWORDS = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
"""Keywords of draft 4 that another keyword modifies (`exclusiveMinimum: true`)."""
KEYWORD_ORDER = (
    "type", "enum", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf",
    "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minUtf16Length",
    "maxUtf16Length", "pattern", "format", "minProperties", "maxProperties",
)  # fmt: skip
"""Order of the violations of one value; of several with the same rule, only the first is kept."""
DEPENDENT_KEYWORDS = frozenset(COMPANION_KEYWORDS.values())
FORMAT_SPELLINGS = {
    "date-time-local": "yyyy-MM-dd HH:mm:ss",
    "date": "yyyy-MM-dd",
    "date-time": "2025-04-21T09:00:00+08:00",
}
"""Formats that an error shows by a pattern or example."""


class SchemaWalker:
    """A translated schema whose keywords are compiled one by one on first use."""

    def __init__(
        self, schema: dict[str, Any], compiled: SchemaCompiler, root: dict[str, Any] | None = None
    ) -> None:
        """Take a schema, a compiler, and the schema whose definitions references name."""
        self._schema = schema
        self._compile = compiled
        self._root = schema if root is None else root

    def violations(self, value: Any, pointer: str) -> Iterator[ErrorDetail]:
        """Yield the violations of `value`: first those of the value itself, then of its parts."""
        if self.accepts(value):
            return
        for keyword, test in self._keyword_tests:
            if not test(value):
                yield keyword_error(self._schema, keyword, value, pointer)
        for part in self._same_value_walkers:
            yield from part.violations(value, pointer)
        if isinstance(value, dict):
            yield from self._object_violations(value, pointer)
        elif isinstance(value, list) and self._item_walker is not None:
            # One native call per item is quick; only wrong items are examined in Python.
            for index, item in enumerate(value):
                if not self._item_walker.accepts(item):
                    yield from self._item_walker.violations(item, f"{pointer}/{index}")

    def _object_violations(self, value: dict[str, Any], pointer: str) -> Iterator[ErrorDetail]:
        yield from extra_field_errors(self._schema, value, pointer)
        for name in self._schema.get("required", ()):
            if name not in value:
                yield keyword_error(
                    self._schema, "required", value, f"{pointer}/{escape_token(name)}", name
                )
        for name, part in self._property_walkers.items():
            if name in value and not part.accepts(value[name]):
                yield from part.violations(value[name], f"{pointer}/{escape_token(name)}")
        if self._additional_walker is not None:
            for name, other in value.items():
                if name not in self._property_walkers and not self._additional_walker.accepts(
                    other
                ):
                    yield from self._additional_walker.violations(
                        other, f"{pointer}/{escape_token(name)}"
                    )

    @cached_property
    def accepts(self) -> Callable[[Any], bool]:
        """Return the test of the whole schema."""
        return self._compile(self._with_definitions(self._schema))

    @cached_property
    def _keyword_tests(self) -> list[tuple[str, Callable[[Any], bool]]]:
        found = []
        for keyword, limit in self._schema.items():
            if keyword not in STRUCTURAL_KEYWORDS | DEPENDENT_KEYWORDS:
                alone, name = {keyword: limit}, keyword
                if self._schema.get(other := COMPANION_KEYWORDS.get(keyword, "")) is True:
                    alone[other], name = True, other
                found.append((name, self._compile(self._with_definitions(alone))))
        return sorted(found, key=lambda test: (*KEYWORD_ORDER, test[0]).index(test[0]))

    @cached_property
    def _same_value_walkers(self) -> list[SchemaWalker]:
        parts = [self._subwalker(part) for part in self._schema.get("allOf", ())]
        if "$ref" in self._schema:
            name = self._schema["$ref"].rsplit("/", 1)[-1]
            parts.append(self._subwalker(self._root["definitions"][name]))
        return parts

    @cached_property
    def _item_walker(self) -> SchemaWalker | None:
        return self._subwalker(self._schema["items"]) if "items" in self._schema else None

    @cached_property
    def _property_walkers(self) -> dict[str, SchemaWalker]:
        parts = self._schema.get("properties", {})
        return {name: self._subwalker(part) for name, part in parts.items()}

    @cached_property
    def _additional_walker(self) -> SchemaWalker | None:
        others = self._schema.get("additionalProperties")
        return self._subwalker(others) if isinstance(others, dict) else None

    def _subwalker(self, schema: dict[str, Any]) -> SchemaWalker:
        return SchemaWalker(schema, self._compile, self._root)

    def _with_definitions(self, schema: dict[str, Any]) -> dict[str, Any]:
        # Every part is compiled as a document of its own, in which its references must resolve.
        if "definitions" in self._root:
            return {**schema, "definitions": self._root["definitions"]}
        return schema


def extra_field_errors(
    schema: Mapping[str, Any], value: Mapping[str, Any], pointer: str
) -> Iterator[ErrorDetail]:
    """Yield a violation, with the nearest allowed name, for each field that is not allowed."""
    if schema.get("additionalProperties") is False:
        fields = schema.get("properties", {})
        rule = (schema.get("x-rules") or {}).get("additionalProperties", "additionalProperties")
        for name, part in value.items():
            if name not in fields:
                known = suggest_names(name, fields)
                yield ErrorDetail(
                    f"{pointer}/{escape_token(name)}", rule, known, display_text(part)
                )


def is_small_enough_to_validate_whole(value: Any) -> bool:
    """Return whether a value is small enough to collect all its violations with jsonschema-rs."""
    # Itself bounded: a walk over the whole of a large value would take as long as its validation.
    left, room = [value], MAX_SMALL_CHARACTERS
    for _ in range(MAX_SMALL_VALUES):
        if not left:
            return True
        if len(left) > MAX_SMALL_VALUES:
            return False
        one = left.pop()
        if isinstance(one, str):
            room -= len(one)
        elif isinstance(one, list):
            left += islice(one, MAX_SMALL_VALUES)
        elif isinstance(one, dict):
            names = [*islice(one, MAX_SMALL_VALUES)]
            room -= sum(map(len, names))
            left += (one[name] for name in names)
        if room < 0:
            return False
    return not left


def keyword_error(
    schema: Mapping[str, Any], keyword: str, value: Any, pointer: str, missing: str = ""
) -> ErrorDetail:
    """Return the violation of a keyword of `schema`, with the rule from its `x-rules` if any.

    `missing` is the name of the missing field for `required`.
    """
    rules, limit = schema.get("x-rules") or {}, schema.get(keyword)
    rule = rules.get(keyword, keyword)
    if limit is True and keyword in DEPENDENT_KEYWORDS:
        # Of draft 4, where the other keyword has the limit, and may have the rule.
        base = next(base for base, other in COMPANION_KEYWORDS.items() if other == keyword)
        rule, limit = rules.get(keyword, rules.get(base, keyword)), schema.get(base)
    if keyword == "required":
        return ErrorDetail(pointer, rule, f"required {missing}")
    if keyword == "pattern" and schema.get("format") in FORMAT_SPELLINGS:
        keyword, limit = "format", schema["format"]  # the same in a form that people can read
    return ErrorDetail(pointer, rule, _describe_keyword(keyword, limit), display_text(value))


def _describe_keyword(keyword: str, limit: Any) -> str:
    # Null is not named among the accepted values: for a field that may be null it means "absent".
    if keyword == "enum":
        return ", ".join(str(item) for item in limit if item is not None) or "null"
    if keyword == "type" and isinstance(limit, list):
        limit = [name for name in limit if name != "null"]
    if keyword == "format":
        return FORMAT_SPELLINGS.get(limit, f"format {limit}")
    if isinstance(limit, list):
        return f"{keyword} {'|'.join(map(str, limit))}"
    return keyword if isinstance(limit, dict) or limit is None else f"{keyword} {limit}"
