"""Probes of groups (L247-L457)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.factories import new_group, new_plan
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    COMMAS,
    EMPTY_NAMES,
    UNKNOWN_INPUT,
    is_accepted_or_observe_refusal,
    observe_empty_name_or_yield_refusal,
    shown_field,
)

probes = ProbeRegistry()


@probes.accepted("GR-01", observes=(UNKNOWN_INPUT,))
def accepts_group_with_name(api: ApiClient) -> None:
    """Create a group and rename it, then with a further field, which a server may refuse."""
    group = new_group(api)["id"]
    name = api.unique_name()
    expect_equal(api.call_json("updateGroup", id=group, body={"name": name})["name"], name, "name")
    name = api.unique_name()
    answer = api.call("updateGroup", id=group, body={"name": name, "color": "red"})
    if is_accepted_or_observe_refusal(api, UNKNOWN_INPUT, answer):
        expect_equal(shown_field(answer, "name"), name, "name")
        api.observe(UNKNOWN_INPUT, "ignored", answer)


@probes.refused("GR-01")
def refuses_group_without_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and rename a group with an empty body."""
    yield "/body/name", api.call("createGroup", body={})
    yield "/body/name", api.call("updateGroup", id=new_group(api)["id"], body={})


@probes.accepted("GR-06")
def accepts_new_name_of_group(api: ApiClient) -> None:
    """Create a group, then rename it."""
    group, name = new_group(api)["id"], api.unique_name()
    expect_equal(api.call_json("updateGroup", id=group, body={"name": name})["name"], name, "name")


@probes.refused("GR-06", observes=(EMPTY_NAMES,))
def refuses_group_with_empty_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Create and update a group with an empty name; a server may also accept it."""
    answer = api.call("createGroup", body={"name": ""})
    yield from observe_empty_name_or_yield_refusal(api, "/body/name", answer)
    answer = api.call("updateGroup", id=new_group(api)["id"], body={"name": ""})
    yield from observe_empty_name_or_yield_refusal(api, "/body/name", answer)


@probes.accepted("GR-02")
def deletes_group_without_plans(api: ApiClient) -> None:
    """Delete a new group, and one whose plan was deleted."""
    api.call_json("deleteGroup", id=new_group(api)["id"])
    # A server that counts the plans of a group must also subtract deleted ones.
    plan = new_plan(api)
    api.call_json("deleteMarketingNotice", id=plan["id"])
    api.call_json("deleteGroup", id=plan["groupId"])


@probes.refused("GR-02", observes=("group-with-plans",))
def refuses_deletion_of_group_with_plans(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Delete a group with one draft; a server may also delete it and keep the draft."""
    plan = new_plan(api)
    answer = api.call("deleteGroup", id=plan["groupId"])
    if api.is_success(answer) and _is_gone_without_its_plan(api, plan):
        api.observe("group-with-plans", "deleted", answer)
        return
    yield "/path/id", answer
    api.observe("group-with-plans", "refused", answer)


def _is_gone_without_its_plan(api: ApiClient, plan: dict[str, Any]) -> bool:
    """Return whether the group of a plan does not exist, and the plan still names it."""
    if api.call("getGroup", id=plan["groupId"]).status != 404:
        return False
    found = api.call("getMarketingNotice", id=plan["id"]).json
    return isinstance(found, dict) and found.get("groupId") == plan["groupId"]


@probes.accepted("GR-03")
def deleted_group_is_not_found(api: ApiClient) -> None:
    """Read, list and delete a group after its deletion."""
    group = new_group(api)
    query = {"ids": str(group["id"])}
    expect_equal(api.call_json("listGroups", query=query)["totalElements"], 1, "the groups before")
    api.call_json("deleteGroup", id=group["id"])
    for operation in ("getGroup", "deleteGroup"):
        answer = api.call(operation, id=group["id"])
        expect_equal(answer.status, 404, f"{operation} after the deletion")
    expect_equal(api.call_json("listGroups", query=query)["totalElements"], 0, "the groups after")


@probes.accepted("GR-04")
def rename_of_group_changes_name_only(api: ApiClient) -> None:
    """Rename a group and compare its other fields; only lastUpdateTime may differ."""
    before = new_group(api)
    # Otherwise lastUpdateTime, which has seconds, could rightly stay the same.
    api.wait_one_second()
    name = api.unique_name()
    after = api.call_json("updateGroup", id=before["id"], body={"name": name})
    expect_equal(after["name"], name, "name")
    for kept in ("id", "createTime"):
        expect_equal(after[kept], before[kept], kept)
    expect(after["lastUpdateTime"] > before["lastUpdateTime"], "lastUpdateTime stands still")
    expect_equal(api.call_json("getGroup", id=before["id"]), after, "the group that is read")


@probes.accepted("GR-05", observes=(COMMAS,))
def groups_filter_by_their_ids(api: ApiClient) -> None:
    """Filter groups by one id, by an id that no group has, and by three, which may be refused."""
    first, second = (new_group(api)["id"] for _ in "ab")
    for one, expected in ((first, {first}), (second, {second}), (NONEXISTENT_ID, set())):
        page = api.call_json("listGroups", query={"ids": one})
        expect_equal({row["id"] for row in page["content"]}, expected, f"the groups {one}")
    ids = f"{first},{second},{NONEXISTENT_ID}"
    answer = api.call("listGroups", query={"ids": ids})
    if is_accepted_or_observe_refusal(api, COMMAS, answer, refused="literal"):
        found = {row["id"] for row in answer.json["content"]}
        expect_equal(found, {first, second}, f"the groups with the ids {ids}")
        api.observe(COMMAS, "split", answer)
