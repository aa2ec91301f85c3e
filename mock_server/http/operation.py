"""An operation of the contract, compiled once: parameters, body, handler, response validation.

A request compiles and inspects nothing. The order is fixed: security (before this module);
parameters and body, with all their violations at once; handler; validation of the response.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import replace
from functools import partial
from typing import Any

from mock_server.domain.paging import LongListResponse
from mock_server.errors import (
    ApiError,
    ClientDisconnected,
    ErrorDetail,
    InvalidRequest,
    InvalidResponse,
)
from mock_server.http.address import base_url
from mock_server.http.body import BodyLimits, BodyReader, refuse_repeated_content_type
from mock_server.http.documented_responses import DocumentedResponses
from mock_server.http.error_documents import ErrorWriter, OperationErrors, violation_text
from mock_server.http.header_fields import joined_headers
from mock_server.http.null_completion import compile_null_completion
from mock_server.http.parameters import ParameterReader
from mock_server.http.problem import ProblemWriter, encode_json
from mock_server.http.recorded_exchange import UNDECLARED_KEY, note_violations
from mock_server.http.response import (
    EMPTY_STATUSES,
    JSON_MEDIA_TYPE,
    HttpResponse,
    LargeJsonResponse,
    RawResponse,
    encode_response,
)
from mock_server.http.response_sending import send_response
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.undeclared_input import UndeclaredName, ignored_header
from mock_server.http.wire_readings import WireReadings
from mock_server.runtime.threads import run_in_thread_if
from mock_server.runtime.worker_processes import SharedCapacity

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[..., Any]
GetSubject = Callable[[Scope], Any]
"""Returns the first argument of a handler for a request; in the API, this is a world."""
BLOCK_ROWS = 500
"""Rows of a long list that are validated and encoded in one step of a few milliseconds."""
OPTIONAL_ARGUMENTS = frozenset({"headers", "address"})
"""Arguments that a handler may take in addition to the contract's: header fields, mock's address.

With `headers`, parameters in headers are not passed as separate arguments."""
LARGE_RESPONSES = (LongListResponse, LargeJsonResponse)


class ContractMismatchError(Exception):
    """Contract and handlers do not match, so the mock cannot start."""


class CompiledOperation:
    """An operation of the contract as an ASGI application."""

    def __init__(
        self,
        path: str,
        declared: Mapping[str, Any],
        schemas: CompiledSchemas,
        handler: Handler,
        *,
        subject: GetSubject,
        problems: ProblemWriter,
        errors: ErrorWriter,
        readings: WireReadings,
        limits: BodyLimits,
        capacity: SharedCapacity,
        strict: bool = True,
        refuses_undeclared: bool = False,
    ) -> None:
        """Compile an operation of the bundled contract.

        `declared` is the operation object with the parameters of its path included; all operations
        share `capacity`. With `refuses_undeclared`, names that the contract does not have are
        refused. Raises ContractMismatchError if the arguments of `handler` are not those
        of the contract, or if a schema is not supported.
        """
        self.operation_id: str = declared["operationId"]
        self._handler = handler
        self._subject = subject
        self._capacity = capacity
        try:
            self._parameters = ParameterReader(
                path, declared.get("parameters", ()), schemas, readings
            )
            body = declared.get("requestBody")
            self._body = (
                BodyReader(body, schemas, limits, capacity, readings, decodes_forms=strict)
                if body
                else None
            )
            self._answers = DocumentedResponses(declared.get("responses", {}), schemas)
        except UnsupportedSchemaError as error:
            raise ContractMismatchError(f"{self.operation_id}: {error}") from error
        self._strict = strict
        self._refuses_undeclared = refuses_undeclared
        self._success = self._answers.checkers_for(200).get(JSON_MEDIA_TYPE)
        self._complete = (
            compile_null_completion(self._success.schema)
            if self._success and readings.completes_nulls
            else None
        )
        refusals = OperationErrors(
            self.operation_id, self._answers, errors, problems, strict=strict
        )
        self.oauth = refusals.oauth
        self.error_response = refusals.response
        self._waits = inspect.iscoroutinefunction(handler)
        extra = self._optional_arguments()
        self._wants_headers, self._wants_address = "headers" in extra, "address" in extra

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; an ApiError becomes a response."""
        headers, is_large = dict(scope["headers"]), False
        try:
            try:
                result = await self._handle(scope, headers, receive)
                if is_large := isinstance(result, LARGE_RESPONSES):
                    status, content, sent = await self._large_response(result, scope)
                else:
                    status, content, sent = self._build_checked_response(result)
            except ApiError as refusal:
                note_violations(scope, refusal.violations)
                status, content, sent = self.error_response(refusal, scope, headers)
            except ClientDisconnected:
                return
            if UNDECLARED_KEY in scope and not self._refuses_undeclared:
                sent.append(ignored_header(scope[UNDECLARED_KEY]))
            await send_response(scope, send, status, content, sent)
        finally:
            if is_large:
                self._capacity.answers.release(id(scope))

    async def _handle(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Any:
        # Before the body is awaited, during which a reset may replace the world: the handler gets
        # the world in which the credentials were checked.
        subject = self._subject(scope)
        violations: list[ErrorDetail] = []
        undeclared: list[UndeclaredName] = []
        arguments = self._parameters.read(scope, violations, undeclared)
        if undeclared:  # noted now, because the body may be refused at once
            scope[UNDECLARED_KEY] = undeclared
        if self._body is not None:
            if len(headers) < len(scope["headers"]):  # a field is repeated
                refuse_repeated_content_type(scope["headers"])
            arguments["body"] = await self._body.read(headers, receive, violations, undeclared)
        if undeclared:
            scope[UNDECLARED_KEY] = undeclared
            if self._refuses_undeclared:
                violations += [name.violation() for name in undeclared]
        if violations:
            raise InvalidRequest(*violations)
        if self._wants_headers:
            for keyword in self._parameters.header_keywords:
                arguments.pop(keyword, None)
            arguments["headers"] = joined_headers(scope)
        if self._wants_address:
            arguments["address"] = base_url(scope)
        result = self._handler(subject, **arguments)
        return await result if self._waits else result

    async def check_response(self, subject: Any, **arguments: Any) -> None:
        """Build a response without sending it; raises ApiError and InvalidResponse."""
        self._encode(await self._result(subject, "", arguments))

    async def response_body(self, subject: Any, address: str, **arguments: Any) -> bytes:
        """Return the body of the response to a request with these arguments.

        Raises ApiError and InvalidResponse.
        """
        result = await self._result(subject, address, arguments)
        heavy = isinstance(result, LongListResponse)
        return bytes((await run_in_thread_if(heavy, partial(self._encode, result)))[1])

    async def _result(self, subject: Any, address: str, arguments: dict[str, Any]) -> Any:
        if self._wants_headers:
            arguments["headers"] = {}
        if self._wants_address:
            arguments["address"] = address
        result = self._handler(subject, **arguments)
        return await result if self._waits else result

    def _encode(self, result: Any) -> RawResponse:
        if isinstance(result, LongListResponse):
            return self._encode_in_blocks(result)
        return self._build_checked_response(result)

    def _build_checked_response(self, result: Any) -> RawResponse:
        """Return status, bytes and headers of a result; raises InvalidResponse."""
        if isinstance(result, HttpResponse):
            self._check_documented(result)
            return encode_response(result)
        if self._complete:
            result = self._complete(result)
        checker = self._success
        if checker is None or not checker.accepts(result):
            violations = checker.violations(result, "") if checker else []
            texts = [violation_text(v) for v in violations] or ["JSON is not documented"]
            raise InvalidResponse(self.operation_id, texts)
        return 200, encode_json(result), [(b"content-type", b"application/json")]

    async def _large_response(
        self, answer: LongListResponse | LargeJsonResponse, scope: Scope
    ) -> RawResponse:
        """Return what a thread encodes, after clients have received enough of earlier ones."""
        encode: Callable[[], RawResponse] = (
            partial(self._encode_in_blocks, answer)
            if isinstance(answer, LongListResponse)
            else answer.build
        )
        async with self._capacity.turn:
            await self._capacity.answers.reserve(id(scope), 1)
            answered = await run_in_thread_if(True, encode)
            self._capacity.answers.record(id(scope), len(answered[1]))
        return answered

    def _encode_in_blocks(self, answer: LongListResponse) -> RawResponse:
        """Encode a long list in a thread; raises InvalidResponse."""
        # Block by block, so that only the bytes of the whole list are in memory.
        checker = self._answers.checkers_for(200)[JSON_MEDIA_TYPE]
        pieces: list[bytes] = []
        complete = self._complete or _unchanged
        whole_document = complete({**answer.document, answer.key: []})
        for start in range(0, len(answer.rows), BLOCK_ROWS):
            block = [answer.render(row) for row in answer.rows[start : start + BLOCK_ROWS]]
            part = complete({**answer.document, answer.key: block})
            if not checker.accepts(part):
                wrong = (_shift_row(v, answer.key, start) for v in checker.violations(part, ""))
                raise InvalidResponse(self.operation_id, [violation_text(v) for v in wrong])
            pieces.append(encode_json(part[answer.key])[1:-1])
        fields = {name: encode_json(value) for name, value in whole_document.items()}
        fields[answer.key] = b"[%b]" % b",".join(pieces)
        whole = b",".join(b"%b:%b" % (encode_json(name), value) for name, value in fields.items())
        return 200, b"{%b}" % whole, [(b"content-type", b"application/json")]

    def _check_documented(self, answer: HttpResponse) -> None:
        if not self._strict:  # the response was made from the contract
            return
        documented = self._answers.checkers_for(answer.status)
        if not self._answers.has_status(answer.status):
            raise InvalidResponse(
                self.operation_id, [f"the status {answer.status} is not documented"]
            )
        if (
            answer.status not in EMPTY_STATUSES
            and not {answer.media_type, "*/*"} & documented.keys()
        ):
            raise InvalidResponse(self.operation_id, [f"{answer.media_type} is not documented"])

    def _optional_arguments(self) -> frozenset[str]:
        """Return which of OPTIONAL_ARGUMENTS the handler takes."""
        parameters = inspect.signature(self._handler).parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):  # `build_contract_handler`
            return frozenset()
        takes = list(parameters)[1:]
        gives = [*self._parameters.keywords, *(["body"] if self._body else [])]
        if "headers" in takes:
            gives = [each for each in gives if each not in self._parameters.header_keywords]
        missing = sorted(set(gives) - set(takes))
        surplus = sorted(set(takes) - set(gives) - OPTIONAL_ARGUMENTS)
        if missing or surplus:
            raise ContractMismatchError(
                f"{self.operation_id}: the arguments of the handler do not match the contract "
                f"(missing: {', '.join(missing) or 'none'}; "
                f"unknown: {', '.join(surplus) or 'none'})"
            )
        return OPTIONAL_ARGUMENTS.intersection(takes)


def _shift_row(violation: ErrorDetail, key: str, start: int) -> ErrorDetail:
    """Return a violation of a row in a block with its pointer in the whole list."""
    _, name, *rest = violation.pointer.split("/")
    if name != key or not rest:
        return violation
    place = "/".join(["", name, str(int(rest[0]) + start), *rest[1:]])
    return replace(violation, pointer=place)


def _unchanged(value: Any) -> Any:
    return value
