"""The check sends what every answer allows, and accepts what any of them allows."""

from __future__ import annotations

import json
from typing import Any

import pytest

import openapi
from contract_tests.contract.contract_variants import (
    BY_READING_KEY,
    RESPONSE_SUFFIX,
    build_contract_to_check,
)
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, DOCUMENTED, Strictness, strictness_of
from contract_tests.contract.vendor_extensions import translate_extensions

PERCENT = {"rates": "percent", "page-total": "omitted"}


@pytest.mark.parametrize(
    ("strictness", "readings"),
    [
        (CURATED, "all"),
        (DOCUMENTED, "all"),
        (CURATED.demanding(PERCENT), openapi.all_readings(PERCENT)),
    ],
    ids=("curated", "documented", "demanded"),
)
def test_requests_are_strict_and_responses_are_those_of_all_answers(
    strictness: Strictness, readings: Any
) -> None:
    """Responses refer to components of their own within one document."""
    strict = translate_extensions(openapi.load(readings="strict"))
    every = translate_extensions(openapi.load(strictness=strictness.name, readings=readings))
    found = build_contract_to_check(strictness)
    for path, method, _, operation in openapi.iter_operations(strict):
        own = found["paths"][path][method]
        assert without_responses(own) == without_responses(operation)
        wanted = every["paths"][path][method]["responses"]
        kept = {status: own["responses"][status] for status in wanted}
        assert plain({status: kept[status] for status in operation["responses"]}) == {
            status: wanted[status] for status in operation["responses"]
        }
    for part in ("schemas", "responses"):
        for name, node in every["components"][part].items():
            assert plain(found["components"][part][name + RESPONSE_SUFFIX]) == node


def without_responses(operation: dict[str, Any]) -> dict[str, Any]:
    """Return what describes the requests of an operation."""
    return {key: value for key, value in operation.items() if key != "responses"}


def plain(node: Any) -> Any:
    """Return a node with the references of the contract's own files."""
    return json.loads(json.dumps(node).replace(f'{RESPONSE_SUFFIX}"', '"'))


@pytest.mark.parametrize("strictness", [CURATED, DOCUMENTED, CURATED.demanding(PERCENT)])
def test_every_reference_leads_somewhere(strictness: Strictness) -> None:
    """Schemas that only responses use are left out of those for requests."""
    contract = build_contract_to_check(strictness)
    references = set(_references(contract))
    assert references
    for reference in references:
        assert openapi.resolve_pointer(contract, reference)
    names = contract["components"]["schemas"].keys()
    assert "MarketingNoticeGroupOutput" not in names
    assert "MarketingNoticeGroupOutput" + RESPONSE_SUFFIX in names


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for part in node for each in _references(part)]
    if not isinstance(node, dict):
        return []
    found = [each for part in node.values() for each in _references(part)]
    return [*found, node["$ref"]] if isinstance(node.get("$ref"), str) else found


def test_a_contract_names_how_it_is_judged() -> None:
    """So an operation is found by the document that a request comes from."""
    for strictness in (CURATED, DOCUMENTED, DOCUMENTED.demanding(PERCENT)):
        assert strictness_of(build_contract_to_check(strictness)) == strictness
    assert strictness_of({}) == CURATED
    assert CURATED.demanding(openapi.all_readings(PERCENT)) == CURATED.demanding(PERCENT)


def test_a_status_of_one_answer_need_not_be_sent() -> None:
    """404 for an id in a body is one of two answers (X1); a path id is another matter."""
    create, read = operations()["createNotificationTask"], operations()["getNotificationTask"]
    assert create.raw["responses"]["404"][BY_READING_KEY]
    assert create.why_status_not_binding("404", CURATED)
    assert not create.why_status_not_binding("400", CURATED)
    assert not read.why_status_not_binding("404", CURATED)
    assert 404 in create.rule_refusal_statuses
    demanded = operations(CURATED.demanding({"unknown-id-in-body": "400"}))
    assert demanded["createNotificationTask"].rule_refusal_statuses == {400}
    assert "404" not in demanded["createNotificationTask"].raw["responses"]


def test_a_demanded_answer_narrows_the_responses() -> None:
    """Without it, both are allowed."""
    for strictness, is_allowed in (
        (CURATED, True),
        (CURATED.demanding({"unpaged-pageable": "text"}), True),
        (CURATED.demanding({"unpaged-pageable": "object"}), False),
    ):
        schemas = build_contract_to_check(strictness)["components"]["schemas"]
        pageable = schemas["SpringPage" + RESPONSE_SUFFIX]["properties"]["pageable"]
        assert ("INSTANCE" in json.dumps(pageable)) is is_allowed
