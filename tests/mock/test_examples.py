"""Whatever the contract shows as a request, the first world answers with success."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.contract import FORM, Operation, operations
from tests.serving import CLIENT, FROZEN, Mock, log_in, running

Sent = tuple[str, Operation, list[dict[str, Any]], Any, str]
"""What it is called, the operation, the parameters that are given, the body and its media type."""
OF_A_LOGIN = "createToken refreshToken"
"""Its token is one that no login has given."""
NEEDS_A_GROUP_WITHOUT_PLANS = "deleteGroup"
"""The first world has none; `GR-02` refuses those that it has."""


def shown() -> Iterator[Sent]:
    """Each named body; and each optional parameter by itself, beside the required ones."""
    for name, operation in operations().items():
        needed = [each for each in operation.declared if each.get("required")]
        bodies = operation.raw.get("requestBody", {}).get("content", {})
        for kind, content in bodies.items():
            for label, example in content["examples"].items():
                yield f"{name} {label}", operation, needed, example["value"], kind
        if not bodies:
            yield name, operation, needed, None, ""
        for each in operation.declared:
            if not each.get("required"):
                yield f"{name} {each['name']}", operation, [*needed, each], None, ""


SHOWN = [one for one in shown() if one[0] not in (OF_A_LOGIN, NEEDS_A_GROUP_WITHOUT_PLANS)]


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    """A mock that each request finds as it began."""
    with running(FROZEN) as found:
        yield found


def _send(mock: Mock, sent: Sent, token: str) -> tuple[int, str]:
    _, operation, given, body, kind = sent
    path, query, more = operation.path, list[tuple[str, Any]](), dict[str, Any]()
    for each in given:
        value = each["example"]
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(value))
        elif each["in"] == "query":
            values = value if isinstance(value, list) else [value]
            query += [(each["name"], one) for one in values]
    if kind == FORM:
        more["files"] = {"file": ("a.txt", body["file"].encode())}
        more["data"] = {name: value for name, value in body.items() if name != "file"}
    elif kind:
        more["json"] = body
    if "clientBasic" in operation.schemes:
        more["auth"] = CLIENT
    else:
        more["headers"] = {"Authorization": f"Bearer {token}"}
    answer = mock.anonymous.request(operation.method, path, params=query, **more)
    return answer.status_code, answer.text[:300]


def test_every_example_of_a_request_succeeds(mock: Mock) -> None:
    """Each on a world that no other has touched: the parameters' own examples, and each body."""
    refused = {}
    for sent in SHOWN:
        mock.anonymous.post("/__admin/reset").raise_for_status()
        status, text = _send(mock, sent, log_in(mock.anonymous))
        if status != 200:
            refused[sent[0]] = f"{status} {text}"
    assert refused == {}
    assert len(SHOWN) > 80


def test_what_no_first_world_can_hold_is_refused_as_documented(mock: Mock) -> None:
    """A refresh token that was never given, and a group that has plans."""
    found = {one[0]: one for one in shown()}
    mock.anonymous.post("/__admin/reset").raise_for_status()
    token = log_in(mock.anonymous)
    for name, rule in ((OF_A_LOGIN, "AU-05"), (NEEDS_A_GROUP_WITHOUT_PLANS, "GR-02")):
        status, text = _send(mock, found[name], token)
        assert (status, rule in text) == (400, True), name
