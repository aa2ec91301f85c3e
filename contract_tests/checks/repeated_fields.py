"""Check that the response to a write repeats the fields that were sent, without any change."""

from __future__ import annotations

import json
from typing import Any

from schemathesis import Case, CheckContext, Response

from contract_tests.contract.api_lookup import has_form_body, operation_effects
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.schemathesis_cases import is_valid, json_or_none, operation_of
from contract_tests.contract.sent_fields import normalize_for_comparison, sent_fields
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind

MAX_SHOWN = 300
"""Maximum displayed length of the values."""


def written_fields_are_repeated(
    _context: CheckContext, response: Response, case: Case[Any]
) -> None:
    """Check that the fields of a valid body are unchanged in the response (GE-01)."""
    operation = operation_of(case)
    name = operation.name
    is_write = case.method.lower() == operation.method and bool(
        operation_effects(name).written_kind
    )
    # A form sends bytes, which the response does not repeat; a probe downloads them (FI-05).
    if not is_write or has_form_body(name) or not 200 <= response.status_code < 300:
        return
    document = json_or_none(response)
    if not isinstance(document, dict) or not is_valid(case):
        return
    sent = sent_fields(name, parse_json_body(response.request.body))
    altered = {
        field: value
        for field, value in sent.items()
        if field in document
        and normalize_for_comparison(field, document[field])
        != normalize_for_comparison(field, value)
    }
    if altered:
        got = {field: document[field] for field in altered}
        expected, actual = _format_fields(altered), _format_fields(got)
        pointer = f"/{next(iter(altered))}"
        raise ContractViolationError(
            ResponseFinding(ViolationKind.DIFFERS, expected, actual, pointer=pointer, after=name)
        )


def _format_fields(fields: dict[str, Any]) -> str:
    text = ", ".join(
        f"{name} {json.dumps(each, ensure_ascii=False)}" for name, each in fields.items()
    )
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} ..."
