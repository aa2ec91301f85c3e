"""Entries of the journal as JSON, without secrets."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_server.clock import machine_instant
from mock_server.control.near_misses import find_near_misses
from mock_server.errors import ErrorDetail
from mock_server.http.address import ROOT_PATH_KEY, base_url
from mock_server.http.problem import LANGUAGES, ProblemWriter, preferred_language
from mock_server.http.secret_redaction import (
    REDACTED,
    is_secret_name,
    redact_body,
    redact_headers,
    redact_target,
)
from mock_server.http.session_selection import SESSION_PREFIX_KEY
from mock_server.sessions.journal import HeaderFields, JournalEntry

MAX_LISTED_BODY = 2_000
"""Maximum number of bytes of a body in a list of entries."""
NO_OPERATION = (404, 405)
SHOWN_SCHEME = "/header/Authorization"
"""Pointer of the violations that show only the scheme of credentials."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as it is shown: text, or base64 of bytes that are not UTF-8.

    size: bytes of the whole body; cut: whether a part of it is missing.
    """

    text: str
    is_base64: bool
    size: int
    cut: bool

    def document(self) -> dict[str, Any]:
        """Return the body as JSON."""
        key = "base64" if self.is_base64 else "text"
        return {key: self.text, "bytes": self.size, "cut": self.cut}


class JournalRenderer:
    """Renderer of the entries of one session."""

    def __init__(
        self,
        session: str,
        paths: Mapping[str, Any],
        problems: ProblemWriter,
        lang: str | None = None,
    ) -> None:
        """Take the name of the session, its contract's paths, and the sentences of its rules.

        lang: language of the sentences, one of LANGUAGES (None: that of each request).
        """
        self._lang = None if lang is None else LANGUAGES.index(lang)
        self._session = session
        self._paths = paths
        self._problems = problems

    def summary(self, entry: JournalEntry) -> dict[str, Any]:
        """Return an entry in a list: without header fields, and with the beginning of its body."""
        found = self._common_part(entry)
        if entry.request_size:
            body = shown_request_body(entry)
            found["requestBody"] = cut_body(body, MAX_LISTED_BODY).document()
        return found

    def details(self, entry: JournalEntry) -> dict[str, Any]:
        """Return everything that is known of an entry."""
        request: dict[str, Any] = {
            "url": shown_url(entry),
            "httpVersion": f"HTTP/{entry.http_version}",
            "headers": header_documents(entry.headers),
        }
        response: dict[str, Any] = {"headers": header_documents(entry.response_headers)}
        if entry.request_size:
            request["body"] = shown_request_body(entry).document()
        if entry.response_size:
            response["body"] = shown_response_body(entry).document()
        return {**self._common_part(entry), "request": request, "response": response}

    def _common_part(self, entry: JournalEntry) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": entry.number,
            "time": entry.began.isoformat(),
            "realTime": machine_instant(entry.started).isoformat(timespec="milliseconds"),
            "durationMs": round(entry.duration * 1000, 3),
            "session": self._session,
            "method": entry.method,
            "path": redact_target(entry),
        }
        if entry.operation:
            found["operationId"] = entry.operation
        if entry.caller:
            found["caller"] = entry.caller
        if entry.status:
            found["status"] = entry.status
        found["accepted"] = not entry.violations
        found["violations"] = self._violation_documents(entry, entry.violations)
        found["ignored"] = [
            {"pointer": each.pointer, **({"nearest": each.nearest} if each.nearest else {})}
            for each in entry.undeclared
        ]
        found["faults"] = list(entry.faults)
        if entry.replays is not None:
            found["replays"] = entry.replays
        if entry.server_violations is not None:
            wrong = entry.server_violations
            found["responseViolations"] = self._violation_documents(entry, wrong)
        if entry.operation is None and entry.status in NO_OPERATION:
            near = find_near_misses(self._paths, entry.method, entry.path)
            found["nearMisses"] = [
                {
                    "operationId": each.operation,
                    "method": each.method,
                    "path": each.path,
                    "similarity": each.similarity,
                }
                for each in near
            ]
        return found

    def _violation_documents(
        self, entry: JournalEntry, violations: Sequence[ErrorDetail]
    ) -> list[dict[str, str | int]]:
        """Return violations as the client got them, unless another language was chosen."""
        lang = preferred_language(dict(entry.headers)) if self._lang is None else self._lang
        given = [_without_secret(violation) for violation in violations]
        return self._problems.render_violations(given, lang)


def shown_url(entry: JournalEntry) -> str:
    """Return the URL of a request, without secrets."""
    scope: dict[str, Any] = {"headers": entry.headers, "scheme": entry.scheme}
    if entry.root:
        scope[ROOT_PATH_KEY] = entry.root
    if entry.session_prefix:
        scope[SESSION_PREFIX_KEY] = entry.session_prefix
    return base_url(scope) + redact_target(entry)


def shown_request_body(entry: JournalEntry) -> Body:
    """Return the body of a request without secrets."""
    return _shown_body(entry.request_body, entry.request_size, entry.headers)


def shown_response_body(entry: JournalEntry) -> Body:
    """Return the body of a response without secrets."""
    return _shown_body(entry.response_body, entry.response_size, entry.response_headers)


def _shown_body(body: bytes, size: int, headers: HeaderFields) -> Body:
    media_type = header_value(headers, b"content-type")
    cut = size > len(body)
    text, is_base64 = _decode(body, cut=cut), False
    if text is None:
        # Text and bytes may be mixed, as in a form with a file, so the bytes survive as characters.
        redacted = redact_body(body.decode("latin-1"), media_type).encode("latin-1")
        text, is_base64 = base64.b64encode(redacted).decode(), True
    else:
        text = redact_body(text, media_type)
    return Body(text, is_base64, size, cut)


def cut_body(body: Body, max_length: int) -> Body:
    """Return the beginning of a body; 4 characters of base64 are 3 bytes."""
    if len(body.text) <= max_length:
        return body
    return Body(body.text[: max_length - max_length % 4], body.is_base64, body.size, cut=True)


def header_value(headers: HeaderFields, name: bytes) -> str:
    """Return the first value of a header field, or an empty string."""
    return next((value.decode("latin-1") for sent, value in headers if sent == name), "")


def _decode(body: bytes, *, cut: bool) -> str | None:
    """Return a body as text, or None if it is none."""
    for missing in range(4 if cut else 1):  # a character may be cut as well
        try:
            text = body[: len(body) - missing].decode()
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def header_documents(headers: HeaderFields) -> list[dict[str, str]]:
    """Return header fields as JSON, without secrets."""
    return [{"name": name, "value": value} for name, value in redact_headers(headers)]


def _without_secret(violation: ErrorDetail) -> ErrorDetail:
    """Return a violation without the value that was found, if it is a secret."""
    place = violation.pointer
    names: Sequence[str] = place.split("/")[2:]
    if not violation.found or place == SHOWN_SCHEME or not any(map(is_secret_name, names)):
        return violation
    return ErrorDetail(place, violation.rule, violation.accepted, REDACTED)
