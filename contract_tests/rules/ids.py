"""Probes of the ids in paths: every operation that has one (ID rules)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.api_entry import Kind
from contract_tests.contract.api_lookup import creators, entry_of, id_name, naming
from contract_tests.contract.operations import operations
from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.factories import (
    batch,
    new_batch,
    new_file,
    new_group,
    new_notification,
    new_plan,
    new_scene,
    plan,
)
from contract_tests.rules.outcome import Attempt, expect
from contract_tests.rules.registry import Probes
from contract_tests.rules.response import Answer

probes = Probes()
LARGEST = 2**63 - 1
ORDER: tuple[Kind, ...] = ("file", "notification", "group", "scene", "task", "member", "plan")
"""A plan comes last: what is in it ends with it."""


def with_id() -> Iterator[tuple[str, str]]:
    """Every operation with an id in its path, and the parameter's name."""
    for operation in operations():
        if name := id_name(operation):
            yield operation, name


def bodies(api: Api) -> dict[str, Any]:
    """A body for each of these operations that takes one: it keeps every rule.

    That of an operation that is not named here is the contract's example.
    """
    group = new_group(api)["id"]
    examples = {name: operations()[name].example.get("body") for name, _ in with_id()}
    return examples | {
        "updateGroup": {"name": api.name()},
        "updateScene": {"name": api.name(), "prompt": "顾客询问价格。"},
        "updateMarketingNotice": plan(api, "RELEASE", group),
        "createMarketingNoticeTask": batch(api, members=1),
        "terminateNotificationTask": {},
    }


def attempts(api: Api, *wrong: int) -> Iterator[Attempt]:
    """Each operation with each of these ids."""
    sent = bodies(api)
    for operation, name in with_id():
        for value in wrong:
            ids: dict[str, Any] = {name: value}
            yield f"/path/{name}", api.call(operation, body=sent.get(operation), **ids)


def walk(api: Api) -> Iterator[Answer]:
    """Every operation with an id in its path, each with one that it finds."""
    sent = bodies(api)
    made = new_plan(api)["id"]
    numbers: dict[Kind, int] = {
        "task": new_batch(api, made, members=1)["id"],
        "member": api.people(1)[0]["memberId"],
        "file": new_file(api, b"a")["id"],
        "notification": new_notification(api)["id"],
        "group": new_group(api)["id"],
        "scene": new_scene(api, made)["id"],
        "plan": made,
    }
    for kind in ORDER:
        for operation in sorted(naming(kind), key=lambda name: bool(entry_of(name).deletes)):
            ids: dict[str, Any] = {id_name(operation): numbers[kind]}
            for first in before(operation):
                api.ok(first, **ids)
            yield api.succeed(operation, body=sent.get(operation), **ids)


def before(deletion: str) -> tuple[str, ...]:
    """What has to be done before a record can be deleted; nothing for another operation."""
    kind = entry_of(deletion).deletes
    return entry_of(creators()[kind]).undone_by[:-1] if kind else ()


@probes.accepted("ID-01")
def positive_ids(api: Api) -> None:
    """Ids of things that were just made; the greatest one is no malformed one."""
    for _ in walk(api):
        pass
    answer = api.call("getGroup", id=LARGEST)
    expect(answer.status in (200, 404), f"the greatest id is not taken for an id: {answer}")


@probes.refused("ID-01")
def ids_out_of_range(api: Api) -> Iterator[Attempt]:
    """Zero, a negative one, and one beyond 64 bits."""
    yield from attempts(api, 0, -1, LARGEST + 1)


@probes.accepted("ID-02")
def ids_that_something_has(api: Api) -> None:
    """Every operation finds what was made for it."""
    for _ in walk(api):
        pass


@probes.refused("ID-02", status=404)
def ids_that_nothing_has(api: Api) -> Iterator[Attempt]:
    """One that was never given, and the one of a group that is gone."""
    yield from attempts(api, ABSENT)
    gone = new_group(api)["id"]
    api.ok("deleteGroup", id=gone)
    yield "/path/id", api.call("getGroup", id=gone)
