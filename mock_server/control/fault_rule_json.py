"""Fault rules in the control plane's JSON: reading, with all violations, and rendering."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mock_server.errors import ErrorDetail, display_text
from mock_server.sessions.faults import CountedRule, FaultRule
from mock_server.sessions.operation_names import named_operations, suggest_operations

EFFECTS = ("status", "example", "delay", "disconnect")
RESPONSE_FIELDS = ("status", "example", "retryAfter", "undocumented")
JsonObject = Mapping[str, Any]


class DocumentedOperation(Protocol):
    """An operation's tags, responses and examples, with which a rule must agree."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags."""

    def find(self, status: int) -> object | None:
        """Return the documented response of a status."""

    def statuses(self) -> list[str]:
        """Return the documented statuses."""

    def examples(self, status: int) -> list[str]:
        """Return the names of the examples of a status."""

    def all_examples(self) -> list[str]:
        """Return the names of all examples."""


Operations = Mapping[str, DocumentedOperation]


def read_rule(
    body: JsonObject, pointer: str, operations: Operations, violations: list[ErrorDetail]
) -> FaultRule:
    """Return a rule, and add what is wrong with it to `violations` (CP-14 to CP-18).

    It applies to those of the operations it names that document its response.
    """
    violations += _field_violations(body, pointer)
    targets = _find_targets(body, pointer, operations, violations)
    least = body.get("delay")
    return FaultRule(
        operation=body["operation"],
        targets=frozenset(targets),
        status=body.get("status"),
        example=body.get("example"),
        delay=None if least is None else (least, body.get("maxDelay", least)),
        disconnect=body.get("disconnect"),
        retry_after=body.get("retryAfter"),
        times=body.get("times"),
        probability=body.get("probability", 1),
        undocumented=body.get("undocumented", False),
    )


def render_rule(counted: CountedRule) -> dict[str, Any]:
    """Return a rule as JSON, with its id and its hits."""
    rule = counted.rule
    least, greatest = rule.delay or (None, None)
    fields = {
        "id": counted.id,
        "operation": rule.operation,
        "status": rule.status,
        "example": rule.example,
        "delay": least,
        "maxDelay": greatest if greatest != least else None,
        "disconnect": rule.disconnect,
        "retryAfter": rule.retry_after,
        "times": rule.times,
        "probability": rule.probability if rule.probability < 1 else None,
        "undocumented": rule.undocumented or None,
        "hits": counted.hits,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _field_violations(body: JsonObject, pointer: str) -> list[ErrorDetail]:
    """Return how the fields of a rule contradict each other (CP-17, CP-18)."""
    found = []
    if not any(name in body for name in EFFECTS):
        found.append(ErrorDetail(pointer, "CP-17", ", ".join(EFFECTS)))
    least, greatest = body.get("delay"), body.get("maxDelay")
    if greatest is not None and (least is None or greatest < least):
        accepted = "delay" if least is None else f">= {least}"
        found.append(ErrorDetail(f"{pointer}/maxDelay", "CP-18", accepted, str(greatest)))
    if body.get("disconnect") == "before":
        found += [
            ErrorDetail(f"{pointer}/{name}", "CP-18", "disconnect: body", display_text(body[name]))
            for name in RESPONSE_FIELDS
            if name in body
        ]
    elif "status" not in body:
        found += [
            ErrorDetail(f"{pointer}/{name}", "CP-18", "status", display_text(body[name]))
            for name in ("retryAfter", "undocumented")
            if name in body
        ]
    return found


def _find_targets(
    body: JsonObject, pointer: str, operations: Operations, violations: list[ErrorDetail]
) -> Operations:
    """Return the operations that a rule names and that document its response (CP-14 to CP-16)."""
    name, status, example = body["operation"], body.get("status"), body.get("example")
    tags = {key: each.tags for key, each in operations.items()}
    names = named_operations(name, tags)
    found = {key: each for key, each in operations.items() if key in names}
    if not found:
        accepted = suggest_operations(name, tags)
        violations.append(
            ErrorDetail(f"{pointer}/operation", "CP-14", accepted, display_text(name))
        )
        return {}
    if status is not None and not body.get("undocumented"):
        statuses = {each for operation in found.values() for each in operation.statuses()}
        found = {key: each for key, each in found.items() if each.find(status) is not None}
        if not found:
            accepted = ", ".join(sorted(statuses))
            violations.append(ErrorDetail(f"{pointer}/status", "CP-15", accepted, str(status)))
            return {}
    if example is not None:
        known = {key: _examples_of(each, status) for key, each in found.items()}
        found = {key: each for key, each in found.items() if example in known[key]}
        if not found:
            accepted = ", ".join(sorted({each for names in known.values() for each in names}))
            violations.append(
                ErrorDetail(f"{pointer}/example", "CP-16", accepted, display_text(example))
            )
    return found


def _examples_of(operation: DocumentedOperation, status: int | None) -> list[str]:
    return operation.all_examples() if status is None else operation.examples(status)
