"""What is taken of Schemathesis beside its documentation.

- Of a request (`Case`): how it was made (`meta`), the operation's own object and the contract
  (`operation.definition.raw`, `operation.schema.raw_schema`), its base URL and path, a copy
  (`derive`), and the arguments that it is sent with (`as_transport_kwargs`).
- Of a failed check: title, message and order (`Failure`), the place of a violation of a schema
  (`JsonSchemaError`), what was expected and what was got (`EXPECTED_ACTUAL_FIELDS`), the names of
  failures, and what a check of ours has raised (`CustomFailure`).
- Of a chain of requests: what a state machine does at a step (`step`, `call`, `validate_response`,
  with its `recorder`), the link that a step follows and what it takes from there (`StepInput`,
  `Transition`), how a link is called, and the requests that led to one (`ScenarioRecorder`).
- Of a test that pytest collects: the label of its operation.

Without one of them answers cannot be judged; the check says so when it is started.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import requests
from schemathesis import Case, CheckFunction, GenerationMode, Response

from openapi import reporting_missing_internals, require_members

with reporting_missing_internals("schemathesis"):
    from schemathesis.core.failures import (
        AcceptedNegativeData,
        CustomFailure,
        Failure,
        MalformedJson,
    )
    from schemathesis.engine.recorder import ScenarioRecorder
    from schemathesis.generation.meta import CaseMetadata
    from schemathesis.generation.stateful.state_machine import (
        APIStateMachine,
        StepInput,
        Transition,
    )
    from schemathesis.openapi.checks import (
        AllowHeaderMismatch,
        JsonSchemaError,
        MalformedMediaType,
        MissingContentType,
        MissingHeaders,
        UndefinedContentType,
        UndefinedStatusCode,
        UnsupportedMethodResponse,
    )

CASE_ID_HEADER = "X-Schemathesis-TestCaseId"
"""The header that numbers requests, with a number that is drawn at random."""

FailedCheck = Failure
"""What a check has found wrong with an answer."""
EXPECTED_ACTUAL_FIELDS: dict[type[Failure], tuple[str, str]] = {
    AcceptedNegativeData: ("expected_statuses", "status_code"),
    AllowHeaderMismatch: ("", "allow_header"),
    MalformedJson: ("", "validation_message"),
    MalformedMediaType: ("defined", "actual"),
    MissingContentType: ("media_types", ""),
    MissingHeaders: ("missing_headers", ""),
    UndefinedContentType: ("defined_content_types", "content_type"),
    UndefinedStatusCode: ("defined_status_codes", "status_code"),
    UnsupportedMethodResponse: ("", "status_code"),
}
"""The members of failures that say what was expected and what was got, empty for none."""

REQUIRED_MEMBERS: dict[type, tuple[str, ...]] = {
    APIStateMachine: ("call", "step", "validate_response"),
    **{kind: tuple(filter(None, names)) for kind, names in EXPECTED_ACTUAL_FIELDS.items()},
    Case: ("as_transport_kwargs", "derive", "formatted_path", "meta", "operation"),
    CaseMetadata: ("generation",),
    Failure: ("__lt__", "message", "title"),
    CustomFailure: ("exception",),
    JsonSchemaError: ("instance_path", "schema_path", "validation_message"),
    ScenarioRecorder: ("find_parent", "find_response"),
    StepInput: ("applied_parameters", "is_applied", "transition"),
    Transition: ("id",),
}
"""What is overridden, called or read of each class."""

for _class, _names in REQUIRED_MEMBERS.items():
    require_members("schemathesis", _class, _names)


# Requests


def is_generated(case: Case[Any]) -> bool:
    """Return whether a request was generated; one that we made has no account of how."""
    return case.meta is not None


def is_positive_case(case: Case[Any]) -> bool:
    """Return whether a request was made to be valid, as ours are."""
    return case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE


def operation_id(case: Case[Any]) -> str:
    """Return the operationId of a request's operation."""
    return str(case.operation.definition.raw["operationId"])


def contract_of(case: Case[Any]) -> dict[str, Any]:
    """Return the document that a request comes from, the very object that was loaded."""
    found: dict[str, Any] = case.operation.schema.raw_schema
    return found


def base_url(case: Case[Any]) -> str:
    """Return the URL that the operation's path is below."""
    return str(case.operation.base_url)


def request_line(case: Case[Any]) -> str:
    """Return method and path, with the values of its parameters."""
    return f"{case.method} {case.formatted_path}"


def copy_case(case: Case[Any]) -> Case[Any]:
    """Return the same request once more, with an id of its own."""
    return case.derive()


def as_request(case: Case[Any], url: str) -> requests.Request:
    """Return a request to a server at this URL as `requests` would send it; raises ValueError."""
    return requests.Request(**case.as_transport_kwargs(base_url=url))


def run_checks(
    case: Case[Any],
    response: Response,
    *,
    also: Sequence[CheckFunction],
    excluded: Sequence[CheckFunction],
    recorder: Any = None,
) -> None:
    """Hold an answer against the contract by the built-in checks and others; raises FailureGroup.

    `recorder` is the memory of a chain, which some built-in checks look into.
    """
    case.validate_response(
        response,
        additional_checks=[*also],
        excluded_checks=[*excluded],
        recorder=recorder,
    )


# Failures


class SchemaMismatch(NamedTuple):
    """Where an answer breaks its schema: path within the answer, path within the schema, why."""

    instance: Sequence[str | int]
    schema: Sequence[str | int]
    message: str


def schema_mismatch(failure: Failure) -> SchemaMismatch | None:
    """Return the place at which an answer breaks its schema; None for another failure."""
    if not isinstance(failure, JsonSchemaError):
        return None
    return SchemaMismatch(failure.instance_path, failure.schema_path, failure.validation_message)


def custom_check_error(failure: Failure) -> Exception | None:
    """Return what a check of ours has raised; None for what a built-in check has found."""
    return failure.exception if isinstance(failure, CustomFailure) else None


def failure_name(failure: Failure) -> str:
    """Return the name by which Schemathesis tells failures apart: `UndefinedStatusCode`."""
    return type(failure).__name__


def expected_and_actual(failure: Failure) -> tuple[str, str]:
    """Return what was expected and what was got, as texts; empty where a failure does not say."""
    expected, actual = (
        getattr(failure, name) if name else ""
        for name in EXPECTED_ACTUAL_FIELDS.get(type(failure), ("", ""))
    )
    if isinstance(expected, list):
        expected = ", ".join(map(str, expected))
    return str(expected), str(actual)


# Chains


def link_name(source: str, status: str, name: str, target: str) -> str:
    """Return how a link is called: operations by method and path, between them status and name."""
    return f"{source} -> [{status}] {name} -> {target}"


def link_of_step(step: StepInput) -> str | None:
    """Return how the link is called that a step follows; None for a step that follows none."""
    return step.transition.id if step.transition else None


def is_link_followed(step: StepInput) -> bool:
    """Return whether a step follows a link and takes from the answer what the link says."""
    return step.transition is not None and step.is_applied


def path_parameters_from_link(step: StepInput) -> set[str]:
    """Return the names of the path parameters whose values a step takes from an answer."""
    return {name for place, name in step.applied_parameters if place == "path" and name}


def preceding_requests(
    recorder: ScenarioRecorder, case: Case[Any]
) -> Iterator[requests.PreparedRequest]:
    """Yield the requests of a chain whose answers led to this one, the nearest first."""
    parent = recorder.find_parent(case_id=case.id)
    while parent:
        answer = recorder.find_response(case_id=parent.id)
        if answer is not None:
            yield answer.request
        parent = recorder.find_parent(case_id=parent.id)


# Tests


def tested_operation_label(item: object) -> str | None:
    """Return method and path of the operation that a test of pytest is for; None for none."""
    found: str | None = getattr(item, "operation_label", None)
    return found
