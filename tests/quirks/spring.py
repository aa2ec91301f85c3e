"""A proxy that makes a server answer and read requests as a Spring platform does.

It stands for a server that has decided the open questions in its own way, and shares no code with
the mock's readings: Jackson sends null for fields without a value and converts numbers and texts,
Spring Data has its own form of a page, Spring MVC its own body of an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

import openapi
from contract_tests.contract.operations import Operation, operations_of_contract
from contract_tests.contract.routes import match_route
from contract_tests.contract.strictness import CURATED
from contract_tests.target.target import TOKEN_OPERATION
from tests.quirks.exchange import ProxyExchange

READINGS = {
    "absent-values": "null",
    "null-in-requests": "absent",
    "empty-query-values": "absent",
    "number-as-text": "coerced",
    "page-sort": "object",
    "unpaged-pageable": "text",
    "page-total": "omitted",
    "refusal-body": "spring",
    "text-length": "utf16-units",
}
"""The answers that this proxy gives where the server behind it gives the default ones."""
Schema = dict[str, Any]


class SpringPlatform:
    """The change of all exchanges with one server."""

    def __init__(self) -> None:
        self._operations = operations_of_contract(openapi.load(readings="exact"), CURATED)
        self._heads: set[int] = set()

    def __call__(self, exchange: ProxyExchange) -> None:
        """Change a request before it is sent on, and its response."""
        if exchange.method == "HEAD" and (route := match_route("GET", exchange.path)):
            # Only the body shows the length that it gets here.
            self._heads.add(exchange.number)
            exchange.method, exchange.operation = "GET", route.operation.name
        operation = self._operations.get(exchange.operation)
        if not exchange.is_answered:
            if operation:
                self._read_request(exchange, operation)
        elif exchange.operation != TOKEN_OPERATION and exchange.target.startswith("/api/"):
            if exchange.status >= 400:
                send_error(exchange, exchange.status)
            elif operation and exchange.status == 200:
                send_record(exchange, operation)
        if exchange.is_answered and exchange.number in self._heads:
            self._heads.remove(exchange.number)
            exchange.method = "HEAD"
            exchange.put("Content-Length", str(len(exchange.content)))

    def _read_request(self, exchange: ProxyExchange, operation: Operation) -> None:
        mark, query = exchange.target.partition("?")[1:]
        if mark:
            optional = {
                each["name"] for each in operation.declared_parameters if not each.get("required")
            }
            pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
            kept = [pair for pair in pairs if pair[1] or pair[0] not in optional]
            if kept != pairs:
                exchange.target = f"{exchange.path}?{urlencode(kept, errors='surrogateescape')}"
        body = operation.raw.get("requestBody", {}).get("content", {}).get("application/json")
        is_json = exchange.request_header("Content-Type").startswith("application/json")
        if not body or not is_json or not exchange.body or exchange.operation == TOKEN_OPERATION:
            return
        with suppress(ValueError, RecursionError):
            sent = json.loads(exchange.body)
            read = read_value(operation, body["schema"], sent)
            if any(has_too_many_units(operation, body["schema"], read)):
                send_error(exchange, 400)
            elif read != sent or repr(read) != repr(sent):
                exchange.body = json.dumps(read).encode()


def send_error(exchange: ProxyExchange, status: int) -> None:
    """Answer with Spring's default body of an error."""
    known = HTTPStatus(status)
    exchange.respond(status, b"", "application/json")
    exchange.document = {
        "timestamp": "2025-04-21T01:00:00.000+00:00",
        "status": status,
        "error": known.phrase,
        "path": exchange.path,
    }
    exchange.put("Content-Length", None)


def send_record(exchange: ProxyExchange, operation: Operation) -> None:
    """Send null for each field without a value, and the pages of Spring Data."""
    content = operation.declared_response(200).get("content", {}).get("application/json", {})
    if "schema" not in content or not exchange.media_type.startswith("application/json"):
        return
    document = with_nulls(operation, content["schema"], exchange.document)
    if isinstance(document, dict) and "totalElements" in document:
        document = spring_page(document)
    exchange.document = document
    exchange.put("Content-Length", None)


def spring_page(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page with `sort` as an object, without `total`, and INSTANCE without paging."""
    pageable = page["pageable"]
    found = {**page, "sort": sort_object(page["sort"])}
    found["pageable"] = (
        {**pageable, "sort": sort_object(pageable["sort"])} if pageable["paged"] else "INSTANCE"
    )
    found.pop("total", None)
    return found


def sort_object(orders: list[Any]) -> dict[str, bool]:
    """Return the summary of orders that Spring Data sends."""
    return {"sorted": bool(orders), "unsorted": not orders, "empty": not orders}


def with_nulls(operation: Operation, schema: Schema, value: Any) -> Any:
    """Return a value with null for each declared field that is missing."""
    parts = [*all_of(operation, schema)]
    if isinstance(value, list):
        items: Schema = next((part["items"] for part in parts if "items" in part), {})
        return [with_nulls(operation, items, each) for each in value]
    if not isinstance(value, dict):
        return value
    declared = {name: node for part in parts for name, node in part.get("properties", {}).items()}
    found = {
        name: with_nulls(operation, declared[name], each) if name in declared else each
        for name, each in value.items()
    }
    return found | {name: None for name in declared if name not in value}


def read_value(operation: Operation, schema: Schema, value: Any) -> Any:
    """Return a value as Jackson reads it: without nulls, and scalars of the declared type."""
    parts = [*all_of(operation, schema)]
    if isinstance(value, list):
        items: Schema = next((part["items"] for part in parts if "items" in part), {})
        return [read_value(operation, items, each) for each in value]
    if isinstance(value, dict):
        declared = {
            name: node for part in parts for name, node in part.get("properties", {}).items()
        }
        # The dynamic parameters of a member are a map of texts.
        other = {"type": "string"} if "memberId" in declared else {}
        return {
            name: read_value(operation, declared.get(name, other), each)
            for name, each in value.items()
            if each is not None
        }
    kind = next((part["type"] for part in parts if "type" in part), "")
    if kind == "string" and isinstance(value, bool | int | float):
        return json.dumps(value)
    if kind == "integer" and isinstance(value, str):
        with suppress(ValueError):
            return int(value) if value.isascii() else value
    if kind == "integer" and isinstance(value, float) and abs(value) < 2**62:
        return int(value)
    return (
        {"true": True, "false": False}.get(value, value)
        if kind == "boolean" and isinstance(value, str)
        else value
    )


def has_too_many_units(operation: Operation, schema: Schema, value: Any) -> Iterator[bool]:
    """Yield whether each text has more UTF-16 units than its maximum length."""
    parts = [*all_of(operation, schema)]
    if isinstance(value, str):
        units = len(value.encode("utf-16-le", "surrogatepass")) // 2
        yield any(units > part["maxLength"] for part in parts if "maxLength" in part)
    for part in parts:
        if isinstance(value, list) and "items" in part:
            for each in value:
                yield from has_too_many_units(operation, part["items"], each)
        if isinstance(value, dict):
            for name, node in part.get("properties", {}).items():
                yield from has_too_many_units(operation, node, value.get(name))


def all_of(operation: Operation, schema: Schema) -> Iterator[Schema]:
    """Yield a schema and the parts of its `allOf`."""
    found = operation.resolve_reference(schema)
    yield found
    for part in found.get("allOf", ()):
        yield from all_of(operation, part)
