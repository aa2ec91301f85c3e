"""Violations of the contract by a target, as fields; reports turn them into text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from contract_tests.contract.operations import rules
from contract_tests.contract.provenance import ResponsePart, provenance_of, violated_keyword
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.target.redaction import Secrets, redact_fields

MAX_EXCERPT_CHARS = 400
"""Maximum displayed length of a response."""
ViolationKey = tuple[str, ViolationKind, str, int]


@dataclass(frozen=True)
class ResponseExcerpt:
    """Beginning of a response. status: 0 if there is none; text: of the body, on one line."""

    status: int = 0
    media_type: str = ""
    text: str = ""


def response_excerpt(answer: requests.Response, secrets: Secrets) -> ResponseExcerpt:
    """Return the beginning of a response, without secrets; the text of JSON and text only."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    text = ""
    if kind.endswith("json") or kind.startswith("text/"):
        # A character has at most four bytes; a file of megabytes is not decoded for 400 characters.
        text = " ".join(answer.content[: 4 * MAX_EXCERPT_CHARS].decode(errors="replace").split())
    if len(text) > MAX_EXCERPT_CHARS:
        text = text[:MAX_EXCERPT_CHARS] + " ..."
    return ResponseExcerpt(answer.status_code, kind, secrets.redact(redact_fields(text)))


@dataclass(frozen=True)
class Evidence:
    """An exchange that shows something: its operation, the request as a command, the response."""

    operation: str
    request: str = ""
    response: ResponseExcerpt = ResponseExcerpt()


@dataclass(frozen=True)
class Violation:
    """One violation of the contract by an operation.

    operation: an operationId, the id of a rule, or another subject such as the run; check: name of
    the check or probe that found it; status: of the response, 0 for none; pointer: of the wrong
    value in the response. expected, actual: the values that differ; after: the operation that the
    expectation comes from; tried: the request of a probe; detail: the message of an underlying
    tool. place: which of several faults with the same operation, kind and status: the keyword of a
    schema, a header, a field. rule, decisions, sources: the basis of the expectation; sources are
    lines of the documents. request: a command that reproduces it, to be run after those of
    `before`. response: the wrong response; evidence: responses that do not agree, the last one is
    `response`; times: number of wrong responses.
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
    evidence: tuple[Evidence, ...] = ()
    times: int = 1

    @property
    def key(self) -> ViolationKey:
        """Identity of the violation within a run and across its shards."""
        return self.operation, self.kind, self.place, self.status

    @property
    def size(self) -> int:
        """Total length of the commands that reproduce the violation."""
        return sum(map(len, self.before)) + len(self.request)


def new_violation(
    operation: str, kind: ViolationKind, part: ResponsePart | None = None, /, **more: Any
) -> Violation:
    """Return a violation with its sources in the contract.

    part: the wrong part of the response, by default all of it. If it names a schema keyword, the
    keyword becomes `expected`, and its address `place`.
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
    """Violations of a run, iterated in the order in which they were first seen."""

    _found: dict[ViolationKey, Violation] = field(default_factory=dict)

    def add(self, violation: Violation) -> None:
        """Add a violation; of several with one key, the one with the shortest commands is kept."""
        known = self._found.get(violation.key)
        if known is None:
            self._found[violation.key] = violation
        else:
            # The first of equals stays, so that a run with the same seed prints the same command.
            smaller = min(known, violation, key=lambda each: each.size)
            self._found[violation.key] = replace(smaller, times=known.times + 1)

    @property
    def times(self) -> int:
        """Number of wrong responses."""
        return sum(violation.times for violation in self._found.values())

    def __iter__(self) -> Iterator[Violation]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)
