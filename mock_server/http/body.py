"""Request bodies: received within limits, decoded strictly, validated against their schema."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

from mock_server.domain.media_type_detection import normalize_media_type
from mock_server.errors import (
    ClientDisconnected,
    ContentTooLarge,
    ErrorDetail,
    InvalidRequest,
    UnsupportedMediaType,
    display_text,
)
from mock_server.http import large_json
from mock_server.http.body_preparation import BodyPreparation
from mock_server.http.content_type import UTF_8_NAMES, parse_content_type
from mock_server.http.form_fields import NO_FORM, FormFields, add_violations
from mock_server.http.json_process import USUAL_COST, JsonCost
from mock_server.http.json_text import LARGE_TEXT_BYTES as LARGE
from mock_server.http.json_text import is_slow_to_parse, read_json
from mock_server.http.known_names import KnownNames
from mock_server.http.media_type_matching import is_json, match_media_type
from mock_server.http.multipart_form import read_parts
from mock_server.http.schemas import CompiledSchemas, SchemaChecker
from mock_server.http.undeclared_input import UndeclaredName
from mock_server.http.urlencoded_form import URLENCODED_FORM, read_fields
from mock_server.http.wire_readings import WireReadings
from mock_server.runtime.threads import MIN_BYTES_FOR_THREAD, run_in_thread_if
from mock_server.runtime.worker_processes import WAIT_FOR_DISCONNECT, SharedCapacity

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
MULTIPART_FORM = "multipart/form-data"


class BodyLimits(NamedTuple):
    """Limits of a body: bytes of any body and of JSON, values in JSON, cost of large JSON."""

    size: int
    json_size: int
    json_values: int
    json_cost: JsonCost = USUAL_COST


class _MediaType(NamedTuple):
    """The compiled parts of a media type: checker, preparation before it, names of the fields."""

    checker: SchemaChecker
    preparation: BodyPreparation
    names: KnownNames


class _BodyType(NamedTuple):
    """A Content-Type, parsed; `schema` is None if the operation does not accept it."""

    name: str
    schema: _MediaType | None
    is_json: bool
    is_utf_8: bool
    is_form: bool
    boundary: str


class BodyReader:
    """Reader of the body of one operation, compiled once."""

    def __init__(
        self,
        declared: Mapping[str, Any],
        schemas: CompiledSchemas,
        limits: BodyLimits,
        capacity: SharedCapacity,
        readings: WireReadings,
        *,
        decodes_forms: bool = True,
    ) -> None:
        """Compile a `requestBody`; raises UnsupportedSchemaError.

        All operations share `capacity`. Without `decodes_forms`, a handler gets the bytes of a form
        that is not multipart.
        """
        self._required = declared.get("required", False)
        self._decodes_forms = decodes_forms
        self._limits = limits
        self._capacity = capacity
        self._schemas: dict[str, _MediaType] = {}
        self._form = NO_FORM
        for written, content in declared.get("content", {}).items():
            schema = content.get("schema", {})
            media_type = normalize_media_type(written)
            if media_type == MULTIPART_FORM:
                self._form = FormFields(schema, schemas.components)
                schema = self._form.schema
            elif not is_json(media_type) and not self._is_decoded_form(media_type):
                schema = {}  # a handler gets the bytes
            checker = schemas.checker_for(schema)
            preparation = BodyPreparation(
                checker.schema, drops_nulls=readings.drops_nulls, coerces=readings.coerces
            )
            names = KnownNames(checker.schema)
            self._schemas[media_type] = _MediaType(checker, preparation, names)
        self._accepted = ", ".join(self._schemas)
        self._type_of = lru_cache(16)(self._parse_type)  # clients repeat the same few values

    def _is_decoded_form(self, media_type: str) -> bool:
        return self._decodes_forms and media_type == URLENCODED_FORM

    async def read(
        self,
        headers: Mapping[bytes, bytes],
        receive: Receive,
        violations: list[ErrorDetail],
        undeclared: list[UndeclaredName],
    ) -> Any:
        """Return the decoded body, or None if there is none.

        Its violations go to `violations`, and names that the contract does not have go to
        `undeclared`. Raises ContentTooLarge, UnsupportedMediaType, InvalidRequest for JSON that
        cannot be parsed, ServiceUnavailable and ClientDisconnected.
        """
        sent = headers.get(b"content-type", b"")
        body_type = self._type_of(sent)
        # HTTP allows any number of leading zeros; `int` refuses more than 4,300 digits.
        announced = headers.get(b"content-length", b"").lstrip(b"0")
        if announced.isdigit():
            # Before the body arrives: a client with `Expect: 100-continue` need not send it.
            size = int(announced)
            self._check_size(size, body_type.is_json, str(size))
        if b"content-encoding" in headers or b"transfer-encoding" in headers:
            _check_encodings(headers)
        WAIT_FOR_DISCONNECT.set(receive)
        message = await receive()
        raw = message.get("body", b"")
        schema = body_type.schema
        # Most bodies are a short JSON text in one message; they take few steps, and no coroutines.
        if (
            raw
            and schema is not None
            and body_type.is_json
            and body_type.is_utf_8
            and not message.get("more_body")
            and not is_slow_to_parse(raw)
        ):
            self._check_size(len(raw), is_json=True)
            value = _validate_json(raw, schema, violations)
        else:
            value = await self._read_any_body(body_type, headers, message, receive, violations)
        if value is not None and schema is not None and not schema.names.has_all_of(value):
            undeclared += schema.names.undeclared(value, "/body")
        return value

    async def _read_any_body(
        self,
        body_type: _BodyType,
        headers: Mapping[bytes, bytes],
        message: MutableMapping[str, Any],
        receive: Receive,
        violations: list[ErrorDetail],
    ) -> Any:
        """Return the decoded body that begins with a message, or None if there is none."""
        schema, holder = body_type.schema, object()
        try:
            chunks = await self._receive_chunks(message, receive, body_type.is_json, holder)
            # An empty optional body counts as absent: generated clients send its type anyway.
            if not chunks and (b"content-type" not in headers or not self._required):
                if self._required:
                    violations.append(
                        ErrorDetail("/body", "required", f"required {self._accepted}")
                    )
                return None
            if schema is not None and not body_type.is_json and not body_type.is_form:
                return b"".join(chunks)
            if schema is None or not body_type.is_utf_8:
                found = display_text(headers.get(b"content-type", b"").decode("latin-1"))
                at = "/header/Content-Type"
                raise UnsupportedMediaType(ErrorDetail(at, "contentType", self._accepted, found))
            if body_type.is_json:
                return await self._read_json_body(chunks, schema, violations)
            if body_type.name == URLENCODED_FORM:
                value = read_fields(chunks, violations)
                add_violations(value, schema.checker, violations)
                return value
            heavy = sum(map(len, chunks)) > MIN_BYTES_FOR_THREAD
            parts = await run_in_thread_if(heavy, partial(read_parts, chunks, body_type.boundary))
            return self._form.read(parts, schema.checker, violations)
        finally:
            self._capacity.bodies.release(holder)

    def _parse_type(self, sent: bytes) -> _BodyType:
        name, charset, boundary = parse_content_type(sent)
        known = match_media_type(name, self._schemas)
        schema = self._schemas[known] if known else None
        is_form = name == MULTIPART_FORM or self._is_decoded_form(name)
        as_json = schema is not None and is_json(name)
        return _BodyType(name, schema, as_json, charset in UTF_8_NAMES, is_form, boundary)

    async def _receive_chunks(
        self, message: MutableMapping[str, Any], receive: Receive, is_json: bool, holder: object
    ) -> list[bytes]:
        chunks: list[bytes] = []
        size = 0
        while True:
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            chunk = message.get("body", b"")
            size += len(chunk)
            self._check_size(size, is_json)
            if chunk:
                chunks.append(chunk)
            if size > LARGE:  # small bodies are not counted, because most requests have one
                await self._capacity.bodies.reserve(holder, size)
            if not message.get("more_body"):
                return chunks
            message = await receive()

    def _check_size(self, size: int, is_json: bool, announced: str = "") -> None:
        """Raise ContentTooLarge for a body of this size so far, or of the size `announced`."""
        rule, limit = "maxBodySize", self._limits.size
        if is_json and self._limits.json_size < limit:
            rule, limit = "maxJsonSize", self._limits.json_size
        if size > limit:
            # How much had arrived depends on the network, and would differ from run to run.
            said = ErrorDetail("/body", rule, f"{rule} {limit}", announced or f"> {limit}")
            # The rest of the body is not read, so no further request can follow.
            raise ContentTooLarge(said, headers={"Connection": "close"})

    async def _read_json_body(
        self,
        chunks: list[bytes],
        schema: _MediaType,
        violations: list[ErrorDetail],
    ) -> Any:
        if sum(map(len, chunks)) <= LARGE:
            raw = b"".join(chunks)
            if not is_slow_to_parse(raw):
                return _validate_json(raw, schema, violations)
        limits = self._limits
        plain = large_json.BodySchema(schema.checker, schema.preparation)
        value, wrong = await large_json.read_large_json(
            self._capacity.json, chunks, plain, limits.json_values, limits.json_cost
        )
        violations += wrong
        return value


def _validate_json(raw: bytes, schema: _MediaType, violations: list[ErrorDetail]) -> Any:
    """Return the value of a short JSON text, prepared; its violations go to `violations`."""
    value = schema.preparation.apply(read_json(raw), raw)
    if not schema.checker.accepts(value):
        violations.extend(schema.checker.violations(value, "/body"))
    return value


def refuse_repeated_content_type(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise InvalidRequest if there are several Content-Type fields."""
    # A proxy might have used another one of them than we would.
    sent = sum(name == b"content-type" for name, _ in headers)
    if sent > 1:
        raise InvalidRequest(ErrorDetail("/header/Content-Type", "repeated", "1", str(sent)))


def _check_encodings(headers: Mapping[bytes, bytes]) -> None:
    """Raise UnsupportedMediaType or InvalidRequest for a body with an unsupported coding."""
    # Decompression is left out: a small body could expand to gigabytes.
    content = headers.get(b"content-encoding", b"identity").lower()
    if content != b"identity":
        found = display_text(content.decode("latin-1"))
        raise UnsupportedMediaType(
            ErrorDetail("/header/Content-Encoding", "contentEncoding", "identity", found)
        )
    transfer = headers.get(b"transfer-encoding", b"chunked").lower()
    if transfer != b"chunked":
        found = display_text(transfer.decode("latin-1"))
        raise InvalidRequest(ErrorDetail("/header/Transfer-Encoding", "enum", "chunked", found))
