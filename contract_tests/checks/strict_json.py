"""JSON with one meaning for every reader, as required by RFC 8259 and I-JSON (RFC 7493)."""

from __future__ import annotations

from typing import Any

import jiter
from schemathesis import Case, CheckContext, Response

from contract_tests.contract.schemathesis_cases import media_type_of
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind


def json_is_unambiguous(_context: CheckContext, response: Response, _case: Case[Any]) -> None:
    """Reject JSON with a duplicate member, NaN or a lone surrogate, which Python accepts.

    A built-in check reports JSON that Python rejects as well.
    """
    if not media_type_of(response).endswith("json") or not response.content:
        return
    try:
        jiter.from_json(response.content, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError as error:
        if _is_json(response):
            raise ContractViolationError(
                ResponseFinding(ViolationKind.AMBIGUOUS_JSON, actual=str(error))
            ) from None


def _is_json(response: Response) -> bool:
    try:
        response.json()
    except ValueError:
        return False
    return True
