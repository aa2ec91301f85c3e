"""Request bodies: read within a limit, decoded strictly, checked against their schema."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from typing import Any, NamedTuple

import multipart

from mock_server.domain.file_signatures import media_type_of
from mock_server.errors import (
    Disconnected,
    Invalid,
    TooLarge,
    UnsupportedMediaType,
    Violation,
    shown,
)
from mock_server.http import large_json
from mock_server.http.json_text import MANY_BYTES as LARGE
from mock_server.http.json_text import is_large, read_json
from mock_server.http.media_type_matching import declared_for, is_json
from mock_server.http.multipart_form import Upload, read_parts
from mock_server.http.schemas import Checker, Schemas, resolved
from mock_server.runtime.threads import MANY_BYTES, offload
from mock_server.runtime.worker_processes import CALLER, Capacity
from openapi import escape_token

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
FORM = "multipart/form-data"
WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE = re.compile(rf"({WORD}/{WORD})[ \t]*")
PARAMETER = re.compile(rf';[ \t]*(?:({WORD})=({WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*')
"""A Content-Type as RFC 9110 writes it, piece by piece, so that no input makes it look twice.

Possessive quantifiers would do that too, but Python 3.11.2, Debian 12's, gets them wrong.
Werkzeug's `parse_options_header` passes over what is malformed or there twice; here it is refused.
"""
UTF_8 = ("utf-8", "utf8")


class Limits(NamedTuple):
    """Limits of a body: bytes of any body and of JSON, values of JSON."""

    size: int
    json_size: int
    json_values: int


class BodyReader:
    """The body of one operation, compiled."""

    def __init__(
        self, declared: Mapping[str, Any], schemas: Schemas, limits: Limits, capacity: Capacity
    ) -> None:
        """Compile a `requestBody`; all share the `capacity`. Raises UnsupportedSchema."""
        self._required = declared.get("required", False)
        self._limits = limits
        self._capacity = capacity
        self._checkers: dict[str, Checker] = {}
        self._fields: frozenset[str] = frozenset()
        self._files: frozenset[str] = frozenset()
        for written, content in declared.get("content", {}).items():
            schema = content.get("schema", {})
            media_type = media_type_of(written)
            if media_type == FORM:
                schema, self._files = _without_files(schema, schemas.components)
                self._fields = frozenset(schema["properties"])
            elif not is_json(media_type):
                schema = {}  # read as bytes
            self._checkers[media_type] = schemas.checker(schema)
        self._accepted = ", ".join(self._checkers)

    async def read(
        self, headers: Mapping[bytes, bytes], receive: Receive, violations: list[Violation]
    ) -> Any:
        """The decoded body, or None where there is none; what is wrong goes to `violations`.

        Raises TooLarge, UnsupportedMediaType and Disconnected.
        """
        sent = headers.get(b"content-type", b"")
        media_type, charset, boundary = _media_type(sent)
        known = declared_for(media_type, self._checkers)
        checker = self._checkers[known] if known else None
        as_json = checker is not None and is_json(media_type)
        # HTTP takes any number of zeros, int() does not.
        announced = headers.get(b"content-length", b"").lstrip(b"0")
        if announced.isdigit():
            self._check_size(int(announced), as_json)
        _check_codings(headers)
        holder = object()
        try:
            chunks = await self._chunks(receive, as_json, holder)
            # Where a body may be absent, an empty one is: generated clients name its type anyway.
            if not chunks and (b"content-type" not in headers or not self._required):
                if self._required:
                    violations.append(Violation("/body", "required", f"required {self._accepted}"))
                return None
            if checker is not None and not as_json and media_type != FORM:
                return b"".join(chunks)
            if checker is None or charset not in UTF_8:
                found = shown(sent.decode("latin-1"))
                at = "/header/Content-Type"
                raise UnsupportedMediaType(Violation(at, "contentType", self._accepted, found))
            CALLER.set(receive)
            if as_json:
                return await self._json(chunks, checker, violations)
            heavy = sum(map(len, chunks)) > MANY_BYTES
            parts = await offload(heavy, partial(read_parts, chunks, boundary))
            return self._form(parts, checker, violations)
        finally:
            self._capacity.bodies.release(holder)

    async def _chunks(self, receive: Receive, is_json: bool, holder: object) -> list[bytes]:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = message.get("body", b"")
            size += len(chunk)
            self._check_size(size, is_json)
            if chunk:
                chunks.append(chunk)
            if size > LARGE:
                await self._capacity.bodies.take(holder, size)
            if not message.get("more_body"):
                return chunks

    def _check_size(self, size: int, is_json: bool) -> None:
        rule, limit = "maxBodySize", self._limits.size
        if is_json and self._limits.json_size < limit:
            rule, limit = "maxJsonSize", self._limits.json_size
        if size > limit:
            said = Violation("/body", rule, f"{rule} {limit}")
            raise TooLarge(said, headers={"Connection": "close"})

    async def _json(
        self, chunks: list[bytes], checker: Checker, violations: list[Violation]
    ) -> Any:
        if sum(map(len, chunks)) <= LARGE:
            raw = b"".join(chunks)
            if not is_large(raw):
                value = read_json(raw)
                if not checker.accepts(value):
                    violations.extend(checker.violations(value, "/body"))
                return value
        values = self._limits.json_values
        value, wrong = await large_json.read(self._capacity.json, chunks, checker, values)
        violations += wrong
        return value

    def _form(
        self, parts: list[tuple[str, Upload]], checker: Checker, violations: list[Violation]
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, part in parts:
            pointer = f"/body/{escape_token(name)}"
            if name not in self._fields:
                fields[name] = ""  # nobody reads it, so nothing can be wrong with it (X2)
            elif name in fields:
                violations.append(Violation(pointer, "repeated", "1"))
            elif name in self._files:
                fields[name] = part
            elif part.file_name is not None:
                violations.append(Violation(pointer, "type", "type string", shown(part.file_name)))
            else:
                fields[name] = _text(part.content, pointer, violations)
        texts = {n: "" if isinstance(v, Upload) else v for n, v in fields.items()}
        if not checker.accepts(texts):
            known = {violation.pointer for violation in violations}
            violations.extend(
                v for v in checker.violations(texts, "/body") if v.pointer not in known
            )
        return fields


@lru_cache(64)
def _media_type(sent: bytes) -> tuple[str, str, str]:
    """Type, charset and boundary of a Content-Type; the type is empty when it is malformed."""
    text = sent.decode("latin-1")
    written = MEDIA_TYPE.match(text)
    parameters = _parameters(text, written.end()) if written else None
    if written is None or parameters is None:
        return "", "", ""
    charset = parameters.get("charset", UTF_8[0]).lower()
    return written[1].lower(), charset, parameters.get("boundary", "")


def _parameters(text: str, start: int) -> dict[str, str] | None:
    """The parameters that a Content-Type has from `start`; None if malformed or one comes twice."""
    found: dict[str, str] = {}
    while start < len(text):
        written = PARAMETER.match(text, start)
        if written is None or (written[1] or "").lower() in found:
            return None
        if written[1]:
            found[written[1].lower()] = multipart.header_unquote(written[2])
        start = written.end()
    return found


def refuse_repeated(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Which of two Content-Types is meant, nobody can know; raises Invalid."""
    sent = sum(name == b"content-type" for name, _ in headers)
    if sent > 1:
        raise Invalid(Violation("/header/Content-Type", "repeated", "1", str(sent)))


def _check_codings(headers: Mapping[bytes, bytes]) -> None:
    """Nothing here decompresses: a body that says it is compressed cannot be read."""
    content = headers.get(b"content-encoding", b"identity").lower()
    if content != b"identity":
        found = shown(content.decode("latin-1"))
        raise UnsupportedMediaType(
            Violation("/header/Content-Encoding", "contentEncoding", "identity", found)
        )
    transfer = headers.get(b"transfer-encoding", b"chunked").lower()
    if transfer != b"chunked":
        found = shown(transfer.decode("latin-1"))
        raise Invalid(Violation("/header/Transfer-Encoding", "enum", "chunked", found))


def _text(content: bytes, pointer: str, violations: list[Violation]) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        violations.append(Violation(pointer, "utf8", "UTF-8"))
        return ""


def _without_files(
    schema: Mapping[str, Any], components: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """A form's schema with its file fields free of checks, and the names of those fields."""
    form = resolved(schema, components, "schemas")
    declared = form.get("properties", {})
    files = frozenset(name for name, part in declared.items() if part.get("format") == "binary")
    properties = {n: {} if n in files else part for n, part in declared.items()}
    return {**form, "properties": properties}, files
