"""Requests and responses in the form of schemathesis, related to the contract."""

from __future__ import annotations

from typing import Any

from schemathesis import Case, Response

from contract_tests.contract.headers import media_type
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from contract_tests.contract.schemathesis_compat import (
    contract_of,
    is_positive_case,
    operation_id,
)
from contract_tests.contract.strictness import strictness_of


def is_valid(case: Case[Any]) -> bool:
    """Return whether a request was made to be valid and still is when sent.

    Hand-made requests always are.
    """
    return is_positive_case(case) and not (
        case.media_type == MULTIPART_FORM and is_unsendable_form(case.body)
    )


def is_unsendable_form(body: Any) -> bool:
    """Return whether a form cannot carry this body: parts have a name and a single value."""
    return not isinstance(body, dict) or any(
        not name or isinstance(value, list) for name, value in body.items()
    )


def operation_of(case: Case[Any]) -> Operation:
    """Return the contract's operation for a request, with the strictness of its contract."""
    return operations(strictness_of(contract_of(case)))[operation_id(case)]


def media_type_of(response: Response) -> str:
    """Return the media type of a response in lower case, without parameters; empty for none."""
    return media_type(response.headers.get("content-type", [""])[0])


def first_headers(response: Response) -> dict[str, str]:
    """Return the first value of each response header, by its name in lower case."""
    return {name.lower(): values[0] for name, values in response.headers.items() if values}


def json_or_none(response: Response) -> Any:
    """Return the JSON body; None for invalid JSON, which a built-in check reports."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
