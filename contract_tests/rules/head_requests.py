"""Probes of HEAD: like GET, without the body (GE-03)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_lookup import operation_effects, path_id_name
from contract_tests.contract.operations import operations
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.ids import new_record_ids
from contract_tests.rules.members import DAILY_REPORTS_ID, daily_reports_id
from contract_tests.rules.outcome import RuleViolationError, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.response import ApiResponse

probes = ProbeRegistry()
COMPARED = ("Content-Type", "ETag", "Last-Modified", "Content-Disposition", "Cache-Control")
"""Headers that GET and HEAD have to have in common, where GET has them."""
LENGTH = "Content-Length"
"""Header that HEAD may omit (RFC 9110, 9.3.2)."""
Json = dict[str, Any]


def iter_get_requests(api: ApiClient) -> Iterator[tuple[str, Json, Json]]:
    """Yield each GET operation with the ids in its path and a query.

    The query of a list is a name that no record has, so that other users do not change the response
    between GET and HEAD.
    """
    numbers = {**new_record_ids(api), "member": daily_reports_id(api, api.new_members(1)[0])}
    for name, operation in operations().items():
        if operation.method != "get":
            continue
        kind = operation_effects(name).kind_in_path
        ids = {path_id_name(name): numbers[kind]} if kind else {}
        yield name, ids, _stable_query(api, name)


def _stable_query(api: ApiClient, name: str) -> Json:
    if "keyWord" in operation_effects(name).filters:
        return {"keyWord": api.unique_name()}
    required = [each for each in operations()[name].declared_parameters if each.get("required")]
    example: Json = operations()[name].example["query"]
    needed = {each["name"]: example[each["name"]] for each in required if each["in"] == "query"}
    # The list of notification tasks has no filter by name; no task started in 2001.
    past = {"startTime": "2001-01-01 00:00:00", "endTime": "2001-01-01 00:00:00"}
    return needed | past if needed else needed


def expect_head_like_get(got: ApiResponse, head: ApiResponse) -> None:
    """Raise RuleViolationError unless HEAD returns what GET does, without the body."""
    names = [each for each in COMPARED if got.header(each)]
    # A compressed GET has another length than a HEAD, which a server need not compress.
    if head.header(LENGTH) and not got.header("Content-Encoding"):
        names.append(LENGTH)
    expected: Json = {
        "status": got.status,
        "bytes": 0,
        **{each: got.header(each) for each in names},
    }
    found: Json = {"status": head.status, "bytes": len(head.content)}
    found |= {each: head.header(each) for each in names}
    wrong = {
        name: (found[name], expected[name]) for name in expected if found[name] != expected[name]
    }
    if wrong:
        name, (actual, wanted) = next(iter(wrong.items()))
        message = f"{name} of HEAD is {actual}, of GET {wanted}: {head}"
        raise RuleViolationError(message, head, expected=str(wanted), actual=str(actual))


@probes.accepted("GE-03", observes=(DAILY_REPORTS_ID,))
def head_returns_the_same_headers_as_get(api: ApiClient) -> None:
    """Send HEAD to every operation that reads, then with an unknown id or without a token."""
    for name, ids, query in iter_get_requests(api):
        got = api.call_ok(name, query=query, **ids)
        expect_head_like_get(got, api.call(name, method="HEAD", query=query, **ids))
        if ids:
            absent: Json = dict.fromkeys(ids, NONEXISTENT_ID)
            head = api.call(name, method="HEAD", query=query, **absent)
            expect_equal((head.status, head.content), (404, b""), f"HEAD of an unknown id: {head}")
        elif operations()[name].security_schemes:
            head = api.call(name, method="HEAD", query=query, bearer=None, **ids)
            expect_equal((head.status, head.content), (401, b""), f"HEAD without a token: {head}")
