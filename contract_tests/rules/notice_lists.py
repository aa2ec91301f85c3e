"""Probes of the list of plans, and of the scenes that belong to a plan (L859-L955, L502-L512)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_group, new_plan, new_scene, plan_body
from contract_tests.rules.outcome import ExpectedRefusal, expect_equal
from contract_tests.rules.registry import ProbeRegistry

probes = ProbeRegistry()
LIST = "listMarketingNotices"


@probes.accepted("MN-10")
def the_plan_list_groups_and_filters(api: ApiClient) -> None:
    """Filter plans by keyword, groups and status, alone and together."""
    word = api.unique_name("焕肤")
    first, second, empty = (new_group(api)["id"] for _ in "abc")
    named = new_plan(api, group=first, name=f"春季{word}计划")["id"]
    plain = new_plan(api, group=first)["id"]
    other = new_plan(api, group=second, name=word)["id"]
    groups = ",".join(map(str, (first, second, empty)))
    for query, expected in (
        # A group without a matching plan is left out only if a filter is about plans (MN-10).
        ({"groupIds": groups}, {first: {named, plain}, second: {other}, empty: set()}),
        ({"groupIds": str(first)}, {first: {named, plain}}),
        ({"keyWord": word}, {first: {named}, second: {other}}),
        ({"keyWord": word, "groupIds": str(second)}, {second: {other}}),
        ({"groupIds": groups, "status": "DRAFT"}, {first: {named, plain}, second: {other}}),
        ({"groupIds": groups, "status": "COMPLETE"}, {}),
    ):
        rows = api.call_json(LIST, query=query)["records"]
        found = {row["groupId"]: {one["id"] for one in row["plan"]} for row in rows}
        expect_equal(found, expected, f"the plans with {query}")


@probes.accepted("MN-11")
def scenes_of_a_plan_are_replaced_and_added(api: ApiClient) -> None:
    """Replace the scenes of a plan by sceneIds, and add one by its planId."""
    made = new_plan(api)
    # Scenes of another plan, since plans and scenes are many to many (M49).
    lender = new_plan(api, group=made["groupId"])["id"]
    first, second = (new_scene(api, lender)["id"] for _ in "ab")

    def scenes() -> set[int]:
        rows = api.call_json("listScenes", query={"planId": made["id"]})["content"]
        return {row["id"] for row in rows}

    for sent in ([first, second], [second], []):
        body = plan_body(api, group=made["groupId"], sceneIds=sent)
        api.call_json("updateMarketingNotice", id=made["id"], body=body)
        expect_equal(scenes(), {*sent}, f"the scenes after {sent}")
    own = new_scene(api, made["id"])["id"]
    expect_equal(scenes(), {own}, "the scenes after one was created for the plan")
    copy = new_plan(api, group=made["groupId"], sceneIds=[first])["id"]
    rows = api.call_json("listScenes", query={"planId": copy})["content"]
    expect_equal([row["id"] for row in rows], [first], "the scenes of a plan created with one")


@probes.accepted("MN-16")
def every_plan_status_filters(api: ApiClient) -> None:
    """Filter plans by each status."""
    for status in ("DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"):
        rows = api.call_json(LIST, query={"status": status, "current": 0, "size": 20})["records"]
        # A server that others use has plans in any status; only a wrong one in the list counts.
        found = {one["status"] for row in rows for one in row["plan"]}
        expect_equal(found - {status}, set(), f"other statuses among {status}")


@probes.refused("MN-16")
def an_unknown_plan_status(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter plans by an unknown status, and by one in lower case."""
    for status in ("RUNNING", "draft"):
        yield "/query/status", api.call(LIST, query={"status": status})
