"""Lookup of records that requests without a response may have created."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import requests

from contract_tests.contract.api_lookup import (
    keyword_search_path,
    listing_operation_by_kind,
    operation_effects,
    path_id_name,
)
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.operations import operations
from contract_tests.contract.statuses import is_success
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import NotCheckableError
from contract_tests.rules.response import ApiResponse
from contract_tests.target.target import CannotCheckError
from contract_tests.target.transport import UnsafeRequestError

RUN_PREFIX_PATTERN = re.compile(r"check-[0-9a-f]{6}-")
"""Prefix of the names of a run; see `ProbeRunner.prefix`."""


class UnansweredCreation(NamedTuple):
    """A request that may have created a record: operation, ids in its path, body."""

    operation: str
    ids: tuple[int, ...]
    body: Any


def as_unanswered_creation(
    request: requests.PreparedRequest, makers: Sequence[str]
) -> UnansweredCreation | None:
    """Return the creation that an unanswered request may have caused; None for other requests.

    makers: the operations that create records.
    """
    path = str(request.url).partition("?")[0]
    for name in makers:
        pattern = re.sub(r"\{\w+\}", "([^/]+)", operations()[name].path)
        found = re.search(f"{pattern}$", path)
        if request.method == "POST" and found:
            return UnansweredCreation(
                name,
                tuple(int(id_) for id_ in found.groups() if _is_id(id_)),
                parse_json_body(request.body),
            )
    return None


class RecordLookup:
    """Lookup of records by their names, with one request per list."""

    def __init__(self, api: ApiClient) -> None:
        """Use this client for the requests."""
        self._api = api
        self._lists: dict[tuple[str, str, tuple[int, ...]], list[dict[str, Any]] | None] = {}

    def find_ids(self, doubt: UnansweredCreation, name: str) -> list[int] | None:
        """Return the ids of the records with this name; None if they cannot be determined.

        This requires a name with the prefix of a run, and a list in the documented form.
        """
        # Only names with the prefix of this run: any other could be somebody else's record.
        begun = RUN_PREFIX_PATTERN.match(name)
        if not begun or not _search_operation_for(doubt.operation):
            return None
        # The keyword is the prefix, so that one request finds the records of all lost responses.
        key = doubt.operation, begun[0], doubt.ids
        if key not in self._lists:
            self._lists[key] = self._list_records(*key)
        rows = self._lists[key]
        if rows is None:
            return None
        # `type`, since bool is a subclass of int.
        return [row["id"] for row in rows if row.get("name") == name and type(row.get("id")) is int]

    def _list_records(
        self, operation: str, keyword: str, numbers: tuple[int, ...]
    ) -> list[dict[str, Any]] | None:
        listing = _search_operation_for(operation)
        fields = keyword_search_path(listing)
        ids: dict[str, Any] = {path_id_name(listing): numbers[0]} if numbers else {}
        try:
            answer = self._api.call(listing, query={"keyWord": keyword}, **ids)
            return [*_list_rows(answer, fields)]
        except (
            requests.RequestException,
            CannotCheckError,
            UnsafeRequestError,
            NotCheckableError,
            LookupError,
            TypeError,
        ):
            return None


def _search_operation_for(operation: str) -> str:
    """Return the list in which an operation's records are found by name; empty for none.

    Also empty for records that could not be removed anyway.
    """
    entry = operation_effects(operation)
    listing = (
        listing_operation_by_kind().get(entry.creates, "")
        if entry.creates and entry.undone_by
        else ""
    )
    return listing if keyword_search_path(listing) else ""


def _list_rows(answer: ApiResponse, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the records of a list; raises LookupError or TypeError for another form."""
    if not is_success(answer.status):
        raise LookupError(answer.status)
    found = [answer.json]
    for field in fields:
        found = [row for each in found for row in each[field]]
    for row in found:
        if not isinstance(row, dict):
            raise TypeError(row)
        yield row


def _is_id(text: str) -> bool:
    # Generated ids may be any text, also digits of other scripts, which int() accepts.
    return text.isascii() and text.isdigit() and len(text) < 20
