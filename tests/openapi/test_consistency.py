"""The contract is consistent: examples, links, rules, formats."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from mock_server.http.error_texts import COUNT_SENTENCE, RULE_SENTENCES
from mock_server.http.schemas import SchemaChecker
from openapi import STATUS_TITLES
from tests.mistake_sentences import is_own_sentence
from tests.openapi.walking import (
    media_types,
    operation_parameters,
    operations_by_id,
    resolve_ref,
    value_schemas,
)

TOKEN_SECURITY: list[dict[str, list[str]]] = [{"bearerAuth": []}]
DATE_TIME_PATTERN = (
    "^[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|02-(0[1-9]|[12][0-9])) ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
)


def test_every_example_is_valid(contract: dict[str, Any]) -> None:
    """Examples of bodies, parameters and schemas are valid, including formats."""
    components = contract["components"]
    wrong = []
    for place, content in media_types(contract):
        checker = SchemaChecker(content["schema"], components)
        for name, example in content.get("examples", {}).items():
            wrong += [(place, name, v) for v in checker.violations(example["value"], "")]
    for name, _, parameter in operation_parameters(contract):
        checker = SchemaChecker(parameter["schema"], components)
        where = parameter["name"]
        wrong += [(name, where, v) for v in checker.violations(parameter["example"], "")]
    for pointer, schema in value_schemas(contract):
        if "example" in schema:
            checker = SchemaChecker(schema, components)
            wrong += [(pointer, "example", v) for v in checker.violations(schema["example"], "")]
    assert not wrong


def test_every_request_and_every_answer_has_a_named_example(contract: dict[str, Any]) -> None:
    """Each body, each 200 and each error has a named example with a summary."""
    for place, content in media_types(contract):
        if content["schema"].get("format") == "binary":
            continue
        assert content.get("examples"), place
        for name, example in content["examples"].items():
            assert example.get("summary"), (place, name)


def test_every_refusal_an_operation_can_give_is_documented(contract: dict[str, Any]) -> None:
    """400 with parameters or body, 401 and 403 with security, 404 with an id in the path.

    413 and 415 with a body, 429, 500 and 503 everywhere (E2, E3, E5).
    """
    for item in contract["paths"].values():
        for operation in item.values():
            if not isinstance(operation, dict) or "operationId" not in operation:
                continue
            name = operation["operationId"]
            given = [
                resolve_ref(contract, p)
                for p in (*item.get("parameters", ()), *operation.get("parameters", ()))
            ]
            needs = {"200", "429", "500", "503"}
            needs |= {"400"} if given or "requestBody" in operation else set()
            needs |= {"413", "415"} if "requestBody" in operation else set()
            needs |= {"404"} if any(p["in"] == "path" for p in given) else set()
            needs |= {"401", "403"} if "AU-01" in operation["x-rules"] else set()
            assert needs <= set(operation["responses"]), (name, needs - set(operation["responses"]))


def test_every_breakable_rule_is_shown_refused_in_its_own_words(contract: dict[str, Any]) -> None:
    """Each has a named 4xx example with its sentence at each of its operations.

    AU-01 and AU-04 are in the shared 401.
    """
    rules = contract["x-rules"]
    for name, operation in operations_by_id(contract).items():
        shown: dict[str, str] = {}
        for status, response in operation["responses"].items():
            if not status.startswith("4"):
                continue
            for content in resolve_ref(contract, response)["content"].values():
                for example in content["examples"].values():
                    for error in example["value"].get("errors", ()):
                        # A mistake in a member file has a sentence of its own.
                        is_own = "code" in error and error["rule"] in rules
                        said = rules[error["rule"]]["zh"] if is_own else error["message"]
                        shown[error["rule"]] = said
        for rule_id in operation["x-rules"]:
            if rules[rule_id]["kind"] == "refusal":
                assert shown.get(rule_id) == rules[rule_id]["zh"], (name, rule_id)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_refusal_example_says_what_the_mock_says(lang: openapi.Language) -> None:
    """Titles, sentences and details of the examples are those of the mock."""
    contract, index = openapi.load(lang=lang), ("zh", "en").index(lang)
    sentences = {name: texts[index] for name, texts in RULE_SENTENCES.items()}
    sentences |= {name: rule[lang] for name, rule in contract["x-rules"].items()}
    for place, content in media_types(contract):
        for name, example in content.get("examples", {}).items():
            shown = example["value"]
            errors = shown.get("errors", []) if isinstance(shown, dict) else []
            for error in errors:
                if "code" in error:
                    assert is_own_sentence(error, index), (place, name)
                else:
                    assert error["message"] == sentences[error["rule"]], (place, name)
            if "title" in shown and "status" in shown:
                assert shown["title"] == STATUS_TITLES[shown["status"]][index], (place, name)
            if "detail" in shown and len(errors) == 1:
                assert shown["detail"] == errors[0]["message"], (place, name)
            if "detail" in shown and len(errors) > 1:
                assert shown["detail"] == COUNT_SENTENCE[index].format(len(errors)), (place, name)


@pytest.mark.parametrize(("group", "rules"), [("secured", 2), ("identified", 1), ("numbered", 1)])
def test_a_rule_can_govern_all_operations_of_a_group(
    contract: dict[str, Any], group: str, rules: int
) -> None:
    """`secured` are those with a bearer token, the others those with an id, which is a number."""
    found = operations_by_id(contract)
    tokens = {
        n for n, each in found.items() if {"bearerAuth": []} in each.get("security", TOKEN_SECURITY)
    }
    ids = {
        operation["operationId"]
        for path, item in contract["paths"].items()
        for operation in item.values()
        if "{" in path and isinstance(operation, dict) and "operationId" in operation
    }
    members = {"secured": tokens, "identified": ids, "numbered": ids}[group]
    named = [name for name, rule in contract["x-rules"].items() if rule["operations"] == group]
    assert len(named) == rules
    for rule in named:
        assert {n for n, each in found.items() if rule in each["x-rules"]} == members


def test_every_rule_named_by_a_schema_governs_an_operation(contract: dict[str, Any]) -> None:
    """`x-rules` of a schema maps existing keywords to existing rules."""
    rules = contract["x-rules"]
    for pointer, schema in value_schemas(contract):
        for keyword, rule_id in schema.get("x-rules", {}).items():
            assert keyword in schema, (pointer, keyword)
            assert rule_id in rules, (pointer, rule_id)
    for name, operation, parameter in operation_parameters(contract):
        for rule_id in parameter.get("x-rules", {}).values():
            assert rule_id in operation["x-rules"], (name, parameter["name"])


def test_every_list_sorts_by_the_fields_of_its_rows(contract: dict[str, Any]) -> None:
    """Each `orderBy` of several fields has its own enum (PG-04).

    It has all fields of the rows in the examples except arrays, and no other.
    """
    lists = {}
    for name, operation, parameter in operation_parameters(contract):
        if parameter["name"] != "orderBy" or parameter["schema"].get("type") != "array":
            continue
        items = resolve_ref(contract, parameter["schema"]["items"])
        assert items["x-rules"] == {"enum": "PG-04"}
        page = operation["responses"]["200"]["content"]["application/json"]
        fields = all_properties(contract, page["schema"])
        rows = "content" if "content" in fields else "records"
        row = all_properties(contract, fields[rows]["items"])
        single = {key for key, part in row.items() if part.get("type") != "array"}
        shown = {
            key
            for example in page["examples"].values()
            for one in example["value"][rows]
            for key, value in one.items()
            if not isinstance(value, list)
        }
        lists[name] = set(items["enum"])
        assert shown, name
        assert shown <= lists[name] <= (single or shown), name
    assert len(lists) == 5


def all_properties(contract: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a schema and of its parts."""
    found = resolve_ref(contract, schema)
    result = dict(found.get("properties", {}))
    for part in found.get("allOf", ()):
        result |= all_properties(contract, part)
    return result


def test_every_link_leads_to_an_operation_that_takes_it(contract: dict[str, Any]) -> None:
    """A link has an existing operation and parameters of that operation."""
    targets = operations_by_id(contract)
    takes: dict[str, set[str]] = {name: set() for name in targets}
    for name, _, parameter in operation_parameters(contract):
        takes[name].add(parameter["name"])
    seen = set()
    for name, operation in targets.items():
        for response in operation["responses"].values():
            for link_name, link in resolve_ref(contract, response).get("links", {}).items():
                target = link["operationId"]
                assert target in targets, (name, link_name)
                given = {text.removeprefix("path.") for text in link.get("parameters", {})}
                assert given <= takes[target], (name, link_name)
                assert link["description"], (name, link_name)
                seen.add(target)
    by_id = {
        n
        for n in targets
        if any(p["in"] == "path" for m, _, p in operation_parameters(contract) if m == n)
    }
    assert by_id <= seen, f"no link leads to {by_id - seen}"


def test_date_times_have_their_mark_and_pattern(contract: dict[str, Any]) -> None:
    """Tools use the pattern, our check also the keyword (N9); each has both."""
    for pointer, schema in value_schemas(contract):
        if "x-format" in schema or schema.get("pattern") == DATE_TIME_PATTERN:
            assert schema.get("x-format") == "date-time-local", pointer
            assert schema.get("pattern") == DATE_TIME_PATTERN, pointer
        assert schema.get("format") != "date-time", pointer


def test_int64_ids_have_bounds_and_alternatives_a_discriminator(contract: dict[str, Any]) -> None:
    """An id is 1 to 2^63-1; generators need a discriminator for oneOf and anyOf."""
    for pointer, schema in value_schemas(contract):
        if pointer.endswith(("/id", "Id")) and schema.get("type") == "integer":
            assert schema["format"] == "int64", pointer
            assert schema["minimum"] == 1, pointer
            assert schema["maximum"] == 2**63 - 1, pointer
        if "oneOf" in schema or "anyOf" in schema:
            assert "discriminator" in schema, pointer
        if schema.get("nullable"):
            assert "type" in schema, pointer


def test_the_token_operation_is_one_operation_with_two_grants(contract: dict[str, Any]) -> None:
    """Password and refresh_token by discriminator, Basic client credentials (A1, A3)."""
    operation = operations_by_id(contract)["createToken"]
    request = operation["requestBody"]["content"]
    assert list(request) == ["application/json"]
    schema = resolve_ref(contract, request["application/json"]["schema"])
    assert schema["discriminator"]["propertyName"] == "grant_type"
    assert set(schema["discriminator"]["mapping"]) == {"password", "refresh_token"}
    assert operation["security"] == [{"clientBasic": []}]


def test_the_download_is_binary_public_and_has_its_four_headers(contract: dict[str, Any]) -> None:
    """L236-L245: no token, any content type, and the documented headers."""
    operation = operations_by_id(contract)["getFile"]
    answer = operation["responses"]["200"]
    assert operation["security"] == []
    assert next(iter(answer["content"])) == "application/octet-stream"
    assert {"Content-Disposition", "Cache-Control", "Content-Length", "Last-Modified"} <= set(
        answer["headers"]
    )
