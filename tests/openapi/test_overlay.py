"""The English contract is the Chinese one in other words: nothing forgotten, nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import openapi
from tests.openapi.walking import Node

CHINESE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
CODE = re.compile("`([^`]+)`")
TEXTS = frozenset({"summary", "description", "title", "x-displayName"})
DATA = frozenset({"example", "value", "default", "enum", "x-rules"})
NAMES = frozenset(
    {"properties", "examples", "links", "headers", "content", "responses", "schemas", "variables"}
)
"""Keys whose own keys are names: a property called `description` is no text."""
Place = tuple[str | int, ...]


@pytest.fixture(scope="module")
def english() -> Node:
    """The bundled contract, in English."""
    return openapi.load(lang="en")


def leaves(
    node: Any, place: Place = (), kind: str = "", named: bool = False
) -> Iterator[tuple[Place, str, Any]]:
    """Every scalar and empty collection with its place and kind: text, data or neither ("").

    `named` says that the keys of `node` are names.
    """
    if isinstance(node, dict) and node:
        for key, value in node.items():
            below = kind or ("" if named else _kind(key, value, place))
            yield from leaves(value, (*place, key), below, not named and key in NAMES)
    elif isinstance(node, list) and node:
        for index, item in enumerate(node):
            yield from leaves(item, (*place, index), kind)
    else:
        yield place, kind, node


def _kind(key: str, value: Any, place: Place) -> str:
    """The kind of what stands below a key that is not a name."""
    if key == "x-enumDescriptions" or (key in TEXTS and isinstance(value, str)):
        return "text"
    link = len(place) > 1 and place[-2] == "links"
    return "data" if key in DATA or (key == "x-requestBody" and link) else ""


def collect(document: Node, kind: str) -> dict[Place, Any]:
    """The document's leaves of one kind by their place."""
    return {place: leaf for place, found, leaf in leaves(document) if found == kind}


def test_no_english_text_is_chinese(english: Node) -> None:
    """Whatever is not data is translated, the sentences of the rules included.

    Only a value in backticks stays as it is on the wire.
    """
    texts = collect(english, "text") | collect(english, "")
    texts |= {("x-rules", name, "en"): rule["en"] for name, rule in english["x-rules"].items()}
    prose = {p: re.sub("`[^`]*`", "", t) for p, t in texts.items() if isinstance(t, str)}
    assert not {place: text for place, text in prose.items() if CHINESE.search(text)}


def test_no_text_is_lost_in_translation(contract: Node, english: Node) -> None:
    """Where the Chinese contract says something, so does the English one."""
    silent = {place for place, text in collect(english, "text").items() if not text.strip()}
    assert not silent & {p for p, text in collect(contract, "text").items() if text.strip()}


def test_the_languages_differ_only_in_texts(contract: Node, english: Node) -> None:
    """With the texts blanked, both documents are the same, the order of their keys too."""
    assert blanked(contract) == blanked(english)


def blanked(document: Node) -> list[tuple[Place, Any]]:
    """The document's leaves in their order, each text as an empty one."""
    return [(place, "" if kind == "text" else leaf) for place, kind, leaf in leaves(document)]


def test_every_example_value_is_unchanged(contract: Node, english: Node) -> None:
    """Business data is not translated: both languages show the same, Chinese names included."""
    values = collect(contract, "data")
    assert values == collect(english, "data")
    examples = {p: value for p, value in values.items() if p[0] != "x-rules"}
    assert any(isinstance(v, str) and CHINESE.search(v) for v in examples.values())


def test_both_languages_name_the_same_fields(contract: Node, english: Node) -> None:
    """What a Chinese text sets in code (fields, paths, values) stands in the English one too."""
    translated = collect(english, "text")
    lost = {}
    for place, text in collect(contract, "text").items():
        names = {name for name in CODE.findall(text) if not CHINESE.search(name)}
        if names - set(CODE.findall(translated[place])):
            lost[place] = names - set(CODE.findall(translated[place]))
    assert not lost
