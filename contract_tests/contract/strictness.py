"""The part of the contract that binds a server: all of it, or only what the documents state.

`documented` only loosens: a constraint that is marked as ours (`x-inferred`) is dropped, a
permission that is marked stays. Requests are those of the curated contract in both.
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
"""Key at the root of a contract for the strictness that it is judged by."""
DOCUMENTED_STATUSES = ("400", "401", "403", "404", "500")
"""Statuses that the documents list for every operation (L2056-L2063, E2)."""
EXTRA_REFUSAL_STATUSES = frozenset({405, 409, 413, 415, 429})
"""Statuses of HTTP that a server may use though the documents do not name them (E3)."""
ANY_SUCCESS = "2XX"
"""Key of the response that is added to a 200 that we have only inferred (G9)."""
DOCUMENTED_SUFFIX = ".documented"
"""Suffix of the names of loosened components for responses."""
Node = dict[str, Any]
INTERIM = openapi.exact_readings({"null-in-requests": "refused", "empty-query-values": "refused"})


@dataclass(frozen=True)
class Strictness:
    """The degree to which the contract binds a server.

    binding: whether inferred constraints bind it, including the contract's links and ids of rules.
    extra_refusal_statuses: statuses with which every operation may refuse any request.
    """

    name: StrictnessName
    binding: bool = True
    extra_refusal_statuses: frozenset[int] = frozenset()

    def build_contract(self) -> Node:
        """Return the contract to check a server against: curated requests, and responses that bind.

        Raises ContractError.
        """
        curated = translate_extensions(openapi.load(readings=INTERIM))
        if self.binding:
            return curated
        return curated | _with_documented_responses(
            curated,
            translate_extensions(openapi.load(strictness="documented", readings=INTERIM)),
            self,
        )

    def why_not_binding(self, owner: Mapping[str, Any], keyword: str) -> str:
        """Return why a keyword of this node of the contract does not bind; empty if it does."""
        marks = decisions_for_keyword(owner, keyword)
        return "" if self.binding or not marks else explain_undocumented(*marks)


CURATED = Strictness("curated")
DOCUMENTED = Strictness("documented", binding=False, extra_refusal_statuses=EXTRA_REFUSAL_STATUSES)


def strictness_by_name(name: str) -> Strictness:
    """Return the strictness with this name."""
    return next(each for each in (CURATED, DOCUMENTED) if each.name == name)


def strictness_of(contract: Mapping[str, Any]) -> Strictness:
    """Return the strictness by which a contract is judged; curated if it states none."""
    return strictness_by_name(contract.get(STRICTNESS_KEY, CURATED.name))


def decisions_for_keyword(owner: Mapping[str, Any], keyword: str) -> list[str]:
    """Return the decisions on which a keyword of a node rests; empty if the documents state it."""
    marks = owner.get("x-inferred", {}).items()
    return [decision for decision, covered in marks if {keyword, "*"} & {*covered}]


def explain_undocumented(*decisions: str) -> str:
    """Return the reason why something does not bind, with the decisions that it rests on."""
    return f"not in the documents: {', '.join(decisions)}"


def _with_documented_responses(curated: Node, documented: Node, strictness: Strictness) -> Node:
    """Return the parts that replace those of the curated contract to judge documented responses.

    A schema may be used in both requests and responses, so the responses get components of their
    own.
    """
    # The curated contract is cached and shared, so nothing in it may be changed in place.
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
    """Return the responses that an operation may give besides those declared for it."""
    codes = [*DOCUMENTED_STATUSES, *map(str, sorted(strictness.extra_refusal_statuses))]
    more: Node = {code: {"description": code} for code in codes if code not in responses}
    if decisions_for_keyword(operation, "responses/200"):
        more[ANY_SUCCESS] = {
            # A link belongs to the 200; followed from any 2XX it would count as documented for all
            # of them.
            key: responses["200"][key]
            for key in responses["200"]
            if key != "links"
        }
    return more


def _with_documented_refs(node: Any) -> Any:
    """Return the node with each reference to a schema or response led to the loosened one."""
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
