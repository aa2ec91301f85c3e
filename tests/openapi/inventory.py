"""All statements of the contract about the wire, element by element, with their sources.

An element is an operation, a parameter, a field, a header, a status, a media type or a security
scheme. Its keywords are short texts (`type=string`, `enum=PENDING`, `required`), the same that
`facts/<tag>.csv` uses for the statements of the documents. Other keywords are marked `x-inferred`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openapi import iter_operations
from tests.openapi.walking import Node, resolve_ref

FACTS_FOLDER = Path(__file__).with_name("facts")
ALL_OPERATIONS = "*"
"""Name of the operation in a fact that holds for all operations."""
VALUE_KEYWORDS = (
    "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "default", "pattern",
    "format", "x-format", "type",
)  # fmt: skip
ElementKey = tuple[str, str, str]
"""operationId, where, name: `createNotificationTask`, `request`, `contents/*/contentType`."""


@dataclass(frozen=True)
class DocumentFact:
    """A row of the inventory: a line of the documents and its statement about an element.

    decision: id of the decision by which the contract deviates from the line, if any.
    """

    line: str
    operation: str
    where: str
    name: str
    keywords: frozenset[str]
    decision: str

    @property
    def key(self) -> ElementKey:
        """Key of the element of the fact."""
        return self.operation, self.where, self.name


def load_facts() -> list[DocumentFact]:
    """Return all facts of the documents, from the checked-in files."""
    found = []
    for path in sorted(FACTS_FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                stated = frozenset(filter(None, (part.strip() for part in row["facts"].split(";"))))
                found.append(
                    DocumentFact(
                        row["line"],
                        row["operation"],
                        row["where"],
                        row["name"],
                        stated,
                        row["decision"] or "",
                    )
                )
    return found


@dataclass
class ContractElement:
    """An element of the contract: its keywords, and which of them are marked as inferred."""

    keywords: set[str] = field(default_factory=set)
    inferred_keywords: set[str] = field(default_factory=set)
    inferred: bool = False
    """True if the element as a whole is marked."""


def contract_elements(contract: Node) -> dict[ElementKey, ContractElement]:
    """Return every element of the contract."""
    found: dict[ElementKey, ContractElement] = {}
    for path, method, item, operation in iter_operations(contract):
        _OperationWalk(contract, found, operation["operationId"]).operation(
            method, path, item, operation
        )
    return found


class _OperationWalk:
    """Collector of the elements of one operation."""

    def __init__(self, contract: Node, found: dict[ElementKey, ContractElement], name: str) -> None:
        self._contract = contract
        self._found = found
        self._name = name

    def operation(self, method: str, path: str, item: Node, operation: Node) -> None:
        """Add all elements of the operation."""
        self._add("operation", "").keywords.add(f"{method.upper()} {path}")
        security: Any = operation.get("security", self._contract["security"])
        for scheme in sorted({name for need in security for name in need}) or ["none"]:
            self._mark(self._add("security", scheme), operation, "security", [])
        for entry in (*item.get("parameters", ()), *operation.get("parameters", ())):
            self._parameter(resolve_ref(self._contract, entry), operation)
        if "requestBody" in operation:
            self._body("request", operation["requestBody"], operation, "requestBody")
        for status, entry in operation["responses"].items():
            response = resolve_ref(self._contract, entry)
            element = self._add("status", status)
            self._mark(element, operation, f"responses/{status}", _whole_marks(response))
            self._body(f"{status}", response, operation, f"responses/{status}/content")
            for name, header in response.get("headers", {}).items():
                self._header(
                    f"{status} {name}", resolve_ref(self._contract, header), response, name
                )

    def _parameter(self, parameter: Node, operation: Node) -> None:
        element = self._add(parameter["in"], parameter["name"])
        self._mark(element, operation, "parameters", _whole_marks(parameter))
        marks = _inferred_keywords(parameter)
        if parameter.get("required"):
            element.keywords.add("required")
            if "required" in marks:
                element.inferred_keywords.add("required")
        if "schema" in marks:
            element.inferred = True
        self._schema(parameter["in"], parameter["name"], [parameter["schema"]], element.inferred)

    def _header(self, name: str, header: Node, response: Node, key: str) -> None:
        element = self._add("header", name)
        self._mark(element, response, f"headers/{key}", _whole_marks(header))
        if {"headers", "*"} & _inferred_keywords(response):
            element.inferred = True
        self._schema("header", name, [header["schema"]], element.inferred)

    def _body(self, where: str, owner: Node, operation: Node, key: str) -> None:
        marks = _inferred_keywords(owner)
        whole = "*" in marks or key in _inferred_keywords(operation) or "content" in marks
        if owner.get("required"):
            body = self._add("body", where)
            body.keywords.add("required")
            if "required" in marks or whole:
                body.inferred_keywords.add("required")
        for media_type, content in owner.get("content", {}).items():
            element = self._add("media", f"{where} {media_type}")
            element.inferred = whole or bool(_whole_marks(content))
            self._schema(where, "", [content["schema"]], element.inferred)

    def _schema(self, where: str, name: str, fragments: list[Node], inferred: bool) -> None:
        """Add the keywords of all fragments that describe a value, then its parts."""
        flat = list(self._flat(fragments))
        element = self._add(where, name)
        inferred = inferred or (bool(flat) and all(whole for _, whole in flat))
        element.inferred = element.inferred or inferred
        for fragment, whole in flat:
            marks = _inferred_keywords(fragment)
            for keyword, word in _keyword_texts(fragment):
                element.keywords.add(word)
                if inferred or whole or keyword in marks:
                    element.inferred_keywords.add(word)
        self._parts(where, name, flat, inferred)

    def _parts(self, where: str, name: str, flat: list[tuple[Node, bool]], inferred: bool) -> None:
        names: dict[str, None] = {}
        for fragment, _ in flat:
            names.update(dict.fromkeys(fragment.get("properties", ())))
        for part in names:
            below = f"{name}/{part}" if name else part
            owners = [(f, whole) for f, whole in flat if part in f.get("properties", {})]
            marked = inferred or all(
                whole or {f"properties/{part}", "properties"} & _inferred_keywords(f)
                for f, whole in owners
            )
            self._schema(where, below, [f["properties"][part] for f, _ in owners], marked)
            for owner, whole in flat:
                if part in owner.get("required", ()):
                    element = self._add(where, below)
                    element.keywords.add("required")
                    if inferred or whole or "required" in _inferred_keywords(owner):
                        element.inferred_keywords.add("required")
        for fragment, whole in flat:
            if "items" in fragment:
                below = f"{name}/{ALL_OPERATIONS}" if name else ALL_OPERATIONS
                marked = inferred or whole or "items" in _inferred_keywords(fragment)
                self._schema(where, below, [fragment["items"]], marked)

    def _flat(self, fragments: list[Node], marked: bool = False) -> Iterator[tuple[Node, bool]]:
        """Yield every fragment of a value, and whether a mark covers it as a whole.

        A mark on `allOf` covers what is behind it, as it does when a contract is loosened.
        """
        for fragment in fragments:
            target = resolve_ref(self._contract, fragment)
            marks = _inferred_keywords(target)
            whole = marked or "*" in marks
            yield target, whole
            for key in ("allOf", "oneOf"):
                yield from self._flat(target.get(key, []), whole or key in marks)

    def _add(self, where: str, name: str) -> ContractElement:
        return self._found.setdefault((self._name, where, name), ContractElement())

    @staticmethod
    def _mark(element: ContractElement, owner: Node, key: str, own: list[str]) -> None:
        if own or key in _inferred_keywords(owner):
            element.inferred = True


def _inferred_keywords(owner: Node) -> set[str]:
    """Return the keywords of an object that are marked as inferred, by any decision."""
    return {keyword for marked in owner.get("x-inferred", {}).values() for keyword in marked}


def _whole_marks(owner: Node) -> list[str]:
    return ["*"] if "*" in _inferred_keywords(owner) else []


def _keyword_texts(schema: Node) -> Iterator[tuple[str, str]]:
    """Yield the short text of every keyword of a schema that concerns the wire."""
    for keyword in VALUE_KEYWORDS:
        if keyword in schema:
            value: Any = schema[keyword]
            shown = str(value).lower() if isinstance(value, bool) else value
            yield keyword, f"{keyword}={shown}"
    for value in schema.get("enum", ()):
        if value is not None:  # `nullable` says it
            yield "enum", f"enum={value}"
    if schema.get("nullable"):
        yield "nullable", "nullable"
    if "additionalProperties" in schema:
        closed = schema["additionalProperties"] is False
        yield "additionalProperties", "closed" if closed else "open"
