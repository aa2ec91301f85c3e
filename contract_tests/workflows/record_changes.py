"""Changes of records by requests, and records in responses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.api_entry import OperationEffects, RecordKind, RowGrouping
from contract_tests.contract.api_lookup import operation_effects, path_id_name
from contract_tests.contract.api_model import API_MODEL
from contract_tests.contract.multipart import parse_form_parts

RecordKey = tuple[RecordKind, int]
"""Kind and id of a record."""
NO_RECORD: RecordKey = ("plan", 0)
"""Key that no record has."""
Json = dict[str, Any]
PAGING_PARAMETERS = frozenset({"current", "size", "orderBy", "orderDirection", "orderNullHandling"})
"""Query parameters that do not filter."""
PART_COUNT_FIELDS = frozenset({"number of plans", "taskCount", "memberNumber"})
"""Fields that count the parts of a group or a plan."""
COUNT_FIELDS = PART_COUNT_FIELDS.union(*(entry.counts for entry in API_MODEL.values()))


class ReturnedRecord(NamedTuple):
    """A record in a response, with the field names of a read."""

    key: RecordKey
    fields: Json


def record_key(kind: RecordKind, value: object) -> RecordKey | None:
    """Return the key of the record with this id; None for an invalid id."""
    text = str(value)
    # bool is a subclass of int, and True would be the id 1.
    is_id = not isinstance(value, bool) and re.fullmatch(r"[1-9][0-9]{0,18}", text)
    return (kind, int(text)) if is_id else None


def record_in_path(name: str, path: Mapping[str, Any]) -> RecordKey | None:
    """Return the key of the record that a path names; None if it names none."""
    kind = operation_effects(name).kind_in_path
    return record_key(kind, path.get(path_id_name(name))) if kind else None


def records_in_response(
    name: str, path: Mapping[str, Any], query: Mapping[str, Any], answered: Any
) -> list[ReturnedRecord]:
    """Return the records in the JSON of a successful response; malformed parts are skipped."""
    entry, document = operation_effects(name), as_object(answered)
    named, counted = record_in_path(name, path), _counts_in_response(entry, document)
    found: list[ReturnedRecord | None] = []
    if entry.grouped:
        is_whole = not query.keys() & _narrowing_filters(entry, entry.grouped)
        for row in list_rows(document):
            found += _grouped_records(entry, entry.grouped, row, is_whole=is_whole)
    elif entry.lists:
        found += [_returned_record(entry.lists, row.get("id"), row) for row in list_rows(document)]
    elif entry.creates:
        found.append(_returned_record(entry.creates, document.get("id"), document))
    elif named and document and (entry.shows or entry.changes or entry.replaces):
        found.append(ReturnedRecord(named, {**document, **counted}))
    # A filter leaves out some of what the count includes.
    if named and (entry.lists or entry.concerns) and not query.keys() - PAGING_PARAMETERS:
        known = {field: count for field, count in counted.items() if count is not None}
        found += [ReturnedRecord(named, known)] if known else []
    return [each for each in found if each]


def form_file_digest(sent: PreparedRequest) -> str | None:
    """Return the digest of the file in a form; None if there is not exactly one."""
    files = [each for head, each in parse_form_parts(sent) if b'form-data; name="file"' in head]
    return content_digest(files[0]) if len(files) == 1 else None


def content_digest(content: bytes) -> str:
    """Return length and hash of bytes as text, for comparison and display."""
    return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}"


def _grouped_records(
    entry: OperationEffects, grouped: RowGrouping, row: Json, *, is_whole: bool
) -> Iterator[ReturnedRecord | None]:
    """Yield a row that contains listed records, and these; `is_whole` if none is filtered out."""
    number, inner = row.get(grouped.fields["id"]), row.get(grouped.inner)
    listed = [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
    count = {f"number of {entry.lists}s": len(listed)} if is_whole else {}
    fields = {name: row.get(field) for name, field in grouped.fields.items()}
    yield _returned_record(grouped.kind, number, {**fields, **count})
    for one in listed:
        if entry.lists:
            yield _returned_record(
                entry.lists, one.get("id"), {**one, grouped.fields["id"]: number}
            )


def _narrowing_filters(entry: OperationEffects, grouped: RowGrouping) -> set[str]:
    """Return the filters that leave out some of the records in a row."""
    whole = f"{grouped.kind}."
    return {
        name
        for name, filter_ in entry.filters.items()
        if not any(field.startswith(whole) for field in filter_[1:])
    }


def _counts_in_response(entry: OperationEffects, document: Json) -> Json:
    """Return the counts of the record in the path that a response contains."""
    found: Json = {}
    for field, place in entry.counts.items():
        *outer, last = place.split("/")
        inside = document
        for name in outer:
            inside = as_object(inside.get(name))
        if last in inside:
            found[field] = inside[last]
    return found


def _returned_record(kind: RecordKind, number: object, fields: Json) -> ReturnedRecord | None:
    key = record_key(kind, number)
    return ReturnedRecord(key, fields) if key else None


def list_rows(document: Json) -> list[Json]:
    """Return the rows of a list, under either field name."""
    rows = document.get("content", document.get("records"))
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def as_object(value: Any) -> Json:
    """Return the value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
