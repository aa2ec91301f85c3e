"""Violations grouped by cause: one fault that affects many operations needs one repair."""

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
"""Kinds that come from a layer in front of all operations.

A gateway, authentication, an error writer. Such violations have one cause if they have one status.
"""
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
"""Kinds of the same sort that also need the same actual value, such as a media type or a header."""
GROUPED_BY_PLACE = frozenset({ViolationKind.READINGS_MIXED, ViolationKind.READING_DIFFERS})
"""Kinds of a server as a whole; the place is the reading, whichever operations show it."""
GENERAL_REFUSAL_STATUSES = frozenset({401, 403, 405})
"""Statuses that refuse valid data for reasons outside the data; others depend on the operation."""
ARRAY_INDEX_PATTERN = re.compile(r"/[0-9]+(?=/|$)")
"""An array index in a JSON pointer."""


@dataclass(frozen=True)
class Cause:
    """One thing to repair, with the violations that it causes.

    operations, rules: those affected, each once; operations include other subjects, such as the
    run. example: the violation with the shortest request, of an operation if there is one; times:
    number of wrong responses.
    """

    violations: tuple[Violation, ...]
    operations: tuple[str, ...]
    rules: tuple[str, ...]
    example: Violation
    times: int


def group_by_cause(violations: Iterable[Violation]) -> list[Cause]:
    """Return the violations grouped by cause, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Violation]] = {}
    for each in violations:
        groups.setdefault(cause_key(each), []).append(each)
    return [_build_cause(group) for group in groups.values()]


def cause_of(violation: Violation) -> Cause:
    """Return the cause of a single violation."""
    return _build_cause([violation])


def cause_key(violation: Violation) -> tuple[object, ...]:
    """Return the key that violations of one cause share.

    Violations of a schema share a keyword of a named schema and a place in responses with one
    status.
    """
    kind, status = violation.kind, violation.status
    if kind in GROUPED_BY_STATUS or (
        kind is ViolationKind.VALID_REFUSED and status in GENERAL_REFUSAL_STATUSES
    ):
        return kind, status
    if kind in GROUPED_BY_ACTUAL:
        return kind, status, violation.actual, violation.place
    if kind in GROUPED_BY_PLACE:
        return kind, violation.place
    # Without a keyword of the contract there is nothing that two operations could share.
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
    """Sort key: reproducible violations first, then those of operations, then the shorter ones."""
    return not violation.request, bool(violation.rule), violation.size, repr(violation)
