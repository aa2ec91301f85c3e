"""The contract contains all that the documents have, with sources and explanations."""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from openapi.contract_loading import ROOT_FILE
from tests.openapi.inventory import load_facts
from tests.openapi.walking import (
    inferred_marks,
    load_yaml,
    operation_parameters,
    operations_by_id,
    resolve_ref,
    value_schemas,
)

LINE_REFERENCE = re.compile(r"L([0-9]+)(?:-L([0-9]+))?")
LAST_LINE = 2063
CHINESE_CHARACTER = re.compile("[\u4e00-\u9fff]")


def test_the_contract_has_exactly_the_documented_operations(contract: dict[str, Any]) -> None:
    """Method, path and operationId of every operation are documented."""
    found = {
        (f"{method.upper()} {path}", operation["operationId"])
        for path, item in contract["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }
    assert found == {
        (keyword, fact.operation)
        for fact in load_facts()
        if fact.where == "operation" and not fact.decision
        for keyword in fact.keywords
    }


def test_the_contract_is_valid_openapi_3_0_3(contract: dict[str, Any]) -> None:
    """openapi-spec-validator finds no error, also in defaults and path parameters."""
    assert contract["openapi"] == "3.0.3"
    assert not list(OpenAPIV30SpecValidator(contract).iter_errors())


def test_every_operation_and_schema_names_its_lines(contract: dict[str, Any]) -> None:
    """Each has `x-source` with ranges of lines that exist in the documents."""
    owners = {**operations_by_id(contract), **contract["components"]["schemas"]}
    for name, owner in owners.items():
        assert owner.get("x-source"), name
        for lines in owner["x-source"]:
            match = LINE_REFERENCE.fullmatch(lines)
            assert match, (name, lines)
            first, last = int(match[1]), int(match[2] or match[1])
            assert 1 <= first <= last <= LAST_LINE, (name, lines)


def test_every_operation_says_what_it_does_in_chinese(contract: dict[str, Any]) -> None:
    """Each has a Chinese summary and description, and one tag."""
    tags = {tag["name"] for tag in contract["tags"]}
    for name, operation in operations_by_id(contract).items():
        assert CHINESE_CHARACTER.search(operation["summary"]), name
        assert CHINESE_CHARACTER.search(operation["description"]), name
        assert len(operation["tags"]) == 1, name
        assert set(operation["tags"]) <= tags, name


def test_every_parameter_property_and_enum_value_is_explained(contract: dict[str, Any]) -> None:
    """Parameters and properties have descriptions, enum values `x-enumDescriptions`.

    The values of `orderBy` are explained by the fields of the rows (M2).
    """
    for name, _, parameter in operation_parameters(contract):
        assert CHINESE_CHARACTER.search(parameter["description"]), (name, parameter["name"])
        assert "example" in parameter, (name, parameter["name"])
    for pointer, schema in value_schemas(contract):
        if "enum" in schema and schema.get("x-rules") != {"enum": "PG-04"}:
            explained = set(schema["x-enumDescriptions"])
            # That a value may be null, `nullable` says.
            assert explained == {*schema["enum"]} - {None}, pointer
        for name, part in schema.get("properties", {}).items():
            assert CHINESE_CHARACTER.search(resolve_ref(contract, part)["description"]), (
                f"{pointer}/{name}"
            )


def test_every_scalar_property_has_an_example(contract: dict[str, Any]) -> None:
    """Scalar items of arrays have one, too."""
    for pointer, schema in value_schemas(contract):
        parts = {**schema.get("properties", {})}
        if schema.get("type") == "array":
            parts["items"] = schema["items"]
        for name, part in parts.items():
            target = resolve_ref(contract, part)
            scalar = target.get("type") in ("string", "integer", "number", "boolean")
            if scalar and target.get("format") != "binary":
                assert "example" in target, f"{pointer}/{name}"


def test_every_component_is_used(contract: dict[str, Any]) -> None:
    """No parameter, response or schema in the files is missing from the bundle."""
    for path in sorted((ROOT_FILE.parent / "components").rglob("*.yaml")):
        folder = path.relative_to(ROOT_FILE.parent / "components").parts[0].removesuffix(".yaml")
        for name in load_yaml(path.read_text(encoding="utf-8")):
            assert name in contract["components"][folder], f"{path.name}: {name} is not used"


def test_every_inferred_mark_names_a_decision_and_keywords_that_are_there(
    contract: dict[str, Any],
) -> None:
    """A mark without a decision or for a missing keyword has no meaning."""
    log = (ROOT_FILE.parent / "DECISIONS.md").read_text(encoding="utf-8")
    decisions = set(re.findall(r"^### ([A-Z][0-9]+) · ", log, re.MULTILINE))
    assert len(decisions) > 100
    for pointer, owner, mark in inferred_marks(contract):
        for decision, keywords in mark.items():
            assert decision in decisions, (pointer, decision)
            for keyword in keywords:
                node: Any = owner
                for token in keyword.split("/"):
                    assert keyword == "*" or token in node, (pointer, decision, keyword)
                    node = owner if keyword == "*" else node[token]
    for rule_id, rule in contract["x-rules"].items():
        assert set(rule.get("inferred", ())) <= decisions, rule_id


@pytest.mark.parametrize("host", ["szhl-phiskin", "oauth"])
def test_the_two_documented_hosts_are_named(contract: dict[str, Any], host: str) -> None:
    """The business host is the root server, and the token operation has its own (A2, G5)."""
    root = contract["servers"][0]
    token = contract["paths"]["/oauth/token"]["servers"][0]
    urls = {"szhl-phiskin": root["variables"]["tenant"]["default"], "oauth": token["url"]}
    assert host in urls[host]
