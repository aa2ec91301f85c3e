"""An operation of the contract, compiled once: parameters, body, handler, response validation.

A request compiles and inspects nothing. The order is fixed: security (before this module);
parameters and body, with all their violations at once; handler; validation of the response.
"""

from __future__ import annotations

import asyncio
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
from mock_server.http.null_completion import compile_null_completion
from mock_server.http.parameters import ParameterReader
from mock_server.http.problem import ProblemWriter, encode_json
from mock_server.http.response import (
    JSON_MEDIA_TYPE,
    BodyBytes,
    HttpResponse,
    RawResponse,
    encode_headers,
)
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.wire_readings import WireReadings
from mock_server.runtime.threads import run_in_thread_if
from mock_server.runtime.worker_processes import SharedCapacity

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[..., Any]
GetSubject = Callable[[Scope], Any]
"""Returns the first argument of a handler for a request; in the API, this is a world."""
EMPTY_STATUSES = frozenset({204, 304})
BLOCK_ROWS = 500
"""Rows of a long list that are validated and encoded in one step of a few milliseconds."""
OPTIONAL_ARGUMENTS = frozenset({"headers", "address"})
"""Arguments that a handler may take in addition to the contract's: header fields, mock's address.

With `headers`, parameters in headers are not passed as separate arguments."""
SEND_CHUNK_BYTES = 2**18
"""Maximum number of bytes of a body that are sent in one step."""


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
    ) -> None:
        """Compile an operation of the bundled contract.

        `declared` is the operation object with the parameters of its path included; all operations
        share `capacity`. Raises ContractMismatchError if the arguments of `handler` are not those
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
        try:
            await self._serve(scope, receive, send)
        finally:
            self._capacity.answers.release(id(scope))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        try:
            result = await self._handle(scope, headers, receive)
            if isinstance(result, LongListResponse):
                status, content, sent = await self._long_list_response(result, scope)
            else:
                status, content, sent = self._build_checked_response(result)
        except ApiError as refusal:
            status, content, sent = self.error_response(refusal, scope, headers)
        except ClientDisconnected:
            return
        await send_response(scope, send, status, content, sent)

    async def _handle(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Any:
        # Before the body is awaited, during which a reset may replace the world: the handler gets
        # the world in which the credentials were checked.
        subject = self._subject(scope)
        violations: list[ErrorDetail] = []
        arguments = self._parameters.read(scope, violations)
        if self._body is not None:
            if len(headers) < len(scope["headers"]):  # a field is repeated
                refuse_repeated_content_type(scope["headers"])
            arguments["body"] = await self._body.read(headers, receive, violations)
        if violations:
            raise InvalidRequest(*violations)
        if self._wants_headers:
            for keyword in self._parameters.header_keywords:
                arguments.pop(keyword, None)
            arguments["headers"] = _header_dict(scope)
        if self._wants_address:
            arguments["address"] = base_url(scope)
        result = self._handler(subject, **arguments)
        return await result if self._waits else result

    def _build_checked_response(self, result: Any) -> RawResponse:
        """Return status, bytes and headers of a result; raises InvalidResponse."""
        if isinstance(result, HttpResponse):
            self._check_documented(result)
            extra = encode_headers(result.headers)
            if result.status not in EMPTY_STATUSES and result.media_type:
                extra.append((b"content-type", result.media_type.encode("latin-1")))
            return result.status, result.content, extra
        if self._complete:
            result = self._complete(result)
        checker = self._success
        if checker is None or not checker.accepts(result):
            violations = checker.violations(result, "") if checker else []
            texts = [violation_text(v) for v in violations] or ["JSON is not documented"]
            raise InvalidResponse(self.operation_id, texts)
        return 200, encode_json(result), [(b"content-type", b"application/json")]

    async def _long_list_response(self, answer: LongListResponse, scope: Scope) -> RawResponse:
        """Return a long list, after waiting until clients have received enough of earlier ones."""
        async with self._capacity.turn:
            await self._capacity.answers.reserve(id(scope), 1)
            answered = await run_in_thread_if(True, partial(self._encode_in_blocks, answer))
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


def _header_dict(scope: Scope) -> dict[str, str]:
    """Return the header fields by name, with repeated ones joined (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    if scope["method"] != "GET":  # Range is defined for GET only (RFC 9110, 14.2)
        found.pop("range", None)
    return found


def _shift_row(violation: ErrorDetail, key: str, start: int) -> ErrorDetail:
    """Return a violation of a row in a block with its pointer in the whole list."""
    _, name, *rest = violation.pointer.split("/")
    if name != key or not rest:
        return violation
    place = "/".join(["", name, str(int(rest[0]) + start), *rest[1:]])
    return replace(violation, pointer=place)


def _unchanged(value: Any) -> Any:
    return value


async def send_response(
    scope: Scope, send: Send, status: int, content: BodyBytes, headers: list[tuple[bytes, bytes]]
) -> None:
    """Send a response; one to HEAD has the headers of GET, including Content-Length.

    A large body is sent in pieces, as fast as the client receives them.
    """
    if status not in EMPTY_STATUSES and not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = b"" if scope["method"] == "HEAD" else content
    if len(body) > SEND_CHUNK_BYTES:
        body = memoryview(body)
        while len(body) > SEND_CHUNK_BYTES:
            piece = bytes(body[:SEND_CHUNK_BYTES])
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            # The transport collects the writes of one iteration of the event loop into one packet.
            await asyncio.sleep(0)
            body = body[SEND_CHUNK_BYTES:]
    await send({"type": "http.response.body", "body": bytes(body)})
