"""Violations by their causes: what one fault makes of many operations is one thing to repair."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation

BY_STATUS = frozenset(
    {
        Kind.REDIRECTED,
        Kind.RATE_LIMITED,
        Kind.UNAVAILABLE,
        Kind.SERVER_ERROR,
        Kind.MEDIA_TYPE_SERVER_ERROR,
        Kind.NO_ANSWER,
        Kind.UNDOCUMENTED_STATUS,
        Kind.MISSING_CONTENT_TYPE,
        Kind.AMBIGUOUS_JSON,
        Kind.INVALID_REFUSED_OTHERWISE,
        Kind.INVALID_ANSWERED_OTHERWISE,
        Kind.NO_CHALLENGE,
        Kind.PROBLEM_STATUS,
        Kind.PROBLEM_WITHOUT_ERRORS,
        Kind.MISSING_CREDENTIALS_ACCEPTED,
        Kind.MISSING_CREDENTIALS_REFUSED_OTHERWISE,
        Kind.MISSING_CREDENTIALS_ANSWERED_OTHERWISE,
        Kind.WRONG_CREDENTIALS_ACCEPTED,
        Kind.WRONG_CREDENTIALS_REFUSED_OTHERWISE,
        Kind.WRONG_CREDENTIALS_ANSWERED_OTHERWISE,
        Kind.EVERY_ANSWER_401,
        Kind.NEVER_SUCCEEDED,
        Kind.STATUS_NOT_SEEN,
        Kind.NOT_CHECKED,
    }
)
"""Kinds that come of one part of a server before all operations, whatever they do: a gateway, an
authentication, a layer that writes errors. Their violations have one cause if the status is one."""
BY_ACTUAL = frozenset(
    {
        Kind.UNDOCUMENTED_CONTENT_TYPE,
        Kind.MALFORMED_CONTENT_TYPE,
        Kind.MALFORMED_JSON,
        Kind.MISSING_HEADERS,
        Kind.PROBLEM_MEDIA_TYPE,
        Kind.UNDECLARED_METHOD,
    }
)
"""Kinds of the same sort, where status and what was got have to be one: a media type, a header."""
REFUSALS = frozenset({401, 403, 405})
"""Statuses that refuse valid data whatever is in it; others are about the data of an operation."""
INDEX = re.compile(r"/[0-9]+(?=/|$)")
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
    return [_cause(group) for group in groups.values()]


def cause_of(violation: Violation) -> Cause:
    """The cause of one violation alone."""
    return _cause([violation])


def cause_key(violation: Violation) -> tuple[object, ...]:
    """What violations of one cause have in common.

    Schemas: one keyword of a named schema, broken at one place of answers with one status.
    """
    kind, status = violation.kind, violation.status
    if kind in BY_STATUS or (kind is Kind.VALID_REFUSED and status in REFUSALS):
        return kind, status
    if kind in BY_ACTUAL:
        return kind, status, violation.actual, violation.place
    if kind is Kind.SCHEMA and violation.expected:
        return kind, status, violation.place, INDEX.sub("/*", violation.pointer)
    if kind is Kind.CHECK_BROKE:
        return kind, violation.place, violation.detail
    return violation.key


def _cause(group: list[Violation]) -> Cause:
    names = dict.fromkeys(each.operation for each in group)
    ruled = {each.operation for each in group if each.rule}
    return Cause(
        tuple(group),
        tuple(name for name in names if name not in ruled),
        tuple(name for name in names if name in ruled),
        min(group, key=_order),
        sum(each.times for each in group),
    )


def _order(violation: Violation) -> tuple[bool, bool, int, str]:
    """What can be sent again comes first, then what is of an operation, then what is short."""
    return not violation.request, bool(violation.rule), violation.size, repr(violation)
