"""Each example of an error is the response of a fresh demo mock to such a request."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

import openapi
from contract_tests.contract.operations import Operation, operations
from mock_server.http.error_texts import RULE_SENTENCES
from tests.mock_server.example_requests import (
    EXAMPLE_REQUESTS,
    ExampleRequest,
    path_and_query,
    send_example,
)
from tests.serving import RunningMock, run_mock

NOT_REPLAYED = {
    "expiredToken": "time has to pass",
    "noRoom": "the store has to be full",
    "tooLarge": "64 MB",
    "memberTwice": "a list with the fault has to be uploaded first",
    "damagedId": "a list with the fault has to be uploaded first",
    "memberTwiceInRequest": "what is found names another member, too",
    "releaseEndsBeforeStart": "no other example releases a plan with two dates",
    "blankVariable": "a list with the fault has to be uploaded first",
    "unidentifiedMember": "what is missing is said in words",
    "membersAndFileIds": "what is given twice is said in words",
    "notMemberList": "the file is said by its name, not by its id",
    "notAMemberList": "the file is said by its name, not by its id",
    "emptyFileName": "httpx sends a file without a name as a text",
}
"""Examples that cannot be caused by changing one value of another example."""
ARGUMENTS_BY_RULE: dict[str, dict[str, Any]] = {
    "AU-01": {"headers": {}},
    "AU-02": {"auth": ("demo-client", "wrong")},
}
MISSING: Any = object()


@dataclass(frozen=True)
class RefusalExample:
    """One error in an example of an error response."""

    label: str
    operation: Operation
    status: int
    instance: str
    error: dict[str, Any]


def iter_refusal_examples() -> Iterator[RefusalExample]:
    """Yield every error in the published examples, except those in the provider's own form."""
    contract = openapi.load()
    for *_, declared in openapi.iter_operations(contract):
        operation = operations()[declared["operationId"]]
        for status, given in declared["responses"].items():
            response = (
                openapi.resolve_pointer(contract, given["$ref"][1:]) if "$ref" in given else given
            )
            for content in response.get("content", {}).values():
                for label, example in content.get("examples", {}).items():
                    shown = example["value"]
                    for error in shown.get("errors", ()) if isinstance(shown, dict) else ():
                        instance = shown.get("instance", "")
                        yield RefusalExample(label, operation, int(status), instance, error)


REFUSAL_EXAMPLES = (*iter_refusal_examples(),)
REPLAYED_EXAMPLES = [one for one in REFUSAL_EXAMPLES if one.label not in NOT_REPLAYED]


@pytest.fixture(scope="module")
def mock() -> Iterator[RunningMock]:
    """A mock in its initial state at each request."""
    with run_mock() as found:
        yield found


def is_own_example(refusal: RefusalExample) -> bool:
    """Return whether an example belongs to this operation; those in `components` are shared."""
    template = re.sub(r"{\w+}", "[0-9]+", refusal.operation.path)
    return not refusal.instance or bool(re.fullmatch(template, refusal.instance))


def refused_path(refusal: RefusalExample) -> str:
    """Return the example's own path, or that of the operation with the refused value."""
    if is_own_example(refusal):
        return refusal.instance
    if refusal.error["pointer"].startswith("/path/"):
        return re.sub(r"{\w+}", refusal.error["found"], refusal.operation.path)
    return ""


def refused_query(refusal: RefusalExample, request: ExampleRequest) -> list[tuple[str, Any]] | None:
    """Return the query with the refused value, without the missing one, or with a NUL."""
    kind, name = refusal.error["pointer"].split("/")[1:3]
    if kind != "query":
        return None
    rest = [(key, value) for key, value in path_and_query(request)[1] if key != name]
    if refusal.error["accepted"].startswith("required"):
        return rest
    return [*rest, (name, refusal.error.get("found", "a\0b"))]


def refused_value(error: dict[str, Any]) -> Any:
    """Return the refused value, as far as the error shows it; MISSING for a missing one."""
    if error.get("accepted", "").startswith("required"):
        return MISSING
    found = error.get("found", "wrong")
    if error.get("accepted") == "minLength 1" and error.get("found", "0") == "0":
        return ""
    if shortened := re.fullmatch(r"(.+)… \(([0-9]+)\)", found):
        return (shortened[1] * 20)[: int(shortened[2])]
    try:
        return json.loads(found)
    except ValueError:
        return found


def with_value_at(body: Any, pointer: str, value: Any) -> Any:
    """Return the body with another value at a pointer.

    Raises LookupError if there is no such place.
    """
    result = copy.deepcopy(body)
    *steps, last = [int(t) if t.isdigit() else t for t in pointer.split("/")[2:]]
    node = result
    for step in steps:
        node = node[step]
    if value is MISSING:
        del node[last]
    else:
        node[last] = value
    return result


def refused_requests(refusal: RefusalExample) -> Iterator[ExampleRequest]:
    """Yield the examples of the operation, changed to cause the error."""
    pointer = refusal.error["pointer"]
    for request in EXAMPLE_REQUESTS:
        if request.operation.name != refusal.operation.name:
            continue
        if not pointer.startswith("/body/"):
            yield request
        else:
            try:
                body = with_value_at(request.body, pointer, refused_value(refusal.error))
            except (LookupError, TypeError):
                continue
            yield replace(request, body=body)


def send_refused_requests(mock: RunningMock, refusal: RefusalExample) -> Iterator[httpx.Response]:
    """Yield the mock's responses to these requests."""
    more = ARGUMENTS_BY_RULE.get(refusal.error["rule"], {})
    where, _, name = refusal.error["pointer"][1:].partition("/")
    if where == "header" and "found" in refusal.error:
        more = {"headers": {**mock.client.headers, name: refusal.error["found"]}}
    for request in refused_requests(refusal):
        other: dict[str, Any] = {"content": b"x"} if name == "Content-Type" else {}
        sent = replace(request, kind="") if other else request
        query = refused_query(refusal, request)
        yield send_example(mock, sent, refused_path(refusal), query, **more, **other)


def matches_example(refusal: RefusalExample, answer: httpx.Response) -> bool:
    """Return whether a response has the example's status and an error with all its fields.

    Of a shared example, only status and rule have to match.
    """
    if answer.status_code != refusal.status:
        return False
    said = dict(refusal.error)
    if not is_own_example(refusal):
        said = {"rule": said["rule"]}
    return any(said.items() <= error.items() for error in answer.json()["errors"])


@pytest.mark.whole
def test_every_example_of_a_refusal_is_what_the_mock_answers(mock: RunningMock) -> None:
    """The request is the operation's example with one changed value."""
    other = {}
    for refusal in REPLAYED_EXAMPLES:
        got = []
        for answer in send_refused_requests(mock, refusal):
            got.append(f"{answer.status_code} {answer.text[:300]}")
            if matches_example(refusal, answer):
                break
        else:
            name = f"{refusal.operation.name} {refusal.status} {refusal.label}"
            other[name] = got
    assert other == {}


def test_most_examples_are_replayed() -> None:
    """The others exist, and belong to a rule of their operation or to the transport."""
    assert {one.label for one in REFUSAL_EXAMPLES} >= NOT_REPLAYED.keys()
    assert len(REPLAYED_EXAMPLES) > len(REFUSAL_EXAMPLES) * 0.7, (
        len(REPLAYED_EXAMPLES),
        len(REFUSAL_EXAMPLES),
    )


def test_every_rule_that_an_example_names_governs_its_operation() -> None:
    """It is a rule of the operation (`x-rules`) or a schema keyword."""
    rules = operations()["listGroups"].contract["x-rules"]
    for one in REFUSAL_EXAMPLES:
        if one.error["rule"] in rules:
            assert one.error["rule"] in one.operation.rules, (one.operation.name, one.label)
        else:
            assert one.error["rule"] in RULE_SENTENCES, (one.operation.name, one.label)
