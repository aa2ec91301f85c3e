"""Criteria of a search in the journal; an entry has to meet all of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

from mock_server.errors import ErrorDetail, InvalidRequest, display_text
from mock_server.http.undeclared_input import nearest_name
from mock_server.sessions.journal import JournalEntry

MAX_COMPARISONS = 100_000
"""Maximum number of values of one body that are compared; beyond, it does not match."""
MAX_DEPTH = 100
"""Maximum depth of what is looked for in a body; anything deeper is not found."""
MISSING = object()


@dataclass(frozen=True, slots=True)
class Criteria:
    """Criteria of a search; None stands for any value.

    path: without the query; status_class: first digit of the status; refused: whether there are
    violations; ignored: whether names were sent that the contract does not have; contains: text in
    the request's body; text: in path, query, or the body of request or response; body: part of the
    JSON document or of the form that the request's body is.
    """

    operation: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    status_class: int | None = None
    refused: bool | None = None
    ignored: bool | None = None
    contains: str | None = None
    text: str | None = None
    body: Any = MISSING

    @classmethod
    def from_body(cls, sent: Mapping[str, Any]) -> Criteria:
        """Return the criteria in the body of a request to the control plane."""
        return cls(
            operation=sent.get("operationId"),
            method=sent.get("method"),
            path=sent.get("path"),
            status=sent.get("status"),
            status_class=sent.get("statusClass"),
            refused=sent.get("refused"),
            ignored=sent.get("ignored"),
            contains=sent.get("bodyContains"),
            text=sent.get("text"),
            body=sent.get("body", MISSING),
        )

    def check(self, operations: Collection[str], place: str) -> None:
        """Raise InvalidRequest for an operationId that does not exist (CP-20).

        place: `/body` or `/query`.
        """
        # Otherwise a misspelled one would be waited for in vain.
        if self.operation is not None and self.operation not in operations:
            accepted = nearest_name(self.operation, frozenset(operations)) or "/openapi.yaml"
            found = display_text(self.operation)
            raise InvalidRequest(ErrorDetail(f"{place}/operationId", "CP-20", accepted, found))

    @property
    def is_costly(self) -> bool:
        """Return whether a comparison may take milliseconds, however small the entry is."""
        return self.body is not MISSING

    def match(self, entry: JournalEntry) -> bool:
        """Return whether an entry meets all criteria."""
        exact = (
            (self.operation, entry.operation),
            (self.method, entry.method),
            (self.path, entry.path),
            (self.status, entry.status),
            (self.status_class, entry.status // 100),
            (self.refused, bool(entry.violations)),
            (self.ignored, bool(entry.undeclared)),
        )
        return (
            all(wanted is None or wanted == found for wanted, found in exact)
            and (self.contains is None or _has_text(entry.request_body, self.contains))
            and (self.text is None or _mentions(entry, self.text))
            and (self.body is MISSING or _Comparison().is_part(self.body, read_body(entry)))
        )


def read_body(entry: JournalEntry) -> Any:
    """Return the JSON document or the fields of the form in a request, or else MISSING."""
    body = entry.request_body
    if not body:
        return MISSING
    try:
        return orjson.loads(body)
    except ValueError:
        pass
    try:
        return dict(parse_qsl(body.decode(), strict_parsing=True, max_num_fields=1_000))
    except ValueError:
        return MISSING


def _has_text(body: bytes, text: str) -> bool:
    # A client may have escaped the characters: Python's `json` does with all but ASCII.
    raw = text.encode("utf-8", "surrogatepass")
    return raw in body or json.dumps(text)[1:-1].encode() in body


def _mentions(entry: JournalEntry, text: str) -> bool:
    address = f"{entry.path}?{entry.query.decode('latin-1')}"
    places = (entry.request_body, entry.response_body)
    return (
        text in address or text in unquote(address) or any(_has_text(each, text) for each in places)
    )


class _Comparison:
    """A comparison of JSON values, which ends after MAX_COMPARISONS."""

    def __init__(self) -> None:
        self._left = MAX_COMPARISONS

    def is_part(self, wanted: Any, found: Any, depth: int = 0) -> bool:
        """Return whether `found` has everything that `wanted` has.

        An object may have more fields, and a list more items, in any order.
        """
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            return False
        if isinstance(wanted, dict):
            return isinstance(found, dict) and all(
                name in found and self.is_part(value, found[name], depth + 1)
                for name, value in wanted.items()
            )
        if isinstance(wanted, list):
            return isinstance(found, list) and all(
                any(self.is_part(value, item, depth + 1) for item in found) for value in wanted
            )
        # For Python, true equals 1.
        return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)
