"""Changes that quirks are made of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.quirks.exchange import Change, Exchange

Made = Callable[[], Change]
Edit = Callable[[Any], Any]
"""Edits a JSON document, or returns another one."""


def answers(change: Change, operation: str = "", statuses: Collection[int] = ()) -> Made:
    """Change the answers of an operation, or of all, that have one of these statuses, or any."""

    def changed(exchange: Exchange) -> None:
        is_one = operation in ("", exchange.operation)
        if exchange.is_answered and is_one and (not statuses or exchange.status in statuses):
            change(exchange)

    return lambda: changed


def header(
    name: str, value: str | None, operation: str = "", statuses: Collection[int] = ()
) -> Made:
    """Another value of a header, or none."""
    return answers(lambda exchange: exchange.put(name, value), operation, statuses)


def instead(
    operation: str,
    status: int,
    content: bytes = b"",
    media_type: str | None = None,
    statuses: Collection[int] = (),
    **more: str,
) -> Made:
    """Replace the whole answer; `more` are its headers, with _ for -."""

    def change(exchange: Exchange) -> None:
        exchange.say(status, content, media_type)
        for name, value in more.items():
            exchange.put(name.replace("_", "-"), value)

    return answers(change, operation, statuses)


def document(edit: Edit, operation: str = "", statuses: Collection[int] = (200,)) -> Made:
    """Another JSON document."""

    def change(exchange: Exchange) -> None:
        if (found := exchange.document) is not None:
            edited = edit(found)
            exchange.document = found if edited is None else edited

    return answers(change, operation, statuses)


def text(
    edit: Callable[[bytes], bytes], operation: str = "", statuses: Collection[int] = ()
) -> Made:
    """Other bytes in place of a JSON document."""

    def change(exchange: Exchange) -> None:
        if "json" in exchange.media_type and exchange.content:
            exchange.content = edit(exchange.content)

    return answers(change, operation, statuses)


def now_and_then(change: Change, every: int, times: int = 10**6, operation: str = "") -> Made:
    """Apply a change to every n-th request, so many times at most, before it reaches the server."""

    def made() -> Change:
        seen, done = 0, 0

        def counted(exchange: Exchange) -> None:
            nonlocal seen, done
            if exchange.is_answered or operation not in ("", exchange.operation):
                return
            seen += 1
            if seen % every == 0 and done < times:
                done += 1
                change(exchange)

        return counted

    return made


def in_a_row(change: Change, after: int, times: int, operation: str = "") -> Made:
    """Apply a change to so many requests in a row, after so many others."""

    def made() -> Change:
        seen = 0

        def counted(exchange: Exchange) -> None:
            nonlocal seen
            if not exchange.is_answered and operation in ("", exchange.operation):
                seen += 1
                if after < seen <= after + times:
                    change(exchange)

        return counted

    return made


def later(status: int, retry_after: Callable[[], str] | None) -> Change:
    """Answer that the server is busy, with or without `Retry-After`."""

    def change(exchange: Exchange) -> None:
        exchange.say(status, b"busy", "text/plain")
        if retry_after:
            exchange.put("Retry-After", retry_after())

    return change


def http_date(seconds: float) -> str:
    """Return the time so many seconds from now as an HTTP-date."""
    now = datetime.now(UTC)  # noqa: TID251 - what the check itself goes by
    return format_datetime(now + timedelta(seconds=seconds), usegmt=True)


def drop(exchange: Exchange) -> None:
    """Close the connection without an answer."""
    exchange.dropped = True
