"""The English contract is a complete translation, and differs in nothing but texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import openapi
from tests.openapi.walking import Node

CHINESE_CHARACTER = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
CODE_SPAN = re.compile("`([^`]+)`")
TEXT_KEYS = frozenset({"summary", "description", "title", "x-displayName"})
DATA_KEYS = frozenset({"example", "value", "default", "enum", "x-rules"})
NAME_MAP_KEYS = frozenset(
    {"properties", "examples", "links", "headers", "content", "responses", "schemas", "variables"}
)
"""Keys whose own keys are names: a property called `description` is not a text."""
LeafPath = tuple[str | int, ...]


@pytest.fixture(scope="module")
def english_contract() -> Node:
    """The bundled contract, in English."""
    return openapi.load(lang="en")


def contract_leaves(
    node: Any, place: LeafPath = (), kind: str = "", named: bool = False
) -> Iterator[tuple[LeafPath, str, Any]]:
    """Yield every scalar and empty collection with place and kind: text, data or neither ("").

    named: whether the keys of `node` are names.
    """
    if isinstance(node, dict) and node:
        for key, value in node.items():
            below = kind or ("" if named else _leaf_kind(key, value, place))
            yield from contract_leaves(
                value, (*place, key), below, not named and key in NAME_MAP_KEYS
            )
    elif isinstance(node, list) and node:
        for index, item in enumerate(node):
            yield from contract_leaves(item, (*place, index), kind)
    else:
        yield place, kind, node


def _leaf_kind(key: str, value: Any, place: LeafPath) -> str:
    """Return the kind of values below a key that is not a name."""
    if key == "x-enumDescriptions" or (key in TEXT_KEYS and isinstance(value, str)):
        return "text"
    link = len(place) > 1 and place[-2] == "links"
    return "data" if key in DATA_KEYS or (key == "x-requestBody" and link) else ""


def leaves_of_kind(document: Node, kind: str) -> dict[LeafPath, Any]:
    """Return the leaves of one kind by place."""
    return {place: leaf for place, found, leaf in contract_leaves(document) if found == kind}


def test_no_english_text_is_chinese(english_contract: Node) -> None:
    """All texts are translated, including the sentences of the rules.

    Only values in backticks stay as they are on the wire.
    """
    texts = leaves_of_kind(english_contract, "text") | leaves_of_kind(english_contract, "")
    texts |= {
        ("x-rules", name, "en"): rule["en"] for name, rule in english_contract["x-rules"].items()
    }
    prose = {p: re.sub("`[^`]*`", "", t) for p, t in texts.items() if isinstance(t, str)}
    assert not {place: text for place, text in prose.items() if CHINESE_CHARACTER.search(text)}


def test_no_text_is_lost_in_translation(contract: Node, english_contract: Node) -> None:
    """Every place with a Chinese text has an English one."""
    silent = {
        place
        for place, text in leaves_of_kind(english_contract, "text").items()
        if not text.strip()
    }
    assert not silent & {p for p, text in leaves_of_kind(contract, "text").items() if text.strip()}


def test_the_languages_differ_only_in_texts(contract: Node, english_contract: Node) -> None:
    """Without their texts, the documents are equal, including the order of keys."""
    assert leaves_without_texts(contract) == leaves_without_texts(english_contract)


def leaves_without_texts(document: Node) -> list[tuple[LeafPath, Any]]:
    """Return the leaves in order, with empty texts."""
    return [
        (place, "" if kind == "text" else leaf) for place, kind, leaf in contract_leaves(document)
    ]


def test_every_example_value_is_unchanged(contract: Node, english_contract: Node) -> None:
    """Business data is not translated; Chinese names stay in both."""
    values = leaves_of_kind(contract, "data")
    assert values == leaves_of_kind(english_contract, "data")
    examples = {p: value for p, value in values.items() if p[0] != "x-rules"}
    assert any(isinstance(v, str) and CHINESE_CHARACTER.search(v) for v in examples.values())


def test_both_languages_name_the_same_fields(contract: Node, english_contract: Node) -> None:
    """Code spans (fields, paths, values) are the same in both texts."""
    translated = leaves_of_kind(english_contract, "text")
    lost = {}
    for place, text in leaves_of_kind(contract, "text").items():
        names = {name for name in CODE_SPAN.findall(text) if not CHINESE_CHARACTER.search(name)}
        if names - set(CODE_SPAN.findall(translated[place])):
            lost[place] = names - set(CODE_SPAN.findall(translated[place]))
    assert not lost
