"""Failures of checks as violations, each with the requests that show it and without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from requests import PreparedRequest
from schemathesis import Case, Response
from schemathesis.errors import FailureGroup

from contract_tests.contract.cases import media_type_of, operation_of
from contract_tests.contract.schemathesis_compat import is_accepted, is_ours, misfit_of
from contract_tests.contract.statuses import answered, is_success
from contract_tests.results.violations import Violation
from contract_tests.safety.login import Caller
from contract_tests.target.redaction import hide_fields
from contract_tests.target.target import TOKEN_OPERATION

ODD_LOGIN = "Login answer violates the contract"
EXCERPT = 400
"""Characters of an answer that are shown."""


def describe(
    failed: FailureGroup,
    case: Case[Any],
    response: Response,
    caller: Caller,
    before: Sequence[PreparedRequest] = (),
) -> Iterator[Violation]:
    """The failures of one answer as violations, without secrets; `before`: what led to it."""
    secrets = caller.secrets
    earlier = tuple(map(caller.command, before))
    answer = secrets.hide(_answer(response))
    command = caller.command(response.request)
    for failure in sorted(failed.exceptions):
        title, text, place = failure.title, failure.message, ""
        if misfit := misfit_of(failure):
            pointer = "".join(f"/{token}" for token in misfit.instance)
            text = f"At {pointer or 'the root'}: {misfit.message}"
            place = "/".join(map(str, misfit.schema))
        elif is_ours(failure):
            title, _, text = failure.message.partition("\n")
        elif is_accepted(failure) and not is_success(response.status_code):
            title = f"Invalid data was {answered(response.status_code)}"
            text = f"{text}\nGot: {response.status_code}"
        name = operation_of(case).name
        shown = secrets.hide(hide_fields(text.strip()))
        yield Violation(name, title, shown, answer, command, earlier, place)


def odd_logins(caller: Caller) -> Iterator[Violation]:
    """Yield the deviations from the contract in the answers to the caller's own logins."""
    for token in caller.logins:
        answer = token.answer
        if answer is None:
            continue
        for field_, expected, got in token.oddities:
            text = f"{field_} of the answer to the login\nExpected: {expected}\nGot: {got}"
            shown = caller.secrets.hide(hide_fields(text))
            command = caller.command(answer.request)
            status = str(answer.status_code)
            yield Violation(TOKEN_OPERATION, ODD_LOGIN, shown, status, command, place=field_)


def _answer(response: Response) -> str:
    media_type = media_type_of(response) or "no Content-Type"
    try:
        text = " ".join(hide_fields(response.content.decode()).split())
    except UnicodeDecodeError:
        text = f"({len(response.content)} bytes)"
    if len(text) > EXCERPT:
        text = text[:EXCERPT] + " ..."
    return f"{response.status_code} {media_type} {text}".rstrip()
