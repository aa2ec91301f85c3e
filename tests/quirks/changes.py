"""Changes of requests and responses from which quirks are built."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.quirks.exchange import ExchangeChange, ProxyExchange

ChangeFactory = Callable[[], ExchangeChange]
DocumentEdit = Callable[[Any], Any]
"""Edits a JSON document, or returns another one."""


def change_responses(
    change: ExchangeChange, operation: str = "", statuses: Collection[int] = ()
) -> ChangeFactory:
    """Return a change of the responses of an operation, or of all, with one of these statuses.

    Empty `statuses` stand for any status.
    """

    def changed(exchange: ProxyExchange) -> None:
        is_one = operation in ("", exchange.operation)
        if exchange.is_answered and is_one and (not statuses or exchange.status in statuses):
            change(exchange)

    return lambda: changed


def replace_header(
    name: str, value: str | None, operation: str = "", statuses: Collection[int] = ()
) -> ChangeFactory:
    """Return a change that replaces a header, or removes it."""
    return change_responses(lambda exchange: exchange.put(name, value), operation, statuses)


def replace_response(
    operation: str,
    status: int,
    content: bytes = b"",
    media_type: str | None = None,
    statuses: Collection[int] = (),
    **more: str,
) -> ChangeFactory:
    """Replace the whole response; `more` are its headers, with _ for -."""

    def change(exchange: ProxyExchange) -> None:
        exchange.respond(status, content, media_type)
        for name, value in more.items():
            exchange.put(name.replace("_", "-"), value)

    return change_responses(change, operation, statuses)


def edit_document(
    edit: DocumentEdit, operation: str = "", statuses: Collection[int] = (200,)
) -> ChangeFactory:
    """Return a change that replaces the JSON document."""

    def change(exchange: ProxyExchange) -> None:
        if (found := exchange.document) is not None:
            edited = edit(found)
            exchange.document = found if edited is None else edited

    return change_responses(change, operation, statuses)


def edit_json_text(
    edit: Callable[[bytes], bytes], operation: str = "", statuses: Collection[int] = ()
) -> ChangeFactory:
    """Return a change that replaces the bytes of a JSON document."""

    def change(exchange: ProxyExchange) -> None:
        if "json" in exchange.media_type and exchange.content:
            exchange.content = edit(exchange.content)

    return change_responses(change, operation, statuses)


def change_every_nth(
    change: ExchangeChange, every: int, times: int = 10**6, operation: str = ""
) -> ChangeFactory:
    """Return a change of every n-th request, up to a maximum number, before it is sent on."""

    def made() -> ExchangeChange:
        seen, done = 0, 0

        def counted(exchange: ProxyExchange) -> None:
            nonlocal seen, done
            if exchange.is_answered or operation not in ("", exchange.operation):
                return
            seen += 1
            if seen % every == 0 and done < times:
                done += 1
                change(exchange)

        return counted

    return made


def change_in_a_row(
    change: ExchangeChange, after: int, times: int, operation: str = ""
) -> ChangeFactory:
    """Return a change of consecutive requests, after a number of unchanged ones."""

    def made() -> ExchangeChange:
        seen = 0

        def counted(exchange: ProxyExchange) -> None:
            nonlocal seen
            if not exchange.is_answered and operation in ("", exchange.operation):
                seen += 1
                if after < seen <= after + times:
                    change(exchange)

        return counted

    return made


def answer_busy(status: int, retry_after: Callable[[], str] | None) -> ExchangeChange:
    """Respond that the server is busy, with or without `Retry-After`."""

    def change(exchange: ProxyExchange) -> None:
        exchange.respond(status, b"busy", "text/plain")
        if retry_after:
            exchange.put("Retry-After", retry_after())

    return change


def http_date(seconds: float) -> str:
    """Return the time so many seconds from now as an HTTP-date."""
    now = datetime.now(UTC)  # noqa: TID251 - what the check itself goes by
    return format_datetime(now + timedelta(seconds=seconds), usegmt=True)


def drop_connection(exchange: ProxyExchange) -> None:
    """Close the connection without a response."""
    exchange.dropped = True
