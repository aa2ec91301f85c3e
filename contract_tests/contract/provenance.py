"""What the contract cites for a rule or a part of an answer: lines of the documents, decisions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import openapi
from contract_tests.contract.operations import Operation, operations, rules

Trail = list[tuple[Mapping[str, Any], list[str]]]
"""The nodes on the way to a keyword, each with the rest of the way from there."""
RESPONSE_SCHEMA_INDEX = 2
"""Where a trail comes to the schema of an answer."""
DECISION_HEADING = re.compile(r"^### ([A-Z]+[0-9]+) · (.+)$", re.MULTILINE)
"""The heading of a decision in DECISIONS.md."""


@dataclass(frozen=True)
class Provenance:
    """What stands behind a rule or a part of an operation.

    lines: of the documents (`L66-L118`); decisions: ids of DECISIONS.md, for what no line states;
    zh, en: the rule's sentence, or the operation's summary in Chinese alone.
    """

    lines: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class ResponsePart:
    """A part of an answer.

    pointer: of the value in the answer's body; keyword: the keyword of a schema that the value
    violates, empty for an answer as a whole.
    """

    status: int = 0
    media_type: str = ""
    pointer: tuple[str, ...] = ()
    keyword: str = ""


@dataclass(frozen=True)
class SchemaKeyword:
    """A keyword of a schema: its address in the contract, and the keyword with its value as JSON.

    The address begins with the named schema that it is in, `#/components/schemas/Group/required`,
    or with the answer, `getFile/responses/200/type`.
    """

    address: str = ""
    text: str = ""


@lru_cache(maxsize=1)
def decisions() -> dict[str, str]:
    """The title of every decision, by id, in the order of DECISIONS.md."""
    text = files(openapi).joinpath("DECISIONS.md").read_text(encoding="utf-8")
    return dict(DECISION_HEADING.findall(text))


def provenance_of_rule(rule: str) -> Provenance:
    """What a rule rests on; empty for an id that the contract does not have."""
    found = rules().get(rule)
    if found is None:
        return Provenance()
    return Provenance(
        tuple(found.get("source", ())), tuple(found.get("inferred", ())), found["zh"], found["en"]
    )


def provenance_of(name: str, part: ResponsePart) -> Provenance:
    """What a rule rests on, or the nearest part of an operation that cites anything.

    Empty for what is neither a rule nor an operation.
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
    """The keyword that a part of an operation's answer violates; empty when it is not found."""
    operation = operations().get(name)
    if operation is None or not part.keyword:
        return SchemaKeyword()
    trail = _trail_to_keyword(operation, part)
    node, rest = trail[-1]
    if rest != [part.keyword] or part.keyword not in node:
        return SchemaKeyword()
    named = [(each["$ref"], below) for each, below in trail if "$ref" in each]
    own = f"{name}/responses/{part.status}", trail[RESPONSE_SCHEMA_INDEX][1]
    start, way = named[-1] if named else own
    address = f"{start}{openapi.pointer_of(way)}"
    return SchemaKeyword(
        address, json.dumps({part.keyword: node[part.keyword]}, ensure_ascii=False)
    )


def _trail_to_keyword(operation: Operation, part: ResponsePart) -> Trail:
    """The way from the operation to the answer, and in its schema to the keyword it violates.

    Schemathesis names schemas as it bundles them; so the way is found by the pointer into the
    answer.
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
    """The way from a schema to a keyword of the one that describes what the tokens lead to."""
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
    """The schemas below one that say more about what the tokens lead to, and the tokens left."""
    if tokens:
        first, *rest = tokens
        if first in node.get("properties", {}):
            yield ["properties", first], node["properties"][first], rest
        elif "additionalProperties" in node:
            yield ["additionalProperties"], node["additionalProperties"], rest
        if first.isdigit() and "items" in node:
            yield ["items"], node["items"], rest
    for keyword in openapi.COMBINING_KEYWORDS:
        for number, part in enumerate(node.get(keyword, ())):
            yield [keyword, str(number)], part, tokens


def _inferred_decisions(trail: Trail) -> tuple[str, ...]:
    """The decisions that cover the keyword at the end of the way."""
    found: list[str] = []
    for node, rest in trail:
        marks = node.get("x-inferred")
        for decision, covered in marks.items() if isinstance(marks, dict) else ():
            if any(_is_covered(pointer, rest) for pointer in covered):
                found.append(decision)
    return tuple(dict.fromkeys(found))


def _is_covered(pointer: str, rest: Iterable[str]) -> bool:
    """Whether a mark reaches the end of a way: it, or a part that it goes through."""
    way = "/".join(rest)
    return pointer in ("*", way) or way.startswith(f"{pointer}/")
