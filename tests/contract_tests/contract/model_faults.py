"""Faults of an API model, found by comparison with the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_lookup import ROW_FIELDS
from contract_tests.contract.operations import Operation
from contract_tests.rules.row_filters import FILTER_TESTS
from contract_tests.target.target import TOKEN_OPERATION
from contract_tests.workflows.record_changes import PAGING_PARAMETERS
from openapi import combined_schemas

ENTRY_VERBS = ("creates", "shows", "lists", "changes", "replaces", "acts_on", "deletes", "concerns")
CONTACT_PARAMETERS = {"body/members", "body/fileIds", "body/options"}
EntriesByOperation = Mapping[str, OperationEffects]
OperationsByName = Mapping[str, Operation]
SchemaNode = dict[str, Any]


def find_model_faults(model: EntriesByOperation, operations: OperationsByName) -> list[str]:
    """Return missing entries, and statements of entries that the contract contradicts."""
    missing = [f"{name} has no entry" for name in operations if name not in model]
    foreign = [f"{name} is no operation" for name in model if name not in operations]
    judge = _EntryChecker(model, operations)
    wrong = [
        f"{name}: {why}"
        for name, entry in model.items()
        if name in operations
        for why in judge.entry_faults(operations[name], entry)
    ]
    return [*missing, *foreign, *wrong]


class _EntryChecker:
    """Comparison of a model's entries with each other and with the contract."""

    def __init__(self, model: EntriesByOperation, operations: OperationsByName) -> None:
        self._model = model
        self._operations = operations

    def entry_faults(self, operation: Operation, entry: OperationEffects) -> Iterator[str]:
        """Yield the faults of one entry."""
        yield from self._verb_faults(operation, entry)
        yield from _safety_faults(operation, entry)
        yield from self._undo_faults(entry)
        yield from self._field_faults(operation, entry)
        yield from self._list_faults(operation, entry)

    def _verb_faults(self, operation: Operation, entry: OperationEffects) -> Iterator[str]:
        said = [verb for verb in ENTRY_VERBS if getattr(entry, verb)]
        if len(said) > 1:
            yield f"says {' and '.join(said)}"
        if (
            bool(entry.written_kind) != (operation.method != "get")
            and operation.name != TOKEN_OPERATION
        ):
            yield f"{operation.method} and {said or 'nothing'} do not fit"
        if bool(entry.deletes) != (operation.method == "delete"):
            yield f"{operation.method} and {said or 'nothing'} do not fit"
        if bool(entry.kind_in_path) != bool(operation.example["path"]):
            yield f"names {entry.kind_in_path or 'nothing'} by {operation.path}"
        if entry.kind and entry.kind != "member" and not self._operation_that("shows", entry.kind):
            yield f"no operation shows a {entry.kind}"
        if (
            entry.kind_in_path
            and entry.kind_in_path != "member"
            and not self._operation_that("creates", entry.kind_in_path)
        ):
            yield f"no operation creates a {entry.kind_in_path}"
        if entry.creates and "id" not in _response_fields(operation):
            yield "answers no id of what it creates"
        for part in entry.ends:
            if (
                self._model[self._operation_that("creates", part) or operation.name].within
                != entry.written_kind
            ):
                yield f"ends a {part}, which is no part of a {entry.written_kind}"

    def _undo_faults(self, entry: OperationEffects) -> Iterator[str]:
        undone = [self._model.get(name) for name in entry.undone_by]
        for name, undo in zip(entry.undone_by, undone, strict=True):
            if undo is None or not undo.written_kind or undo.kind_in_path != entry.creates:
                yield f"{name} is no operation that takes back a {entry.creates}"
        if not entry.creates:
            if entry.undone_by or entry.stays:
                yield "creates nothing that could be taken back, or stay"
        elif not entry.within:  # what is within something goes with it
            is_deleted = bool(undone and undone[-1] and undone[-1].deletes)
            if bool(entry.stays) == is_deleted:
                yield f"stays is {entry.stays!r}, deleted {is_deleted}"

    def _field_faults(self, operation: Operation, entry: OperationEffects) -> Iterator[str]:
        if entry.kind is None:
            return
        known = self._fields_of_kind(entry.kind)
        of_named = self._fields_of_kind(entry.kind_in_path or entry.kind)
        yield from (f"no {entry.kind} has {each}" for each in entry.sets.keys() - known.keys())
        yield from (f"no {entry.kind} has {each}" for each in {*entry.reformats} - known.keys())
        yield from (
            f"no {entry.kind_in_path} has {each}" for each in entry.counts.keys() - of_named.keys()
        )
        for place in entry.counts.values():
            fields = _response_fields(operation)
            for name in place.split("/"):
                if name not in fields:
                    yield f"its answer has no {place}"
                    break
                fields = _properties(operation, fields[name])
        statuses = entry.status.union(*entry.status_by_options.values())
        yield from _unknown_values("status", statuses, _enum_values(known.get("status", {})))
        for part, ended in entry.ends.items():
            yield from _unknown_values(
                "status", ended, _enum_values(self._fields_of_kind(part).get("status", {}))
            )
        options = _body_fields(operation).get("options", {})
        yield from _unknown_values("options", entry.status_by_options, _enum_values(options))

    def _list_faults(self, operation: Operation, entry: OperationEffects) -> Iterator[str]:
        if not entry.lists and (entry.filters or entry.grouped):
            yield "is no list"
        # Rows that are no records of their own, such as executions, can be paged as well.
        has_rows = any(field in _response_fields(operation) for field in ROW_FIELDS)
        if (entry.lists or entry.always_paged) and not has_rows:
            yield "answers no rows"
        if not entry.lists or not has_rows:
            return
        declared = {
            each["name"] for each in operation.declared_parameters if each["in"] == "query"
        } - PAGING_PARAMETERS
        yield from (f"says nothing of the filter {one}" for one in declared - entry.filters.keys())
        yield from (f"has no filter {one}" for one in entry.filters.keys() - declared)
        for meaning, *places in filter(None, entry.filters.values()):
            if meaning not in FILTER_TESTS:
                yield f"{meaning} is no meaning of a filter"
            for place in places:
                kind, _, field = place.partition(".")
                if kind not in get_args(RecordKind) or field not in self._fields_of_kind(kind):
                    yield f"{place} is no field"
        if entry.grouped:
            rows = _row_fields(operation)
            named = {*entry.grouped.fields.values(), entry.grouped.inner}
            yield from (f"its rows have no {one}" for one in named - rows.keys())

    def _operation_that(self, verb: str, kind: str) -> str:
        return next(
            (name for name, entry in self._model.items() if getattr(entry, verb) == kind), ""
        )

    def _fields_of_kind(self, kind: str) -> SchemaNode:
        """Return the fields of a kind of record in all responses and bodies."""
        found: SchemaNode = {}
        for verb in ("lists", "creates", "shows"):
            name = self._operation_that(verb, kind)
            if name not in self._operations:
                continue
            grouped = self._model[name].grouped
            rows = (
                _row_fields(self._operations[name])
                if verb == "lists"
                else _response_fields(self._operations[name])
            )
            of_kind = _properties(self._operations[name], rows[grouped.inner]) if grouped else rows
            found = _body_fields(self._operations[name]) | found | of_kind
        return found


def _safety_faults(operation: Operation, entry: OperationEffects) -> Iterator[str]:
    """Yield operations that may reach people without stating it, which is unsafe."""
    reaches = bool(CONTACT_PARAMETERS & operation.parameter_names) or operation.name.startswith(
        "enable"
    )
    if entry.reaches_people != (reaches or entry.releases):
        yield f"reaches_people is {entry.reaches_people}"
    if entry.creates and entry.reaches_people and not (entry.starts_at or entry.releases):
        yield "does not say when people hear of it"
    if entry.starts_at and f"body/{entry.starts_at}" not in operation.parameter_names:
        yield f"has no {entry.starts_at} in its body"
    if entry.releases and "requestBody" in operation.raw:
        if "body/options" not in operation.parameter_names:
            yield "has no options in its body"
    elif entry.status_by_options:
        yield "has no options in its body"


def _row_fields(operation: Operation) -> SchemaNode:
    answer = _response_fields(operation)
    found = [_properties(operation, answer[field]) for field in ROW_FIELDS if field in answer]
    return found[0] if found else {}


def _response_fields(operation: Operation) -> SchemaNode:
    content = operation.raw["responses"]["200"].get("content", {})
    return _properties(operation, content.get("application/json", {}).get("schema", {}))


def _body_fields(operation: Operation) -> SchemaNode:
    """The fields of its body, and of `data` in it."""
    contents = operation.raw.get("requestBody", {}).get("content", {}).values()
    found: SchemaNode = {}
    for content in contents:
        found |= _properties(operation, content["schema"])
    return found | (_properties(operation, found["data"]) if "data" in found else {})


def _properties(operation: Operation, schema: SchemaNode) -> SchemaNode:
    """The fields of an object, or of the objects in a list, with their schemas."""
    node = operation.resolve_reference(schema)
    found: SchemaNode = {}
    for part in combined_schemas(node):
        found |= _properties(operation, part)
    if "items" in node:
        found |= _properties(operation, node["items"])
    return found | {
        n: operation.resolve_reference(each) for n, each in node.get("properties", {}).items()
    }


def _enum_values(schema: SchemaNode) -> set[str] | None:
    return {*schema["enum"]} if "enum" in schema else None


def _unknown_values(
    field: str, said: frozenset[str] | Mapping[str, Any], enum: set[str] | None
) -> Iterator[str]:
    if said and enum is not None:
        yield from (f"{field} is never {one}" for one in {*said} - enum)
