"""What a server is held to: all that the contract says, or only what the documents do.

`documented` only loosens: a constraint that is marked as ours (`x-inferred`) goes, and what a mark
permits stays. Requests are those of the curated contract in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import openapi
from contract_tests.contract.vendor_extensions import readable

Name = Literal["curated", "documented"]
STRICTNESSES: tuple[Name, ...] = get_args(Name)
MARK = "x-strictness"
"""At the root of a contract: by which strictness it judges."""
DOCUMENTED_CODES = ("400", "401", "403", "404", "500")
"""Those that the documents list, for whichever operation (L2056-L2063, E2)."""
OWN_RIGHT = frozenset({405, 409, 413, 415, 429})
"""Those that HTTP has, and a server may use though the documents do not name them (E3)."""
SUCCESS = "2XX"
"""Stands beside a 200 that only we infer (G9)."""
SUFFIX = ".documented"
"""What the name of a component ends with that describes answers and was loosened."""
Node = dict[str, Any]


@dataclass(frozen=True)
class Strictness:
    """How much of the contract binds a server.

    binding: whether what only we say binds it, the contract's links and ids of rules included.
    own_right: statuses by which any operation may refuse, whatever it is asked.
    """

    name: Name
    binding: bool = True
    own_right: frozenset[int] = frozenset()

    def contract(self) -> Node:
        """The contract to hold a server against: the curated requests, and the answers that bind.

        Raises ContractError.
        """
        curated = readable(openapi.load())
        if self.binding:
            return curated
        return curated | _with_answers(
            curated, readable(openapi.load(strictness="documented")), self
        )

    def taken_back(self, owner: Mapping[str, Any], keyword: str) -> str:
        """Why a keyword of this node of the contract does not bind; empty when it does."""
        marks = inferred(owner, keyword)
        return "" if self.binding or not marks else undocumented(*marks)


CURATED = Strictness("curated")
DOCUMENTED = Strictness("documented", binding=False, own_right=OWN_RIGHT)


def strictness_called(name: str) -> Strictness:
    """The strictness of this name."""
    return next(each for each in (CURATED, DOCUMENTED) if each.name == name)


def strictness_of(contract: Mapping[str, Any]) -> Strictness:
    """The strictness by which a contract judges; one that does not say so is curated."""
    return strictness_called(contract.get(MARK, CURATED.name))


def inferred(owner: Mapping[str, Any], keyword: str) -> list[str]:
    """The decisions on which a keyword of a node rests; none when the documents state it."""
    marks = owner.get("x-inferred", {}).items()
    return [decision for decision, covered in marks if {keyword, "*"} & {*covered}]


def undocumented(*decisions: str) -> str:
    """The reason why something does not bind, naming the decisions that it rests on."""
    return f"not in the documents: {', '.join(decisions)}"


def _with_answers(curated: Node, documented: Node, strictness: Strictness) -> Node:
    """What a curated contract has to have in place of its own, to judge by documented answers.

    A schema may stand in requests and in answers, so the answers refer to components of their own.
    """
    components = {part: dict(found) for part, found in curated["components"].items()}
    for part in ("schemas", "responses"):
        for name, node in documented["components"][part].items():
            components[part][name + SUFFIX] = _referring(node)
    paths: Node = {}
    for path, item in curated["paths"].items():
        paths[path] = dict(item)
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                found = _referring(documented["paths"][path][method]["responses"])
                responses = {**found, **_further(operation, found, strictness)}
                paths[path][method] = operation | {"responses": responses}
    return {MARK: strictness.name, "paths": paths, "components": components}


def _further(operation: Node, responses: Node, strictness: Strictness) -> Node:
    """The answers that an operation may give besides those that the contract has for it."""
    codes = [*DOCUMENTED_CODES, *map(str, sorted(strictness.own_right))]
    more: Node = {code: {"description": code} for code in codes if code not in responses}
    if inferred(operation, "responses/200"):
        more[SUCCESS] = {key: responses["200"][key] for key in responses["200"] if key != "links"}
    return more


def _referring(node: Any) -> Any:
    """The node with each reference to a schema or a response leading to the loosened one."""
    if isinstance(node, list):
        return [_referring(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value + SUFFIX if key == "$ref" and isinstance(value, str) else _referring(value)
        for key, value in node.items()
    }
