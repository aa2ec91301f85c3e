"""A request of a workflow as it was sent, with its response, for the model of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract.api_entry import OperationEffects
from contract_tests.contract.api_lookup import has_form_body, operation_effects, response_fields
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.schemathesis_cases import is_valid, json_or_none, operation_of
from contract_tests.contract.sent_fields import CONTENT_FIELD, sent_fields
from contract_tests.workflows.record_changes import (
    Json,
    RecordKey,
    ReturnedRecord,
    as_object,
    content_digest,
    form_file_digest,
    record_in_path,
    record_key,
    records_in_response,
)


@dataclass(frozen=True)
class RecordedCall:
    """A call of an operation; `status` is 0 if there was no response."""

    name: str
    entry: OperationEffects
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Json
    request: PreparedRequest | None
    status: int
    response_json: Any
    is_valid: bool

    @property
    def record_in_path(self) -> RecordKey | None:
        """The record that the path names."""
        return record_in_path(self.name, self.path)

    @property
    def written_record(self) -> RecordKey | None:
        """The record that the call writes: the created one, or the one in its path."""
        if self.entry.creates:
            return record_key(self.entry.creates, as_object(self.response_json).get("id"))
        return self.record_in_path if self.entry.written_kind else None

    @property
    def is_success(self) -> bool:
        """True if the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def sent(self) -> Json:
        """Written fields that a read must repeat; for an invalid request only those always set."""
        sent = sent_fields(self.name, self.body) if self.is_valid else {}
        return sent | dict(self.entry.sets)

    def returned_records(self) -> list[ReturnedRecord]:
        """Return the records in the response."""
        return (
            records_in_response(self.name, self.path, self.query, self.response_json)
            if self.is_success
            else []
        )


def record_call(case: Case[Any], response: Response | None) -> RecordedCall | None:
    """Return a request as it was sent, with its response; None if it concerns no record."""
    operation = operation_of(case)
    entry = operation_effects(operation.name)
    if entry.kind is None or case.method.lower() != operation.method:
        return None
    query: Json = {}
    request = response.request if response else None
    # From the URL that was sent: generated values of other types become texts there.
    for name, value in parse_qsl(urlsplit(str(request and request.url)).query, True):
        query[name] = [query[name], value] if name in query else value
    return RecordedCall(
        operation.name,
        entry,
        case.path_parameters or {},
        query,
        _request_body(case, request),
        request,
        response.status_code if response else 0,
        _comparable_response(case, response) if response else None,
        is_valid(case),
    )


def _request_body(case: Case[Any], request: PreparedRequest | None) -> Json:
    if request is None:
        return as_object(case.body)
    if has_form_body(operation_of(case).name):
        content = form_file_digest(request)
        return {} if content is None else {CONTENT_FIELD: content}
    return as_object(parse_json_body(request.body))


def _comparable_response(case: Case[Any], response: Response) -> Any:
    name = operation_of(case).name
    # A read without JSON fields in the contract is a download.
    is_file = bool(operation_effects(name).shows) and not response_fields(name)
    if is_file and response.status_code == 200:
        return {CONTENT_FIELD: content_digest(response.content)}
    return json_or_none(response)
