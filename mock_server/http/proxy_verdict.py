"""Comparison of a real server's responses with the contract.

The contract is the superset of all answers to the open questions, as it is for `hypers-check`: the
readings of the mock are assumptions, and a real server that answers a question differently breaks
nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mock_server.domain.media_type_detection import normalize_media_type
from mock_server.errors import (
    ApiError,
    ClientDisconnected,
    ContentTooLarge,
    ErrorDetail,
    ServiceUnavailable,
    display_text,
)
from mock_server.http import large_json
from mock_server.http.body_preparation import BodyPreparation
from mock_server.http.documented_responses import (
    BODYLESS_STATUSES,
    DocumentedResponses,
    iter_responses,
    status_keys,
)
from mock_server.http.json_text import is_slow_to_parse, read_json
from mock_server.http.media_type_matching import is_json, match_media_type
from mock_server.http.parameter_types import (
    PARSERS_BY_TYPE,
    ParameterSyntaxError,
    declared_type,
)
from mock_server.http.proxy_headers import Headers
from mock_server.http.schema_translation import resolve_reference
from mock_server.http.schemas import CompiledSchemas, SchemaChecker
from mock_server.runtime.threads import MIN_BYTES_FOR_THREAD, run_in_thread_if
from mock_server.runtime.worker_processes import WorkerPool

MAX_CHECKED_BYTES = 4 * 2**20
"""Maximum size of a JSON body that is compared with the contract, also when it is decoded."""
MAX_CHECKED_VALUES = 1_000_000
NOT_CHECKED = "notChecked"
"""Rule of a body that was returned without being compared with the contract."""
BODY_POINTER = "/response/body"


class ResponseVerdict:
    """The comparison of one operation's responses with the contract, compiled once."""

    def __init__(self, declared: Mapping[str, Any], schemas: CompiledSchemas) -> None:
        """Compile the documented responses; raises UnsupportedSchemaError."""
        responses = declared.get("responses", {})
        self._answers = DocumentedResponses(responses, schemas)
        self._headers: dict[str, list[_DocumentedHeader]] = {}
        for status, response in iter_responses(responses, schemas):
            self._headers[status] = [
                _DocumentedHeader(
                    name, resolve_reference(header, schemas.components, "headers"), schemas
                )
                for name, header in response.get("headers", {}).items()
                if name.lower() != "content-type"  # OpenAPI: it is described by `content`
            ]
        self._statuses = ", ".join(sorted(self._headers))

    def head_violations(self, status: int, headers: Headers) -> list[ErrorDetail]:
        """Return the violations of status and header; names of fields are in lower case."""
        if not self._answers.has_status(status):
            found = ErrorDetail(
                "/response/status", "undocumentedStatus", self._statuses, str(status)
            )
            return [found]
        documented = next(self._headers[k] for k in status_keys(status) if k in self._headers)
        sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in headers}
        return [v for header in documented for v in header.violations(sent)]

    def body_checker(
        self, status: int, content_type: str
    ) -> tuple[SchemaChecker | None, list[ErrorDetail]]:
        """Return the checker of a JSON body, and the violation if the media type is undocumented.

        There is no checker for other bodies, which may be anything.
        """
        documented = self._answers.checkers_for(status)
        if status in BODYLESS_STATUSES or not documented:
            return None, []
        media_type = normalize_media_type(content_type)
        known = match_media_type(media_type, documented)
        if known is None:
            accepted = ", ".join(documented)
            found = display_text(content_type)
            at = "/response/header/Content-Type"
            return None, [ErrorDetail(at, "contentType", accepted, found)]
        return (documented[known] if is_json(media_type) else None), []


class _DocumentedHeader:
    """A documented field of a response's header."""

    def __init__(self, name: str, header: Mapping[str, Any], schemas: CompiledSchemas) -> None:
        schema = header.get("schema", {})
        self._name = name
        self._required = bool(header.get("required"))
        self._checker = schemas.checker_for(schema)
        self._type = declared_type(schema, schemas.components) or "string"
        self._parse = PARSERS_BY_TYPE.get(self._type)

    def violations(self, sent: Mapping[str, str]) -> list[ErrorDetail]:
        """Return the violations of the field in a header with names in lower case."""
        pointer = f"/response/header/{self._name}"
        text = sent.get(self._name.lower())
        if text is None:
            missing = ErrorDetail(pointer, "required", f"required {self._name}")
            return [missing] if self._required else []
        if self._parse is None:  # lists and objects, whose form in a header is not compared
            return []
        try:
            value = self._parse(text)
        except ParameterSyntaxError:
            return [ErrorDetail(pointer, "type", f"type {self._type}", display_text(text))]
        return [] if self._checker.accepts(value) else self._checker.violations(value, pointer)


async def check_body(
    checker: SchemaChecker, chunks: Sequence[bytes], coding: str, workers: WorkerPool
) -> tuple[Any, list[ErrorDetail]]:
    """Return the value of a JSON body, None if it is not known, and its violations.

    coding: the value of Content-Encoding. A body that cannot be compared has one of NOT_CHECKED.
    """
    heavy = sum(map(len, chunks)) > MIN_BYTES_FOR_THREAD
    raw = await run_in_thread_if(heavy, partial(_decode, chunks, coding))
    if isinstance(raw, ErrorDetail):
        return None, [raw]
    try:
        if not is_slow_to_parse(raw):
            value = read_json(raw)
            wrong = [] if checker.accepts(value) else checker.violations(value, BODY_POINTER)
            return value, wrong
        preparation = BodyPreparation(checker.schema, drops_nulls=False, coerces=False)
        schema = large_json.BodySchema(checker, preparation)
        value, wrong = await large_json.read_large_json(workers, [raw], schema, MAX_CHECKED_VALUES)
        return value, [_in_response(each) for each in wrong]
    except (ContentTooLarge, ServiceUnavailable) as limit:
        return None, [_not_checked(each.accepted) for each in limit.violations]
    except ApiError as broken:
        return None, [_in_response(each) for each in broken.violations]
    except ClientDisconnected:
        return None, [_not_checked("the client disconnected")]


def too_large(size: int) -> ErrorDetail:
    """Return the entry for a body of `size` or more bytes, for which there is no room."""
    return _not_checked(f"size <= {MAX_CHECKED_BYTES}", f">= {size}")


def _decode(chunks: Sequence[bytes], coding: str) -> bytes | ErrorDetail:
    """Return a body without its content coding, or the violation if that is impossible."""
    raw, coding = b"".join(chunks), coding.strip().lower()
    if coding in ("", "identity"):
        return raw
    if coding not in ("gzip", "x-gzip", "deflate"):
        return _not_checked("gzip, deflate", display_text(coding))
    broken = ErrorDetail("/response/header/Content-Encoding", "contentCoding", coding)
    try:
        inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)  # a gzip or a zlib header
        found = inflater.decompress(raw, MAX_CHECKED_BYTES + 1)
    except zlib.error:
        return broken
    if len(found) > MAX_CHECKED_BYTES:
        return too_large(len(found))
    return found if inflater.eof else broken


def _not_checked(accepted: str, found: str = "") -> ErrorDetail:
    return ErrorDetail(BODY_POINTER, NOT_CHECKED, accepted, found)


def _in_response(violation: ErrorDetail) -> ErrorDetail:
    return replace(violation, pointer="/response" + violation.pointer)
