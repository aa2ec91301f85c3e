"""Wrong values of responses, and faults of servers that return them."""

from __future__ import annotations

from typing import Any

from tests.wire_faults import DocumentEdit, OperationExchange, WireFault


def set_field(*path: str | int, value: Any) -> DocumentEdit:
    """Return a change that sets the value at a path."""

    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step] if document else {}
        if document:
            document[path[-1]] = value

    return change


def increase_field(*path: str | int, by: float = 1) -> DocumentEdit:
    """Return a change that increases the number at a path."""

    def change(document: Any) -> None:
        for step in path[:-1]:
            document = document[step]
        document[path[-1]] += by

    return change


def replace_value(name: str, old: Any, new: Any) -> DocumentEdit:
    """Return a change that replaces a field if it has a certain value."""

    def change(document: Any) -> None:
        if document.get(name) == old:
            document[name] = new

    return change


def reverse_rows(rows: str) -> DocumentEdit:
    """Return a change that reverses the rows."""

    def change(document: Any) -> None:
        document[rows].reverse()

    return change


def rotate_rows(rows: str) -> DocumentEdit:
    """Return a change that puts the first row last."""

    def change(document: Any) -> None:
        if document[rows]:
            document[rows].append(document[rows].pop(0))

    return change


def delay_default_end(document: Any) -> None:
    """Make the default end an hour late."""
    document["scheduledEndTime"] = document["scheduledEndTime"].replace(" 22:", " 23:")


def double_rows(document: Any) -> None:
    """Repeat the rows."""
    document["records"] *= 2


def replace_status(operation: str, sent: int) -> WireFault:
    """Return the fault of a server that returns another success status for an operation."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and 200 <= exchange.status < 400:
            exchange.status = sent

    return fault


def garble_content(operation: str) -> WireFault:
    """Return the fault of a server whose content does not match its Content-Type."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.status:
            exchange.content = b"no workbook"

    return fault


def is_whole_list(page: Any) -> bool:
    """Return whether a page is a whole list."""
    return bool(page["pageable"]["unpaged"])


def cap_page_size(page: Any) -> None:
    """Make a page say that its size is 50 at most."""
    page["page"]["size"] = min(50, page["page"]["size"])


def add_page_without_rows(page: Any) -> None:
    """Count one page where there is no row."""
    page["totalPages"] = max(1, page["totalPages"])


def round_member_id(row: Any) -> None:
    """Round a memberId to what a floating-point number can hold."""
    row["memberId"] = int(float(row["memberId"]))
