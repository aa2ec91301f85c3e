"""Parsing and validation of path, query and header parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from mock_server.errors import ErrorDetail, NotFound, display_text
from mock_server.http.parameter_types import PARSERS_BY_TYPE, declared_items, declared_type
from mock_server.http.path_parameters import locate_in_path
from mock_server.http.preferences import PREFERENCE_PARAMETERS
from mock_server.http.schema_translation import UnsupportedSchemaError, resolve_reference
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.undeclared_input import (
    MAX_NAME_LENGTH,
    UndeclaredName,
    query_keys,
    suggest_names,
    undeclared_parameters,
)
from mock_server.http.wire_readings import WireReadings
from openapi import escape_token

MAX_QUERY_PAIRS = 1000  # a long query string of empty pairs would block the event loop
MAX_SUGGESTIONS = 20  # a request may have MAX_QUERY_PAIRS undeclared names
NO_NUL_TEXT = "no U+0000"
SUPPORTED_STYLES = {"path": "simple", "query": "form", "header": "simple"}
"""Supported style of parameters by their place."""


def snake_case(name: str) -> str:
    """Return a name in snake_case: `keyWord` as `key_word`; `id`, a builtin, as `id_`."""
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).replace("-", "_").lower()
    return f"{words}_" if words == "id" else words


@dataclass(frozen=True, slots=True)
class _CompiledParameter:
    name: str
    keyword: str
    pointer: str
    key: str
    place: str
    required: bool
    missing_rule: str
    type_rule: str
    drops_empty: bool
    is_array: bool
    explode: bool
    type: str
    read: Callable[[str], Any]
    segment: int
    shape: re.Pattern[str] | None


class ParameterReader:
    """Reader of the parameters of one operation, compiled once."""

    def __init__(
        self,
        path: str,
        declared: Iterable[Mapping[str, Any]],
        schemas: CompiledSchemas,
        readings: WireReadings,
    ) -> None:
        """Compile the parameters `declared` of `path`; raises UnsupportedSchemaError."""
        self._readings = readings
        self._parameters: list[_CompiledParameter] = []
        self._nul_rules: dict[str, str] = {}
        properties: dict[str, Any] = {}
        for entry in declared:
            declaration = resolve_reference(entry, schemas.components, "parameters")
            parameter = _compile_parameter(path, declaration, schemas.components, readings)
            self._parameters.append(parameter)
            if rule := declaration.get("x-rules", {}).get("nul"):
                self._nul_rules[parameter.name] = rule
            properties[parameter.key] = declaration.get("schema", {})
        # All parameters as one object: a valid request takes a single call of the validator.
        self._checker = schemas.checker_for({"type": "object", "properties": properties})
        self._query_names = [p.name for p in self._parameters if p.place == "query"]
        self._declared = frozenset((*self._query_names, *query_keys(schemas.components)))
        self.keywords = [parameter.keyword for parameter in self._parameters]
        self.header_keywords = frozenset(p.keyword for p in self._parameters if p.place == "header")

    def read(
        self,
        scope: Mapping[str, Any],
        violations: list[ErrorDetail],
        undeclared: list[UndeclaredName],
    ) -> dict[str, Any]:
        """Return the arguments by the handler's keywords.

        Violations go to `violations`, and names that the contract does not have to `undeclared`.
        Raises NotFound for a path id that is not an integer, if the readings say so.
        """
        refuses_unknown = self._readings.refuses_unknown
        if not self._parameters and not refuses_unknown and not scope["query_string"]:
            return {}
        sent = _SentParameters(scope, violations, self._nul_rules)
        values: dict[str, Any] = {}
        arguments: dict[str, Any] = {}
        for parameter in self._parameters:
            texts = sent.texts_of(parameter)
            if not texts and not parameter.required:
                continue
            value = self._read_parameter(parameter, texts, violations)
            if value is not None:
                values[parameter.key] = arguments[parameter.keyword] = value
        if refuses_unknown:
            sent.add_undeclared(self._query_names)
        elif scope["query_string"]:
            # What is wrong with a query string that no parameter is read from does not matter.
            given = sent if self._query_names else _SentParameters(scope, [], {})
            undeclared += undeclared_parameters(given.query(), self._declared)
        if not self._checker.accepts(values):
            unreadable = {violation.pointer for violation in violations}
            # The checker's pointers are /query~1current: one token for place and name.
            for violation in self._checker.violations(values, ""):
                pointer = violation.pointer.replace("~1", "/", 1)
                if pointer not in unreadable:  # None stands for an item with a syntax error
                    violations.append(
                        ErrorDetail(pointer, violation.rule, violation.accepted, violation.found)
                    )
        return arguments

    def _read_parameter(
        self, parameter: _CompiledParameter, texts: list[str], violations: list[ErrorDetail]
    ) -> Any:
        """Return the value of a parameter, or None if it is absent or cannot be read."""
        if parameter.drops_empty and "" in texts:
            texts = [text for text in texts if text]
        pointer = parameter.pointer
        if not texts:
            if parameter.required:
                accepted = f"required {parameter.name}"
                violations.append(ErrorDetail(pointer, parameter.missing_rule, accepted))
            return None
        value = _read_value(parameter, texts, pointer, violations)
        is_bad_id = value is None and parameter.place == "path"
        if is_bad_id and self._readings.bad_path_id_is_missing:
            accepted = f"type {parameter.type}"
            raise NotFound(ErrorDetail(pointer, "pathType", accepted, texts[0][:80]))
        return value


class _SentParameters:
    """Texts of the parameters of a request; the query is parsed on first use."""

    def __init__(
        self, scope: Mapping[str, Any], violations: list[ErrorDetail], nul_rules: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._violations = violations
        self._nul_rules = nul_rules
        self._query: dict[str, list[str]] | None = None

    def texts_of(self, parameter: _CompiledParameter) -> list[str]:
        if parameter.place == "query":
            return self.query().get(parameter.name, [])
        if parameter.shape is not None:
            match = parameter.shape.fullmatch(self._scope["path"])
            return [match[1]] if match else []
        if parameter.place == "path":
            # The path is decoded, but routing has refused `%2F`, so the segments are the original.
            return [self._scope["path"].split("/", parameter.segment + 1)[parameter.segment]]
        wanted = parameter.name.lower().encode()
        found = [v.decode("latin-1") for n, v in self._scope["headers"] if n == wanted]
        # A field that is given twice has the values of both, as a list (RFC 9110, 5.3).
        return found if parameter.is_array or not found else [", ".join(found)]

    def query(self) -> dict[str, list[str]]:
        if self._query is None:
            raw = self._scope["query_string"]
            self._query = parse_query(raw, self._violations, self._nul_rules)
        return self._query

    def add_undeclared(self, declared: Collection[str]) -> None:
        """Add a violation, with the nearest declared name, for each other query parameter."""
        known = {*declared, *PREFERENCE_PARAMETERS}
        undeclared = [name for name in self.query() if name not in known]
        for index, name in enumerate(undeclared):
            pointer = f"/query/{escape_token(name[:MAX_NAME_LENGTH])}"
            meant = suggest_names(name if index < MAX_SUGGESTIONS else "", declared)
            self._violations.append(ErrorDetail(pointer, "undeclaredParameter", meant))


def parse_query(
    raw: bytes, violations: list[ErrorDetail], nul_rules: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the texts of a query string by name, and add violations to `violations`.

    Invalid UTF-8 and NUL are violations; `nul_rules` has the rule about NUL by parameter.
    """
    # Not `parse_qs`: it replaces invalid UTF-8, and by default drops empty values.
    found: dict[str, list[str]] = {}
    if not raw:
        return found
    pairs = raw.split(b"&")
    if len(pairs) > MAX_QUERY_PAIRS:
        violations.append(
            ErrorDetail("/query", "maxItems", f"maxItems {MAX_QUERY_PAIRS}", str(len(pairs)))
        )
        return found
    decode = _decode_query_text if b"%" in raw or b"+" in raw else bytes.decode
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        try:
            key, text = decode(name), decode(value)
        except UnicodeDecodeError:
            where = name.decode("ascii", "replace")[:80]
            violations.append(ErrorDetail(f"/query/{escape_token(where)}", "utf8", "UTF-8"))
            continue
        if "\0" in text or "\0" in key:
            rule = nul_rules.get(key, "nul")
            violations.append(
                ErrorDetail(f"/query/{escape_token(key)}", rule, NO_NUL_TEXT, display_text(text))
            )
        elif key:
            found.setdefault(key, []).append(text)
    return found


def _decode_query_text(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")


def _read_value(
    parameter: _CompiledParameter, texts: list[str], pointer: str, violations: list[ErrorDetail]
) -> Any:
    if parameter.is_array:
        parts = texts if parameter.explode else [p for text in texts for p in text.split(",")]
        return [
            _read_scalar(parameter, p, f"{pointer}/{i}", violations) for i, p in enumerate(parts)
        ]
    if len(texts) > 1:
        violations.append(ErrorDetail(pointer, "repeated", "1", str(len(texts))))
        return None
    return _read_scalar(parameter, texts[0], pointer, violations)


def _read_scalar(
    parameter: _CompiledParameter, text: str, pointer: str, violations: list[ErrorDetail]
) -> Any:
    try:
        return parameter.read(text)
    except ValueError:
        violations.append(
            ErrorDetail(pointer, parameter.type_rule, f"type {parameter.type}", display_text(text))
        )
        return None


def _compile_parameter(
    path: str, entry: Mapping[str, Any], components: Mapping[str, Any], readings: WireReadings
) -> _CompiledParameter:
    place, name = entry["in"], entry["name"]
    if place not in SUPPORTED_STYLES:
        raise UnsupportedSchemaError(f"the {place} parameter {name} is not supported")
    if "content" in entry:
        raise UnsupportedSchemaError(f"the parameter {name} with content is not supported")
    if entry.get("style", SUPPORTED_STYLES[place]) != SUPPORTED_STYLES[place]:
        raise UnsupportedSchemaError(
            f"the parameter {name} in style {entry['style']} is not supported"
        )
    schema = resolve_reference(entry.get("schema", {}), components, "schemas")
    is_array = declared_type(schema, components) == "array"
    item = declared_items(schema, components) if is_array else schema
    type_ = declared_type(item, components) or "string"
    if type_ not in PARSERS_BY_TYPE:
        raise UnsupportedSchemaError(f"the parameter {name} of type {type_} is not supported")
    segment, shape = locate_in_path(path, name) if place == "path" else (0, None)
    return _CompiledParameter(
        name=name,
        keyword=snake_case(name),
        pointer=f"/{place}/{escape_token(name)}",
        key=f"{place}/{name}",
        place=place,
        required=entry.get("required", False),
        missing_rule=entry.get("x-rules", {}).get("required", "required"),
        type_rule=item.get("x-rules", {}).get("type", "type"),
        drops_empty=readings.drops_empty_values
        and place == "query"
        and entry.get("allowEmptyValue") is True
        and not entry.get("required", False),
        is_array=is_array,
        explode=entry.get("explode", place == "query"),
        type=type_,
        read=PARSERS_BY_TYPE[type_],
        segment=segment,
        shape=shape,
    )
