"""Probes of groups (L247-L457)."""

from __future__ import annotations

from collections.abc import Iterator

from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import new_group, new_plan
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()


@probes.accepted("GR-01")
def a_group_with_a_name(api: Api) -> None:
    """At its creation and when it is renamed."""
    group = new_group(api)["id"]
    name = api.name()
    expect_equal(api.ok("updateGroup", id=group, body={"name": name})["name"], name, "name")


@probes.refused("GR-01")
def a_group_without_a_name(api: Api) -> Iterator[Attempt]:
    """An empty body."""
    yield "/body/name", api.call("createGroup", body={})
    yield "/body/name", api.call("updateGroup", id=new_group(api)["id"], body={})


@probes.accepted("GR-02")
def an_empty_group_can_be_deleted(api: Api) -> None:
    """Also one whose plans are gone."""
    api.ok("deleteGroup", id=new_group(api)["id"])
    plan = new_plan(api)
    api.ok("deleteMarketingNotice", id=plan["id"])
    api.ok("deleteGroup", id=plan["groupId"])


@probes.refused("GR-02")
def a_group_with_plans_cannot(api: Api) -> Iterator[Attempt]:
    """One draft is enough."""
    yield "/path/id", api.call("deleteGroup", id=new_plan(api)["groupId"])


@probes.accepted("GR-03")
def a_deleted_group_is_gone(api: Api) -> None:
    """Neither read nor listed, nor deleted again."""
    group = new_group(api)
    query = {"ids": str(group["id"])}
    expect_equal(api.ok("listGroups", query=query)["totalElements"], 1, "the groups before")
    api.ok("deleteGroup", id=group["id"])
    for operation in ("getGroup", "deleteGroup"):
        answer = api.call(operation, id=group["id"])
        expect_equal(answer.status, 404, f"{operation} after the deletion")
    expect_equal(api.ok("listGroups", query=query)["totalElements"], 0, "the groups after")


@probes.accepted("GR-04")
def a_rename_changes_the_name_only(api: Api) -> None:
    """And the time of the last change."""
    before = new_group(api)
    api.pass_a_second()
    name = api.name()
    after = api.ok("updateGroup", id=before["id"], body={"name": name})
    expect_equal(after["name"], name, "name")
    for kept in ("id", "createTime"):
        expect_equal(after[kept], before[kept], kept)
    expect(after["lastUpdateTime"] > before["lastUpdateTime"], "lastUpdateTime stands still")
    expect_equal(api.ok("getGroup", id=before["id"]), after, "the group that is read")


@probes.accepted("GR-05")
def ids_choose_groups(api: Api) -> None:
    """One, two, and one that nothing has among them."""
    first, second = (new_group(api)["id"] for _ in "ab")
    for ids, expected in (([first], {first}), ([first, second, ABSENT], {first, second})):
        page = api.ok("listGroups", query={"ids": ",".join(map(str, ids))})
        expect_equal({row["id"] for row in page["content"]}, expected, f"what {ids} finds")
    expect_equal(api.ok("listGroups", query={"ids": ABSENT})["content"], [], "what nothing has")
