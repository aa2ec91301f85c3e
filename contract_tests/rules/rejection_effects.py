"""Effects of a request that was rejected: the record before and after it must be equal (GE-02)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contract_tests.contract.api_model import BY_TIME
from contract_tests.contract.sent_fields import VOLATILE_FIELDS, normalize_for_comparison
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.response import ApiResponse

RecordState = tuple[int, Any]
"""Status and JSON of the response to reading a record."""


def is_rejected(answer: ApiResponse) -> bool:
    """Return whether a request was rejected; one that a server accepts may have an effect."""
    return 400 <= answer.status < 500


def differing_fields(before: RecordState, after: RecordState) -> str:
    """Return the fields that differ, except by the passage of time; empty if there are none.

    `name "new value"`, separated by commas.
    """
    (status, old), (now, new) = before, after
    if status != now:
        return f"{now} instead of {status}"
    # A response of another form violates its schema, which is reported on its own.
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return ""
    moved = (old.get("status"), new.get("status"))
    # Statistics also grow while the status stays EXECUTING.
    ignored = VOLATILE_FIELDS if moved in BY_TIME else {"statistics"}
    return ", ".join(
        f"{name} {json.dumps(new.get(name), ensure_ascii=False)}"
        for name in sorted(old.keys() | new.keys())
        if name not in ignored
        and normalize_for_comparison(name, old.get(name))
        != normalize_for_comparison(name, new.get(name))
    )


def rejected_but_done_error(message: str, answer: ApiResponse, actual: str) -> RuleViolationError:
    """Return the error for a request that was rejected with `answer` and had an effect."""
    return RuleViolationError(
        f"{message}: {answer}",
        answer,
        expected="no change",
        actual=actual,
        violation=ViolationKind.REFUSED_BUT_DONE,
    )
