"""Validation of scenarios against their JSON Schema, which is also shipped for editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from mock_server.errors import ErrorDetail, display_text
from openapi import escape_token, read_yaml

SCHEMA_FILE = Path(__file__).parent / "scenario.schema.json"
SECRET_FIELDS = ("/password", "/client_secret")
MAX_VIOLATIONS = 100
MAX_SUGGESTIONS = 3
ALL_NAMES_UP_TO = 8
"""Number of names up to which an error lists them all."""


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario."""
    found: dict[str, Any] = read_yaml(SCHEMA_FILE, SCHEMA_FILE.name)
    return found


def schema_violations(document: Any) -> list[ErrorDetail]:
    """Return at most MAX_VIOLATIONS violations of the schema; pointers begin at the document."""
    form = _compiled_form()
    if form.validator.is_valid(document):
        return []
    found: dict[tuple[str, str], ErrorDetail] = {}
    for violation in form.violations(form.schema, document, ""):
        found.setdefault((violation.pointer, violation.rule), violation)
        if len(found) == MAX_VIOLATIONS:
            break
    return list(found.values())


def nearest_names(written: str, names: Iterable[str]) -> str:
    """Return the names that a misspelled one may stand for; all if they are few."""
    known = list(names)
    # Short texts only: the time of a comparison grows with the square of the length.
    near = get_close_matches(written[:100], known, MAX_SUGGESTIONS) if known else []
    return ", ".join(near or (known if len(known) <= ALL_NAMES_UP_TO else sorted(known)))


class _CompiledForm:
    """The schema, compiled as a whole and level by level.

    A list of a million wrong entries would have a million errors at once, because the validator
    collects them all. So a value is validated level by level until enough are found.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.validator = jsonschema_rs.Draft7Validator(schema)
        self._levels: dict[int, jsonschema_rs.Draft7Validator] = {}

    def violations(self, schema: dict[str, Any], value: Any, pointer: str) -> Iterator[ErrorDetail]:
        """Yield the violations of a value: those of its own level, then those below."""
        if reference := schema.get("$ref"):
            schema = self.schema["$defs"][reference.rpartition("/")[2]]
        for error in self._level_of(schema).iter_errors(value):
            yield from _error_violations(schema, error, pointer)
        if isinstance(value, list):
            for index, item in enumerate(value if "items" in schema else ()):
                yield from self.violations(schema["items"], item, f"{pointer}/{index}")
        elif isinstance(value, dict):
            for name, below in schema.get("properties", {}).items():
                if name in value:
                    yield from self.violations(below, value[name], f"{pointer}/{name}")

    def _level_of(self, schema: dict[str, Any]) -> jsonschema_rs.Draft7Validator:
        """Return the validator of a schema without those of items and properties."""
        if id(schema) not in self._levels:  # a part of self.schema, which lives as long
            level = {
                name: value for name, value in schema.items() if name not in ("items", "$defs")
            }
            if "properties" in level:
                level["properties"] = {name: {} for name in level["properties"]}
            self._levels[id(schema)] = jsonschema_rs.Draft7Validator(level)
        return self._levels[id(schema)]


@cache
def _compiled_form() -> _CompiledForm:
    return _CompiledForm(scenario_schema())


def _error_violations(schema: Mapping[str, Any], error: Any, pointer: str) -> Iterator[ErrorDetail]:
    keyword = str(error.schema_path[-1])
    if keyword == "required":
        name = error.kind.property
        yield ErrorDetail(f"{pointer}/{name}", keyword, f"required {name}")
    elif keyword == "additionalProperties":
        for name in error.kind.unexpected:
            below = f"{pointer}/{escape_token(name[:80])}"
            yield ErrorDetail(below, keyword, nearest_names(name, schema["properties"]), name[:80])
    elif keyword in ("oneOf", "anyOf"):
        names = [choice["required"][0] for choice in schema[keyword]]
        found = " + ".join(name for name in names if name in error.instance)
        yield ErrorDetail(pointer, "oneOf", " | ".join(names), found)
    else:
        secret = pointer.endswith(SECRET_FIELDS)
        found = "" if secret else display_text(error.instance)
        yield ErrorDetail(pointer, keyword, _accepted(schema, keyword), found)


def _accepted(schema: Mapping[str, Any], keyword: str) -> str:
    limit = schema[keyword]
    if keyword == "enum":
        return ", ".join(limit)
    if keyword == "pattern":
        return ", ".join(schema.get("examples", [])) or f"pattern {limit}"
    if keyword == "type":
        return f"type {' or '.join(limit) if isinstance(limit, list) else limit}"
    return f"{keyword} {limit}"
