"""Requests as schemathesis makes them and answers as it has them, by the contract."""

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
    """Whether a request was made to be valid, and is when it is sent; ours are."""
    return is_positive_case(case) and not (
        case.media_type == MULTIPART_FORM and is_unsendable_form(case.body)
    )


def is_unsendable_form(body: Any) -> bool:
    """Whether a form cannot carry this, whatever the schema says: parts have names, and values."""
    return not isinstance(body, dict) or any(
        not name or isinstance(value, list) for name, value in body.items()
    )


def operation_of(case: Case[Any]) -> Operation:
    """The operation of the contract that a request is for, and that its answer is judged by."""
    return operations(strictness_of(contract_of(case)))[operation_id(case)]


def media_type_of(response: Response) -> str:
    """The media type of an answer in lower case, without parameters; empty without Content-Type."""
    return media_type(response.headers.get("content-type", [""])[0])


def first_headers(response: Response) -> dict[str, str]:
    """Return the first value of each header of an answer, by its name in lower case."""
    return {name.lower(): values[0] for name, values in response.headers.items() if values}


def json_or_none(response: Response) -> Any:
    """The body, or None: what is not JSON, a built-in check reports."""
    try:
        return response.json()
    except ValueError:
        return None
