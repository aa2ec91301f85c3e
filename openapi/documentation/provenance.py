"""Provenance of parts of the contract: lines of the documents, decisions, open questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from openapi.documentation.decisions import Decision, State
from openapi.readings import Reading

CONVENTIONS = {"X4": frozenset({"nullable", "allowEmptyValue"})}
"""Marks of conventions that hold everywhere and that the introduction explains.

`nullable` is shown beside the type, with a link to the decision.
"""
MAX_QUESTIONS = 2
"""Number of open questions of a decision up to which a mark has a link to each."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A decision behind a part of the contract.

    keywords: what rests on it, empty for all of the part; questions: keys of its open questions, as
    far as they are few.
    """

    decision: str
    state: State
    title: str
    keywords: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """The lines of the documents and the decisions that a part of the contract rests on."""

    lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()

    def with_marks(self, marks: Iterable[Mark]) -> Provenance:
        """Return this with the marks of a part that is shown with it, each decision once."""
        found = {mark.decision: mark for mark in self.marks}
        for mark in marks:
            own = found.get(mark.decision)
            # No keywords: all of the part, which says more than some of them.
            if own is None or not mark.keywords:
                found[mark.decision] = mark
            elif own.keywords:
                named = tuple(dict.fromkeys((*own.keywords, *mark.keywords)))
                found[mark.decision] = replace(own, keywords=named)
        return replace(self, marks=tuple(found.values()))


class ProvenanceReader:
    """Reads `x-source` and `x-inferred`, and remembers where each decision applies."""

    def __init__(self, decisions: Mapping[str, Decision], readings: Iterable[Reading]) -> None:
        """Take all decisions and all open questions."""
        self._decisions = decisions
        self._questions: dict[str, list[str]] = defaultdict(list)
        for reading in readings:
            for decision in reading.decisions:
                self._questions[decision].append(reading.key)

    def questions_of(self, decision: str) -> tuple[str, ...]:
        """Return the keys of the open questions that belong to a decision."""
        return tuple(self._questions.get(decision, ()))

    def read(
        self, node: Mapping[str, Any], parent: Mapping[str, Any] | None = None, name: str = ""
    ) -> Provenance:
        """Return what an object rests on.

        parent, name: the object that may have marks for this one, as `properties/NAME`.
        """
        inferred: dict[str, list[str]] = defaultdict(list)
        for decision, keywords in node.get("x-inferred", {}).items():
            own = [each for each in keywords if "/" not in each]
            kept = [each for each in own if each not in CONVENTIONS.get(decision, ())]
            if kept:
                inferred[decision] += kept
        for decision, keywords in (parent or {}).get("x-inferred", {}).items():
            if name in keywords:
                inferred[decision] += ["*"]
        lines = tuple(node.get("x-source", ()))
        return Provenance(lines, tuple(self.mark(*each) for each in inferred.items()))

    def mark(self, decision: str, keywords: Iterable[str] = ("*",)) -> Mark:
        """Return the mark of a decision on some keywords."""
        found = self._decisions[decision]
        named = tuple(dict.fromkeys(keywords))
        questions = self.questions_of(decision) if found.state == "open" else ()
        return Mark(
            decision,
            found.state,
            found.title.replace("`", ""),
            () if "*" in named else named,
            questions if len(questions) <= MAX_QUESTIONS else (),
        )


def decisions_in(node: Any) -> Collection[str]:
    """Return the decisions that are marked anywhere in a node, in order."""
    found: dict[str, None] = {}
    if isinstance(node, dict):
        found |= dict.fromkeys(node.get("x-inferred", ()))
        for value in node.values():
            found |= dict.fromkeys(decisions_in(value))
    elif isinstance(node, list):
        for value in node:
            found |= dict.fromkeys(decisions_in(value))
    return found
