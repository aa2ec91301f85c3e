"""Each enum value has a name and a meaning for generators and API desks, made from one source."""

from __future__ import annotations

import pytest

import openapi
from openapi.enum_meanings import add_enum_meanings, describe_enum_values, enum_name
from openapi.published_documents import published_document
from tests.openapi.walking import Node, value_schemas

KEYS = ("x-enum-varnames", "x-enum-descriptions", "x-apifox-enum")


def enums(document: Node) -> dict[str, Node]:
    """Return every schema with an enum by its place."""
    return {pointer: schema for pointer, schema in value_schemas(document) if "enum" in schema}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_value_of_every_enum_has_a_name_and_a_meaning(lang: openapi.Language) -> None:
    """The lists are in the order of the values; null, which comes last, has no entry."""
    found = enums(published_document(lang=lang))
    assert len(found) > 30
    for pointer, schema in found.items():
        values = [value for value in schema["enum"] if value is not None]
        assert schema["enum"][: len(values)] == values, pointer
        names, meanings, desk = (schema[key] for key in KEYS)
        assert len(names) == len(set(names)) == len(values), pointer
        assert all(name.isidentifier() and name == name.upper() for name in names), pointer
        assert len(meanings) == len(values), pointer
        assert all(meanings), pointer
        assert desk == [
            {"value": value, "name": name, "description": meaning}
            for value, name, meaning in zip(values, names, meanings, strict=True)
        ]
        known = schema.get("x-enumDescriptions")
        assert known is None or [known[value] for value in values] == meanings, pointer


@pytest.mark.parametrize(
    ("lang", "meaning"), [("zh", "最近联系时间"), ("en", "The time of the latest contact")]
)
def test_a_field_that_sorts_a_list_means_the_field_of_its_rows(
    lang: openapi.Language, meaning: str
) -> None:
    """M2: its meaning is the first sentence of the description there, in both languages."""
    schema = published_document(lang=lang)["components"]["schemas"]["NoticeTaskMemberSortField"]
    assert schema["x-enum-descriptions"][schema["enum"].index("lastContactTime")] == meaning


def test_the_enums_of_clients_have_their_meanings_in_the_description() -> None:
    """Most generators write only descriptions into the code; readers have `x-enumDescriptions`."""
    schemas = published_document("business", lang="en")["components"]["schemas"]
    status = schemas["MarketingNoticeStatus"]
    assert status["description"].endswith("\n- `TERMINATION`: Terminated\n- `COMPLETE`: Complete")
    assert status["x-enum-varnames"] == status["enum"]
    assert "x-enumDescriptions" not in status
    assert "`None`" not in schemas["SceneType"]["description"]
    whole = published_document(lang="en")["components"]["schemas"]["MarketingNoticeStatus"]
    assert "`COMPLETE`" not in whole["description"]
    assert whole["x-enumDescriptions"]["COMPLETE"] == "Complete"


@pytest.mark.parametrize(
    ("value", "name"),
    [("createTime", "CREATE_TIME"), ("NULLS_FIRST", "NULLS_FIRST"), ("a-b.c", "A_B_C"), (7, "7")],
)
def test_the_name_of_a_value_is_a_constant(value: object, name: str) -> None:
    """Words are separated by underscores."""
    assert enum_name(value) == name


def test_an_enum_without_meanings_stays_as_it_is() -> None:
    """A contract from elsewhere has none, and may have lists without rows."""
    sort = {"type": "string", "enum": ["id"]}
    parameter = {"name": "sort", "in": "query", "schema": {"type": "array", "items": sort}}
    responses = {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}
    document = {"paths": {"/pets": {"get": {"parameters": [parameter], "responses": responses}}}}
    add_enum_meanings(document)
    describe_enum_values(document)
    assert sort == {"type": "string", "enum": ["id"]}
