"""The part of the contract that binds a server: all of it, or only what the documents state.

`documented` only loosens: a constraint that is marked as ours (`x-inferred`) is dropped, a
permission that is marked stays. The answers to open questions are another matter: in both, a server
may give any, unless one is demanded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from openapi import ANY_VALUE, READINGS_KEY

StrictnessName = Literal["curated", "documented"]
STRICTNESS_NAMES: tuple[StrictnessName, ...] = get_args(StrictnessName)
STRICTNESS_KEY = "x-strictness"
"""Key at the root of a contract for the strictness that it is judged by."""
EXTRA_REFUSAL_STATUSES = frozenset({405, 409, 413, 415, 429})
"""Statuses of HTTP that a server may use though the documents do not name them (E3)."""


@dataclass(frozen=True)
class Strictness:
    """The degree to which the contract binds a server.

    binding: whether inferred constraints bind it, including the contract's links and ids of rules.
    extra_refusal_statuses: statuses with which every operation may refuse any request.
    demanded: open questions with the answers that the server must give.
    """

    name: StrictnessName
    binding: bool = True
    extra_refusal_statuses: frozenset[int] = frozenset()
    demanded: frozenset[tuple[str, str]] = frozenset()

    def demanding(self, readings: Mapping[str, str]) -> Strictness:
        """Return the same strictness for a server that must give these answers."""
        exact = {(key, value) for key, value in readings.items() if value != ANY_VALUE}
        return replace(self, demanded=frozenset(exact))

    def may_follow(self, reading: str, value: str) -> bool:
        """Return whether a server may give this answer to an open question."""
        return dict(self.demanded).get(reading, value) == value

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
    found = strictness_by_name(contract.get(STRICTNESS_KEY, CURATED.name))
    return found.demanding(contract.get(READINGS_KEY, {}))


def decisions_for_keyword(owner: Mapping[str, Any], keyword: str) -> list[str]:
    """Return the decisions on which a keyword of a node rests; empty if the documents state it."""
    marks = owner.get("x-inferred", {}).items()
    return [decision for decision, covered in marks if {keyword, "*"} & {*covered}]


def explain_undocumented(*decisions: str) -> str:
    """Return the reason why something does not bind, with the decisions that it rests on."""
    return f"not in the documents: {', '.join(decisions)}"
