"""Responses that a preference or a fault rule asks for, made from the contract in force.

Errors have the form of all errors of the operation: a problem document, Spring's body under that
reading, or that of the token operation. Their violations are those of the contract's example.
Nothing here is checked against the contract, since an undocumented status may be asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from mock_server.errors import ApiError, ErrorDetail, ForcedError, OperationNotImplemented
from mock_server.http.documented_responses import (
    documented_response,
    example_headers,
    iter_responses,
    status_keys,
)
from mock_server.http.error_documents import ErrorWriter
from mock_server.http.problem import ProblemWriter, preferred_language
from mock_server.http.response import (
    JSON_MEDIA_TYPE,
    RawResponse,
    encode_headers,
    encode_response,
)
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas
from openapi import iter_operations

OAUTH_ERRORS = {401: "invalid_client", 429: "temporarily_unavailable", 500: "server_error"}
"""Codes of forced errors of the token operation; 400 and others are `invalid_request`."""


class OAuthOperation(Protocol):
    """The part of a compiled operation that decides on the form of its errors."""

    @property
    def oauth(self) -> bool:
        """Return whether its errors have the form of RFC 6749."""


@dataclass(frozen=True, slots=True)
class OperationResponses:
    """The documented responses of an operation, by status in upper case: `200`, `2XX`, `DEFAULT`.

    tags: those of the operation.
    """

    tags: tuple[str, ...]
    responses: Mapping[str, Mapping[str, Any]]

    def find(self, status: int) -> Mapping[str, Any] | None:
        """Return the documented response of a status."""
        return next((self.responses[k] for k in status_keys(status) if k in self.responses), None)

    def statuses(self) -> list[str]:
        """Return the documented statuses, sorted."""
        return sorted(self.responses)

    def examples(self, status: int) -> list[str]:
        """Return the names of the examples of a status."""
        return _example_names(self.find(status) or {})

    def all_examples(self) -> list[str]:
        """Return the names of all examples."""
        return [name for response in self.responses.values() for name in _example_names(response)]

    def examples_by_status(self) -> dict[str, list[str]]:
        """Return the names of the examples of each documented status, sorted by status."""
        return {status: _example_names(self.responses[status]) for status in self.statuses()}

    def status_of_example(self, name: str) -> int | None:
        """Return the lowest status with an example of this name."""
        for status in sorted(filter(str.isdigit, self.responses)):
            if name in _example_names(self.responses[status]):
                return int(status)
        return None


@dataclass(frozen=True, slots=True)
class ForcedResponse:
    """A response to send: its status, the name of an example, and the value of `Retry-After`."""

    status: int
    example: str | None = None
    retry_after: int | None = None


class ForcedResponses:
    """Writer of the forced responses of one compiled contract."""

    def __init__(
        self,
        contract: Mapping[str, Any],
        schemas: CompiledSchemas,
        operations: Mapping[str, OAuthOperation],
        errors: ErrorWriter,
        problems: ProblemWriter,
        *,
        has_our_errors: bool,
    ) -> None:
        """Take a contract and its compiled operations; nothing is prepared until it is needed.

        has_our_errors: false for another contract, whose examples are sent as they are.
        """
        self._contract, self._schemas, self._operations = contract, schemas, operations
        self._errors, self._problems = errors, problems
        self._has_our_errors = has_our_errors

    @cached_property
    def operations(self) -> Mapping[str, OperationResponses]:
        """Return the documented responses by operationId."""
        return {
            operation["operationId"]: OperationResponses(
                tuple(operation.get("tags") or ()),
                dict(iter_responses(operation.get("responses") or {}, self._schemas)),
            )
            for *_, operation in iter_operations(self._contract)
        }

    def response(
        self, operation_id: str, asked: ForcedResponse, scope: Mapping[str, Any]
    ) -> RawResponse:
        """Return a response that is asked for, as status, bytes and headers."""
        declared = self.operations[operation_id].find(asked.status)
        where = f"{operation_id}/responses/{asked.status}"
        extra = {} if asked.retry_after is None else {"Retry-After": str(asked.retry_after)}
        if asked.status >= 400 and (self._has_our_errors or declared is None):
            error = self._error_of(operation_id, asked, declared or {}, extra)
            return self.error_response(operation_id, error, scope)
        if declared is None:
            return asked.status, b"", encode_headers(extra)
        try:
            made = documented_response(asked.status, declared, self._schemas, where, asked.example)
        except UnsupportedSchemaError as reason:
            refusal = OperationNotImplemented(ErrorDetail(where, "unsupported", found=str(reason)))
            return self.error_response(operation_id, refusal, scope)
        return encode_response(replace(made, headers={**made.headers, **extra}))

    def error_response(
        self, operation_id: str, error: ApiError, scope: Mapping[str, Any]
    ) -> RawResponse:
        """Return an error in the form of the operation's errors, which need not document it."""
        headers = dict(scope["headers"])
        operation = self._operations.get(operation_id)
        if operation is None or not operation.oauth:
            return self._errors.response(error, scope, headers)
        document = self._problems.oauth_document(error, preferred_language(headers))
        return self._errors.encode(error, document, JSON_MEDIA_TYPE)

    def _error_of(
        self,
        operation_id: str,
        asked: ForcedResponse,
        declared: Mapping[str, Any],
        extra: Mapping[str, str],
    ) -> ForcedError:
        """Return the error with the violations and the headers of the contract's example."""
        shown = _example_value(declared, asked.example)
        violations = [
            ErrorDetail(
                error["pointer"], error["rule"], error.get("accepted", ""), error.get("found", "")
            )
            for error in shown.get("errors", ())
        ]
        code = OAUTH_ERRORS.get(min(500, asked.status), "invalid_request")
        headers = example_headers(declared, self._schemas, operation_id)
        return ForcedError(
            asked.status,
            *violations,
            oauth_error=shown.get("error", code) if _is_oauth(shown) else code,
            headers={**headers, **extra},
        )


def _is_oauth(shown: Mapping[str, Any]) -> bool:
    return "error_description" in shown


def _example_names(response: Mapping[str, Any]) -> list[str]:
    """Return the names of a response's examples, each once."""
    found = [media.get("examples") or {} for media in (response.get("content") or {}).values()]
    return list(dict.fromkeys(name for examples in found for name in examples))


def _example_value(response: Mapping[str, Any], name: str | None) -> Mapping[str, Any]:
    """Return the value of the named example, or of the first one; empty if it is no object."""
    for media in (response.get("content") or {}).values():
        examples = media.get("examples") or {}
        if name is None or name in examples:
            chosen = examples[name] if name else next(iter(examples.values()), {})
            value = chosen.get("value")
            return value if isinstance(value, Mapping) else {}
    return {}
