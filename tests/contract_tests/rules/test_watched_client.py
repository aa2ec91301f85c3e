"""Effects of rejected requests are found, and nothing else is reported."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_group, new_plan
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.watched_client import WatchedApiClient
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.contract_tests.rules.rule_faults import apply_refused_changes, list_refused_creations
from tests.wire_faults import OperationExchange, WireFault


def open_watched_client(site: ProbeMock) -> WatchedApiClient:
    """A caller of a site."""
    return WatchedApiClient(site.context.target, site.context.session, "watched")


def rename_group(api: ApiClient) -> None:
    """Send a change of an own group that is refused."""
    assert api.call("updateGroup", id=new_group(api)["id"], body={"name": 1}).status == 400


def create_group(api: WatchedApiClient) -> None:
    """Send the creation of a group; it is refused."""
    body = {"name": api.unique_name()}
    assert api.call("createGroup", body=body, bearer=None).status == 401
    api.expect_nothing_left()


def delete_group(api: ApiClient) -> None:
    """Send the deletion of a group of this client; it is refused."""
    assert api.call("deleteGroup", id=new_plan(api)["groupId"]).status == 400


def delete_despite_refusal() -> WireFault:
    """Return the fault of a server that deletes a group although it refuses to."""
    refused = [False]

    def fault(exchange: OperationExchange) -> None:
        refused[0] |= exchange.operation == "deleteGroup" and exchange.status == 400
        if refused[0] and exchange.operation == "getGroup" and exchange.status:
            exchange.respond(404, {})

    return fault


@pytest.mark.parametrize(
    ("work", "fault"),
    [
        (rename_group, apply_refused_changes("updateGroup", "getGroup")),
        (create_group, list_refused_creations("createGroup", "listGroups")),
        (delete_group, delete_despite_refusal()),
    ],
    ids=["change", "creation", "deletion"],
)
def test_an_effect_of_a_refusal_is_found(
    faulty_probe_mock: ProbeMock, work: Callable[[WatchedApiClient], None], fault: WireFault
) -> None:
    """For each kind of write, the violation has the effect and the request."""
    with open_watched_client(faulty_probe_mock) as api:
        work(api)
    with with_fault(faulty_probe_mock, fault), open_watched_client(faulty_probe_mock) as api:
        with pytest.raises(RuleViolationError) as raised:
            work(api)
        assert raised.value.violation is ViolationKind.REFUSED_BUT_DONE
        assert raised.value.answer
        assert raised.value.answer.status in (400, 401)


def test_what_time_changes_is_no_effect(faulty_probe_mock: ProbeMock) -> None:
    """A task that begins between two readings has another status and another time."""
    readings = [0]

    def begins(exchange: OperationExchange) -> None:
        if exchange.operation == "getMarketingNotice" and exchange.status == 200:
            readings[0] += 1
            status = "EXECUTION" if readings[0] == 1 else "COMPLETE"
            exchange.respond(200, {**exchange.document, "status": status})

    with with_fault(faulty_probe_mock, begins), open_watched_client(faulty_probe_mock) as api:
        assert api.call("updateMarketingNotice", id=new_plan(api)["id"], body={}).status == 400
    assert readings[0] == 2


def test_a_success_is_not_watched(faulty_probe_mock: ProbeMock) -> None:
    """A change that is accepted may change the record, and is read no second time."""
    seen: list[str] = []

    def note(exchange: OperationExchange) -> None:
        if exchange.status:
            seen.append(exchange.operation)

    with with_fault(faulty_probe_mock, note), open_watched_client(faulty_probe_mock) as api:
        group = new_group(api)["id"]
        api.call_json("updateGroup", id=group, body={"name": api.unique_name()})
        assert [name for name in seen if name != "createToken"] == [
            "createGroup",
            "getGroup",
            "updateGroup",
        ]
        assert [each.operation for each in api.answers] == ["createGroup", "updateGroup"]
