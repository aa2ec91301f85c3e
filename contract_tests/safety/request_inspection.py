"""Effects of a request body: the members it names, the records it refers to, the task it starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.api_model import REFERENCE_FIELDS
from contract_tests.contract.operations import operations

# Lenient on purpose: a server may accept other separators than the contract does.
DATE_PATTERN = re.compile(
    r"\s*([0-9]{4})[^0-9]([0-9]{1,2})[^0-9]([0-9]{1,2})(?:[^0-9]+([0-9]{1,2}):([0-9]{2}))?"
)


def has_unreadable_members(body: Any) -> bool:
    """Return whether `members` is not a list of objects, so that the members are unknown."""
    given = body.get("members") if isinstance(body, dict) else None
    return given is not None and not (
        isinstance(given, list) and all(isinstance(each, dict) for each in given)
    )


def record_references(node: Any) -> Iterator[tuple[RecordKind, Any]]:
    """Yield kind and id of every record that a body refers to."""
    if isinstance(node, list):
        for each in node:
            yield from record_references(each)
    elif isinstance(node, dict):
        for name, value in node.items():
            if kind := REFERENCE_FIELDS.get(name):
                yield from ((kind, one) for one in (value if isinstance(value, list) else [value]))
            yield from record_references(value)


def releases_plan(operation: str, body: Any) -> bool:
    """Return whether a request would start a plan, or might be understood so.

    body: None if there is none. Missing options count, since their default is unknown.
    """
    if not operation_effects(operation).releases:
        return False
    if "requestBody" not in operations()[operation].raw:
        return True
    said = body.get("options") if isinstance(body, dict) else None
    return body is not None and said != "DRAFT"


def task_start(operation: str, body: Any) -> str | None:
    """Return the start of the task that a request creates, as written; empty if it has none.

    None if it creates no task, or one that has nobody to reach.
    """
    starts_at = operation_effects(operation).starts_at
    if not starts_at or not isinstance(body, dict):
        return None
    reaches = body.get("members") or body.get("fileIds")
    return str(body.get(starts_at, "")) if reaches else None


def earliest_start(text: str) -> datetime | None:
    """Return the earliest moment that a start can mean; None if it has no date."""
    found = DATE_PATTERN.match(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(each or 0) for each in found.groups())
    # A day that the month does not have is read as the 28th, which no lenient server would
    # undercut.
    for one in (day, 28):
        try:
            return datetime(year, month, one, min(hour, 23), min(minute, 59))  # noqa: DTZ001 - the contract has no zone
        except ValueError:
            continue
    return None
