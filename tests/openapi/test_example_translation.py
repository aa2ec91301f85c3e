"""Examples are translated where they are a request, a response to its body, or an error."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from openapi.example_translation import translate_errors, translate_example_texts

RULES = {
    "AA-01": {"zh": "必须唯一。", "en": "The name must be unique."},
    "AA-02": {"zh": "必须唯一。", "en": "The code must be unique."},
}


def small_document() -> dict[str, Any]:
    """Return a contract with a write and a read of one record."""

    def body(name: str) -> dict[str, Any]:
        value = {"value": {"name": "春"}}
        schema = {"$ref": f"#/components/schemas/{name}"}
        return {"content": {"application/json": {"schema": schema, "examples": {"a": value}}}}

    errors = [{"rule": rule, "message": "必须唯一。"} for rule in RULES]
    refusals = {
        str(index): {"value": {"title": "请求参数错误", "detail": "必须唯一。", "errors": [error]}}
        for index, error in enumerate(errors)
    }
    return {
        "paths": {
            "/records": {
                "post": {
                    "requestBody": body("Input"),
                    "responses": {
                        "200": body("Output"),
                        "400": {"content": {"application/problem+json": {"examples": refusals}}},
                    },
                },
                "get": {"responses": {"200": body("Output")}},
            }
        },
        "components": {
            "schemas": {
                name: {"type": "object", "properties": {"name": {"example": "春"}}}
                for name in ("Input", "Output")
            }
        },
    }


def test_a_text_is_translated_in_requests_and_what_responses_return_of_them() -> None:
    """A stored record, and a schema of responses, keep theirs."""
    document = small_document()
    translate_example_texts(document, {"春": "Spring"}, "en.yaml")
    post, get = (document["paths"]["/records"][method] for method in ("post", "get"))
    shown = [post["requestBody"], post["responses"]["200"], get["responses"]["200"]]
    values = [each["content"]["application/json"]["examples"]["a"]["value"] for each in shown]
    assert [value["name"] for value in values] == ["Spring", "Spring", "春"]
    schemas = document["components"]["schemas"].items()
    found = {name: schema["properties"]["name"]["example"] for name, schema in schemas}
    assert found == {"Input": "Spring", "Output": "春"}


def test_a_text_that_no_example_has_is_an_error() -> None:
    """A text that is changed in the contract does not silently lose its translation."""
    with pytest.raises(openapi.ContractError) as raised:
        translate_example_texts(small_document(), {"春": "Spring", "夏": "Summer"}, "en.yaml")
    assert raised.value.file == "en.yaml"
    assert raised.value.pointer == "/x-example-texts/夏"


def test_errors_have_the_sentence_of_their_rule() -> None:
    """Also if two rules have the same sentence in Chinese."""
    document = small_document()
    translate_errors(document, RULES, "en")
    refused = document["paths"]["/records"]["post"]["responses"]["400"]
    examples = refused["content"]["application/problem+json"]["examples"]
    for example, rule in zip(examples.values(), RULES.values(), strict=True):
        value = example["value"]
        assert value["title"] == "Bad request"
        assert (value["detail"], value["errors"][0]["message"]) == (rule["en"], rule["en"])
