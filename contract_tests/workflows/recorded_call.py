"""A request of a workflow and its answer, by what was really sent: for the shadow of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract.api_entry import Entry
from contract_tests.contract.api_lookup import answered, entry_of, takes_form
from contract_tests.contract.schemathesis_cases import is_valid, operation_of
from contract_tests.workflows.record_changes import (
    CONTENT,
    Json,
    Key,
    Told,
    as_object,
    content_of,
    digest,
    key_of,
    named_by,
    sent_fields,
    told_by,
)


@dataclass(frozen=True)
class Seen:
    """A request and its answer. `status` is 0 when nobody answered; `said` is the answer's JSON."""

    name: str
    entry: Entry
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Json
    request: PreparedRequest | None
    status: int
    said: Any
    is_valid: bool

    @property
    def named(self) -> Key | None:
        """What its path names."""
        return named_by(self.name, self.path)

    @property
    def written(self) -> Key | None:
        """What it writes: what it made, or what its path names."""
        if self.entry.creates:
            return key_of(self.entry.creates, as_object(self.said).get("id"))
        return self.named if self.entry.written else None

    @property
    def succeeded(self) -> bool:
        """Whether it did what it does."""
        return 200 <= self.status < 300

    @property
    def sent(self) -> Json:
        """The fields that it writes and a reading repeats; of an invalid request none is sure."""
        sent = sent_fields(self.name, self.body) if self.is_valid else {}
        return sent | dict(self.entry.sets)

    def told(self) -> list[Told]:
        """What the answer tells of things."""
        return told_by(self.name, self.path, self.query, self.said) if self.succeeded else []


def see(case: Case[Any], response: Response | None) -> Seen | None:
    """A request and its answer, by what was really sent; None for one that names no thing."""
    operation = operation_of(case)
    entry = entry_of(operation.name)
    if entry.kind is None or case.method.lower() != operation.method:
        return None
    query: Json = {}
    request = response.request if response else None
    for name, value in parse_qsl(urlsplit(str(request and request.url)).query, True):
        query[name] = [query[name], value] if name in query else value
    return Seen(
        operation.name,
        entry,
        case.path_parameters or {},
        query,
        _body(case, request),
        request,
        response.status_code if response else 0,
        _said(case, response) if response else None,
        is_valid(case),
    )


def _body(case: Case[Any], request: PreparedRequest | None) -> Json:
    if request is None:
        return as_object(case.body)
    if takes_form(operation_of(case).name):
        content = content_of(request)
        return {} if content is None else {CONTENT: content}
    try:
        return as_object(json.loads(request.body if isinstance(request.body, str | bytes) else ""))
    except (ValueError, RecursionError):
        return {}


def _said(case: Case[Any], response: Response) -> Any:
    name = operation_of(case).name
    is_file = bool(entry_of(name).shows) and not answered(name)
    if is_file and response.status_code == 200:
        return {CONTENT: digest(response.content)}
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
