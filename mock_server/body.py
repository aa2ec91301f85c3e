"""Request bodies: read within a limit, decoded strictly, checked against their schema."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import jiter
import multipart

from mock_server.answer import Upload
from mock_server.errors import Invalid, TooLarge, UnsupportedMediaType, Violation
from mock_server.schemas import Checker, resolved

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
MAX_PARTS = 100
OVERFLOWING = re.compile(rb"[0-9](?:[eE]\+?[0-9]{3}|[0-9]{299})")
"""Only a number like this can be too large for a float; jiter reads those as infinity."""


class Disconnected(Exception):
    """The caller went away before its body was complete; there is nobody to answer."""


class BodyReader:
    """The body of one operation, compiled."""

    def __init__(
        self, declared: Mapping[str, Any], components: Mapping[str, Any], limit: int
    ) -> None:
        """Compile a `requestBody`; `limit` is in bytes. Raises UnsupportedSchema."""
        self._required = declared.get("required", False)
        self._limit = limit
        self._checkers: dict[str, Checker] = {}
        self._binary: dict[str, frozenset[str]] = {}
        for media_type, content in declared["content"].items():
            schema = content["schema"]
            if media_type == "multipart/form-data":
                schema, self._binary[media_type] = _without_files(schema, components)
            self._checkers[media_type] = Checker(schema, components)
        self._accepted = ", ".join(self._checkers)

    async def read(
        self, headers: Mapping[bytes, bytes], receive: Receive, violations: list[Violation]
    ) -> Any:
        """The decoded body, or None where there is none; what is wrong goes to `violations`.

        Raises TooLarge, UnsupportedMediaType and Disconnected.
        """
        announced = headers.get(b"content-length", b"0")
        if announced.isdigit() and len(announced) < 20 and int(announced) > self._limit:
            raise self._too_large()
        raw = await self._bytes(receive)
        if not raw and b"content-type" not in headers:
            if self._required:
                violations.append(Violation("/body", "required", f"required {self._accepted}"))
            return None
        media_type, parameters = multipart.parse_options_header(
            headers.get(b"content-type", b"").decode("latin-1")
        )
        checker = self._checkers.get(media_type)
        charset = parameters.get("charset", "utf-8").lower()
        if checker is None or charset not in ("utf-8", "utf8"):
            sent = headers.get(b"content-type", b"").decode("latin-1")[:80]
            raise UnsupportedMediaType(
                Violation("/header/Content-Type", "contentType", self._accepted, sent)
            )
        if media_type == "multipart/form-data":
            return self._form(raw, parameters.get("boundary", ""), checker, violations)
        return self._json(raw, checker, violations)

    async def _bytes(self, receive: Receive) -> bytes:
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
            chunks.append(chunk)
            if not message.get("more_body"):
                return chunks[0] if len(chunks) == 1 else b"".join(chunks)

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
        self, raw: bytes, boundary: str, checker: Checker, violations: list[Violation]
    ) -> dict[str, Any]:
        files = self._binary["multipart/form-data"]
        fields: dict[str, Any] = {}
        for name, part in _parts(raw, boundary):
            pointer = f"/body/{name}"
            if name in fields:
                violations.append(Violation(pointer, "repeated", "1"))
            elif name in files:
                fields[name] = part
            elif part.file_name is not None:
                violations.append(Violation(pointer, "type", "type string", part.file_name[:80]))
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
    if OVERFLOWING.search(raw) and not _finite(value):
        raise Invalid(Violation("/body", "json", "application/json", "number out of range"))
    return value


def _finite(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    return not isinstance(value, list) or all(map(_finite, value))


def _parts(raw: bytes, boundary: str) -> list[tuple[str, Upload]]:
    """The parts of a multipart body; raises Invalid when it is malformed or cut short."""
    found: list[tuple[str, Upload]] = []
    chunks: list[bytes] = []
    segment: Any = None
    try:
        if not boundary:
            raise multipart.ParserError("no boundary in Content-Type")
        parser = multipart.PushMultipartParser(boundary, max_segment_count=MAX_PARTS)
        for event in [*parser.parse(raw), *parser.parse(b"")] if raw else parser.parse(b""):
            if isinstance(event, multipart.MultipartSegment):
                segment, chunks = event, []
            elif event is not None:
                chunks.append(bytes(event))
            else:
                media_type = segment.header("Content-Type", "")
                upload = Upload(segment.filename, media_type, b"".join(chunks))
                found.append((segment.name, upload))
    except (multipart.MultipartError, ValueError) as error:
        accepted = "multipart/form-data"
        raise Invalid(Violation("/body", "multipart", accepted, str(error)[:120])) from None
    return found


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
    files = frozenset(
        name for name, part in form["properties"].items() if part.get("format") == "binary"
    )
    properties = {n: {} if n in files else part for n, part in form["properties"].items()}
    return {**form, "properties": properties}, files
