"""The comparison finds what breaks a reader, and calls nothing breaking that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from openapi.changes.contract_changes import compare_contracts
from openapi.changes.version_fit import required_level
from tests.openapi.changes.breaking_changes import BREAKING
from tests.openapi.changes.harmless_changes import HARMLESS
from tests.openapi.changes.seeded_changes import SeededChange

JsonObject = dict[str, Any]
CopyContract = Callable[[], JsonObject]


@pytest.mark.parametrize("seeded", [*BREAKING, *HARMLESS], ids=lambda seeded: seeded.name)
def test_a_seeded_change_has_its_verdict(
    seeded: SeededChange, contract: JsonObject, copy_contract: CopyContract
) -> None:
    """It breaks exactly the readers that it breaks, and the version has to grow as far as that."""
    new = copy_contract()
    seeded.make(new)
    found = compare_contracts(contract, new)
    assert frozenset().union(*(change.breaks for change in found)) == seeded.breaks
    assert required_level(found).name.lower() == seeded.level
    places = [place for change in found for place in (change.pointer, *change.operations)]
    assert any(seeded.place in place for place in places) == bool(seeded.place)


def test_the_verdicts_are_about_both_readers() -> None:
    """At least 20 seeded changes break a reader and 10 break nobody; each combination occurs."""
    assert len(BREAKING) >= 20
    assert len(HARMLESS) >= 10
    assert {seeded.breaks for seeded in BREAKING} == {
        frozenset({"client"}),
        frozenset({"server"}),
        frozenset({"client", "server"}),
    }


def test_a_contract_does_not_differ_from_itself(
    contract: JsonObject, copy_contract: CopyContract
) -> None:
    """Nothing is reported for two equal contracts."""
    assert compare_contracts(contract, copy_contract()) == []


@pytest.mark.whole
def test_a_change_is_seen_in_both_directions(
    contract: JsonObject, copy_contract: CopyContract
) -> None:
    """A part that is added in one direction is removed in the other."""
    for seeded in (*BREAKING, *HARMLESS):
        new = copy_contract()
        seeded.make(new)
        there, back = compare_contracts(contract, new), compare_contracts(new, contract)
        assert bool(there) == bool(back), seeded.name


def test_a_change_of_a_shared_schema_has_its_operations(
    contract: JsonObject, copy_contract: CopyContract
) -> None:
    """They are named together, in place of one change for each."""
    new = copy_contract()
    new["components"]["schemas"]["NotificationTaskStatus"]["enum"].append("PAUSED")
    found = {each.place: each for each in compare_contracts(contract, new)}
    query = found["parameter status in query"]
    assert (query.operations, query.breaks) == (("listNotificationTasks",), frozenset())
    response = found["response 200"]
    assert response.pointer == "/components/schemas/NotificationTaskStatus/enum"
    assert {"listNotificationTasks", "getNotificationTask"} <= {*response.operations}
    assert response.breaks == {"client"}


def test_an_unknown_keyword_counts_as_breaking(
    contract: JsonObject, copy_contract: CopyContract
) -> None:
    """A keyword that the comparison does not understand is not passed over."""
    new = copy_contract()
    operation = new["paths"]["/api/v1/marketing-notice/group"]["post"]
    operation["callbacks"] = {"created": {}}
    (change,) = compare_contracts(contract, new)
    assert change.breaks == {"client", "server"}
    assert "callbacks" in change.sentence


def test_a_recursive_schema_is_compared(copy_contract: CopyContract) -> None:
    """A schema that contains itself ends the comparison, and a change inside is found."""
    old, new = copy_contract(), copy_contract()
    for document in (old, new):
        document["components"]["schemas"]["UploadedFile"]["properties"]["parent"] = {
            "$ref": "#/components/schemas/UploadedFile"
        }
    new["components"]["schemas"]["UploadedFile"]["properties"]["fileName"]["nullable"] = True
    (change,) = compare_contracts(old, new)
    assert change.breaks == {"client"}
    assert change.operations == ("uploadFile",)


def readers_broken(old: JsonObject, new: JsonObject) -> set[str]:
    """Return which readers a change breaks."""
    found = compare_contracts({"paths": {}, **old}, {"paths": {}, **new})
    assert found
    return {reader for change in found for reader in change.breaks}


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        ([{"url": "u"}], [{"url": "v"}, {"url": "u"}], {"client"}),
        ([{"url": "u"}], [{"url": "u"}, {"url": "v"}], set()),
        (
            [{"url": "u", "variables": {"t": {"default": "a"}}}],
            [{"url": "u", "variables": {"t": {"default": "b"}}}],
            {"client"},
        ),
        (
            [{"url": "u", "variables": {"t": {"default": "a", "enum": ["a", "b"]}}}],
            [{"url": "u", "variables": {"t": {"default": "a", "enum": ["a"]}}}],
            {"client"},
        ),
    ],
)
def test_a_changed_server_breaks_clients(
    old: list[JsonObject], new: list[JsonObject], breaks: set[str]
) -> None:
    """Clients use the first server, with the defaults of its variables."""
    assert readers_broken({"servers": old}, {"servers": new}) == breaks


def test_the_title_of_a_client_names_its_package() -> None:
    """Another title or server of a document for clients breaks those that are generated."""
    client = {"auth": {"server": "u", "title": "Auth"}}
    renamed = {"auth": {"server": "u", "title": "Login"}}
    for old, new, breaks in (
        (client, renamed, {"client"}),
        (client, {}, {"client"}),
        ({}, client, set()),
    ):
        assert readers_broken({"x-clients": old}, {"x-clients": new}) == breaks
