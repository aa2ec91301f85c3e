"""`documented` strictness removes only what the documents do not state."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV30SpecValidator
from schemathesis.core.result import Ok

import openapi
from contract_tests.contract.vendor_extensions import translate_extensions
from mock_server.http.schemas import SchemaChecker
from openapi.strictness import remove_inferred_constraints
from tests.openapi.walking import Node, inferred_marks, operations_by_id, resolve_ref, value_schemas

JSON = "application/json"


@pytest.fixture(scope="module")
def documented_contract() -> Node:
    """The contract in `documented` strictness."""
    return openapi.load(strictness="documented")


def response_schemas(contract: Node) -> Iterator[tuple[str, Node]]:
    """Yield every (place, schema) of a JSON response."""
    for name, operation in operations_by_id(contract).items():
        for status, response in operation["responses"].items():
            for kind, media in resolve_ref(contract, response).get("content", {}).items():
                if kind.endswith("json"):
                    yield f"{name} {status} {kind}", media["schema"]


def test_the_documented_contract_is_valid_openapi_3_0_3(documented_contract: Node) -> None:
    """The loosened contract is still valid."""
    assert not list(OpenAPIV30SpecValidator(documented_contract).iter_errors())


def test_both_have_the_same_operations_parameters_and_rules(
    contract: Node, documented_contract: Node
) -> None:
    """Only constraints are removed, no operation, parameter, status, link or rule."""
    assert documented_contract["x-rules"] == contract["x-rules"]
    for name, curated in operations_by_id(contract).items():
        loose = operations_by_id(documented_contract)[name]
        assert loose.keys() == curated.keys()
        assert loose["responses"].keys() == curated["responses"].keys()
        assert len(loose.get("parameters", ())) == len(curated.get("parameters", ()))
        for status, response in curated["responses"].items():
            links = resolve_ref(documented_contract, loose["responses"][status]).get("links")
            assert links == resolve_ref(contract, response).get("links"), (name, status)


def test_no_marked_constraint_is_left(documented_contract: Node) -> None:
    """Each marked keyword is removed, unless it is a permission or an explanation."""
    permissions = {"nullable", "additionalProperties", "style", "explode", "allowEmptyValue"}
    texts = {"title", "version", "description", "example"}
    where = {"url", "variables", "security"}
    for pointer, owner, mark in inferred_marks(documented_contract):
        if pointer.startswith("/x-rules") or "/links/" in pointer:
            continue
        kept = permissions | texts | where
        if pointer.endswith("/requestBody"):
            kept.add("content")  # what else could be sent, too
        for keywords in mark.values():
            for keyword in set(keywords) - kept - {"*"}:
                if keyword.startswith(("x-", "default", "responses/")):
                    continue  # texts, and statuses, which permit
                node: Any = owner
                *path, last = keyword.split("/")
                for token in path:
                    node = node.get(token, {})
                left = node.get(last, {}) if isinstance(node, dict) else {}
                words = set(left) - {"title", "description", "example"} if left else set()
                required_by_openapi = keyword == "items" and left == {}
                assert not words or required_by_openapi, (pointer, keyword, left)


def _response_generator(contract: Node) -> schemathesis.BaseSchema:
    """Return a contract whose requests are the responses of this one, for schemathesis.

    A schema that occurs in several places is used once.
    """
    places = {json.dumps(schema): (place, schema) for place, schema in response_schemas(contract)}
    paths = {
        f"/{index}": {
            "post": {
                "operationId": place,
                "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
                "responses": {"200": {"description": ""}},
            }
        }
        for index, (place, schema) in enumerate(places.values())
    }
    document = {
        "openapi": "3.0.3",
        "info": {"title": "answers", "version": "1"},
        "paths": paths,
        "components": {"schemas": copy.deepcopy(contract["components"]["schemas"])},
    }
    return schemathesis.openapi.from_dict(translate_extensions(document))


def _count_agreements(
    operation: Any, curated: SchemaChecker, documented: SchemaChecker, place: str
) -> int:
    """Return how many generated responses both accept; fail if only `curated` accepts one."""
    agreed = 0

    @hypothesis.settings(
        max_examples=6,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def holds(case: schemathesis.Case[Any]) -> None:
        nonlocal agreed
        if curated.accepts(case.body):
            agreed += 1
            assert documented.accepts(case.body), (place, case.body)

    holds()
    return agreed


@pytest.mark.whole
def test_whatever_the_curated_contract_accepts_the_documented_one_accepts(
    contract: Node, documented_contract: Node
) -> None:
    """Generated responses that are valid in `curated` are valid in `documented`."""
    moments = st.datetimes().map(lambda moment: moment.isoformat(" ", "seconds")[:19])
    schemathesis.openapi.format("date-time-local", moments)
    strict, loose = dict(response_schemas(contract)), dict(response_schemas(documented_contract))
    for result in _response_generator(contract).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        place = operation.definition.raw["operationId"]
        curated = SchemaChecker(strict[place], contract["components"])
        left = SchemaChecker(loose.get(place, {}), documented_contract["components"])
        assert _count_agreements(operation, curated, left, place), (
            f"nothing was generated for {place}"
        )


def test_every_example_of_an_answer_is_valid_in_both(
    contract: Node, documented_contract: Node
) -> None:
    """The named examples are responses, too."""
    for name, operation in operations_by_id(contract).items():
        for status, response in operation["responses"].items():
            content = resolve_ref(contract, response).get("content", {})
            loose = resolve_ref(
                documented_contract,
                operations_by_id(documented_contract)[name]["responses"][status],
            )
            for kind, media in content.items():
                schema = loose.get("content", {}).get(kind, {}).get("schema", {})
                checker = SchemaChecker(schema, documented_contract["components"])
                for example in media.get("examples", {}).values():
                    assert not checker.violations(example["value"], ""), (name, status, kind)


ANY: Node = {}
REF = {"$ref": "#/components/schemas/A"}
STRING: Node = {"type": "string"}


@pytest.mark.parametrize(
    ("marked", "curated", "loose"),
    [
        ("minLength", {"type": "string", "minLength": 1}, STRING),
        ("nullable", {"type": "string", "nullable": True}, {"type": "string", "nullable": True}),
        ("type", {"type": "string", "nullable": True}, ANY),
        ("type", {"type": "string", "nullable": True, "enum": ["A"]}, {"enum": ["A", None]}),
        ("*", {"type": "object", "additionalProperties": True}, {"additionalProperties": True}),
        ("additionalProperties", {"additionalProperties": False}, ANY),
        ("items", {"type": "array", "items": STRING}, {"type": "array", "items": ANY}),
        ("properties/a", {"properties": {"a": REF, "b": REF}}, {"properties": {"a": ANY, "b":
        REF}}),
    ],
)  # fmt: skip
def test_a_marked_keyword_is_taken_back(marked: str, curated: Node, loose: Node) -> None:
    """A case for each kind of mark: constraints are removed, permissions stay."""
    schema = {**copy.deepcopy(curated), "x-inferred": {"N1": [marked]}}
    document = {"paths": {}, "components": {"schemas": {"S": schema}}}
    remove_inferred_constraints(document)
    left = {key: value for key, value in schema.items() if key != "x-inferred"}
    assert left == loose


def test_schemas_behind_references_are_loosened_where_they_stand(
    contract: Node, documented_contract: Node
) -> None:
    """An open enum (N14) is closed in the curated contract only."""
    status = contract["components"]["schemas"]["NotificationTaskStatus"]
    assert "enum" in status
    assert "enum" not in documented_contract["components"]["schemas"]["NotificationTaskStatus"]
    assert sum("required" in s for _, s in value_schemas(documented_contract)) < sum(
        "required" in s for _, s in value_schemas(contract)
    )
