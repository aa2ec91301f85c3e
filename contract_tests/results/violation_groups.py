"""Violations by their causes: what one fault makes of many operations is one thing to repair."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation

GROUPED_BY_STATUS = frozenset(
    {
        ViolationKind.REDIRECTED,
        ViolationKind.RATE_LIMITED,
        ViolationKind.UNAVAILABLE,
        ViolationKind.SERVER_ERROR,
        ViolationKind.MEDIA_TYPE_SERVER_ERROR,
        ViolationKind.NO_ANSWER,
        ViolationKind.UNDOCUMENTED_STATUS,
        ViolationKind.MISSING_CONTENT_TYPE,
        ViolationKind.AMBIGUOUS_JSON,
        ViolationKind.INVALID_REFUSED_OTHERWISE,
        ViolationKind.INVALID_ANSWERED_OTHERWISE,
        ViolationKind.NO_CHALLENGE,
        ViolationKind.PROBLEM_STATUS,
        ViolationKind.PROBLEM_WITHOUT_ERRORS,
        ViolationKind.MISSING_CREDENTIALS_ACCEPTED,
        ViolationKind.MISSING_CREDENTIALS_REFUSED_OTHERWISE,
        ViolationKind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE,
        ViolationKind.WRONG_CREDENTIALS_ACCEPTED,
        ViolationKind.WRONG_CREDENTIALS_REFUSED_OTHERWISE,
        ViolationKind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE,
        ViolationKind.EVERY_ANSWER_401,
        ViolationKind.NEVER_SUCCEEDED,
        ViolationKind.STATUS_NOT_SEEN,
        ViolationKind.NOT_CHECKED,
    }
)
"""Kinds that come of one part of a server before all operations, whatever they do: a gateway, an
authentication, a layer that writes errors. Their violations have one cause if the status is one."""
GROUPED_BY_ACTUAL = frozenset(
    {
        ViolationKind.UNDOCUMENTED_CONTENT_TYPE,
        ViolationKind.MALFORMED_CONTENT_TYPE,
        ViolationKind.MALFORMED_JSON,
        ViolationKind.MISSING_HEADERS,
        ViolationKind.PROBLEM_MEDIA_TYPE,
        ViolationKind.UNDECLARED_METHOD,
    }
)
"""Kinds of the same sort, where status and what was got have to be one: a media type, a header."""
GENERAL_REFUSAL_STATUSES = frozenset({401, 403, 405})
"""Statuses that refuse valid data whatever is in it; others are about the data of an operation."""
ARRAY_INDEX_PATTERN = re.compile(r"/[0-9]+(?=/|$)")
"""An index of an array in a JSON pointer."""


@dataclass(frozen=True)
class Cause:
    """One thing to repair, with the violations that come of it.

    operations, rules: those that it concerns, each once; operations include what else was under
    way. example: the violation with the smallest request, of an operation if
    there is one; times: how many answers were wrong.
    """

    violations: tuple[Violation, ...]
    operations: tuple[str, ...]
    rules: tuple[str, ...]
    example: Violation
    times: int


def causes_of(violations: Iterable[Violation]) -> list[Cause]:
    """Violations by their causes, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Violation]] = {}
    for each in violations:
        groups.setdefault(cause_key(each), []).append(each)
    return [_build_cause(group) for group in groups.values()]


def cause_of(violation: Violation) -> Cause:
    """The cause of one violation alone."""
    return _build_cause([violation])


def cause_key(violation: Violation) -> tuple[object, ...]:
    """What violations of one cause have in common.

    Schemas: one keyword of a named schema, broken at one place of answers with one status.
    """
    kind, status = violation.kind, violation.status
    if kind in GROUPED_BY_STATUS or (
        kind is ViolationKind.VALID_REFUSED and status in GENERAL_REFUSAL_STATUSES
    ):
        return kind, status
    if kind in GROUPED_BY_ACTUAL:
        return kind, status, violation.actual, violation.place
    if kind is ViolationKind.SCHEMA and violation.expected:
        return kind, status, violation.place, ARRAY_INDEX_PATTERN.sub("/*", violation.pointer)
    if kind is ViolationKind.CHECK_BROKE:
        return kind, violation.place, violation.detail
    return violation.key


def _build_cause(group: list[Violation]) -> Cause:
    names = dict.fromkeys(each.operation for each in group)
    ruled = {each.operation for each in group if each.rule}
    return Cause(
        tuple(group),
        tuple(name for name in names if name not in ruled),
        tuple(name for name in names if name in ruled),
        min(group, key=_example_order),
        sum(each.times for each in group),
    )


def _example_order(violation: Violation) -> tuple[bool, bool, int, str]:
    """What can be sent again comes first, then what is of an operation, then what is short."""
    return not violation.request, bool(violation.rule), violation.size, repr(violation)
