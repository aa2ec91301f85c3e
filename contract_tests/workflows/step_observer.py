"""Observer of workflow steps: judges each by contract and model, and reads it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from requests import PreparedRequest
from schemathesis import Case, CheckContext, CheckFunction, Response

from contract_tests.checks.custom_checks import CUSTOM_CHECKS, link_target_check
from contract_tests.contract.api_lookup import (
    listing_operation_by_kind,
    operation_effects,
    path_id_name,
    reading_operation_by_kind,
)
from contract_tests.contract.links import links_between
from contract_tests.contract.operations import operations
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.results.response_findings import ContractViolationError
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.runner.check_run import CheckRun
from contract_tests.workflows.model import CreatedRecord, ServerModel
from contract_tests.workflows.model_checks import ModelMismatch, find_mismatches
from contract_tests.workflows.record_changes import Json, RecordKey
from contract_tests.workflows.recorded_call import RecordedCall, record_call

LIST_PAGE_SIZE = 1000
"""Size of the page in which a created record is looked for."""
ReadRequest = tuple[str, Json, Json]
"""An operation, its path parameters and its query."""


class StepObserver:
    """Observer of the steps of one test."""

    def __init__(self, run: CheckRun) -> None:
        """Begin with an empty model."""
        self.model = ServerModel(run.plan.strictness)
        self._run = run
        self._may_read = {each.name for each in run.generated}
        self._links = {
            (link.source.name, link.target.name): link for link in links_between(run.generated)
        }

    def judge(
        self,
        case: Case[Any],
        response: Response,
        *,
        also: Sequence[CheckFunction] = (),
        recorder: Any = None,
        before: Sequence[PreparedRequest] = (),
        link: object = None,
    ) -> None:
        """Judge a step and read it back; `link` is the one that provided the id in its path."""
        seen = record_call(case, response)
        strictness = self._run.plan.strictness
        # Links are not in the documents (X3), and the ids of daily reports may be others (D4).
        is_open = operation_effects(operation_of(case).name).concerns == "member" and (
            strictness.may_follow("daily-reports-id", "userId")
        )
        link = link if strictness.binding and not is_open else None
        checks = [*CUSTOM_CHECKS, *also, *([link_target_check(link)] if link else [])]
        found = find_mismatches(self.model, seen) if seen else None
        if seen and found is not None:
            told = next((one for one in found if not (link and _is_not_found(one))), None)
            checks.append(model_check(told))
            # Those that the expectation comes from reproduce the violation, whatever led to this
            # step.
            before = told.before if told else before
        self._run.judge(case, response, also=checks, recorder=recorder, before=before)
        if seen:
            # After the judgement, which compares with the state before this step.
            self.model.apply_call(seen)
            if seen.entry.written_kind:
                self._read_back(seen)

    def note_unanswered(self, case: Case[Any]) -> None:
        """Note a step without a response, whose effect is uncertain."""
        if seen := record_call(case, None):
            self.model.apply_call(seen)

    def _read_back(self, seen: RecordedCall) -> None:
        """Read the record that a step has written, or left unchanged because it was refused."""
        thing = self.model.things.get(seen.written_record) if seen.written_record else None
        if thing is None or (thing.is_gone and not seen.is_success):
            return
        # After a refused write, the read alone shows that nothing has changed.
        for name, path, query in [*self._read_requests(thing)][: None if seen.is_success else 1]:
            if name not in self._may_read:
                continue
            operation = operations()[name]
            api = self._run.schema[operation.path][operation.method]
            case = api.Case(path_parameters=path, query=query)
            response = self._run.send(case)
            if response is not None:
                link = self._links.get((seen.name, name)) if path else None
                found = None if self.model.is_deleted(case) else link
                before = [seen.request] if seen.request else []
                self.judge(case, response, before=before, link=found)

    def _read_requests(self, thing: CreatedRecord) -> Iterator[ReadRequest]:
        """Yield the requests that show a record or its absence: a read, and a list with it."""
        kind, number = thing.key
        reading = reading_operation_by_kind()[kind]
        yield reading, {path_id_name(reading): number}, {}
        if kind in listing_operation_by_kind() and (where := self._list_request(thing)):
            yield listing_operation_by_kind()[kind], *where

    def _list_request(self, thing: CreatedRecord) -> tuple[Json, Json] | None:
        fields, number = thing.fields, thing.key[1]
        match thing.key[0]:
            case "group":
                return {}, {"ids": str(number)}
            case "plan" if "groupId" in fields:
                return {}, {"groupIds": str(fields["groupId"])}
            case "task" if thing.within and self._may_exist(thing.within):
                return {"id": thing.within[1]}, {}
            case "scene":
                plans = [
                    one.key[1]
                    for one in self.model.existing_records("plan")
                    if number in one.scenes
                ]
                return {}, {"planId": plans[0]} if plans else {"keyWord": fields.get("name")}
            case "notification":
                start = fields.get("scheduledStartTime")
                times = {"startTime": start, "endTime": start}
                return {}, {"taskType": fields.get("taskType"), **times, "size": LIST_PAGE_SIZE}
        return None

    def _may_exist(self, key: RecordKey) -> bool:
        thing = self.model.things.get(key)
        return thing is None or not thing.is_gone


def _is_not_found(found: ModelMismatch) -> bool:
    """Return whether the finding is one that the check of the link reports as well."""
    return found.finding.kind is ViolationKind.NOT_FOUND


def model_check(found: ModelMismatch | None) -> CheckFunction:
    """Return a check that fails with this finding."""

    def what_was_written_is_read(
        _context: CheckContext, _response: Response, _case: Case[Any]
    ) -> None:
        if found:
            raise ContractViolationError(found.finding)

    return what_was_written_is_read
