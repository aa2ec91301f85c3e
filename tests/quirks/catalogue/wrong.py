"""Servers whose responses are well-formed but do not match what the server did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.quirks.changes import edit_document
from tests.quirks.exchange import ExchangeChange, ProxyExchange
from tests.quirks.quirk import broken_quirk


def confirm_without_change(operation: str) -> Callable[[], ExchangeChange]:
    """A change is confirmed but not made: the record is only read."""

    def change(exchange: ProxyExchange) -> None:
        if exchange.operation != operation:
            return
        if not exchange.is_answered:
            exchange.method, exchange.body = "GET", b""
        elif exchange.status == 200 and operation.startswith("delete"):
            exchange.respond(200, b"", None)

    return lambda: change


def increase_total(found: Any) -> None:
    if isinstance(found.get("totalElements"), int):
        found["totalElements"] += 1


def increase_page_count(found: Any) -> None:
    found["totalPages"] += 1


def deny_last_page(found: Any) -> None:
    found["last"] = False


QUIRKS = (
    broken_quirk(
        "lost-delete",
        "What is deleted stays.",
        confirm_without_change("deleteGroup"),
        "GR-03",
        "GR-03: Rule violated",
    ),
    broken_quirk(
        "lost-update",
        "A new name is confirmed, and not kept.",
        confirm_without_change("updateGroup"),
        "GR-04",
        "GR-04: Rule violated",
    ),
    broken_quirk(
        "wrong-total",
        "A list says that there is one more than there are.",
        edit_document(increase_total, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
        "listGroups: Page does not match its query",
    ),
    broken_quirk(
        "wrong-pages",
        "A list says that there is one more page.",
        edit_document(increase_page_count, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
        "listGroups: Page does not match its query",
    ),
    broken_quirk(
        "never-last",
        "No page is the last one.",
        edit_document(deny_last_page, "listGroups"),
        "listGroups,PG-05",
        "PG-05: Rule violated",
        "listGroups: Page does not match its query",
    ),
)
