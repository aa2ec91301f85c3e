"""Coverage of the contract by a run: operation x status x parameter."""

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
from contract_tests.reporting.sanitizing import escape_control_characters
from contract_tests.results.record import OperationRecord, RunRecord
from openapi import combined_schemas

CoverageState = Literal["reached", "excused", "not reached", "undocumented"]
CoverageKind = Literal["status", "parameter", "crossing", "link"]
CSV_COLUMNS = ("operation", "kind", "name", "state", "times", "reason")
FORMULA_START = re.compile(r"[=+\-@\t\r]")
"""Start of a cell that a spreadsheet would evaluate as a formula."""


@dataclass(frozen=True)
class CoverageLine:
    """One status, parameter or link of an operation, and the number of times it occurred.

    name: "404", "query/size", "body/taskName", or the link as in the record; "query/size 404" for a
    parameter combined with the status of the response.
    """

    operation: str
    kind: CoverageKind
    name: str
    state: CoverageState
    times: int = 0
    reason: str = ""


def list_coverage_lines(record: RunRecord) -> list[CoverageLine]:
    """Return lines for everything that the run's operations document, and for other statuses."""
    known = operations()
    lines = []
    for seen in record.operations:
        operation = known.get(seen.name)
        statuses = [*_status_lines(seen, operation, record.excused)]
        parameters = documented_parameters(operation) if operation else []
        lines += [*statuses, *_parameter_lines(seen, parameters)]
        lines += _crossing_lines(seen, parameters, statuses)
    for link, times in record.links.items():
        reason = record.excused.get(link, "")
        lines.append(
            CoverageLine(
                _link_source(link), "link", link, _coverage_state(times, reason), times, reason
            )
        )
    return lines


def to_csv(lines: list[CoverageLine]) -> str:
    """Return the lines as CSV (RFC 4180), with a header row."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for line in lines:
        writer.writerow([_csv_cell(getattr(line, name)) for name in CSV_COLUMNS])
    return out.getvalue()


def documented_parameters(operation: Operation) -> list[str]:
    """Return place and name of all request data: "query/size", "body/taskName".

    Of a body, these are the members at its root, from any of its schemas.
    """
    declared = [*operation.item.get("parameters", ()), *operation.raw.get("parameters", ())]
    found = [f"{each['in']}/{each['name']}" for each in map(operation.resolve_reference, declared)]
    body = operation.resolve_reference(operation.raw.get("requestBody", {}))
    for content in body.get("content", {}).values():
        found += [f"body/{name}" for name in _schema_members(operation, content.get("schema", {}))]
    # A field may be in several alternatives of a body.
    return list(dict.fromkeys(found))


def _schema_members(operation: Operation, schema: dict[str, Any]) -> Iterator[str]:
    node = operation.resolve_reference(schema)
    yield from node.get("properties", {})
    for part in combined_schemas(node):
        yield from _schema_members(operation, part)


def count_coverage(lines: list[CoverageLine]) -> dict[CoverageKind, dict[str, int]]:
    """Return how many documented items were reached and excused, and `all` of them, by kind."""
    found: dict[CoverageKind, dict[str, int]] = {}
    for line in lines:
        if line.state != "undocumented":
            counts = found.setdefault(line.kind, {"reached": 0, "excused": 0, "all": 0})
            counts["all"] += 1
            if line.state in counts:
                counts[line.state] += 1
    return found


def _status_lines(
    seen: OperationRecord, operation: Operation | None, excused: dict[str, str]
) -> Iterator[CoverageLine]:
    documented = list(operation.raw["responses"]) if operation else []
    for status in documented:
        times = seen.statuses.get(status, 0)
        reason = excused.get(f"{seen.name} {status}", "")
        yield CoverageLine(
            seen.name, "status", status, _coverage_state(times, reason), times, reason
        )
    for status, times in seen.statuses.items():
        if status not in documented:
            yield CoverageLine(seen.name, "status", status, "undocumented", times)


def _parameter_lines(seen: OperationRecord, documented: list[str]) -> Iterator[CoverageLine]:
    for name in documented:
        times = sum(seen.parameters.get(name, {}).values())
        yield CoverageLine(seen.name, "parameter", name, _coverage_state(times, ""), times)


def _crossing_lines(
    seen: OperationRecord, documented: list[str], statuses: list[CoverageLine]
) -> Iterator[CoverageLine]:
    """Yield each parameter combined with each status, and the number of such requests."""
    for name in documented:
        for status in statuses:
            times = seen.parameters.get(name, {}).get(status.name, 0)
            if status.state == "undocumented":
                state: CoverageState = "undocumented"
            else:
                # Whatever excuses a status excuses all parameters with it.
                state = _coverage_state(times, status.reason)
            crossed = f"{name} {status.name}"
            yield CoverageLine(seen.name, "crossing", crossed, state, times, status.reason)


def _coverage_state(times: int, reason: str) -> CoverageState:
    if times:
        return "reached"
    return "excused" if reason else "not reached"


def _link_source(link: str) -> str:
    """Return the operation that a link starts from; the link itself if the contract lacks it."""
    return _link_sources().get(link, link)


@lru_cache(maxsize=1)
def _link_sources() -> dict[str, str]:
    return {str(each): each.source.name for each in links_between([*operations().values()])}


def _csv_cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Names of statuses and links come from the server, and reports are opened in spreadsheets.
    text = escape_control_characters(value)
    return f"'{text}" if FORMULA_START.match(text) else text
