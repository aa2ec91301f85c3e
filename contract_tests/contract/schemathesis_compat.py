"""Internals of Schemathesis that the check relies on.

- Of a request (`Case`): how it was made (`meta`), the operation's own object and the contract
  (`operation.definition.raw`, `operation.schema.raw_schema`), its base URL and path, a copy
  (`derive`), and the arguments that it is sent with (`as_transport_kwargs`).
- The arguments of a response (`Response`).
- Of a failed check: title, message and order (`Failure`), the place of a violation of a schema
  (`JsonSchemaError`), expected and actual values (`EXPECTED_ACTUAL_FIELDS`), the names of
  failures, and the exceptions of our own checks (`CustomFailure`).
- Of a chain of requests: the steps of a state machine (`step`, `call`, `validate_response`,
  with its `recorder`), the link that a step follows and the values it takes (`StepInput`,
  `Transition`), the names of links, and the requests that led to one (`ScenarioRecorder`).
- Of a test that pytest collects: the label of its operation.

If one of them is missing, responses cannot be judged, and the check refuses to start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import requests
from schemathesis import BaseSchema, Case, CheckFunction, GenerationMode, Response

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
"""Header with a random id that schemathesis adds to every request."""

FailedCheck = Failure
"""Failure of a check on a response."""
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
"""Members of failures with the expected and the actual value; empty for none."""

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
"""Members of each class that the check overrides, calls or reads."""

# At import, so that a renamed member stops the check before the first request and not during a run.
for _class, _names in REQUIRED_MEMBERS.items():
    require_members("schemathesis", _class, _names)


# Requests


def is_generated(case: Case[Any]) -> bool:
    """Return whether a request was generated; hand-made ones have no metadata."""
    return case.meta is not None


def is_positive_case(case: Case[Any]) -> bool:
    """Return whether a request was made to be valid; hand-made ones always are."""
    return case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE


def operation_id(case: Case[Any]) -> str:
    """Return the operationId of a request's operation."""
    return str(case.operation.definition.raw["operationId"])


def contract_of(case: Case[Any]) -> dict[str, Any]:
    """Return the document that a request comes from, as the same object that was loaded."""
    found: dict[str, Any] = case.operation.schema.raw_schema
    return found


def base_url(case: Case[Any]) -> str:
    """Return the URL to which the operation's path is appended."""
    return str(case.operation.base_url)


def request_line(case: Case[Any]) -> str:
    """Return method and path, with the values of its parameters."""
    return f"{case.method} {case.formatted_path}"


def copy_case(case: Case[Any]) -> Case[Any]:
    """Return a copy of the request with an id of its own."""
    return case.derive()


def as_request(case: Case[Any], url: str) -> requests.Request:
    """Return a request to the server at this URL for `requests` to send; raises ValueError."""
    return requests.Request(**case.as_transport_kwargs(base_url=url))


def hand_made_case(
    schema: BaseSchema, path: str, method: str, path_parameters: dict[str, Any], query: Any
) -> Case[Any]:
    """Return a request of an operation with these parameters."""
    made: Case[Any] = schema[path][method].Case(path_parameters=path_parameters, query=query)
    return made


def make_response(
    request: requests.PreparedRequest, status: int, headers: dict[str, list[str]], content: bytes
) -> Response:
    """Return a response that nobody has sent; names of headers in lower case."""
    return Response(
        status_code=status,
        headers=headers,
        content=content,
        request=request,
        elapsed=0.0,
        verify=True,
    )


def run_checks(
    case: Case[Any],
    response: Response,
    *,
    also: Sequence[CheckFunction],
    excluded: Sequence[CheckFunction],
    recorder: Any = None,
) -> None:
    """Check a response with the built-in checks and others; raises FailureGroup.

    recorder: the history of a chain, which some built-in checks use.
    """
    case.validate_response(
        response,
        additional_checks=[*also],
        excluded_checks=[*excluded],
        recorder=recorder,
    )


# Failures


class SchemaMismatch(NamedTuple):
    """Mismatch of a response and its schema: path in the response, path in the schema, reason."""

    instance: Sequence[str | int]
    schema: Sequence[str | int]
    message: str


def schema_mismatch(failure: Failure) -> SchemaMismatch | None:
    """Return the place at which a response violates its schema; None for another failure."""
    if not isinstance(failure, JsonSchemaError):
        return None
    return SchemaMismatch(failure.instance_path, failure.schema_path, failure.validation_message)


def custom_check_error(failure: Failure) -> Exception | None:
    """Return the exception of a check of ours; None for a failure of a built-in check."""
    return failure.exception if isinstance(failure, CustomFailure) else None


def failure_name(failure: Failure) -> str:
    """Return the class name of a failure, such as `UndefinedStatusCode`."""
    return type(failure).__name__


def expected_and_actual(failure: Failure) -> tuple[str, str]:
    """Return the expected and the actual value as texts; empty where a failure has none."""
    expected, actual = (
        getattr(failure, name) if name else ""
        for name in EXPECTED_ACTUAL_FIELDS.get(type(failure), ("", ""))
    )
    if isinstance(expected, list):
        expected = ", ".join(map(str, expected))
    return str(expected), str(actual)


# Chains


def link_name(source: str, status: str, name: str, target: str) -> str:
    """Return the name of a link: both operations by method and path, with status and link name."""
    return f"{source} -> [{status}] {name} -> {target}"


def link_of_step(step: StepInput) -> str | None:
    """Return the name of the link that a step follows; None if it follows none."""
    return step.transition.id if step.transition else None


def is_link_followed(step: StepInput) -> bool:
    """Return whether a step follows a link and takes its values from the response."""
    return step.transition is not None and step.is_applied


def path_parameters_from_link(step: StepInput) -> set[str]:
    """Return the names of the path parameters that a step takes from a response."""
    return {name for place, name in step.applied_parameters if place == "path" and name}


def preceding_requests(
    recorder: ScenarioRecorder, case: Case[Any]
) -> Iterator[requests.PreparedRequest]:
    """Yield the earlier requests of a chain that led to this one, the nearest first."""
    parent = recorder.find_parent(case_id=case.id)
    while parent:
        answer = recorder.find_response(case_id=parent.id)
        if answer is not None:
            yield answer.request
        parent = recorder.find_parent(case_id=parent.id)


# Tests


def tested_operation_label(item: object) -> str | None:
    """Return method and path of the operation that a pytest item tests; None for other items."""
    found: str | None = getattr(item, "operation_label", None)
    return found
