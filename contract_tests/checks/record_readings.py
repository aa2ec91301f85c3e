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
    named = operation_effects(operation.name).named
    return named is not None and named not in KINDS_WITH_OTHER_IDS


@observers.observes_reading("refusal-body", lambda operation: operation.name != TOKEN_OPERATION)
def observe_refusal_body(seen: Exchange) -> Iterator[str]:
    """Yield the format of an error response, if it is one of the two that are known."""
    if seen.status < 400:
        return
    if seen.media_type == "application/problem+json":
        yield "problem"
    elif isinstance(seen.body, dict) and seen.body.keys() >= SPRING_ERROR_FIELDS:
        yield "spring"


@observers.observes_reading("path-id-type", has_integer_in_path)
def observe_path_id_type(seen: Exchange) -> Iterator[str]:
    """Yield the status for a word in place of the id, where nothing else can be wrong."""
    is_bare = not seen.query and not seen.sent
    if seen.status in (400, 404) and is_bare and WORD_PATTERN.fullmatch(seen.path_values[0]):
        yield str(seen.status)


@observers.observes_reading("content-names")
def observe_content_names(seen: Exchange) -> Iterator[str]:
    """Yield the names of the fields of a content; a field that is null says nothing.

    Only the details differ in the documents: the list has the same names under both readings (N1).
    """
    contents = seen.document.get("contents")
    for content in contents if isinstance(contents, list) else ():
        for value, names in CONTENT_NAMES.items():
            if isinstance(content, dict) and any(content.get(name) for name in names):
                yield value


@observers.observes_reading("rates")
def observe_rates(seen: Exchange) -> Iterator[str]:
    """Yield the unit of the rates, if counts exclude the other one.

    The members that a rate is a share of are at most all planned ones. If the count is more than a
    hundredth of these, the percentage is above 1.
    """
    planned = seen.document.get("plannedNumberOfPeopl")
    for name, counted in RATES.items():
        rate, count = seen.document.get(name), seen.document.get(counted)
        if not isinstance(rate, int | float) or isinstance(rate, bool):
            continue
        if rate > 1:
            yield "percent"
        elif rate > 0 and isinstance(count, int) and isinstance(planned, int):
            yield from ["fraction"] if 100 * count > planned else []


@observers.observes_reading("external-id-after-unbinding")
def observe_unbound_external_id(seen: Exchange) -> Iterator[str]:
    """Yield what the external id of the scene is in the response to its unbinding."""
    if "id" not in seen.document:
        return
    if "externalId" not in seen.document:
        yield "omitted"
    elif seen.document["externalId"] in (None, ""):
        yield "null" if seen.document["externalId"] is None else "empty"


@observers.observes_reading("plan-id-after-update")
def observe_plan_id(seen: Exchange) -> Iterator[str]:
    """Yield whether the response to an update has the id of its path."""
    number, sent = seen.document.get("id"), seen.path_values[0]
    if type(number) is int and sent.isascii() and sent.isdigit():
        yield "kept" if number == int(sent) else "new"


@observers.observes_reading("termination-reason")
def observe_termination_without_reason(seen: Exchange) -> Iterator[str]:
    """Yield that the reason is optional, if a termination without one succeeds."""
    sent = parse_json(seen.sent) if seen.sent else {}
    if is_success(seen.status) and isinstance(sent, dict) and sent.get("reason") is None:
        yield "optional"


@observers.observes_reading("member-template")
def observe_member_template(seen: Exchange) -> Iterator[str]:
    """Yield whether the template is an Excel file or a JSON object."""
    if is_success(seen.status) and seen.media_type in WORKBOOK_TYPES:
        yield "workbook"
    elif is_success(seen.status) and isinstance(seen.body, dict):
        yield "object"
