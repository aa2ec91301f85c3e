"""Model of the server: the records of a run, with which reads must agree.

Records of others are not in the model, so responses about them are not judged by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from requests import PreparedRequest
from schemathesis import Case

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.sent_fields import VOLATILE_FIELDS
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.workflows.record_changes import (
    NO_RECORD,
    PART_COUNT_FIELDS,
    Json,
    RecordKey,
    ReturnedRecord,
    as_object,
    record_in_path,
    record_key,
)
from contract_tests.workflows.recorded_call import RecordedCall


@dataclass(frozen=True)
class CreatedRecord:
    """One record that the run has created.

    fields: values that a read must repeat; sent: those that it must not omit. status: the possible
    ones, empty for any. within: the record that contains it. scenes: the ids of a plan's scenes.
    by: the requests that created it and changed it last; writer: the operation of the last one.
    """

    key: RecordKey
    writer: str
    by: tuple[PreparedRequest, ...]
    fields: Json = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    status: frozenset[str] = frozenset()
    within: RecordKey | None = None
    scenes: frozenset[object] = frozenset()
    is_gone: bool = False

    def __str__(self) -> str:
        return f"{self.key[0]} {self.key[1]}"


class ExpectedRecord(NamedTuple):
    """Expectation of a record in a response: fields, required fields, possible statuses."""

    fields: Json
    needed: frozenset[str]
    status: frozenset[str]


@dataclass
class ServerModel:
    """Records that the run has created, and their expected state.

    strictness: the constraints that bind the server, and the answers to open questions that it may
    give.
    """

    strictness: Strictness = CURATED
    things: dict[RecordKey, CreatedRecord] = field(default_factory=dict)
    renamed: dict[RecordKey, RecordKey] = field(default_factory=dict)
    """Records that an update has given another id, with that id."""
    _deleted: set[RecordKey] = field(default_factory=set)

    @property
    def documented(self) -> bool:
        """True if only the documents bind the server.

        Then transitions between states, counts, cascading deletions, paging and the return of
        optional fields are not expected.
        """
        return not self.strictness.binding

    def apply_call(self, seen: RecordedCall) -> None:
        """Apply the effects of a call; remove records whose state is uncertain afterwards."""
        if not seen.entry.written_kind:
            return
        is_refused = 400 <= seen.status < 500
        if seen.is_success and seen.written_record:
            self._apply_success(seen)
        # Even a redirect or a 5xx may come after the write was carried out.
        elif not is_refused:
            self._forget_uncertain(seen)

    def is_known_deleted(self, key: RecordKey | None) -> bool:
        """Return whether a record was deleted in this run, whoever has created it."""
        return key in self._deleted

    def is_deleted(self, case: Case[Any]) -> bool:
        """Return whether the path of a request names a deleted record, or part of one."""
        named = record_in_path(operation_of(case).name, case.path_parameters or {})
        thing = self.things.get(named) if named else None
        return named in self._deleted or (thing is not None and thing.is_gone)

    def existing_records(self, *kinds: RecordKind) -> Iterator[CreatedRecord]:
        """Yield the records of these kinds that were not deleted."""
        yield from (one for one in self.things.values() if one.key[0] in kinds and not one.is_gone)

    def expected_record(
        self, seen: RecordedCall, returned: ReturnedRecord
    ) -> ExpectedRecord | None:
        """Return the expectation of a record in a response; None if nothing is known of it."""
        key = returned.key
        thing = self.things.get(key)
        if seen.written_record != key:
            if thing is None:
                return None
            is_asked = bool(seen.entry.shows) and not self.documented
            needed = thing.sent if is_asked else frozenset()
            counts = (
                self._expected_counts(thing) if PART_COUNT_FIELDS & returned.fields.keys() else {}
            )
            return ExpectedRecord(thing.fields | counts, needed, thing.status)
        kept: Json = {}
        if thing and seen.entry.changes:
            kept = thing.fields
        elif seen.entry.replaces and not (
            self.documented or self.strictness.may_follow("plan-id-after-update", "new")
        ):
            kept = {"id": key[1]}  # M22
        return ExpectedRecord(kept | seen.sent, frozenset(), self._expected_status(seen))

    def _apply_success(self, seen: RecordedCall) -> None:
        key, entry = seen.written_record, seen.entry
        if key is None or seen.request is None:
            return
        if entry.deletes:
            self._deleted.add(key)
        self._apply_end_to_parts(seen, key)
        if entry.replaces and (new := key_changed_by_update(seen)):
            # The record continues under another id (M22), and so do its parts.
            self.renamed[key] = new
            self._deleted.add(key)
            self.things.pop(key, None)
            for one in [one for one in self.things.values() if one.within == key]:
                self.things[one.key] = replace(one, within=new)
        thing = CreatedRecord(key, seen.name, ()) if entry.creates else self.things.get(key)
        if thing is None:
            return  # not created by this run
        thing = replace(thing, writer=seen.name, by=(*thing.by[:1], seen.request))
        if entry.deletes:
            thing = replace(thing, is_gone=True)
        elif entry.acts_on:
            thing = replace(thing, status=self._expected_status(seen))
        else:
            thing = self._apply_write(seen, thing)
        self.things[key] = thing

    def _apply_write(self, seen: RecordedCall, thing: CreatedRecord) -> CreatedRecord:
        answered = {
            n: v for n, v in as_object(seen.response_json).items() if n not in VOLATILE_FIELDS
        }
        is_whole = not seen.entry.changes
        thing = replace(
            thing,
            fields=({} if is_whole else thing.fields) | seen.sent | answered,
            sent=frozenset(seen.sent) | (frozenset() if is_whole else thing.sent),
        )
        match seen.entry.written_kind:
            case "task":
                thing = replace(thing, within=seen.record_in_path)
            case "plan":
                group = record_key("group", thing.fields.get("groupId"))
                thing = replace(thing, within=group, scenes=_scene_ids(seen.body))
            case "scene" if seen.entry.creates:
                place = record_key("plan", seen.body.get("planId")) or NO_RECORD
                if plan := self.things.get(place):
                    self.things[place] = replace(plan, scenes=plan.scenes | {thing.key[1]})
        return replace(thing, status=self._expected_status(seen))

    def _apply_end_to_parts(self, seen: RecordedCall, whole: RecordKey) -> None:
        """Apply the end of a plan to its tasks, whoever created the plan (MN-05, MN-09)."""
        ends, is_gone = seen.entry.ends, bool(seen.entry.deletes)
        for one in [one for one in self.existing_records(*ends) if one.within == whole]:
            # The documents do not say what happens to the tasks.
            if self.documented or seen.request is None:
                del self.things[one.key]
            else:
                status = ends[one.key[0]]
                ended = replace(one, is_gone=is_gone, status=status, writer=seen.name)
                self.things[one.key] = replace(ended, by=(*one.by[:1], seen.request))

    def _forget_uncertain(self, seen: RecordedCall) -> None:
        """Remove the records that a failed or unanswered write may have changed."""
        places = [
            seen.record_in_path,
            record_key("group", seen.body.get("groupId")),
            record_key("group", as_object(seen.body.get("data")).get("groupId")),
            record_key("plan", seen.body.get("planId")),
        ]
        for place in places:
            for key, one in [*self.things.items()]:
                # With their parts, which the write may have changed as well.
                if place and place in (key, one.within):
                    del self.things[key]

    def _expected_status(self, seen: RecordedCall) -> frozenset[str]:
        thing = self.things.get(seen.written_record) if seen.written_record else None
        if self.documented:
            return frozenset()
        if seen.entry.status:
            return seen.entry.status
        if seen.entry.status_by_options:
            return seen.entry.status_by_options.get(str(seen.body.get("options")), frozenset())
        return thing.status if thing else frozenset()

    def _expected_counts(self, thing: CreatedRecord) -> Json:
        """Return the expected counts of a record's parts, all of which this run has created.

        They are governed by RP-02 and RP-03.
        """
        if self.documented:
            return {}
        parts = [one for one in self.existing_records("plan", "task") if one.within == thing.key]
        if thing.key[0] == "group":
            return {"number of plans": len(parts)}
        people = [one.fields.get("totalMember") for one in parts]
        numbers = [number for number in people if isinstance(number, int)]
        known = {"memberNumber": sum(numbers)} if len(numbers) == len(people) else {}
        return {"taskCount": len(parts), **known}


def key_changed_by_update(seen: RecordedCall) -> RecordKey | None:
    """Return the key that an update has given to a record; None if it has kept its own."""
    key, number = seen.written_record, as_object(seen.response_json).get("id")
    if not seen.is_success or not seen.entry.replaces or key is None or number == key[1]:
        return None
    return record_key(key[0], number)


def _scene_ids(body: Json) -> frozenset[object]:
    chosen = as_object(body.get("data")).get("sceneIds")
    return frozenset(chosen) if isinstance(chosen, list) else frozenset()
