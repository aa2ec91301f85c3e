"""The API model has an entry for each operation and states nothing that does not exist."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import contract_tests
from contract_tests.contract.api_entry import OperationEffects
from contract_tests.contract.api_lookup import (
    creating_operation_by_kind,
    listing_operation_by_kind,
    operation_effects,
    operations_on_kind,
    path_id_name,
    reading_operation_by_kind,
)
from contract_tests.contract.api_model import API_MODEL, REFERENCE_FIELDS
from contract_tests.contract.operations import Operation, operations
from contract_tests.rules.ids import RECORD_KIND_ORDER
from contract_tests.target.target import TOKEN_OPERATION
from tests.contract_tests.contract.model_faults import find_model_faults

PACKAGE_FOLDER = Path(contract_tests.__file__).parent


def test_the_model_fits_the_contract() -> None:
    """Every operation has an entry; operations, fields, statuses and filters in it exist."""
    assert find_model_faults(API_MODEL, operations()) == []


def test_an_operation_that_is_missing_is_named() -> None:
    """An operation added to the contract without an entry is reported."""
    found = operations()["terminateMarketingNoticeTask"]
    added = replace(found, method="delete", raw=found.raw | {"operationId": "deletePlanTask"})
    every = operations() | {"deletePlanTask": added}
    assert find_model_faults(API_MODEL, every) == ["deletePlanTask has no entry"]
    assert (
        find_model_faults({**API_MODEL, "deletePlanTask": OperationEffects(deletes="task")}, every)
        == []
    )


def test_an_unknown_operation_does_nothing() -> None:
    """An operation without an entry counts as no write, so it is not sent."""
    assert operation_effects("deletePlanTask") == OperationEffects()
    assert operation_effects("deletePlanTask").written_kind is None


WRONG_ENTRIES: list[tuple[str, dict[str, Any], str]] = [
    ("createGroup", {"undone_by": ("removeGroup",)}, "removeGroup is no operation that takes back"),
    ("createGroup", {"undone_by": ("deleteMarketingNotice",)}, "is no operation that takes back"),
    ("createGroup", {"undone_by": ()}, "stays is ''"),
    ("createScene", {"stays": ""}, "stays is ''"),
    ("createGroup", {"changes": "group"}, "says creates and changes"),
    ("getGroup", {"shows": None, "changes": "group"}, "get and ['changes'] do not fit"),
    ("updateGroup", {"changes": None, "concerns": "group"}, "put and ['concerns'] do not fit"),
    ("updateGroup", {"changes": None, "deletes": "group"}, "put and ['deletes'] do not fit"),
    ("deleteGroup", {"deletes": None}, "delete and nothing do not fit"),
    ("createMarketingNoticeTask", {"within": None}, "names nothing by /api/v1/marketing-notice/"),
    ("createMarketingNoticeTask", {"starts_at": ""}, "does not say when people hear of it"),
    ("createMarketingNoticeTask", {"starts_at": "begin"}, "has no begin in its body"),
    ("createMarketingNoticeTask", {"reformats": ("begin",)}, "no task has begin"),
    ("createMarketingNoticeTask", {"status": frozenset({"GONE"})}, "status is never GONE"),
    ("createNotificationTask", {"reaches_people": False}, "reaches_people is False"),
    ("updateMarketingNotice", {"reaches_people": False}, "reaches_people is False"),
    ("enableMarketingNoticeTask", {"reaches_people": False}, "reaches_people is False"),
    ("createGroup", {"reaches_people": True, "releases": True}, "has no options in its body"),
    ("unbindSceneExternalId", {"sets": {"external": None}}, "no scene has external"),
    ("createMarketingNotice", {"status_by_options": {"GO": frozenset()}}, "options is never GO"),
    ("terminateMarketingNotice", {"ends": {"group": frozenset()}}, "ends a group, which is no"),
    ("getNotificationTask", {"counts": {"totalMembers": "statistics/sum"}}, "no statistics/sum"),
    ("getMarketingNoticeReport", {"counts": {"sum": "plannedNumberOfPeopl"}}, "no plan has sum"),
    ("listGroups", {"filters": {}}, "says nothing of the filter"),
    ("listGroups", {"filters": {"word": ()}}, "has no filter word"),
    ("listGroups", {"filters": {"ids": ("like", "group.id")}}, "like is no meaning of a filter"),
    ("listGroups", {"filters": {"ids": ("among", "group.key")}}, "group.key is no field"),
    ("getGroup", {"filters": {"ids": ("among", "group.id")}}, "is no list"),
    ("getGroup", {"always_paged": True}, "answers no rows"),
    ("listMarketingNotices", {"grouped": ("group", {"id": "key"}, "plan")}, "rows have no key"),
]


@pytest.mark.parametrize(("name", "said", "why"), WRONG_ENTRIES)
def test_an_entry_that_is_wrong_is_named(name: str, said: dict[str, Any], why: str) -> None:
    """An entry with an unknown undo, field, status or filter, or a wrong verb, is reported."""
    if "grouped" in said:
        grouped = API_MODEL[name].grouped
        assert grouped
        said = {"grouped": grouped._replace(fields={"id": "key"})}
    wrong = {**API_MODEL, name: replace(API_MODEL[name], **said)}
    assert any(
        one.startswith(f"{name}: ") and why in one for one in find_model_faults(wrong, operations())
    )


def test_an_entry_of_no_operation_is_named() -> None:
    """An entry for an operation that was renamed or removed is reported."""
    assert "gone is no operation" in find_model_faults(
        {**API_MODEL, "gone": OperationEffects()}, operations()
    )


def test_what_bodies_refer_to_is_in_bodies() -> None:
    """Each reference field occurs in a schema, and its kind can be created."""
    [operation] = [each for each in operations().values() if each.name == "createToken"]
    fields = {*_property_names(operation.contract["components"]["schemas"])}
    assert fields >= REFERENCE_FIELDS.keys()
    assert creating_operation_by_kind().keys() >= {*REFERENCE_FIELDS.values()}


def test_every_kind_can_be_read_and_all_but_files_listed() -> None:
    """Each kind has one operation for reading, with one id in its path, and one for listing."""
    assert (
        creating_operation_by_kind().keys()
        == reading_operation_by_kind().keys()
        == listing_operation_by_kind().keys() | {"file"}
    )
    assert {path_id_name(name) for name in reading_operation_by_kind().values()} == {"id", "taskId"}


def test_the_probes_of_ids_try_every_operation_that_has_one() -> None:
    """Each kind of record in a path has a place in the order of the probes."""
    assert {entry.kind_in_path for entry in API_MODEL.values() if entry.kind_in_path} == {
        *RECORD_KIND_ORDER
    }
    tried = [name for kind in RECORD_KIND_ORDER for name in operations_on_kind(kind)]
    assert sorted(tried) == sorted(name for name in operations() if path_id_name(name))


def test_nothing_but_the_model_and_the_probes_names_an_operation() -> None:
    """All other modules use the model, so that an operation is added in one place."""
    found = {
        (path.name, node.value)
        for path in PACKAGE_FOLDER.rglob("*.py")
        if path.parent.name != "rules" and path.name != "api_model.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in operations()
    }
    assert found == {("target.py", TOKEN_OPERATION)}


def _property_names(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in _property_names(each)]
    if not isinstance(node, dict):
        return []
    inner = [name for each in node.values() for name in _property_names(each)]
    return [*node.get("properties", {}), *inner]


def test_an_operation_names_one_record_at_most() -> None:
    """The id that the model derives from a path is the only one."""
    found: dict[str, Operation] = operations()
    assert max(len(each.example["path"]) for each in found.values()) == 1
