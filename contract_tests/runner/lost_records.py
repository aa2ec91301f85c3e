"""Records that requests without an answer may have created: looked up by their names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import requests

from contract_tests.contract.api_lookup import entry_of, id_name, lists, searched_in
from contract_tests.contract.operations import operations
from contract_tests.contract.statuses import is_success
from contract_tests.rules.client import Api
from contract_tests.rules.outcome import NotCheckable
from contract_tests.rules.response import Answer
from contract_tests.target.target import Unfit
from contract_tests.target.transport import Unsafe

OF_A_RUN = re.compile(r"check-[0-9a-f]{6}-")
"""The beginning of the names of a run; see `Rulebook.prefix`."""


class Doubt(NamedTuple):
    """A request that may have created a record: operation, ids in its path, body."""

    operation: str
    ids: tuple[int, ...]
    body: Any


def doubt_of(request: requests.PreparedRequest, makers: Sequence[str]) -> Doubt | None:
    """Return the doubt that a request without an answer leaves; None when it creates nothing."""
    path = str(request.url).partition("?")[0]
    for name in makers:
        pattern = re.sub(r"\{\w+\}", "([^/]+)", operations()[name].path)
        found = re.search(f"{pattern}$", path)
        if request.method == "POST" and found:
            return Doubt(
                name, tuple(int(id_) for id_ in found.groups() if _is_id(id_)), _body(request)
            )
    return None


class Lookup:
    """Finds records by their names, with one request for each list."""

    def __init__(self, api: Api) -> None:
        """Send the requests with this caller."""
        self._api = api
        self._lists: dict[tuple[str, str, tuple[int, ...]], list[dict[str, Any]] | None] = {}

    def numbers(self, doubt: Doubt, name: str) -> list[int] | None:
        """Return the ids of the records with this name; None when that cannot be known.

        It can for a name that begins as only those of this run do, and when the list has the
        documented form.
        """
        begun = OF_A_RUN.match(name)
        if not begun or not _list_of(doubt.operation):
            return None
        key = doubt.operation, begun[0], doubt.ids
        if key not in self._lists:
            self._lists[key] = self._listed(*key)
        rows = self._lists[key]
        if rows is None:
            return None
        return [row["id"] for row in rows if row.get("name") == name and type(row.get("id")) is int]

    def _listed(
        self, operation: str, keyword: str, numbers: tuple[int, ...]
    ) -> list[dict[str, Any]] | None:
        listing = _list_of(operation)
        fields = searched_in(listing)
        ids: dict[str, Any] = {id_name(listing): numbers[0]} if numbers else {}
        try:
            answer = self._api.call(listing, query={"keyWord": keyword}, **ids)
            return [*_rows(answer, fields)]
        except (requests.RequestException, Unfit, Unsafe, NotCheckable, LookupError, TypeError):
            return None


def _list_of(operation: str) -> str:
    """Return the list that finds by its name what an operation created; empty for none.

    Nor is one needed for what could not be removed anyway.
    """
    entry = entry_of(operation)
    listing = lists().get(entry.creates, "") if entry.creates and entry.undone_by else ""
    return listing if searched_in(listing) else ""


def _rows(answer: Answer, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
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


def _body(request: requests.PreparedRequest) -> Any:
    body: Any = request.body or ""
    try:
        return json.loads(body)
    except (TypeError, ValueError, RecursionError):
        return None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20
