"""What requests write to the records that the API keeps, and what answers tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.api_entry import OperationEffects, RecordKind, RowGrouping
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    read_operations,
    response_fields,
)
from contract_tests.contract.api_model import API_MODEL
from contract_tests.contract.multipart import form_parts

RecordKey = tuple[RecordKind, int]
"""A thing: its kind, and its id."""
NO_RECORD: RecordKey = ("plan", 0)
"""What no id names."""
Json = dict[str, Any]
PAGING_PARAMETERS = frozenset({"current", "size", "orderBy", "orderDirection", "orderNullHandling"})
"""Query parameters that filter nothing."""
VOLATILE_FIELDS = frozenset({"status", "lastUpdateTime", "statistics"})
"""Fields that change without anybody writing them; the status is judged apart."""
PART_COUNT_FIELDS = frozenset({"number of plans", "taskCount", "memberNumber"})
"""Fields that count the parts of a thing: of a group, of a plan."""
COUNT_FIELDS = PART_COUNT_FIELDS.union(*(entry.counts for entry in API_MODEL.values()))
CONTENT_FIELD = "content"
"""What stands for the bytes of a file among the fields of one."""


class ReturnedRecord(NamedTuple):
    """What an answer says of one thing, by the names that a reading of it has."""

    key: RecordKey
    fields: Json


def record_key(kind: RecordKind, value: object) -> RecordKey | None:
    """The thing of this id, as a path, a query or an answer has it; None for what is no id."""
    text = str(value)
    is_id = not isinstance(value, bool) and re.fullmatch(r"[1-9][0-9]{0,18}", text)
    return (kind, int(text)) if is_id else None


def record_in_path(name: str, path: Mapping[str, Any]) -> RecordKey | None:
    """What the path of a request names."""
    kind = operation_effects(name).named
    return record_key(kind, path.get(path_id_name(name))) if kind else None


def sent_fields(name: str, body: object) -> Json:
    """Those fields of a body that a reading of the thing repeats (NT-25, MN-20)."""
    entry = operation_effects(name)
    data = body.get("data", body) if isinstance(body, dict) else {}
    if not isinstance(data, dict) or not entry.written:
        return {}
    told = response_fields(read_operations()[entry.written]) | {CONTENT_FIELD}
    told -= VOLATILE_FIELDS.union(entry.reformats)
    return {field: value for field, value in data.items() if field in told}


def records_in_response(
    name: str, path: Mapping[str, Any], query: Mapping[str, Any], said: Any
) -> list[ReturnedRecord]:
    """What the JSON of a success tells of things; malformed parts tell nothing."""
    entry, document = operation_effects(name), as_object(said)
    named, counted = record_in_path(name, path), _counted_fields(entry, document)
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
    if named and (entry.lists or entry.concerns) and not query.keys() - PAGING_PARAMETERS:
        known = {field: count for field, count in counted.items() if count is not None}
        found += [ReturnedRecord(named, known)] if known else []
    return [each for each in found if each]


def form_file_digest(sent: PreparedRequest) -> str | None:
    """What file a form carries, as `digest` has it; None when that is not clear."""
    files = [each for head, each in form_parts(sent) if b'form-data; name="file"' in head]
    return digest(files[0]) if len(files) == 1 else None


def digest(content: bytes) -> str:
    """Bytes, told so that they can be compared and shown."""
    return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}"


def _grouped_records(
    entry: OperationEffects, grouped: RowGrouping, row: Json, *, is_whole: bool
) -> Iterator[ReturnedRecord | None]:
    """A row that holds listed records, and these; `is_whole` says that it holds all it has."""
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
    """The filters that leave out some of the records in a row."""
    whole = f"{grouped.kind}."
    return {
        name
        for name, filter_ in entry.filters.items()
        if not any(field.startswith(whole) for field in filter_[1:])
    }


def _counted_fields(entry: OperationEffects, document: Json) -> Json:
    """What an answer counts of the thing in its path."""
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
    """The rows of a list, by whatever name it has them."""
    rows = document.get("content", document.get("records"))
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
