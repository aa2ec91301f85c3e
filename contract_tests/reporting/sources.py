"""What a finding rests on: lines of the provider's documents, rules, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import openapi
from contract_tests.contract.operations import Operation, operations, rules
from contract_tests.results.violations import Violation

POINTER = re.compile(r"At (?:the root|(/[^:]*)): ")
"""How the text of a violated schema begins."""
Trail = list[tuple[Mapping[str, Any], list[str]]]
"""The nodes on the way to a keyword, each with the rest of the way from there."""
HEADING = re.compile(r"^### ([A-Z]+[0-9]+) · (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Basis:
    """What stands behind a rule or a part of an operation.

    lines: of the documents (`L66-L118`); decisions: ids of DECISIONS.md, for what no line states;
    zh, en: the rule's sentence, or the operation's summary in Chinese alone.
    """

    lines: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""


@lru_cache(maxsize=1)
def decisions() -> dict[str, str]:
    """The title of every decision, by id, in the order of DECISIONS.md."""
    text = files(openapi).joinpath("DECISIONS.md").read_text(encoding="utf-8")
    return dict(HEADING.findall(text))


def basis_of_rule(rule: str) -> Basis:
    """What a rule rests on; empty for an id that the contract does not have."""
    found = rules().get(rule)
    if found is None:
        return Basis()
    return Basis(
        tuple(found.get("source", ())), tuple(found.get("inferred", ())), found["zh"], found["en"]
    )


def basis_of(violation: Violation) -> Basis:
    """What was violated: the rule, or the nearest part of the operation that cites anything."""
    if violation.operation in rules():
        return basis_of_rule(violation.operation)
    operation = operations().get(violation.operation)
    if operation is None:
        return Basis()
    trail = _trail(operation, violation)
    lines = next((node["x-source"] for node, _ in reversed(trail) if node.get("x-source")), ())
    # That an answer is 200 may be inferred; what is inside it does not rest on that.
    inferred = _inferred(trail[1:] if violation.place else trail)
    return Basis(tuple(lines), inferred, str(operation.raw.get("summary", "")))


def expected_by_schema(violation: Violation) -> Any:
    """The keyword of the schema that is violated, `{"maxLength": 50}`; None for no schema."""
    operation = operations().get(violation.operation)
    if operation is None or not violation.place:
        return None
    node, rest = _trail(operation, violation)[-1]
    return {rest[0]: node[rest[0]]} if len(rest) == 1 and rest[0] in node else None


def _trail(operation: Operation, violation: Violation) -> Trail:
    """The way from the operation to the answer, and in its schema to the keyword it violates.

    A violation's place names schemas as schemathesis bundles them; so the way is found anew, by the
    pointer into the answer that its text begins with.
    """
    status, _, rest = violation.answer.partition(" ")
    response = operation.resolved(operation.raw["responses"].get(status, {}))
    trail: Trail = [(operation.raw, ["responses", status]), (response, [])]
    pointer = POINTER.match(violation.text)
    media = response.get("content", {}).get(rest.partition(" ")[0], {})
    if violation.place and pointer and "schema" in media:
        tokens = openapi.tokens(pointer[1] or "")
        keywords = [each for each in violation.place.split("/") if not each.isdigit()]
        trail += _down(operation, media["schema"], tokens, keywords[-1]) or []
    return trail


def _down(operation: Operation, node: Any, tokens: list[str], keyword: str) -> Trail | None:
    """The way from a schema to a keyword of the one that describes what the tokens lead to."""
    if not isinstance(node, dict):
        return None
    if "$ref" in node:
        below = _down(operation, operation.resolved(node), tokens, keyword)
        return [(node, below[0][1]), *below] if below else None
    if not tokens and keyword in node:
        return [(node, [keyword])]
    for way, child, rest in _children(node, tokens):
        below = _down(operation, child, rest, keyword)
        if below:
            return [(node, [*way, *below[0][1]]), *below]
    return None


def _children(node: Mapping[str, Any], tokens: list[str]) -> Iterator[tuple[list[str], Any, Any]]:
    """The schemas below one that say more about what the tokens lead to, and the tokens left."""
    if tokens:
        first, *rest = tokens
        if first in node.get("properties", {}):
            yield ["properties", first], node["properties"][first], rest
        elif "additionalProperties" in node:
            yield ["additionalProperties"], node["additionalProperties"], rest
        if first.isdigit() and "items" in node:
            yield ["items"], node["items"], rest
    for keyword in openapi.COMBINING:
        for number, part in enumerate(node.get(keyword, ())):
            yield [keyword, str(number)], part, tokens


def _inferred(trail: Trail) -> tuple[str, ...]:
    """The decisions that cover the keyword at the end of the way."""
    found: list[str] = []
    for node, rest in trail:
        marks = node.get("x-inferred")
        for decision, covered in marks.items() if isinstance(marks, dict) else ():
            if any(_covers(pointer, rest) for pointer in covered):
                found.append(decision)
    return tuple(dict.fromkeys(found))


def _covers(pointer: str, rest: Iterable[str]) -> bool:
    """Whether a mark reaches the end of a way: it, or a part that it goes through."""
    way = "/".join(rest)
    return pointer in ("*", way) or way.startswith(f"{pointer}/")
