"""What requests write to the records that the API keeps, and what answers tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.api_entry import Entry, Grouping, Kind
from contract_tests.contract.api_lookup import answered, entry_of, id_name, readings
from contract_tests.contract.api_model import MODEL
from contract_tests.contract.multipart import parts_of

Key = tuple[Kind, int]
"""A thing: its kind, and its id."""
NOTHING: Key = ("plan", 0)
"""What no id names."""
Json = dict[str, Any]
PAGING = frozenset({"current", "size", "orderBy", "orderDirection", "orderNullHandling"})
"""Query parameters that filter nothing."""
MOVING = frozenset({"status", "lastUpdateTime", "statistics"})
"""Fields that change without anybody writing them; the status is judged apart."""
PARTS = frozenset({"number of plans", "taskCount", "memberNumber"})
"""Fields that count the parts of a thing: of a group, of a plan."""
COUNTS = PARTS.union(*(entry.counts for entry in MODEL.values()))
CONTENT = "content"
"""What stands for the bytes of a file among the fields of one."""


class Told(NamedTuple):
    """What an answer says of one thing, by the names that a reading of it has."""

    key: Key
    fields: Json


def key_of(kind: Kind, value: object) -> Key | None:
    """The thing of this id, as a path, a query or an answer has it; None for what is no id."""
    text = str(value)
    is_id = not isinstance(value, bool) and re.fullmatch(r"[1-9][0-9]{0,18}", text)
    return (kind, int(text)) if is_id else None


def named_by(name: str, path: Mapping[str, Any]) -> Key | None:
    """What the path of a request names."""
    kind = entry_of(name).named
    return key_of(kind, path.get(id_name(name))) if kind else None


def sent_fields(name: str, body: object) -> Json:
    """Those fields of a body that a reading of the thing repeats (NT-25, MN-20)."""
    entry = entry_of(name)
    data = body.get("data", body) if isinstance(body, dict) else {}
    if not isinstance(data, dict) or not entry.written:
        return {}
    told = answered(readings()[entry.written]) | {CONTENT}
    told -= MOVING.union(entry.reformats)
    return {field: value for field, value in data.items() if field in told}


def told_by(name: str, path: Mapping[str, Any], query: Mapping[str, Any], said: Any) -> list[Told]:
    """What the JSON of a success tells of things; malformed parts tell nothing."""
    entry, document = entry_of(name), as_object(said)
    named, counted = named_by(name, path), _counted(entry, document)
    found: list[Told | None] = []
    if entry.grouped:
        is_whole = not query.keys() & _narrowing(entry, entry.grouped)
        for row in rows_of(document):
            found += _grouped(entry, entry.grouped, row, is_whole=is_whole)
    elif entry.lists:
        found += [_told(entry.lists, row.get("id"), row) for row in rows_of(document)]
    elif entry.creates:
        found.append(_told(entry.creates, document.get("id"), document))
    elif named and document and (entry.shows or entry.changes or entry.replaces):
        found.append(Told(named, {**document, **counted}))
    if named and (entry.lists or entry.concerns) and not query.keys() - PAGING:
        known = {field: count for field, count in counted.items() if count is not None}
        found += [Told(named, known)] if known else []
    return [each for each in found if each]


def content_of(sent: PreparedRequest) -> str | None:
    """What file a form carries, as `digest` has it; None when that is not clear."""
    files = [each for head, each in parts_of(sent) if b'form-data; name="file"' in head]
    return digest(files[0]) if len(files) == 1 else None


def digest(content: bytes) -> str:
    """Bytes, told so that they can be compared and shown."""
    return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}"


def _grouped(
    entry: Entry, grouped: Grouping, row: Json, *, is_whole: bool
) -> Iterator[Told | None]:
    """A row that holds listed records, and these; `is_whole` says that it holds all it has."""
    number, inner = row.get(grouped.fields["id"]), row.get(grouped.inner)
    listed = [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
    count = {f"number of {entry.lists}s": len(listed)} if is_whole else {}
    fields = {name: row.get(field) for name, field in grouped.fields.items()}
    yield _told(grouped.kind, number, {**fields, **count})
    for one in listed:
        if entry.lists:
            yield _told(entry.lists, one.get("id"), {**one, grouped.fields["id"]: number})


def _narrowing(entry: Entry, grouped: Grouping) -> set[str]:
    """The filters that leave out some of the records in a row."""
    whole = f"{grouped.kind}."
    return {
        name
        for name, filter_ in entry.filters.items()
        if not any(field.startswith(whole) for field in filter_[1:])
    }


def _counted(entry: Entry, document: Json) -> Json:
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


def _told(kind: Kind, number: object, fields: Json) -> Told | None:
    key = key_of(kind, number)
    return Told(key, fields) if key else None


def rows_of(document: Json) -> list[Json]:
    """The rows of a list, by whatever name it has them."""
    rows = document.get("content", document.get("records"))
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}
