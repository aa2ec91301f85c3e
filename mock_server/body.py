"""Request bodies: read within a limit, decoded strictly, checked against their schema."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import jiter
import multipart

from mock_server.answer import Upload
from mock_server.errors import (
    Invalid,
    TooLarge,
    UnsupportedMediaType,
    Violation,
    escaped,
    shown,
)
from mock_server.media_kinds import declared_for, is_json, media_type_of
from mock_server.offload import MANY_BYTES, offload
from mock_server.schemas import Checker, Schemas, resolved

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
MAX_PARTS = 100
BLOCK = 2**20
"""Bytes of a form that are looked at in one go, which nobody can interrupt."""
ALIKE = bytes.maketrans(b"123456789E", b"000000000e")
MANY_DIGITS, TOO_MANY_DIGITS = b"0" * 30, b"0" * 300
"""The longer is seldom looked for: to prepare for that takes longer than to find the shorter."""
WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE = re.compile(rf"({WORD}/{WORD})[ \t]*")
PARAMETER = re.compile(rf';[ \t]*(?:({WORD})=({WORD}|"(?:[^"\\]|\\.)*"))?[ \t]*')
"""A Content-Type as RFC 9110 writes it, piece by piece, so that no input makes it look twice.

Possessive quantifiers would do that too, but Python 3.11.2, Debian 12's, gets them wrong.
"""
UTF_8 = ("utf-8", "utf8")


class Disconnected(Exception):
    """The caller went away before its body was complete; there is nobody to answer."""


class BodyReader:
    """The body of one operation, compiled."""

    def __init__(self, declared: Mapping[str, Any], schemas: Schemas, limit: int) -> None:
        """Compile a `requestBody`; `limit` is in bytes. Raises UnsupportedSchema."""
        self._required = declared.get("required", False)
        self._limit = limit
        self._checkers: dict[str, Checker] = {}
        self._fields: frozenset[str] = frozenset()
        self._files: frozenset[str] = frozenset()
        for written, content in declared.get("content", {}).items():
            schema = content.get("schema", {})
            media_type = media_type_of(written)
            if media_type == "multipart/form-data":
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
        # HTTP takes any number of zeros, int() does not.
        announced = headers.get(b"content-length", b"").lstrip(b"0")
        if announced.isdigit() and int(announced) > self._limit:
            raise self._too_large()
        _check_codings(headers)
        chunks = await self._chunks(receive)
        # Where a body may be absent, an empty one is: generated clients name its type regardless.
        if not chunks and (b"content-type" not in headers or not self._required):
            if self._required:
                violations.append(Violation("/body", "required", f"required {self._accepted}"))
            return None
        sent = headers.get(b"content-type", b"")
        media_type, charset, boundary = _media_type(sent)
        known = declared_for(media_type, self._checkers)
        checker = self._checkers[known] if known else None
        if checker is not None and not is_json(media_type) and media_type != "multipart/form-data":
            return b"".join(chunks)
        if checker is None or charset not in UTF_8:
            found = shown(sent.decode("latin-1"))
            raise UnsupportedMediaType(
                Violation("/header/Content-Type", "contentType", self._accepted, found)
            )
        if media_type == "multipart/form-data":
            is_large = sum(map(len, chunks)) > MANY_BYTES
            parts = await offload(is_large, partial(_parts, chunks, boundary))
            return self._form(parts, checker, violations)
        return self._json(b"".join(chunks), checker, violations)

    async def _chunks(self, receive: Receive) -> list[bytes]:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._limit:
                raise self._too_large()
            if chunk:
                chunks.append(chunk)
            if not message.get("more_body"):
                return chunks

    def _too_large(self) -> TooLarge:
        return TooLarge(
            Violation("/body", "maxBodySize", f"maxBodySize {self._limit}"),
            headers={"Connection": "close"},
        )

    @staticmethod
    def _json(raw: bytes, checker: Checker, violations: list[Violation]) -> Any:
        value = read_json(raw)
        if not checker.accepts(value):
            violations.extend(checker.violations(value, "/body"))
        return value

    def _form(
        self, parts: list[tuple[str, Upload]], checker: Checker, violations: list[Violation]
    ) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, part in parts:
            pointer = f"/body/{escaped(name)}"
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


def read_json(raw: bytes) -> Any:
    """Decode JSON as RFC 8259 means it; no NaN, no duplicate key, no lone surrogate.

    Raises Invalid with what is wrong and where in the text.
    """
    try:
        value = jiter.from_json(raw, catch_duplicate_keys=True, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid(Violation("/body", "json", "application/json", str(error)[:120])) from None
    if _may_overflow(raw.translate(ALIKE)) and not _finite(value):
        raise Invalid(Violation("/body", "json", "application/json", "number out of range"))
    return value


def _may_overflow(digits: bytes) -> bool:
    """Whether a number may be too large for a float, which jiter reads as infinity."""
    return (
        b"0e000" in digits
        or b"0e+000" in digits
        or (MANY_DIGITS in digits and TOO_MANY_DIGITS in digits)
    )


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


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    return not isinstance(value, list) or all(map(_finite, value))


def _blocks(chunks: list[bytes]) -> Iterator[bytes]:
    """The body in blocks that do not depend on how it arrived; takes the chunks as it goes."""
    chunks.reverse()
    held = bytearray()
    while chunks:
        held += chunks.pop()
        while len(held) > BLOCK:
            yield bytes(held[:BLOCK])
            del held[:BLOCK]
    if held:
        yield bytes(held)


def _parts(chunks: list[bytes], boundary: str) -> list[tuple[str, Upload]]:
    """The parts of a multipart body; raises Invalid when it is malformed or cut short."""
    found: list[tuple[str, Upload]] = []
    content: list[bytes] = []
    segment: Any = None
    try:
        if not boundary:
            raise multipart.ParserError("no boundary in Content-Type")
        parser = multipart.PushMultipartParser(boundary, max_segment_count=MAX_PARTS)
        for event in chain.from_iterable(map(parser.parse, chain(_blocks(chunks), (b"",)))):
            if isinstance(event, multipart.MultipartSegment):
                segment, content = event, []
                if not segment.name and not _is_named(segment):
                    raise multipart.ParserError("a part without a name")
            elif event is not None:
                content.append(bytes(event))
            else:
                media_type = segment.header("Content-Type", "")
                upload = Upload(segment.filename, media_type, b"".join(content))
                found.append((segment.name, upload))
    except (multipart.MultipartError, ValueError) as error:
        reason, accepted = str(error.args[0]), "multipart/form-data"
        raise Invalid(Violation("/body", "multipart", accepted, shown(reason))) from None
    return found


def _is_named(segment: Any) -> bool:
    """Whether a part has a name, be it an empty one: that is a field of nobody's."""
    _, parameters = multipart.parse_options_header(segment.header("Content-Disposition", ""))
    return "name" in parameters


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
