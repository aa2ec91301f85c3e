"""Contents and members of notifications, and the rules between them (NT-04 to NT-07)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mock_server.domain.member_directory import IDENTITY_FIELDS, is_blank
from mock_server.domain.member_list_rules import (
    DEFAULT_READINGS,
    MemberListReadings,
    MemberListRules,
)
from mock_server.errors import ErrorDetail, display_text
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD

VARIABLE_PATTERN = re.compile(r"\{\{([^{}]*)\}\}")
FILE_RULES = MemberListRules(file="NT-10", member="NT-05", repeated="NT-30", variable="NT-07")
# As many as member_files reports for a file: more would not help whoever corrects the list.
MAX_VIOLATIONS = 20
FIELDS_PER_CONTENT = 100
"""Number of member fields that are checked in the time that one text of the contents takes."""
JsonObject = Mapping[str, Any]
_SeenKeys = tuple[str, bool, dict[object, int]]
"""An identity field, whether it identifies a member, and the first row with each of its values."""


@dataclass(frozen=True, slots=True)
class LocalFileReference:
    """A file of the mock in place of a URL in the contents, independent of the mock's address."""

    id: int


def resolve_file_urls(
    contents: Sequence[JsonObject], address: str, field: str = "contentValue"
) -> Sequence[JsonObject]:
    """Return contents with URLs in `field` that start with `address`."""
    for content in contents:
        if isinstance(content.get(field), LocalFileReference):
            break
    else:  # nearly always, and an `any()` with a generator takes three times as long
        return contents
    return [
        {**content, field: f"{address}/api/v1/file/{value.id}"}
        if isinstance(value := content.get(field), LocalFileReference)
        else content
        for content in contents
    ]


def rename_content_fields(
    contents: Sequence[JsonObject], content_names: str
) -> Sequence[JsonObject]:
    """Return contents with the field names of the reading content-names (N1)."""
    if content_names != "type":
        return contents
    renamed = {"contentType": "type", "contentValue": "value"}
    # First those that are renamed: a field beyond the contract may have the new name already.
    return [
        {renamed.get(name, name): content[name] for name in (*content, *renamed)}
        for content in contents
    ]


def member_source_violations(body: Mapping[str, Any]) -> list[ErrorDetail]:
    """Return violations unless exactly one of `members` and `fileIds` has entries.

    An empty list counts as not given (N4). Rules NT-04 and NT-23.
    """
    if bool(body.get("members")) != bool(body.get("fileIds")):
        return []
    given = [name for name in ("members", "fileIds") if name in body]
    empty = [name for name in given if not body[name]]
    if empty:
        return [ErrorDetail(f"/body/{name}", "NT-23", "minItems 1", "[]") for name in empty]
    return [ErrorDetail("/body", "NT-04", "members | fileIds", " + ".join(given))]


def template_variables(contents: Iterable[JsonObject]) -> list[str]:
    """Return the variables of all texts without duplicates, in order of appearance."""
    found: dict[str, None] = {}
    for content in contents:
        if content["contentType"] == "TEXT":
            # Stripped here and not by `\s*` in the pattern, which takes quadratic time for a text
            # of blanks.
            for name in VARIABLE_PATTERN.findall(content["contentValue"]):
                found[name.strip()] = None
    return list(found)


def member_violations(
    members: Sequence[JsonObject],
    wanted: Sequence[str],
    readings: MemberListReadings = DEFAULT_READINGS,
) -> list[ErrorDetail]:
    """Return the first MAX_VIOLATIONS violations of members: NT-05, NT-06, NT-07, NT-30."""
    return list(islice(_member_violations(members, wanted, readings), MAX_VIOLATIONS))


def is_slow_to_check(body: JsonObject) -> bool:
    """Return whether the members and texts of a request take long to check."""
    fields = sum(map(len, body.get("members", ())))
    return fields + len(body["contents"]) * FIELDS_PER_CONTENT > MIN_ROWS_FOR_THREAD


def _member_violations(
    members: Sequence[JsonObject], wanted: Sequence[str], readings: MemberListReadings
) -> Iterator[ErrorDetail]:
    seen: list[_SeenKeys] = [(name, name in readings.identifying, {}) for name in IDENTITY_FIELDS]
    # Pointers are written for violations only: a request may have 100,000 members without one.
    for index, row in enumerate(members):
        is_identified, repeated = _note_keys(index, row, seen)
        if not is_identified:
            accepted = " | ".join(readings.identifying)
            yield ErrorDetail(f"/body/members/{index}", "NT-05", accepted)
        for name, value in row.items():
            if not isinstance(value, str) and name not in IDENTITY_FIELDS:
                pointer = f"/body/members/{index}/{name}"
                yield ErrorDetail(pointer, "NT-06", "type string", display_text(value))
        for name in wanted:
            if is_blank(row.get(name)):
                pointer = f"/body/members/{index}/{name}"
                yield ErrorDetail(pointer, "NT-07", f"required {name}")
        if repeated and readings.repeated == "refused":
            for name, first in repeated:
                same = f"/body/members/{first}/{name}: {display_text(row[name])}"
                pointer = f"/body/members/{index}/{name}"
                yield ErrorDetail(pointer, "NT-30", f"unique {name}", same)


def _note_keys(
    index: int, row: JsonObject, seen: Sequence[_SeenKeys]
) -> tuple[bool, Sequence[tuple[str, int]]]:
    """Return whether a row is identified, and its fields whose value an earlier row has.

    Such a field comes with the index of the first row that has the value.
    """
    is_identified, repeated = False, []
    for name, identifies, first_rows in seen:
        key = row.get(name)
        if isinstance(key, str):
            key = key.strip()
        if key:
            is_identified = is_identified or identifies
            if (first := first_rows.setdefault(key, index)) != index:
                repeated.append((name, first))
    return is_identified, repeated
