"""What is wrong with a model of the API, held against the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from contract_tests.contract.api_entry import Entry, Kind
from contract_tests.contract.api_lookup import ROWS
from contract_tests.contract.operations import Operation
from contract_tests.target.target import TOKEN_OPERATION
from contract_tests.workflows.filters import MEANINGS
from contract_tests.workflows.record_changes import PAGING

VERBS = ("creates", "shows", "lists", "changes", "replaces", "acts_on", "deletes", "concerns")
REACHING = {"body/members", "body/fileIds", "body/options"}
Model = Mapping[str, Entry]
Operations = Mapping[str, Operation]
Schema = dict[str, Any]


def faults(model: Model, operations: Operations) -> list[str]:
    """Return what is missing, and what an entry says that the contract denies, in sentences."""
    missing = [f"{name} has no entry" for name in operations if name not in model]
    foreign = [f"{name} is no operation" for name in model if name not in operations]
    judge = _Judge(model, operations)
    wrong = [
        f"{name}: {why}"
        for name, entry in model.items()
        if name in operations
        for why in judge.wrong(operations[name], entry)
    ]
    return [*missing, *foreign, *wrong]


class _Judge:
    """Compares entries of a model with each other and with the operations of a contract."""

    def __init__(self, model: Model, operations: Operations) -> None:
        self._model = model
        self._operations = operations

    def wrong(self, operation: Operation, entry: Entry) -> Iterator[str]:
        """Everything that is wrong with one entry."""
        yield from self._verbs(operation, entry)
        yield from _safety(operation, entry)
        yield from self._undo(entry)
        yield from self._fields(operation, entry)
        yield from self._lists(operation, entry)

    def _verbs(self, operation: Operation, entry: Entry) -> Iterator[str]:
        said = [verb for verb in VERBS if getattr(entry, verb)]
        if len(said) > 1:
            yield f"says {' and '.join(said)}"
        if bool(entry.written) != (operation.method != "get") and operation.name != TOKEN_OPERATION:
            yield f"{operation.method} and {said or 'nothing'} do not fit"
        if bool(entry.deletes) != (operation.method == "delete"):
            yield f"{operation.method} and {said or 'nothing'} do not fit"
        if bool(entry.named) != bool(operation.example["path"]):
            yield f"names {entry.named or 'nothing'} by {operation.path}"
        if entry.kind and entry.kind != "member" and not self._one("shows", entry.kind):
            yield f"no operation shows a {entry.kind}"
        if entry.named and entry.named != "member" and not self._one("creates", entry.named):
            yield f"no operation creates a {entry.named}"
        if entry.creates and "id" not in _answer(operation):
            yield "answers no id of what it creates"
        for part in entry.ends:
            if self._model[self._one("creates", part) or operation.name].within != entry.written:
                yield f"ends a {part}, which is no part of a {entry.written}"

    def _undo(self, entry: Entry) -> Iterator[str]:
        undone = [self._model.get(name) for name in entry.undone_by]
        for name, undo in zip(entry.undone_by, undone, strict=True):
            if undo is None or not undo.written or undo.named != entry.creates:
                yield f"{name} is no operation that takes back a {entry.creates}"
        if not entry.creates:
            if entry.undone_by or entry.stays:
                yield "creates nothing that could be taken back, or stay"
        elif not entry.within:  # what is within something goes with it
            is_deleted = bool(undone and undone[-1] and undone[-1].deletes)
            if bool(entry.stays) == is_deleted:
                yield f"stays is {entry.stays!r}, deleted {is_deleted}"

    def _fields(self, operation: Operation, entry: Entry) -> Iterator[str]:
        if entry.kind is None:
            return
        known = self._known(entry.kind)
        of_named = self._known(entry.named or entry.kind)
        yield from (f"no {entry.kind} has {each}" for each in entry.sets.keys() - known.keys())
        yield from (f"no {entry.kind} has {each}" for each in {*entry.reformats} - known.keys())
        yield from (
            f"no {entry.named} has {each}" for each in entry.counts.keys() - of_named.keys()
        )
        for place in entry.counts.values():
            fields = _answer(operation)
            for name in place.split("/"):
                if name not in fields:
                    yield f"its answer has no {place}"
                    break
                fields = _properties(operation, fields[name])
        statuses = entry.status.union(*entry.status_by_options.values())
        yield from _values("status", statuses, _enum(known.get("status", {})))
        for part, ended in entry.ends.items():
            yield from _values("status", ended, _enum(self._known(part).get("status", {})))
        options = _bodies(operation).get("options", {})
        yield from _values("options", entry.status_by_options, _enum(options))

    def _lists(self, operation: Operation, entry: Entry) -> Iterator[str]:
        if not entry.lists:
            if entry.filters or entry.grouped or entry.always_paged:
                yield "is no list"
            return
        if not any(field in _answer(operation) for field in ROWS):
            yield "answers no rows"
            return
        declared = {each["name"] for each in operation.declared if each["in"] == "query"} - PAGING
        yield from (f"says nothing of the filter {one}" for one in declared - entry.filters.keys())
        yield from (f"has no filter {one}" for one in entry.filters.keys() - declared)
        for meaning, *places in filter(None, entry.filters.values()):
            if meaning not in MEANINGS:
                yield f"{meaning} is no meaning of a filter"
            for place in places:
                kind, _, field = place.partition(".")
                if kind not in get_args(Kind) or field not in self._known(kind):
                    yield f"{place} is no field"
        if entry.grouped:
            rows = _rows(operation)
            named = {*entry.grouped.fields.values(), entry.grouped.inner}
            yield from (f"its rows have no {one}" for one in named - rows.keys())

    def _one(self, verb: str, kind: str) -> str:
        return next(
            (name for name, entry in self._model.items() if getattr(entry, verb) == kind), ""
        )

    def _known(self, kind: str) -> Schema:
        """The fields of a kind of record: of all answers and bodies that have one."""
        found: Schema = {}
        for verb in ("lists", "creates", "shows"):
            name = self._one(verb, kind)
            if name not in self._operations:
                continue
            grouped = self._model[name].grouped
            rows = (
                _rows(self._operations[name])
                if verb == "lists"
                else _answer(self._operations[name])
            )
            of_kind = _properties(self._operations[name], rows[grouped.inner]) if grouped else rows
            found = _bodies(self._operations[name]) | found | of_kind
        return found


def _safety(operation: Operation, entry: Entry) -> Iterator[str]:
    """Whatever may reach people says so, and by what; else the policy would let it pass."""
    reaches = bool(REACHING & operation.parameters) or operation.name.startswith("enable")
    if entry.reaches_people != (reaches or entry.releases):
        yield f"reaches_people is {entry.reaches_people}"
    if entry.creates and entry.reaches_people and not (entry.starts_at or entry.releases):
        yield "does not say when people hear of it"
    if entry.starts_at and f"body/{entry.starts_at}" not in operation.parameters:
        yield f"has no {entry.starts_at} in its body"
    if entry.releases and "requestBody" in operation.raw:
        if "body/options" not in operation.parameters:
            yield "has no options in its body"
    elif entry.status_by_options:
        yield "has no options in its body"


def _rows(operation: Operation) -> Schema:
    answer = _answer(operation)
    found = [_properties(operation, answer[field]) for field in ROWS if field in answer]
    return found[0] if found else {}


def _answer(operation: Operation) -> Schema:
    content = operation.raw["responses"]["200"].get("content", {})
    return _properties(operation, content.get("application/json", {}).get("schema", {}))


def _bodies(operation: Operation) -> Schema:
    """The fields of its body, and of `data` in it."""
    contents = operation.raw.get("requestBody", {}).get("content", {}).values()
    found: Schema = {}
    for content in contents:
        found |= _properties(operation, content["schema"])
    return found | (_properties(operation, found["data"]) if "data" in found else {})


def _properties(operation: Operation, schema: Schema) -> Schema:
    """The fields of an object, or of the objects in a list, with their schemas."""
    node = operation.resolved(schema)
    found: Schema = {}
    for part in (each for word in ("allOf", "oneOf", "anyOf") for each in node.get(word, ())):
        found |= _properties(operation, part)
    if "items" in node:
        found |= _properties(operation, node["items"])
    return found | {n: operation.resolved(each) for n, each in node.get("properties", {}).items()}


def _enum(schema: Schema) -> set[str] | None:
    return {*schema["enum"]} if "enum" in schema else None


def _values(
    field: str, said: frozenset[str] | Mapping[str, Any], enum: set[str] | None
) -> Iterator[str]:
    if said and enum is not None:
        yield from (f"{field} is never {one}" for one in {*said} - enum)
