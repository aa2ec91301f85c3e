"""Path, query and header parameters of one operation: read strictly, checked in one go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

from mock_server.errors import Violation, shown
from mock_server.http.schemas import Schemas, UnsupportedSchema, resolved
from openapi import combined, escape_token

INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
BOOLEANS = {"true": True, "false": False}
MAX_QUERY_PAIRS = 1000
NO_NUL = "no U+0000"
STYLES = {"path": "simple", "query": "form", "header": "simple"}
"""The places of parameters that are read, and how arrays are written there."""
MAX_DEPTH = 20


class Unreadable(ValueError):
    """A text that is not the value its parameter takes."""


def snake_case(name: str) -> str:
    """`keyWord` -> `key_word`; `id` -> `id_`, which would shadow a builtin."""
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).replace("-", "_").lower()
    return f"{words}_" if words == "id" else words


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    keyword: str
    place: str
    required: bool
    missing_rule: str
    is_array: bool
    explode: bool
    type: str
    read: Callable[[str], Any]
    segment: int
    shape: re.Pattern[str] | None


class ParameterReader:
    """The parameters of one operation, compiled."""

    def __init__(self, path: str, declared: Iterable[Mapping[str, Any]], schemas: Schemas) -> None:
        """Compile `declared` (bundled parameters of `path`); raises UnsupportedSchema."""
        self._parameters: list[_Parameter] = []
        self._nul_rules: dict[str, str] = {}
        properties: dict[str, Any] = {}
        for entry in declared:
            declaration = resolved(entry, schemas.components, "parameters")
            parameter = _compile(path, declaration, schemas.components)
            self._parameters.append(parameter)
            if rule := declaration.get("x-rules", {}).get("nul"):
                self._nul_rules[parameter.name] = rule
            properties[f"{parameter.place}/{parameter.name}"] = declaration.get("schema", {})
        self._checker = schemas.checker({"type": "object", "properties": properties})
        self.keywords = [parameter.keyword for parameter in self._parameters]

    def read(self, scope: Mapping[str, Any], violations: list[Violation]) -> dict[str, Any]:
        """The arguments a request gives, by handler keyword; what is wrong goes to `violations`."""
        if not self._parameters:
            return {}
        sent = _Sent(scope, violations, self._nul_rules)
        values: dict[str, Any] = {}
        arguments: dict[str, Any] = {}
        for parameter in self._parameters:
            texts = sent.texts(parameter)
            pointer = f"/{parameter.place}/{escape_token(parameter.name)}"
            if not texts:
                if parameter.required:
                    accepted = f"required {parameter.name}"
                    violations.append(Violation(pointer, parameter.missing_rule, accepted))
                continue
            value = _value(parameter, texts, pointer, violations)
            if value is not None:
                values[f"{parameter.place}/{parameter.name}"] = value
                arguments[parameter.keyword] = value
        if not self._checker.accepts(values):
            unreadable = {violation.pointer for violation in violations}
            # The checker's pointers are /query~1current: one token for place and name.
            for violation in self._checker.violations(values, ""):
                pointer = violation.pointer.replace("~1", "/", 1)
                if pointer not in unreadable:  # an item that is none was told above
                    violations.append(
                        Violation(pointer, violation.rule, violation.accepted, violation.found)
                    )
        return arguments


class _Sent:
    """What a request sends, split on first use."""

    def __init__(
        self, scope: Mapping[str, Any], violations: list[Violation], nul_rules: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._violations = violations
        self._nul_rules = nul_rules
        self._query: dict[str, list[str]] | None = None

    def texts(self, parameter: _Parameter) -> list[str]:
        if parameter.place == "query":
            if self._query is None:
                raw = self._scope["query_string"]
                self._query = read_query(raw, self._violations, self._nul_rules)
            return self._query.get(parameter.name, [])
        if parameter.shape is not None:
            match = parameter.shape.fullmatch(self._scope["path"])
            return [match[1]] if match else []
        if parameter.place == "path":
            return [self._scope["path"].split("/")[parameter.segment]]
        wanted = parameter.name.lower().encode()
        return [v.decode("latin-1") for n, v in self._scope["headers"] if n == wanted]


def read_query(
    raw: bytes, violations: list[Violation], nul_rules: Mapping[str, str]
) -> dict[str, list[str]]:
    """A query string as texts by name; bytes that are not UTF-8 or hold NUL are violations.

    `nul_rules` name, for a parameter, the rule by which its texts have no NUL.
    """
    found: dict[str, list[str]] = {}
    if not raw:
        return found
    pairs = raw.split(b"&")
    if len(pairs) > MAX_QUERY_PAIRS:
        violations.append(
            Violation("/query", "maxItems", f"maxItems {MAX_QUERY_PAIRS}", str(len(pairs)))
        )
        return found
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        try:
            key, text = _decoded(name), _decoded(value)
        except UnicodeDecodeError:
            where = name.decode("ascii", "replace")[:80]
            violations.append(Violation(f"/query/{escape_token(where)}", "utf8", "UTF-8"))
            continue
        if "\0" in text or "\0" in key:
            rule = nul_rules.get(key, "nul")
            violations.append(Violation(f"/query/{escape_token(key)}", rule, NO_NUL, shown(text)))
        elif key:
            found.setdefault(key, []).append(text)
    return found


def _decoded(raw: bytes) -> str:
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")


def _value(
    parameter: _Parameter, texts: list[str], pointer: str, violations: list[Violation]
) -> Any:
    if parameter.is_array:
        parts = texts if parameter.explode else [p for text in texts for p in text.split(",")]
        return [_scalar(parameter, p, f"{pointer}/{i}", violations) for i, p in enumerate(parts)]
    if len(texts) > 1:
        violations.append(Violation(pointer, "repeated", "1", str(len(texts))))
        return None
    return _scalar(parameter, texts[0], pointer, violations)


def _scalar(parameter: _Parameter, text: str, pointer: str, violations: list[Violation]) -> Any:
    try:
        return parameter.read(text)
    except ValueError:
        violations.append(Violation(pointer, "type", f"type {parameter.type}", shown(text)))
        return None


def _compile(path: str, entry: Mapping[str, Any], components: Mapping[str, Any]) -> _Parameter:
    place, name = entry["in"], entry["name"]
    if place not in STYLES:
        raise UnsupportedSchema(f"the {place} parameter {name} is not supported")
    if "content" in entry:
        raise UnsupportedSchema(f"the parameter {name} with content is not supported")
    if entry.get("style", STYLES[place]) != STYLES[place]:
        raise UnsupportedSchema(f"the parameter {name} in style {entry['style']} is not supported")
    schema = resolved(entry.get("schema", {}), components, "schemas")
    kind = _type_of(schema, components)
    is_array = kind == "array"
    item = resolved(schema.get("items", {}), components, "schemas") if is_array else schema
    type_ = _type_of(item, components) if is_array else kind
    if type_ not in READERS:
        raise UnsupportedSchema(f"the parameter {name} of type {type_} is not supported")
    segment, shape = _place_in(path, name) if place == "path" else (0, None)
    return _Parameter(
        name=name,
        keyword=snake_case(name),
        place=place,
        required=entry.get("required", False),
        missing_rule=entry.get("x-rules", {}).get("required", "required"),
        is_array=is_array,
        explode=entry.get("explode", place == "query"),
        type=type_,
        read=READERS[type_],
        segment=segment,
        shape=shape,
    )


def _type_of(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int = 0) -> str:
    """The type by which a text is read: of the schema, or of the first part of it that has one."""
    if "type" in schema:
        return str(schema["type"])
    for part in combined(schema) if depth < MAX_DEPTH else ():
        return _type_of(resolved(part, components, "schemas"), components, depth + 1)
    return "object" if "properties" in schema else "string"


def _place_in(path: str, name: str) -> tuple[int, re.Pattern[str] | None]:
    """Return the segment of a path parameter; for `/a/{b}.json`, the pattern that finds it."""
    placeholder = "{" + name + "}"
    segments = path.split("/")
    if placeholder in segments:
        return segments.index(placeholder), None
    before, found, after = path.partition(placeholder)
    if not found:
        raise UnsupportedSchema(f"the path parameter {name} is not in the path")
    shape = re.compile(f"{_any(before)}([^/]+){_any(after)}")
    return 0, shape


def _any(template: str) -> str:
    return "[^/]+".join(map(re.escape, re.split(r"\{[^{}/]+\}", template)))


def _integer(text: str) -> int:
    if INTEGER.fullmatch(text):
        return int(text)
    raise Unreadable(text)


def _number(text: str) -> float:
    if re.fullmatch(r"-?[0-9]{1,300}(\.[0-9]{1,300})?", text):
        return float(text)
    raise Unreadable(text)


def _boolean(text: str) -> bool:
    if text in BOOLEANS:
        return BOOLEANS[text]
    raise Unreadable(text)


READERS: dict[str, Callable[[str], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": str,
}
"""What reads a text, by the type that it is to be."""
