"""Probes of the list of plans, and of the scenes that belong to a plan (L859-L955, L502-L512)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_group, new_plan, new_scene, plan_body
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import COMMAS, is_accepted_or_observe_refusal

probes = ProbeRegistry()
LIST = "listMarketingNotices"


@probes.accepted("MN-10", observes=(COMMAS,))
def plan_list_groups_and_filters_plans(api: ApiClient) -> None:
    """Filter plans by keyword, groups and status, alone and together.

    A server may take only one group at a time.
    """
    word = api.unique_name("焕肤")
    first, second, empty = (new_group(api)["id"] for _ in "abc")
    named = new_plan(api, group=first, name=f"春季{word}计划")["id"]
    plain = new_plan(api, group=first)["id"]
    other = new_plan(api, group=second, name=word)["id"]
    plans = {first: {named, plain}, second: {other}, empty: set()}
    expect_plans_by_group(api, {first: {named, plain}}, groupIds=first)
    expect_plans_by_group(api, {first: {named}, second: {other}}, keyWord=word)
    expect_plans_by_group(api, {second: {other}}, keyWord=word, groupIds=second)
    answer = api.call(LIST, query={"groupIds": ",".join(map(str, plans))})
    is_list = is_accepted_or_observe_refusal(api, COMMAS, answer, refused="literal")
    for groups in [[*plans]] if is_list else [[group] for group in plans]:
        ids, mine = ",".join(map(str, groups)), {group: plans[group] for group in groups}
        # A group without a matching plan is left out only if a filter is about plans (MN-10).
        expect_plans_by_group(api, mine, groupIds=ids)
        drafts = {group: found for group, found in mine.items() if found}
        expect_plans_by_group(api, drafts, groupIds=ids, status="DRAFT")
        expect_plans_by_group(api, {}, groupIds=ids, status="COMPLETE")
    if is_list:
        api.observe(COMMAS, "split", answer)


def expect_plans_by_group(api: ApiClient, expected: dict[int, set[int]], **query: Any) -> None:
    """Raise RuleViolationError unless a query finds these plans in these groups."""
    rows = api.call_json(LIST, query=query)["records"]
    found = {row["groupId"]: {one["id"] for one in row["plan"]} for row in rows}
    expect_equal(found, expected, f"the plans with {query}")


@probes.accepted("MN-11")
def scenes_of_plan_are_replaced_and_added(api: ApiClient) -> None:
    """Replace the scenes of a plan by sceneIds, and add one by its planId."""
    made = new_plan(api)
    plan = made["id"]
    # Scenes of another plan, since plans and scenes are many to many (M49).
    lender = new_plan(api, group=made["groupId"])["id"]
    first, second = (new_scene(api, lender)["id"] for _ in "ab")

    def scenes() -> set[int]:
        rows = api.call_json("listScenes", query={"planId": plan})["content"]
        return {row["id"] for row in rows}

    for sent in ([first, second], [second], []):
        body = plan_body(api, group=made["groupId"], sceneIds=sent)
        # An update may give the plan another id (M22).
        plan = api.call_json("updateMarketingNotice", id=plan, body=body)["id"]
        expect_equal(scenes(), {*sent}, f"the scenes after {sent}")
    own = new_scene(api, plan)["id"]
    expect_equal(scenes(), {own}, "the scenes after one was created for the plan")
    copy = new_plan(api, group=made["groupId"], sceneIds=[first])["id"]
    rows = api.call_json("listScenes", query={"planId": copy})["content"]
    expect_equal([row["id"] for row in rows], [first], "the scenes of a plan created with one")


@probes.accepted("MN-16")
def plan_list_filters_by_every_status(api: ApiClient) -> None:
    """Filter plans by each status."""
    for status in ("DRAFT", "EXECUTION", "TERMINATION", "COMPLETE"):
        rows = api.call_json(LIST, query={"status": status, "current": 0, "size": 20})["records"]
        # A server that others use has plans in any status; only a wrong one in the list counts.
        found = {one["status"] for row in rows for one in row["plan"]}
        expect_equal(found - {status}, set(), f"other statuses among {status}")


@probes.accepted("MN-16", observes=("empty-query-values",))
def plan_list_takes_empty_status_as_none(api: ApiClient) -> None:
    """List plans with an empty status, which a server may refuse, and without one."""
    page = {"current": 0, "size": 1}
    before = api.call_json(LIST, query=page)["page"]["total"]
    answer = api.call(LIST, query={**page, "status": ""})
    if is_accepted_or_observe_refusal(api, "empty-query-values", answer):
        # Others may create and delete groups meanwhile.
        totals = sorted((before, api.call_json(LIST, query=page)["page"]["total"]))
        total = answer.json["page"]["total"]
        expect(totals[0] <= total <= totals[1], f"{total} groups with an empty status of {totals}")
        api.observe("empty-query-values", "absent", answer)


@probes.refused("MN-16")
def refuses_unknown_status_as_plan_filter(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Filter plans by an unknown status, and by one in lower case."""
    for status in ("RUNNING", "draft"):
        yield "/query/status", api.call(LIST, query={"status": status})
