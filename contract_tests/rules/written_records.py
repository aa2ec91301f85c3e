"""Records that probes write, and their expected content in the next read."""

from __future__ import annotations

from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    operations_on_kind,
    path_id_name,
    reading_operation_by_kind,
)
from contract_tests.contract.sent_fields import comparable_fields, sent_fields
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import expect_equal
from contract_tests.rules.response import ApiResponse

Json = dict[str, Any]


def writing_operations(kind: RecordKind) -> list[str]:
    """Return the operations that write a record of a kind, in an order in which all succeed."""
    found = [
        name for name in operations_on_kind(kind) if operation_effects(name).written_kind == kind
    ]
    return sorted(found, key=lambda name: bool(operation_effects(name).deletes))


def path_parameters(operation: str, number: object) -> Json:
    """Return the id in an operation's path, as a call takes it."""
    return {path_id_name(operation): number}


def written_id(answer: ApiResponse, number: int) -> int:
    """Return the id of the record that an operation has written: its own, or that of the response.

    A plan may have another id after an update (M22).
    """
    found = answer.json.get("id") if isinstance(answer.json, dict) else None
    is_replaced = operation_effects(answer.operation).replaces is not None
    return found if is_replaced and isinstance(found, int) else number


def expect_written(api: ApiClient, operation: str, number: int, body: Any, **how: Any) -> None:
    """Raise RuleViolationError unless a record reads as an operation has written it.

    `how` is for the reading, such as a token.
    """
    entry = operation_effects(operation)
    kind = entry.written_kind
    if kind is None:
        return
    reading = reading_operation_by_kind()[kind]
    what = f"{kind} {number} after {operation}"
    answer = api.call(reading, **path_parameters(reading, number), **how)
    if entry.deletes:
        expect_equal(answer.status, 404, f"the status of {what}")
        return
    expect_equal(answer.status, 200, f"the status of {what}")
    sent = {**sent_fields(operation, body), **entry.sets}
    found = answer.json if isinstance(answer.json, dict) else {}
    # What is unset may also be an empty text (M40).
    unset = [name for name, value in entry.sets.items() if value is None and not found.get(name)]
    found = {**found, **dict.fromkeys(unset)}
    expect_equal(comparable_fields(found, sent), comparable_fields(sent, sent), what)
    options = body.get("options") if isinstance(body, dict) else None
    if statuses := entry.status_by_options.get(str(options), entry.status):
        # Compared in this way so that the message shows the wrong status.
        is_right = found.get("status") in statuses
        expect_equal(is_right or found.get("status"), True, f"the status of {what}")
