"""The published contract is the contract, with what generators and API desks read beside it."""

from __future__ import annotations

import copy

import pytest

import openapi
from openapi.published_documents import _folder_name, published_document
from tests.openapi.walking import Node, operations_by_id, value_schemas

ADDED = ("x-enum-varnames", "x-enum-descriptions", "x-apifox-enum")


def test_the_published_contract_adds_extensions_only(contract: Node) -> None:
    """Without them it is what `load` returns, which the mock and the check read."""
    document = published_document()
    for operation in operations_by_id(document).values():
        del operation["x-apifox-folder"], operation["x-apifox-status"]
    for _, schema in value_schemas(document):
        for key in ADDED:
            schema.pop(key, None)
    assert document == contract


@pytest.mark.parametrize(
    ("lang", "folder"), [("zh", "营销通知分组"), ("en", "Marketing notice groups")]
)
def test_each_operation_is_in_the_folder_of_its_tag(lang: openapi.Language, folder: str) -> None:
    """Apifox shows the displayed name of the tag, and that the operation is released."""
    document = published_document(lang=lang)
    names = {tag["name"]: tag["x-displayName"] for tag in document["tags"]}
    for operation in operations_by_id(document).values():
        assert operation["x-apifox-folder"] == names[operation["tags"][0]]
        assert operation["x-apifox-status"] == "released"
    assert operations_by_id(document)["listGroups"]["x-apifox-folder"] == folder


def test_a_slash_in_a_name_makes_no_folder() -> None:
    """Apifox separates folders at `/` and unescapes with a backslash."""
    assert _folder_name("计划/任务") == "计划\\/任务"


@pytest.mark.parametrize("readings", ["exact", "all"])
def test_what_the_mock_and_the_check_read_has_no_such_extension(
    readings: openapi.ContractForm,
) -> None:
    """They would only cost time there."""
    document = openapi.load(readings=readings)
    before = copy.deepcopy(document)
    assert all(key not in schema for _, schema in value_schemas(document) for key in ADDED)
    assert document == before
