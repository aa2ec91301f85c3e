"""Removal of records that a run has created."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import requests

from contract_tests.contract.api_lookup import (
    creating_operation_by_kind,
    operation_effects,
    path_id_name,
)
from contract_tests.rules.outcome import NotCheckableError
from contract_tests.rules.response import ApiResponse
from contract_tests.target.target import CannotCheckError, failure_reason
from contract_tests.target.transport import UnsafeRequestError

REMOVAL_ROUNDS = 2
"""Rounds of deletion; a record may be deletable only once one created before it is gone."""

# A server may require the reason (N26).
TERMINATION_BODY = {"reason": "客户临时取消活动"}
"""Body with which a notification task is terminated."""
REMOVAL_BODIES: Mapping[str, Any] = {"terminateNotificationTask": TERMINATION_BODY}
"""Bodies of operations that remove a record, where they have one."""


class RemovalClient(Protocol):
    """A client that calls operations."""

    def call(self, *arguments: Any, **options: Any) -> ApiResponse:
        """Call an operation by its operationId."""


class RemovalResult(NamedTuple):
    """Result of an attempt to remove a record.

    why: why it is still there, empty if it is removed; is_silent: whether the last request had no
    response.
    """

    why: str = ""
    is_silent: bool = False


def as_creation(answer: ApiResponse, *path_ids: Any) -> ApiResponse | None:
    """Return the response as that of the operation that creates its record; None for no new one.

    path_ids: those in the path of the request. A plan may have another id after an update (M22),
    which is then a record to be removed.
    """
    found = answer.json
    if not 200 <= answer.status < 300 or not isinstance(found, dict) or "id" not in found:
        return None
    entry = operation_effects(answer.operation)
    if entry.undone_by:
        return answer
    if entry.replaces is None or found["id"] in path_ids:
        return None
    return replace(answer, operation=creating_operation_by_kind()[entry.replaces])


def remove_record(
    api: RemovalClient, operation: str, number: Any, *, is_draft: bool = False
) -> RemovalResult:
    """Remove a record that an operation created; a draft by its deletion alone, if possible."""
    steps = operation_effects(operation).undone_by
    # A draft refuses to be terminated (MN-05), so its first step would be a request for nothing.
    if is_draft and len(steps) > 1 and not (found := _call_all(api, steps[-1:], number)).why:
        return found
    return _call_all(api, steps, number)


def _call_all(api: RemovalClient, steps: Sequence[str], number: Any) -> RemovalResult:
    found = RemovalResult()
    for last in steps:
        ids: dict[str, Any] = {path_id_name(last): number}
        try:
            answer = api.call(last, body=REMOVAL_BODIES.get(last), **ids)
        except requests.RequestException as error:
            found = RemovalResult(f"{last}: no response: {failure_reason(error)}", is_silent=True)
        except (CannotCheckError, UnsafeRequestError, NotCheckableError) as error:
            found = RemovalResult(f"{last}: {error}")
        else:
            # A task that has ended refuses to be terminated.
            gone = (404,) if operation_effects(last).deletes else (400, 404)
            is_done = 200 <= answer.status < 300 or answer.status in gone
            found = RemovalResult("" if is_done else f"{last} answered {answer.status}")
    return found
