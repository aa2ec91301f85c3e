"""Fields of a request body that responses repeat, in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contract_tests.contract.api_lookup import (
    operation_effects,
    reading_operation_by_kind,
    response_fields,
)

Json = dict[str, Any]
VOLATILE_FIELDS = frozenset({"status", "lastUpdateTime", "statistics"})
"""Fields that change without a write; the status is judged separately."""
CONTENT_FIELD = "content"
"""Name of the field that represents the bytes of a file."""
NAME_FIELDS = ("name", "taskName")
"""Fields with the name of a record."""
MEMBERS_FIELD = "members"
MEMBER_ID_FIELDS = ("memberId", "userId", "ciq")
FIELD_ALIASES = {"type": "contentType", "value": "contentValue"}
"""The other spelling of contents, which responses may have (N1)."""


def record_data(body: object) -> Json:
    """Return the part of a body that has the fields of the record."""
    data = body.get("data", body) if isinstance(body, dict) else {}
    return data if isinstance(data, dict) else {}


def record_name(fields: Mapping[str, Any]) -> Any:
    """Return the name of a record, by its fields; None if it has none."""
    return next((fields[name] for name in NAME_FIELDS if name in fields), None)


def sent_fields(name: str, body: object) -> Json:
    """Return the fields of a body that a read of the record repeats (NT-25, MN-20)."""
    entry = operation_effects(name)
    if not entry.written_kind:
        return {}
    told = response_fields(reading_operation_by_kind()[entry.written_kind]) | {CONTENT_FIELD}
    # A task's start is sent as one text and returned as date and time (M26).
    told -= VOLATILE_FIELDS.union(entry.reformats)
    data = record_data(body)
    # A server may name each of them once (N33).
    told -= {MEMBERS_FIELD} if has_repeated_members(data.get(MEMBERS_FIELD)) else set()
    return {field: value for field, value in data.items() if field in told}


def has_repeated_members(members: object) -> bool:
    """Return whether two members of a list have an id in common."""
    listed = members if isinstance(members, list) else []
    found = [each for each in listed if isinstance(each, dict)]
    for name in MEMBER_ID_FIELDS:
        ids = [repr(each[name]) for each in found if each.get(name) is not None]
        if len(ids) > len({*ids}):
            return True
    return False


def normalize_for_comparison(name: str, value: Any) -> Any:
    """Return the value of a field as it is compared.

    Contents have one spelling (N1), and a field that is null counts as left out (X4), at any depth.
    """
    if isinstance(value, list):
        return [normalize_for_comparison(name, each) for each in value]
    if not isinstance(value, dict):
        return value
    aliases = FIELD_ALIASES if name == "contents" else {}
    return {
        aliases.get(key, key): normalize_for_comparison(key, inner)
        for key, inner in value.items()
        if inner is not None
    }


def comparable_fields(fields: Mapping[str, Any], names: Iterable[str]) -> Json:
    """Return the fields with these names as they are compared; one that is missing is null."""
    return {name: normalize_for_comparison(name, fields.get(name)) for name in names}
