"""Observers of single records, reports, files and refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contract_tests.checks.exchange import Exchange, ReadingObserverRegistry, parse_json
from contract_tests.contract.api_lookup import operation_effects
from contract_tests.contract.operations import Operation
from contract_tests.contract.statuses import is_success
from contract_tests.target.target import TOKEN_OPERATION

observers = ReadingObserverRegistry()
CONTENT_NAMES = {"contentType": ("contentType", "contentValue"), "type": ("type", "value")}
"""Fields of a content by the value of the reading."""
RATES = {
    "completeServiceRate": "completeServiceOfPeopl",
    "contactSuccessRate": "contactSuccessOfPeopl",
    "effectiveCommunicationRate": "effectiveCommunicationOfPeopl",
    "invitationSuccessfulRate": "invitationSuccessfulOfPeopl",
}
"""Rates of a report, each with the count that it is a share of members for."""
WORKBOOK_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)
SPRING_ERROR_FIELDS = frozenset({"timestamp", "status", "error", "path"})
WORD_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
"""A path segment that is no number and that no gateway treats in a way of its own."""
KINDS_WITH_OTHER_IDS = ("file", "member")
"""Kinds of records whose whole path may be another one, or whose id may be a text."""


def has_integer_in_path(operation: Operation) -> bool:
    """Return whether the id in an operation's path is an integer by every reading."""
    named = operation_effects(operation.name).kind_in_path
    return named is not None and named not in KINDS_WITH_OTHER_IDS


@observers.observes_reading("refusal-body", lambda operation: operation.name != TOKEN_OPERATION)
def observe_refusal_body(exchange: Exchange) -> Iterator[str]:
    """Yield the format of an error response, if it is one of the two that are known."""
    if exchange.status < 400:
        return
    if exchange.media_type == "application/problem+json":
        yield "problem"
    elif isinstance(exchange.body, dict) and exchange.body.keys() >= SPRING_ERROR_FIELDS:
        yield "spring"


@observers.observes_reading("path-id-type", has_integer_in_path)
def observe_path_id_type(exchange: Exchange) -> Iterator[str]:
    """Yield the status for a word in place of the id, where nothing else can be wrong."""
    is_bare = not exchange.query and not exchange.sent
    if (
        exchange.status in (400, 404)
        and is_bare
        and WORD_PATTERN.fullmatch(exchange.path_values[0])
    ):
        yield str(exchange.status)


@observers.observes_reading("content-names")
def observe_content_names(exchange: Exchange) -> Iterator[str]:
    """Yield the names of the fields of a content; a field that is null says nothing.

    Only the details differ in the documents: the list has the same names under both readings (N1).
    """
    contents = exchange.document.get("contents")
    for content in contents if isinstance(contents, list) else ():
        for value, names in CONTENT_NAMES.items():
            if isinstance(content, dict) and any(content.get(name) for name in names):
                yield value


@observers.observes_reading("rates")
def observe_rates(exchange: Exchange) -> Iterator[str]:
    """Yield the unit of the rates, if counts exclude the other one.

    The members that a rate is a share of are at most all planned ones. If the count is more than a
    hundredth of these, the percentage is above 1.
    """
    planned = exchange.document.get("plannedNumberOfPeopl")
    for name, counted in RATES.items():
        rate, count = exchange.document.get(name), exchange.document.get(counted)
        if not isinstance(rate, int | float) or isinstance(rate, bool):
            continue
        if rate > 1:
            yield "percent"
        elif rate > 0 and isinstance(count, int) and isinstance(planned, int):
            yield from ["fraction"] if 100 * count > planned else []


@observers.observes_reading("external-id-after-unbinding")
def observe_unbound_external_id(exchange: Exchange) -> Iterator[str]:
    """Yield what the external id of the scene is in the response to its unbinding."""
    if "id" not in exchange.document:
        return
    if "externalId" not in exchange.document:
        yield "omitted"
    elif exchange.document["externalId"] in (None, ""):
        yield "null" if exchange.document["externalId"] is None else "empty"


@observers.observes_reading("plan-id-after-update")
def observe_plan_id(exchange: Exchange) -> Iterator[str]:
    """Yield whether the response to an update has the id of its path."""
    number, sent = exchange.document.get("id"), exchange.path_values[0]
    if type(number) is int and sent.isascii() and sent.isdigit():
        yield "kept" if number == int(sent) else "new"


@observers.observes_reading("termination-reason")
def observe_termination_without_reason(exchange: Exchange) -> Iterator[str]:
    """Yield that the reason is optional, if a termination without one succeeds."""
    sent = parse_json(exchange.sent) if exchange.sent else {}
    if is_success(exchange.status) and isinstance(sent, dict) and sent.get("reason") is None:
        yield "optional"


@observers.observes_reading("member-template")
def observe_member_template(exchange: Exchange) -> Iterator[str]:
    """Yield whether the template is an Excel file or a JSON object."""
    if is_success(exchange.status) and exchange.media_type in WORKBOOK_TYPES:
        yield "workbook"
    elif is_success(exchange.status) and isinstance(exchange.body, dict):
        yield "object"
