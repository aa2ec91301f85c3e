"""Sources that the contract cites for a rule or a part of a response: lines and decisions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import openapi
from contract_tests.contract.contract_variants import without_response_suffix
from contract_tests.contract.operations import Operation, operations, rules

Trail = list[tuple[Mapping[str, Any], list[str]]]
"""Nodes on the way to a keyword, each with the rest of the way from there."""
RESPONSE_SCHEMA_INDEX = 2
"""Index in a trail at which the schema of a response begins."""
DECISION_HEADING = re.compile(r"^### ([A-Z]+[0-9]+) · (.+)$", re.MULTILINE)
"""The heading of a decision in DECISIONS.md."""


@dataclass(frozen=True)
class Provenance:
    """Sources of a rule or a part of an operation.

    lines: lines of the documents (`L66-L118`); decisions: ids in DECISIONS.md, for what no line
    states; zh, en: the rule's sentence, or the operation's summary, which is in Chinese only.
    """

    lines: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class ResponsePart:
    """A part of a response.

    pointer: tokens of the value in the response body; keyword: the schema keyword that the value
    violates, empty for the response as a whole.
    """

    status: int = 0
    media_type: str = ""
    pointer: tuple[str, ...] = ()
    keyword: str = ""


@dataclass(frozen=True)
class SchemaKeyword:
    """A keyword of a schema: its address in the contract, and the keyword with its value as JSON.

    The address begins with the named schema that it is in, `#/components/schemas/Group/required`,
    or with the response, `getFile/responses/200/type`.
    """

    address: str = ""
    text: str = ""


@lru_cache(maxsize=1)
def load_decisions() -> dict[str, str]:
    """Return the title of every decision by id, in the order of DECISIONS.md."""
    text = files(openapi).joinpath("DECISIONS.md").read_text(encoding="utf-8")
    return dict(DECISION_HEADING.findall(text))


def provenance_of_rule(rule: str) -> Provenance:
    """Return the sources of a rule; empty for an id that the contract does not have."""
    found = rules().get(rule)
    if found is None:
        return Provenance()
    return Provenance(
        tuple(found.get("source", ())), tuple(found.get("inferred", ())), found["zh"], found["en"]
    )


def provenance_of(name: str, part: ResponsePart) -> Provenance:
    """Return the sources of a rule, or of the nearest part of an operation that cites any.

    Empty for a name that is neither a rule nor an operation.
    """
    if name in rules():
        return provenance_of_rule(name)
    operation = operations().get(name)
    if operation is None:
        return Provenance()
    trail = _trail_to_keyword(operation, part)
    lines = next((node["x-source"] for node, _ in reversed(trail) if node.get("x-source")), ())
    # That an answer is 200 may be inferred; what is inside it does not rest on that.
    inferred = _inferred_decisions(trail[1:] if part.keyword else trail)
    return Provenance(tuple(lines), inferred, str(operation.raw.get("summary", "")))


def violated_keyword(name: str, part: ResponsePart) -> SchemaKeyword:
    """Return the keyword that a part of a response violates; empty if it is not found."""
    operation = operations().get(name)
    if operation is None or not part.keyword:
        return SchemaKeyword()
    trail = _trail_to_keyword(operation, part)
    node, rest = trail[-1]
    if rest != [part.keyword] or part.keyword not in node:
        return SchemaKeyword()
    named = [
        (without_response_suffix(each["$ref"]), below) for each, below in trail if "$ref" in each
    ]
    own = f"{name}/responses/{part.status}", trail[RESPONSE_SCHEMA_INDEX][1]
    start, way = named[-1] if named else own
    address = f"{start}{openapi.pointer_of(way)}"
    return SchemaKeyword(
        address, json.dumps({part.keyword: node[part.keyword]}, ensure_ascii=False)
    )


def _trail_to_keyword(operation: Operation, part: ResponsePart) -> Trail:
    """Return the way from the operation to the response, and on to the violated schema keyword.

    It is found by the pointer into the response, since Schemathesis renames schemas when it bundles
    them.
    """
    status = str(part.status or "")
    response = operation.resolve_reference(operation.raw["responses"].get(status, {}))
    trail: Trail = [(operation.raw, ["responses", status]), (response, [])]
    media = response.get("content", {}).get(part.media_type, {})
    if part.keyword and "schema" in media:
        trail += _find_keyword(operation, media["schema"], part.pointer, part.keyword) or []
    return trail


def _find_keyword(
    operation: Operation, node: Any, tokens: Sequence[str], keyword: str
) -> Trail | None:
    """Return the way from a schema to a keyword of the subschema for the value at `tokens`.

    None if there is no such keyword.
    """
    if not isinstance(node, dict):
        return None
    if "$ref" in node:
        below = _find_keyword(operation, operation.resolve_reference(node), tokens, keyword)
        return [(node, below[0][1]), *below] if below else None
    if not tokens and keyword in node:
        return [(node, [keyword])]
    for way, child, rest in _child_schemas(node, tokens):
        below = _find_keyword(operation, child, rest, keyword)
        if below:
            return [(node, [*way, *below[0][1]]), *below]
    return None


def _child_schemas(
    node: Mapping[str, Any], tokens: Sequence[str]
) -> Iterator[tuple[list[str], Any, Sequence[str]]]:
    """Yield the subschemas that describe the value at `tokens`: way, schema, remaining tokens."""
    if tokens:
        first, *rest = tokens
        if first in node.get("properties", {}):
            yield ["properties", first], node["properties"][first], rest
        # As in JSON Schema: `additionalProperties` applies only to members that `properties` does
        # not name.
        elif "additionalProperties" in node:
            yield ["additionalProperties"], node["additionalProperties"], rest
        if first.isdigit() and "items" in node:
            yield ["items"], node["items"], rest
    for keyword in openapi.COMBINING_KEYWORDS:
        for number, part in enumerate(node.get(keyword, ())):
            yield [keyword, str(number)], part, tokens


def _inferred_decisions(trail: Trail) -> tuple[str, ...]:
    """Return the decisions that cover the keyword at the end of the trail."""
    found: list[str] = []
    for node, rest in trail:
        marks = node.get("x-inferred")
        for decision, covered in marks.items() if isinstance(marks, dict) else ():
            if any(_is_covered(pointer, rest) for pointer in covered):
                found.append(decision)
    return tuple(dict.fromkeys(found))


def _is_covered(pointer: str, rest: Iterable[str]) -> bool:
    """Return whether a mark covers the end of a way: itself or a part that contains it."""
    way = "/".join(rest)
    return pointer in ("*", way) or way.startswith(f"{pointer}/")
