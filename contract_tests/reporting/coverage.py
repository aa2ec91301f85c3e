"""How much of the contract a run has reached: operation x status x parameter."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from contract_tests.contract.links import links_between
from contract_tests.contract.operations import Operation, operations
from contract_tests.reporting.sanitizing import printable
from contract_tests.results.record import OperationRecord, Record

State = Literal["reached", "excused", "not reached", "undocumented"]
Kind = Literal["status", "parameter", "crossing", "link"]
HEADER = ("operation", "kind", "name", "state", "times", "reason")
FORMULA = re.compile(r"[=+\-@\t\r]")
"""How a cell begins that a spreadsheet would compute."""


@dataclass(frozen=True)
class Line:
    """One status, parameter or link of an operation, and how often it was met.

    name: "404", "query/size", "body/taskName", or the link as the record has it; of a parameter
    crossed with the status of the answer both, "query/size 404".
    """

    operation: str
    kind: Kind
    name: str
    state: State
    times: int = 0
    reason: str = ""


def coverage(record: Record) -> list[Line]:
    """A line for everything that the record's operations document, and for what they do not."""
    known = operations()
    lines = []
    for seen in record.operations:
        operation = known.get(seen.name)
        statuses = [*_statuses(seen, operation, record.excused)]
        parameters = documented_parameters(operation) if operation else []
        lines += [*statuses, *_parameters(seen, parameters)]
        lines += _crossings(seen, parameters, statuses)
    for link, times in record.links.items():
        reason = record.excused.get(link, "")
        lines.append(Line(_source(link), "link", link, _state(times, reason), times, reason))
    return lines


def to_csv(lines: list[Line]) -> str:
    """The lines as CSV (RFC 4180), the names of the columns first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for line in lines:
        writer.writerow([_cell(getattr(line, name)) for name in HEADER])
    return out.getvalue()


def documented_parameters(operation: Operation) -> list[str]:
    """Place and name of everything that a request can carry: "query/size", "body/taskName".

    Of a body the members at its root, whatever schemas they come from.
    """
    declared = [*operation.item.get("parameters", ()), *operation.raw.get("parameters", ())]
    found = [f"{each['in']}/{each['name']}" for each in map(operation.resolved, declared)]
    body = operation.resolved(operation.raw.get("requestBody", {}))
    for content in body.get("content", {}).values():
        found += [f"body/{name}" for name in _members(operation, content.get("schema", {}))]
    return list(dict.fromkeys(found))


def _members(operation: Operation, schema: dict[str, Any]) -> Iterator[str]:
    node = operation.resolved(schema)
    yield from node.get("properties", {})
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in node.get(keyword, ()):
            yield from _members(operation, part)


def sums(lines: list[Line]) -> dict[Kind, dict[str, int]]:
    """By kind, how many of what is documented were reached, excused, and are there in `all`."""
    found: dict[Kind, dict[str, int]] = {}
    for line in lines:
        if line.state != "undocumented":
            counts = found.setdefault(line.kind, {"reached": 0, "excused": 0, "all": 0})
            counts["all"] += 1
            if line.state in counts:
                counts[line.state] += 1
    return found


def _statuses(
    seen: OperationRecord, operation: Operation | None, excused: dict[str, str]
) -> Iterator[Line]:
    documented = list(operation.raw["responses"]) if operation else []
    for status in documented:
        times = seen.statuses.get(status, 0)
        reason = excused.get(f"{seen.name} {status}", "")
        yield Line(seen.name, "status", status, _state(times, reason), times, reason)
    for status, times in seen.statuses.items():
        if status not in documented:
            yield Line(seen.name, "status", status, "undocumented", times)


def _parameters(seen: OperationRecord, documented: list[str]) -> Iterator[Line]:
    for name in documented:
        times = sum(seen.parameters.get(name, {}).values())
        yield Line(seen.name, "parameter", name, _state(times, ""), times)


def _crossings(
    seen: OperationRecord, documented: list[str], statuses: list[Line]
) -> Iterator[Line]:
    """Every parameter with every status: in how many requests it was sent that were answered so."""
    for name in documented:
        for status in statuses:
            times = seen.parameters.get(name, {}).get(status.name, 0)
            if status.state == "undocumented":
                state: State = "undocumented"
            else:
                state = _state(times, status.reason)
            crossed = f"{name} {status.name}"
            yield Line(seen.name, "crossing", crossed, state, times, status.reason)


def _state(times: int, reason: str) -> State:
    if times:
        return "reached"
    return "excused" if reason else "not reached"


def _source(link: str) -> str:
    """The operation that a link starts from; the link itself for one that the contract lacks."""
    return _sources().get(link, link)


@lru_cache(maxsize=1)
def _sources() -> dict[str, str]:
    return {str(each): each.source.name for each in links_between([*operations().values()])}


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if FORMULA.match(text) else text
