"""Edits of recordings, and the ends of the URLs that they concern."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.contract_tests.workflows.recorded.recordings import (
    PLANS,
    Entry,
)

FIRST_PAGE, SORTED, NEW_GROUP = "?current=0&size=2", "&orderDirection=ASC", "/104"
REPORT = f"{PLANS}/301/report"


def drop(name: str) -> Callable[[Any], None]:
    """Return a change that leaves out a member."""

    def change(document: Any) -> None:
        del document[name]

    return change


def put(value: Any, *way: Any) -> Callable[[Any], None]:
    """Return a change that puts a value at a place."""

    def change(document: Any) -> None:
        for step in way[:-1]:
            document = document[step]
        document[way[-1]] = value

    return change


def reverse(name: str) -> Callable[[Any], None]:
    """Return a change of the order of rows."""
    return lambda document: document[name].reverse()


def set_status(status: int) -> Callable[[Entry], None]:
    """Return a change of the status of an entry."""
    return lambda entry: entry["response"].update(status=status)


def drop_header(side: str, name: str) -> Callable[[Entry], None]:
    """Return a change that leaves out a header field."""

    def change(entry: Entry) -> None:
        kept = [each for each in entry[side]["headers"] if each["name"].lower() != name]
        entry[side]["headers"] = kept

    return change


def set_text(text: str) -> Callable[[Entry], None]:
    """Return a change of the body of a response."""
    return lambda entry: entry["response"].update(content={"size": len(text), "text": text})


def set_query(query: str) -> Callable[[Entry], None]:
    """Return a change of the query of a request."""

    def change(entry: Entry) -> None:
        entry["request"]["url"] = entry["request"]["url"].partition("?")[0] + query

    return change
