"""Validation against schemas of OpenAPI 3.0, compiled with jsonschema-rs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

import jsonschema_rs

from mock_server.errors import ErrorDetail
from mock_server.http.alternatives import declared_types, meant_alternatives
from mock_server.http.bounded_validation import (
    SchemaWalker,
    extra_field_errors,
    is_small_enough_to_validate_whole,
    keyword_error,
)
from mock_server.http.formats import FORMAT_CHECKS
from mock_server.http.schema_translation import (
    UnsupportedSchemaError,
    resolve_reference,
    translate_schema,
)
from mock_server.http.text_length import LENGTH_KEYWORDS
from openapi import escape_token, pointer_of

MAX_VIOLATIONS = 100


class SchemaChecker:
    """A compiled schema; `schema` is its translation to draft 4."""

    def __init__(
        self, schema: Mapping[str, Any], components: Mapping[str, Any], *, utf16: bool = False
    ) -> None:
        """Compile an OpenAPI 3.0 schema; raises UnsupportedSchemaError.

        With `utf16`, lengths count UTF-16 units.
        """
        self._compile(
            translate_schema(schema, components, utf16=utf16),
            _compile_branches(schema, components, utf16=utf16),
        )

    @classmethod
    def from_definition(cls, definition: Mapping[str, Any]) -> SchemaChecker:
        """Return the checker with this value of `definition`."""
        branches = None
        if "tag" in definition:
            parts = definition["branches"]
            branches = definition["tag"], {tag: cls.from_definition(part) for tag, part in parts}
        made = cls.__new__(cls)
        made._compile(definition["schema"], branches)  # noqa: SLF001 - its own class
        return made

    @property
    def definition(self) -> dict[str, Any]:
        """Return the checker's definition as JSON values, for another process."""
        if self._branches is None:
            return {"schema": self.schema}
        tag, branches = self._branches
        parts = [(value, branch.definition) for value, branch in branches.items()]
        return {"schema": self.schema, "tag": tag, "branches": parts}

    def _compile(self, translated: dict[str, Any], branches: Branches | None) -> None:
        self.schema = translated
        self._validator = _compile_validator(translated)
        self.accepts = self._validator.is_valid
        self._branches = branches
        self._walk: SchemaWalker | None = None
        self._alternatives: dict[int, SchemaWalker] = {}

    def violations(self, value: Any, base: str) -> list[ErrorDetail]:
        """Return at most MAX_VIOLATIONS violations of `value`; their pointers begin with `base`.

        A rule that several keywords express, such as length and pattern, is reported once.
        """
        branch = self._select_branch(value)
        if branch is not None:
            return branch.violations(value, base)
        found: dict[tuple[str, str], ErrorDetail] = {}
        for violation in self._iter_violations(value, base):
            found.setdefault((violation.pointer, violation.rule), violation)
            if len(found) == MAX_VIOLATIONS:
                break
        return list(found.values())

    def _select_branch(self, value: Any) -> SchemaChecker | None:
        """Return the alternative that the discriminator selects; other errors would not help."""
        if self._branches is None or not isinstance(value, dict):
            return None
        name, branches = self._branches
        chosen = value.get(name)
        return branches.get(chosen if isinstance(chosen, str) else None, branches[None])

    def _iter_violations(self, value: Any, base: str) -> Iterator[ErrorDetail]:
        if is_small_enough_to_validate_whole(value):
            return chain.from_iterable(
                self._error_violations(error, base) for error in self._validator.iter_errors(value)
            )
        if self._walk is None:
            self._walk = SchemaWalker(self.schema, lambda part: _compile_validator(part).is_valid)
        return self._walk.violations(value, base)

    def _error_violations(self, error: Any, base: str) -> Iterator[ErrorDetail]:
        pointer = base + pointer_of(error.instance_path)
        keyword = str(error.schema_path[-1]) if error.schema_path else "schema"
        at: Any = self.schema
        for token in error.schema_path[:-1]:
            at = at[token] if isinstance(at, list) else at[str(token)]  # a name may be `200`
        at = at if isinstance(at, dict) else {}
        if keyword == "required":
            missing = error.kind.property
            yield keyword_error(at, keyword, None, f"{pointer}/{escape_token(missing)}", missing)
        elif keyword == "additionalProperties":
            yield from extra_field_errors(at, error.instance, pointer)
        elif keyword in ("oneOf", "anyOf") and keyword not in (at.get("x-rules") or {}):
            yield from self._alternative_violations(at, keyword, error.instance, pointer)
        else:
            yield keyword_error(at, keyword, error.instance, pointer)

    def _alternative_violations(
        self, at: Mapping[str, Any], keyword: str, value: Any, pointer: str
    ) -> Iterator[ErrorDetail]:
        """Yield the violations of the only alternative for this JSON type, or the types."""
        definitions = self.schema.get("definitions", {})
        types = [name for part in at[keyword] for name in declared_types(part, definitions)]
        meant = meant_alternatives(at[keyword], value, definitions)
        if len(meant) == 1:
            walker = self._alternative_walker(meant[0])
            found = list(islice(walker.violations(value, pointer), MAX_VIOLATIONS))
            yield from found or [keyword_error(at, keyword, value, pointer)]
        elif not meant and types:
            yield keyword_error({"type": types}, "type", value, pointer)
        else:
            yield keyword_error(at, keyword, value, pointer)

    def _alternative_walker(self, part: Mapping[str, Any]) -> SchemaWalker:
        """Return the walker of an alternative, which is kept like those of the schema itself."""
        if id(part) not in self._alternatives:
            self._alternatives[id(part)] = SchemaWalker(
                dict(part), lambda schema: _compile_validator(schema).is_valid, self.schema
            )
        return self._alternatives[id(part)]


Branches = tuple[str, dict[str | None, SchemaChecker]]
"""The discriminator, and the checkers by its value; None is for all other values."""


def _compile_validator(translated: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
    # Another contract may have formats of its own, which are only hints.
    return jsonschema_rs.Draft4Validator(
        translated,
        formats=FORMAT_CHECKS,
        validate_formats=True,
        ignore_unknown_formats=True,
        keywords=LENGTH_KEYWORDS,
    )


class CompiledSchemas:
    """The schemas of one contract, each compiled once, because nine of ten occur repeatedly."""

    def __init__(self, components: Mapping[str, Any], *, utf16: bool = False) -> None:
        """Take the components of a bundled contract, to which references lead.

        With `utf16`, lengths count UTF-16 units.
        """
        self.components = components
        self._utf16 = utf16
        self._compiled: dict[str, SchemaChecker] = {}

    def checker_for(self, schema: Mapping[str, Any]) -> SchemaChecker:
        """Return the checker of an OpenAPI 3.0 schema; raises UnsupportedSchemaError."""
        said = json.dumps(schema)
        if said not in self._compiled:
            self._compiled[said] = SchemaChecker(schema, self.components, utf16=self._utf16)
        return self._compiled[said]


def _compile_branches(
    schema: Mapping[str, Any], components: Mapping[str, Any], *, utf16: bool
) -> Branches | None:
    choice = resolve_reference(schema, components, "schemas")
    discriminator = choice.get("discriminator")
    if not discriminator or not {"oneOf", "anyOf"} & choice.keys():
        return None
    name, mapping = discriminator.get("propertyName"), discriminator.get("mapping")
    if not name or not mapping:
        raise UnsupportedSchemaError(
            "a discriminator without propertyName or mapping is not supported"
        )
    branches: dict[str | None, SchemaChecker] = {
        value: SchemaChecker({"$ref": ref}, components, utf16=utf16)
        for value, ref in mapping.items()
    }
    # The rule of `oneOf` itself: the discriminator is present and has a known value.
    rule = choice.get("x-rules", {}).get("oneOf")
    rules = {"x-rules": {"required": rule, "enum": rule}} if rule else {}
    tag = {"type": "string", "enum": list(mapping), **rules}
    untagged = {"type": "object", "required": [name], "properties": {name: tag}, **rules}
    branches[None] = SchemaChecker(untagged, components)
    return name, branches
