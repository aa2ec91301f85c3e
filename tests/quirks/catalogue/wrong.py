"""Servers with well-formed answers that do something else than they report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.quirks.changes import document
from tests.quirks.exchange import Change, Exchange
from tests.quirks.quirk import broken


def forgetful(operation: str) -> Callable[[], Change]:
    """A change is confirmed but not made: the record is only read."""

    def change(exchange: Exchange) -> None:
        if exchange.operation != operation:
            return
        if not exchange.is_answered:
            exchange.method, exchange.body = "GET", b""
        elif exchange.status == 200 and operation.startswith("delete"):
            exchange.say(200, b"", None)

    return lambda: change


def off_by_one(found: Any) -> None:
    if isinstance(found.get("totalElements"), int):
        found["totalElements"] += 1


def one_more_page(found: Any) -> None:
    found["totalPages"] += 1


def never_last(found: Any) -> None:
    found["last"] = False


QUIRKS = (
    broken(
        "lost-delete",
        "What is deleted stays.",
        forgetful("deleteGroup"),
        "GR-03",
        "GR-03: Rule violated",
    ),
    broken(
        "lost-update",
        "A new name is confirmed, and not kept.",
        forgetful("updateGroup"),
        "GR-04",
        "GR-04: Rule violated",
    ),
    broken(
        "wrong-total",
        "A list says that there is one more than there are.",
        document(off_by_one, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
    ),
    broken(
        "wrong-pages",
        "A list says that there is one more page.",
        document(one_more_page, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
    ),
    broken(
        "never-last",
        "No page is the last one.",
        document(never_last, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
    ),
)
