"""Handlers of the fault rules."""

from __future__ import annotations

from typing import Any

from mock_server.control.context import ControlContext
from mock_server.control.fault_rule_json import read_rule, render_rule
from mock_server.errors import Conflict, ErrorDetail, InvalidRequest, NotFound, display_text
from mock_server.http.response import HttpResponse
from mock_server.sessions.faults import MAX_RULES, CountedRule


def list_faults(plane: ControlContext) -> list[dict[str, Any]]:
    """GET /faults: the rules in their order."""
    return [render_rule(each) for each in plane.session.faults.rules()]


def set_faults(plane: ControlContext, body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """PUT /faults: replace all rules; raises InvalidRequest (CP-14 to CP-18)."""
    violations: list[ErrorDetail] = []
    operations = plane.session.contract.forced.operations
    rules = [
        read_rule(each, f"/body/{row}", operations, violations) for row, each in enumerate(body)
    ]
    if violations:
        raise InvalidRequest(*violations)
    plane.session.faults.replace(rules)
    return list_faults(plane)


def add_fault(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """POST /faults: add a rule after the others.

    Raises InvalidRequest (CP-14 to CP-18), and Conflict if there are as many as possible.
    """
    faults = plane.session.faults
    violations: list[ErrorDetail] = []
    rule = read_rule(body, "/body", plane.session.contract.forced.operations, violations)
    if violations:
        raise InvalidRequest(*violations)
    if len(faults) >= MAX_RULES:
        raise Conflict(ErrorDetail("/body", "maxItems", f"maxItems {MAX_RULES}"))
    return render_rule(faults.add(rule))


def delete_faults(plane: ControlContext) -> HttpResponse:
    """DELETE /faults: remove all rules."""
    plane.session.faults.replace(())
    return HttpResponse(b"", "", 204)


def get_fault(plane: ControlContext, id_: str) -> dict[str, Any]:
    """GET /faults/{id}; raises NotFound."""
    return render_rule(_found(plane, id_, plane.session.faults.find(id_)))


def delete_fault(plane: ControlContext, id_: str) -> HttpResponse:
    """DELETE /faults/{id}: remove a rule; raises NotFound."""
    _found(plane, id_, plane.session.faults.remove(id_))
    return HttpResponse(b"", "", 204)


def _found(plane: ControlContext, id_: str, rule: CountedRule | None) -> CountedRule:
    if rule is None:
        accepted = ", ".join(each.id for each in plane.session.faults.rules())
        raise NotFound(ErrorDetail("/path/id", "path", accepted, display_text(id_)))
    return rule
