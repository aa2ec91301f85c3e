"""What a server is held to: all that the contract says, or only what the documents do.

`documented` only loosens: a constraint that is marked as ours (`x-inferred`) goes, and what a mark
permits stays. Requests are those of the curated contract in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import openapi
from contract_tests.contract.vendor_extensions import translate_extensions

StrictnessName = Literal["curated", "documented"]
STRICTNESS_NAMES: tuple[StrictnessName, ...] = get_args(StrictnessName)
STRICTNESS_KEY = "x-strictness"
"""At the root of a contract: by which strictness it judges."""
DOCUMENTED_STATUSES = ("400", "401", "403", "404", "500")
"""Those that the documents list, for whichever operation (L2056-L2063, E2)."""
EXTRA_REFUSAL_STATUSES = frozenset({405, 409, 413, 415, 429})
"""Those that HTTP has, and a server may use though the documents do not name them (E3)."""
ANY_SUCCESS = "2XX"
"""Stands beside a 200 that only we infer (G9)."""
DOCUMENTED_SUFFIX = ".documented"
"""What the name of a component ends with that describes answers and was loosened."""
Node = dict[str, Any]


@dataclass(frozen=True)
class Strictness:
    """How much of the contract binds a server.

    binding: whether what only we say binds it, the contract's links and ids of rules included.
    extra_refusal_statuses: statuses by which any operation may refuse, whatever it is asked.
    """

    name: StrictnessName
    binding: bool = True
    extra_refusal_statuses: frozenset[int] = frozenset()

    def contract(self) -> Node:
        """The contract to hold a server against: the curated requests, and the answers that bind.

        Raises ContractError.
        """
        curated = translate_extensions(openapi.load())
        if self.binding:
            return curated
        return curated | _with_documented_responses(
            curated, translate_extensions(openapi.load(strictness="documented")), self
        )

    def why_not_binding(self, owner: Mapping[str, Any], keyword: str) -> str:
        """Why a keyword of this node of the contract does not bind; empty when it does."""
        marks = decisions_for_keyword(owner, keyword)
        return "" if self.binding or not marks else undocumented_reason(*marks)


CURATED = Strictness("curated")
DOCUMENTED = Strictness("documented", binding=False, extra_refusal_statuses=EXTRA_REFUSAL_STATUSES)


def strictness_by_name(name: str) -> Strictness:
    """The strictness of this name."""
    return next(each for each in (CURATED, DOCUMENTED) if each.name == name)


def strictness_of(contract: Mapping[str, Any]) -> Strictness:
    """The strictness by which a contract judges; one that does not say so is curated."""
    return strictness_by_name(contract.get(STRICTNESS_KEY, CURATED.name))


def decisions_for_keyword(owner: Mapping[str, Any], keyword: str) -> list[str]:
    """The decisions on which a keyword of a node rests; none when the documents state it."""
    marks = owner.get("x-inferred", {}).items()
    return [decision for decision, covered in marks if {keyword, "*"} & {*covered}]


def undocumented_reason(*decisions: str) -> str:
    """The reason why something does not bind, naming the decisions that it rests on."""
    return f"not in the documents: {', '.join(decisions)}"


def _with_documented_responses(curated: Node, documented: Node, strictness: Strictness) -> Node:
    """What a curated contract has to have in place of its own, to judge by documented answers.

    A schema may stand in requests and in answers, so the answers refer to components of their own.
    """
    components = {part: dict(found) for part, found in curated["components"].items()}
    for part in ("schemas", "responses"):
        for name, node in documented["components"][part].items():
            components[part][name + DOCUMENTED_SUFFIX] = _with_documented_refs(node)
    paths: Node = {}
    for path, item in curated["paths"].items():
        paths[path] = dict(item)
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                found = _with_documented_refs(documented["paths"][path][method]["responses"])
                responses = {**found, **_additional_responses(operation, found, strictness)}
                paths[path][method] = operation | {"responses": responses}
    return {STRICTNESS_KEY: strictness.name, "paths": paths, "components": components}


def _additional_responses(operation: Node, responses: Node, strictness: Strictness) -> Node:
    """The answers that an operation may give besides those that the contract has for it."""
    codes = [*DOCUMENTED_STATUSES, *map(str, sorted(strictness.extra_refusal_statuses))]
    more: Node = {code: {"description": code} for code in codes if code not in responses}
    if decisions_for_keyword(operation, "responses/200"):
        more[ANY_SUCCESS] = {
            key: responses["200"][key] for key in responses["200"] if key != "links"
        }
    return more


def _with_documented_refs(node: Any) -> Any:
    """The node with each reference to a schema or a response leading to the loosened one."""
    if isinstance(node, list):
        return [_with_documented_refs(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value + DOCUMENTED_SUFFIX
        if key == "$ref" and isinstance(value, str)
        else _with_documented_refs(value)
        for key, value in node.items()
    }
