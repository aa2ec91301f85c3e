"""Recorded exchanges in the form in which responses are judged: a request and its response.

Nothing is sent; the name stands for the judgement that follows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import requests
from schemathesis import BaseSchema, Case, Response

from contract_tests.contract.schemathesis_compat import hand_made_case, make_response
from contract_tests.target.curl import format_curl
from contract_tests.target.redaction import Secrets
from contract_tests.workflows.recorded.exchange import HeaderFields, RecordedExchange
from contract_tests.workflows.recorded.matching import OperationMatch

KEPT_HEADERS = frozenset({"accept", "authorization", "content-type"})
"""Header fields of requests that matter beside those of the contract; browsers send twenty more."""
FRAMING_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Header fields that do not fit a body that the recorder has decoded."""


class RecordedHttpRequest(requests.PreparedRequest):
    """A request that another client has sent; origin: where it was recorded."""

    origin: str = ""


class ReplayedCall(NamedTuple):
    """An exchange with its operation, as request and response for the checks."""

    exchange: RecordedExchange
    match: OperationMatch
    case: Case[Any]
    response: Response

    @property
    def is_request_whole(self) -> bool:
        """True if the body of the request was recorded, or there is none."""
        return self.exchange.request.body is not None

    @property
    def is_body_known(self) -> bool:
        """True if the body of the response was recorded, or there is none."""
        return self.exchange.response.body is not None


class CommandPrinter:
    """Writer of recorded requests as commands, with the place in the recording as a comment."""

    def __init__(self, secrets: Secrets) -> None:
        """Keep these secrets out of every command."""
        self.secrets = secrets

    def curl_command(self, request: requests.PreparedRequest) -> str:
        """Return a request as a curl command, without secrets."""
        command = format_curl(request, self.secrets)
        origin = getattr(request, "origin", "")
        return f"{command}  # {' '.join(origin.split())}" if origin else command


def as_replayed_call(
    schema: BaseSchema, exchange: RecordedExchange, match: OperationMatch
) -> ReplayedCall | None:
    """Return an exchange for the checks; None if its request is not one that HTTP allows."""
    operation = match.operation
    try:
        request = _prepare_request(exchange, match)
    except (requests.RequestException, ValueError):
        return None
    case = hand_made_case(schema, operation.path, operation.method, dict(match.path), {})
    response = make_response(
        request,
        exchange.response.status,
        _response_headers(exchange),
        exchange.response.body or b"",
    )
    return ReplayedCall(exchange, match, case, response)


def _prepare_request(exchange: RecordedExchange, match: OperationMatch) -> RecordedHttpRequest:
    declared = {
        each["name"].lower()
        for each in match.operation.declared_parameters
        if each["in"] == "header"
    }
    kept = KEPT_HEADERS | declared
    sent = exchange.request
    prepared = RecordedHttpRequest()
    prepared.prepare(
        method=sent.method,
        # The base has no user and no password; those would become a header field.
        url=match.base + _path_and_query(sent.url, match),
        headers={name: value.strip() for name, value in sent.headers if name.lower() in kept},
        data=sent.body or None,
    )
    prepared.origin = str(exchange)
    return prepared


def _path_and_query(url: str, match: OperationMatch) -> str:
    """Return what follows the base, as it was sent."""
    after_host = url.partition("://")[2].partition("#")[0]
    start = after_host.find("/")
    prefix = match.base.partition("://")[2].partition("/")[2]
    return after_host[start + len(f"/{prefix}" if prefix else "") :]


def _response_headers(exchange: RecordedExchange) -> dict[str, list[str]]:
    headers: HeaderFields = exchange.response.headers
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in FRAMING_HEADERS:
            found.setdefault(name.lower(), []).append(value)
    if not headers and exchange.response.media_type:
        found["content-type"] = [exchange.response.media_type]
    return found
