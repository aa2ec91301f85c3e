"""What a target did against the contract, as fields: reports make texts of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from contract_tests.contract.operations import rules
from contract_tests.contract.provenance import ResponsePart, provenance_of, violated_keyword
from contract_tests.results.violation_kinds import ViolationKind

ViolationKey = tuple[str, ViolationKind, str, int]


@dataclass(frozen=True)
class ResponseExcerpt:
    """The beginning of an answer. status: 0 when there is none; text: of its body, on one line."""

    status: int = 0
    media_type: str = ""
    text: str = ""


@dataclass(frozen=True)
class Violation:
    """One thing that an operation does against its contract.

    operation: an operationId, the id of a rule, or what else was under way; check: the name of the
    check or probe that found it; status: of the answer, 0 for none; pointer: of the value in the
    answer that is wrong. expected, actual: the two that differ; after: the operation that the
    expectation comes from; tried: what a probe does; detail: the words of a tool below us.

    place: which of several it is, where operation, kind and status are the same: the keyword of a
    schema, a header, a field. rule, decisions, sources: what the expectation rests on; sources are
    lines of the documents. request: a command that shows it again, after those of `before`.
    response: the answer that is wrong; times: how many answers were.
    """

    operation: str
    kind: ViolationKind
    check: str = ""
    status: int = 0
    pointer: str = ""
    place: str = ""
    expected: str = ""
    actual: str = ""
    after: str = ""
    tried: str = ""
    detail: str = ""
    rule: str = ""
    decisions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    request: str = ""
    before: tuple[str, ...] = ()
    response: ResponseExcerpt = ResponseExcerpt()
    times: int = 1

    @property
    def key(self) -> ViolationKey:
        """What makes two violations one, in a run and among its shards."""
        return self.operation, self.kind, self.place, self.status

    @property
    def size(self) -> int:
        """Length of the commands that show it."""
        return sum(map(len, self.before)) + len(self.request)


def new_violation(
    operation: str, kind: ViolationKind, part: ResponsePart | None = None, /, **more: Any
) -> Violation:
    """A violation with what it rests on, by the contract.

    `part` is the part of the answer that is wrong; without it the answer as a whole. If it names
    the keyword of a schema, that becomes what was expected, and its address the place.
    """
    status = more.get("status", 0)
    part = part or ResponsePart(status)
    basis = provenance_of(operation, part)
    clause = violated_keyword(operation, part)
    if clause.text:
        more |= {"expected": clause.text, "place": clause.address}
    return Violation(
        operation,
        kind,
        rule=operation if operation in rules() else "",
        decisions=basis.decisions,
        sources=basis.lines,
        **more,
    )


@dataclass
class Violations:
    """The violations of a run; iterates in the order in which they were first seen."""

    _found: dict[ViolationKey, Violation] = field(default_factory=dict)

    def add(self, violation: Violation) -> None:
        """Keep one that is new, or that a smaller request shows than before."""
        known = self._found.get(violation.key)
        if known is None:
            self._found[violation.key] = violation
        else:
            smaller = min(known, violation, key=lambda each: each.size)
            self._found[violation.key] = replace(smaller, times=known.times + 1)

    @property
    def times(self) -> int:
        """In how many answers, all in all."""
        return sum(violation.times for violation in self._found.values())

    def __iter__(self) -> Iterator[Violation]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)
