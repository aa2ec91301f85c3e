"""Request bodies: received within limits, decoded strictly, validated against their schema."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import multipart

from mock_server.domain.file_kind_detection import normalize_media_type
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
from mock_server.http.json_text import LARGE_TEXT_BYTES as LARGE
from mock_server.http.json_text import is_large_text, read_json
from mock_server.http.media_type_matching import is_json, match_media_type
from mock_server.http.multipart_form import Upload, read_parts
from mock_server.http.schema_translation import resolve_reference
from mock_server.http.schemas import CompiledSchemas, SchemaChecker
from mock_server.http.urlencoded_form import URLENCODED_FORM, read_fields
from mock_server.http.wire_readings import WireReadings
from mock_server.runtime.threads import MIN_BYTES_FOR_THREAD, run_in_thread_if
from mock_server.runtime.worker_processes import WAIT_FOR_DISCONNECT, SharedCapacity
from openapi import escape_token

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
MULTIPART_FORM = "multipart/form-data"
HTTP_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE_PATTERN = re.compile(rf"({HTTP_WORD}/{HTTP_WORD})[ \t]*")
PARAMETER_PATTERN = re.compile(rf';[ \t]*(?:({HTTP_WORD})=({HTTP_WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*')
"""One parameter of a Content-Type (RFC 9110, 5.6.6).

Parameters are matched one at a time, so that no input causes backtracking. Possessive quantifiers
would prevent that, too, but are broken in Python 3.11.2, which Debian 12 has. Werkzeug's
`parse_options_header` ignores malformed and repeated parameters, which are refused here.
"""
UTF_8_NAMES = ("utf-8", "utf8")


class BodyLimits(NamedTuple):
    """Limits of a body: bytes of any body, bytes of JSON, number of values in JSON."""

    size: int
    json_size: int
    json_values: int


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
        self._checkers: dict[str, SchemaChecker] = {}
        self._preparations: dict[str, BodyPreparation] = {}
        self._fields: frozenset[str] = frozenset()
        self._files: frozenset[str] = frozenset()
        for written, content in declared.get("content", {}).items():
            schema = content.get("schema", {})
            media_type = normalize_media_type(written)
            if media_type == MULTIPART_FORM:
                schema, self._files = _schema_without_files(schema, schemas.components)
                self._fields = frozenset(schema["properties"])
            elif not is_json(media_type) and not self._is_decoded_form(media_type):
                schema = {}  # a handler gets the bytes
            checker = self._checkers[media_type] = schemas.checker_for(schema)
            self._preparations[media_type] = BodyPreparation(
                checker.schema, drops_nulls=readings.drops_nulls, coerces=readings.coerces
            )
        self._accepted = ", ".join(self._checkers)

    def _is_decoded_form(self, media_type: str) -> bool:
        return self._decodes_forms and media_type == URLENCODED_FORM

    async def read(
        self, headers: Mapping[bytes, bytes], receive: Receive, violations: list[ErrorDetail]
    ) -> Any:
        """Return the decoded body, or None if there is none; its violations go to `violations`.

        Raises ContentTooLarge, UnsupportedMediaType, InvalidRequest for JSON that cannot be parsed,
        ServiceUnavailable and ClientDisconnected.
        """
        sent = headers.get(b"content-type", b"")
        media_type, charset, boundary = _parse_content_type(sent)
        known = match_media_type(media_type, self._checkers)
        checker = self._checkers[known] if known else None
        as_json = checker is not None and is_json(media_type)
        # HTTP allows any number of leading zeros; `int` refuses more than 4,300 digits.
        announced = headers.get(b"content-length", b"").lstrip(b"0")
        if announced.isdigit():
            # Before the body arrives: a client with `Expect: 100-continue` need not send it.
            self._check_size(int(announced), as_json)
        _check_encodings(headers)
        holder = object()
        try:
            chunks = await self._receive_chunks(receive, as_json, holder)
            # An empty optional body counts as absent: generated clients send its type anyway.
            if not chunks and (b"content-type" not in headers or not self._required):
                if self._required:
                    violations.append(
                        ErrorDetail("/body", "required", f"required {self._accepted}")
                    )
                return None
            is_form = media_type == MULTIPART_FORM or self._is_decoded_form(media_type)
            if checker is not None and not as_json and not is_form:
                return b"".join(chunks)
            if checker is None or charset not in UTF_8_NAMES:
                found = display_text(sent.decode("latin-1"))
                at = "/header/Content-Type"
                raise UnsupportedMediaType(ErrorDetail(at, "contentType", self._accepted, found))
            WAIT_FOR_DISCONNECT.set(receive)
            if as_json:
                preparation = self._preparations[known or ""]
                return await self._read_json_body(chunks, checker, preparation, violations)
            if media_type == URLENCODED_FORM:
                fields = read_fields(chunks, violations)
                _add_violations(fields, checker, violations)
                return fields
            heavy = sum(map(len, chunks)) > MIN_BYTES_FOR_THREAD
            parts = await run_in_thread_if(heavy, partial(read_parts, chunks, boundary))
            return self._read_form(parts, checker, violations)
        finally:
            self._capacity.bodies.release(holder)

    async def _receive_chunks(self, receive: Receive, is_json: bool, holder: object) -> list[bytes]:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
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

    def _check_size(self, size: int, is_json: bool) -> None:
        rule, limit = "maxBodySize", self._limits.size
        if is_json and self._limits.json_size < limit:
            rule, limit = "maxJsonSize", self._limits.json_size
        if size > limit:
            said = ErrorDetail("/body", rule, f"{rule} {limit}")
            # The rest of the body is not read, so no further request can follow.
            raise ContentTooLarge(said, headers={"Connection": "close"})

    async def _read_json_body(
        self,
        chunks: list[bytes],
        checker: SchemaChecker,
        preparation: BodyPreparation,
        violations: list[ErrorDetail],
    ) -> Any:
        if sum(map(len, chunks)) <= LARGE:
            raw = b"".join(chunks)
            if not is_large_text(raw):
                value = preparation.apply(read_json(raw), raw)
                if not checker.accepts(value):
                    violations.extend(checker.violations(value, "/body"))
                return value
        values = self._limits.json_values
        schema = large_json.BodySchema(checker, preparation)
        value, wrong = await large_json.read(self._capacity.json, chunks, schema, values)
        violations += wrong
        return value

    def _read_form(
        self, parts: list[tuple[str, Upload]], checker: SchemaChecker, violations: list[ErrorDetail]
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, part in parts:
            pointer = f"/body/{escape_token(name)}"
            if name not in self._fields:
                fields[name] = ""  # unknown fields are allowed (X2) and ignored
            elif name in fields:
                violations.append(ErrorDetail(pointer, "repeated", "1"))
            elif name in self._files:
                fields[name] = part
            elif part.file_name is not None:
                violations.append(
                    ErrorDetail(pointer, "type", "type string", display_text(part.file_name))
                )
            else:
                fields[name] = _decode_text(part.content, pointer, violations)
        texts = {n: "" if isinstance(v, Upload) else v for n, v in fields.items()}
        _add_violations(texts, checker, violations)
        return fields


def _add_violations(
    texts: Mapping[str, str], checker: SchemaChecker, violations: list[ErrorDetail]
) -> None:
    """Add the violations of a form's fields that have none yet."""
    if not checker.accepts(texts):
        known = {violation.pointer for violation in violations}
        violations.extend(v for v in checker.violations(texts, "/body") if v.pointer not in known)


@lru_cache(64)  # clients repeat the same few values
def _parse_content_type(sent: bytes) -> tuple[str, str, str]:
    """Return media type, charset and boundary of a Content-Type; all empty if it is malformed."""
    text = sent.decode("latin-1")
    written = MEDIA_TYPE_PATTERN.match(text)
    parameters = _parse_parameters(text, written.end()) if written else None
    if written is None or parameters is None:
        return "", "", ""
    charset = parameters.get("charset", UTF_8_NAMES[0]).lower()
    return written[1].lower(), charset, parameters.get("boundary", "")


def _parse_parameters(text: str, start: int) -> dict[str, str] | None:
    """Return the parameters from `start`, or None if one is malformed or repeated."""
    found: dict[str, str] = {}
    while start < len(text):
        written = PARAMETER_PATTERN.match(text, start)
        if written is None or (written[1] or "").lower() in found:
            return None
        if written[1]:
            found[written[1].lower()] = multipart.header_unquote(written[2])
        start = written.end()
    return found


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


def _decode_text(content: bytes, pointer: str, violations: list[ErrorDetail]) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        violations.append(ErrorDetail(pointer, "utf8", "UTF-8"))
        return ""


def _schema_without_files(
    schema: Mapping[str, Any], components: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """Return a form's schema without the checks of its file fields, and their names."""
    form = resolve_reference(schema, components, "schemas")
    declared = form.get("properties", {})
    files = frozenset(name for name, part in declared.items() if part.get("format") == "binary")
    properties = {n: {} if n in files else part for n, part in declared.items()}
    return {**form, "properties": properties}, files
