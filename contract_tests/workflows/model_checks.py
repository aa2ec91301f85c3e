"""Comparison of responses with the model of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.sent_fields import normalize_for_comparison
from contract_tests.results.response_findings import ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.row_filters import FilterMatch
from contract_tests.workflows.list_filters import is_complete_list, passes_filters, total_rows
from contract_tests.workflows.model import CreatedRecord, ExpectedRecord, ServerModel
from contract_tests.workflows.open_expectations import (
    is_row_open,
    may_be_same_record,
    without_open_fields,
)
from contract_tests.workflows.record_changes import (
    COUNT_FIELDS,
    NO_RECORD,
    ReturnedRecord,
    record_key,
)
from contract_tests.workflows.recorded_call import RecordedCall

MAX_VALUE_LENGTH = 300
"""Maximum displayed length of a value."""


class ModelMismatch(NamedTuple):
    """A finding in a response, and the requests on which the expectation is based."""

    finding: ResponseFinding
    before: tuple[PreparedRequest, ...] = ()


def find_mismatches(model: ServerModel, seen: RecordedCall) -> list[ModelMismatch] | None:
    """Return how a response differs from the model; None if it is about no record in it."""
    named = model.things.get(seen.record_in_path) if seen.record_in_path else None
    if named and (found := _status_mismatch(seen, named)):
        # With a wrong status, the body says nothing about the record.
        return [found]
    returned = [(each, model.expected_record(seen, each)) for each in seen.returned_records()]
    speaks = [(each, expected) for each, expected in returned if expected]
    is_list = bool(seen.entry.lists) and seen.is_success and seen.is_valid
    if not (named or speaks or (is_list and model.things)):
        return None
    wrong = [
        one for each, expected in speaks for one in _record_mismatches(model, seen, each, expected)
    ]
    return [*wrong, *_list_mismatches(model, seen)] if is_list else wrong


def _status_mismatch(seen: RecordedCall, named: CreatedRecord) -> ModelMismatch | None:
    if named.is_gone and seen.is_success:
        return _new_mismatch(ViolationKind.STILL_THERE, named, str(seen.status))
    if not named.is_gone and seen.status == 404 and seen.is_valid:
        return _new_mismatch(ViolationKind.NOT_FOUND, named, "404")
    return None


def _record_mismatches(
    model: ServerModel, seen: RecordedCall, returned: ReturnedRecord, expected: ExpectedRecord
) -> Iterator[ModelMismatch]:
    thing = model.things.get(returned.key)
    is_made = bool(seen.entry.creates) and seen.written_record == returned.key
    if thing and is_made and not thing.is_gone and not may_be_same_record(model, seen, thing):
        yield ModelMismatch(
            ResponseFinding(ViolationKind.ID_TWICE, actual=str(thing), after=thing.writer), thing.by
        )
    elif thing and thing.is_gone and not is_made:
        yield _new_mismatch(ViolationKind.STILL_LISTED, thing)
    else:
        is_own = seen.written_record == returned.key or thing is None
        writer = seen.name if is_own or thing is None else thing.writer
        by = thing.by if thing else ()
        fields = without_open_fields(model.strictness, returned, expected.fields)
        yield from _field_mismatches(returned, expected._replace(fields=fields), writer, by)


def _field_mismatches(
    returned: ReturnedRecord, expected: ExpectedRecord, writer: str, by: tuple[PreparedRequest, ...]
) -> Iterator[ModelMismatch]:
    wrong = [
        name
        for name, value in expected.fields.items()
        if (name in returned.fields or name in expected.needed)
        and normalize_for_comparison(name, returned.fields.get(name))
        != normalize_for_comparison(name, value)
    ]
    status = returned.fields.get("status")
    wanted = {name: expected.fields[name] for name in wrong}
    got = {name: returned.fields[name] for name in wrong if name in returned.fields}
    if expected.status and status is not None and status not in expected.status:
        wanted["status"], got["status"] = " or ".join(sorted(expected.status)), status
    if wanted:
        kind = (
            ViolationKind.MISCOUNTED if COUNT_FIELDS.issuperset(wanted) else ViolationKind.DIFFERS
        )
        what, number = returned.key
        fields = f"{what} {number} with {_format_fields(wanted)}"
        yield ModelMismatch(ResponseFinding(kind, fields, _format_fields(got), after=writer), by)


def _list_mismatches(model: ServerModel, seen: RecordedCall) -> Iterator[ModelMismatch]:
    """Yield records that are missing from a list or must not be in it, and a wrong total."""
    returned = seen.returned_records()
    listed = {each.key for each in returned}
    every = is_complete_list(seen.name, seen.query, seen.response_json, documented=model.documented)
    grouped, listed_kind = seen.entry.grouped, seen.entry.lists
    rows = grouped.kind if grouped else listed_kind
    kinds: set[RecordKind] = {kind for kind in (rows, listed_kind) if kind}
    passing = 0
    for thing in model.existing_records(*kinds):
        fit = _passes_list_filters(model, seen, thing)
        # Rows of the list only: a list of groups contains plans too, which its total does not
        # count.
        passing += fit is True and thing.key[0] == rows
        if fit is True and every and thing.key not in listed:
            yield _new_mismatch(ViolationKind.NOT_LISTED, thing)
        elif fit is False and thing.key in listed:
            yield _new_mismatch(ViolationKind.NOT_FILTERED, thing)
    total = total_rows(seen.response_json)
    # Others may have records in this list, so the total may be greater.
    if total is not None and total < passing:
        yield ModelMismatch(
            ResponseFinding(ViolationKind.TOTAL_TOO_SMALL, str(passing), str(total))
        )


def _new_mismatch(kind: ViolationKind, thing: CreatedRecord, actual: str = "") -> ModelMismatch:
    return ModelMismatch(ResponseFinding(kind, str(thing), actual, after=thing.writer), thing.by)


def _passes_list_filters(
    model: ServerModel, seen: RecordedCall, thing: CreatedRecord
) -> FilterMatch:
    if seen.entry.within and thing.within != seen.record_in_path:
        return False
    if is_row_open(model, seen, thing):
        return None
    number = thing.key[1]
    asked = str(seen.query.get("planId"))
    plan = model.things.get(record_key("plan", asked) or NO_RECORD)
    # Membership is known only for plans of this run.
    plans = {asked: number in plan.scenes} if plan and not plan.is_gone else {}
    fields = {**thing.fields, "id": number, "plan.sceneIds": plans}
    return passes_filters(seen.name, thing.key[0], fields, seen.query)


def _format_fields(fields: dict[str, Any]) -> str:
    shown = (f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())
    cut = [
        each if len(each) <= MAX_VALUE_LENGTH else f"{each[:MAX_VALUE_LENGTH]} ..."
        for each in shown
    ]
    return ", ".join(cut) or "none of these"
