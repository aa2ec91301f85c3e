"""The English contract is a complete translation, except demo data, and differs only in texts."""

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
COMPUTED_FIELDS = frozenset({"signature", "fileSize"})
"""Fields of an uploaded file; the text file in the example has an English text."""
CHINESE_PLACES = {
    "column names of the template, as the file has them": {
        "get /marketing-notice/members/template description",
        "schemas ConversationalTaskInput description",
        "schemas NotificationTaskInput description",
    },
    "keywords that find demo records": {
        "get /marketing-notice/task/{taskId}/members example",
        "get /members/{id}/daily-reports example",
        "parameters KeyWord",
    },
    "the name of a demo record, which the refusal shows": {
        "put /marketing-notice/scene/{id} systemScene",
    },
    "responses with demo records": {
        "get /marketing-notice executing",
        "get /marketing-notice firstPage",
        "get /marketing-notice/group firstPage",
        "get /marketing-notice/group/{id} group",
        "get /marketing-notice/scene all",
        "get /marketing-notice/scene byPlan",
        "get /marketing-notice/scene/{id} custom",
        "get /marketing-notice/scene/{id} system",
        "get /marketing-notice/task/{taskId} complete",
        "get /marketing-notice/task/{taskId} executing",
        "get /marketing-notice/task/{taskId} notStarted",
        "get /marketing-notice/task/{taskId} terminated",
        "get /marketing-notice/task/{taskId}/members firstPage",
        "get /marketing-notice/task/{taskId}/members inService",
        "get /marketing-notice/task/{taskId}/report executing",
        "get /marketing-notice/task/{taskId}/report notStarted",
        "get /marketing-notice/{id} draft",
        "get /marketing-notice/{id} executing",
        "get /marketing-notice/{id}/report draft",
        "get /marketing-notice/{id}/report executing",
        "get /marketing-notice/{id}/task all",
        "get /marketing-notice/{id}/task firstPage",
        "get /marketing-notice/{id}/task/schema columns",
        "get /members/{id}/daily-reports reports",
        "get /notification-tasks appointmentReminders",
        "get /notification-tasks/{taskId} alternativeSpelling",
        "get /notification-tasks/{taskId} byFile",
        "get /notification-tasks/{taskId} byMembers",
        "get /notification-tasks/{taskId}/executions completedSpelling",
        "get /notification-tasks/{taskId}/executions executing",
        "patch /marketing-notice/scene/{id}/unbundled-externalId unbound",
    },
    "schemas of demo records": {
        "schemas ConversationalTaskOutput",
        "schemas ConversationalTaskSceneOutput",
        "schemas MapObject",
        "schemas MarketingNoticeGroupListOutput",
        "schemas MarketingNoticeGroupOutput",
        "schemas MarketingNoticeListOutput",
        "schemas MarketingNoticeOutput",
        "schemas MemberDailyReport",
        "schemas NoticeTaskMember",
        "schemas NotificationContentOutput",
        "schemas NotificationTaskBase",
        "schemas NotificationTaskExecution",
        "schemas SceneStatisticOutput",
        "schemas TaskListSchemaOutput",
    },
}
"""Places in the English contract that have Chinese characters, by the reason."""


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
    """All other leaves are equal, including their order.

    A value of an example differs only if it is Chinese, or computed from a Chinese file.
    """
    chinese, english = [*contract_leaves(contract)], [*contract_leaves(english_contract)]
    assert [place for place, *_ in chinese] == [place for place, *_ in english]
    other = {
        place: (leaf, translated)
        for (place, kind, leaf), (_, _, translated) in zip(chinese, english, strict=True)
        if leaf != translated
        and kind != "text"
        and not is_chinese(leaf)
        and not COMPUTED_FIELDS & {*place[-2:]}
    }
    assert not other


@pytest.mark.parametrize("readings", ["published", "exact"])
def test_chinese_stays_in_listed_places_only(readings: openapi.ContractForm) -> None:
    """No other text or example has a Chinese character, and each listed place has one.

    The exact form has fewer examples.
    """
    found = {
        place_name(place)
        for place, _, leaf in contract_leaves(openapi.load(lang="en", readings=readings))
        if is_chinese(leaf) and place[0] != "x-rules"
    }
    listed = {name for names in CHINESE_PLACES.values() for name in names}
    assert found == listed if readings == "published" else found <= listed


def test_chinese_sentences_of_rules_are_under_their_language(english_contract: Node) -> None:
    """`x-rules` has both languages, as each rule may be refused in both."""
    rules = contract_leaves(english_contract["x-rules"])
    assert {place[-1] for place, _, leaf in rules if is_chinese(leaf)} == {"zh"}


def is_chinese(leaf: Any) -> bool:
    """Return whether a leaf is a text with a Chinese character."""
    return isinstance(leaf, str) and bool(CHINESE_CHARACTER.search(leaf))


def place_name(place: LeafPath) -> str:
    """Return a place as CHINESE_PLACES names it."""
    steps = [str(step) for step in place]
    if steps[0] == "components":
        return " ".join([*steps[1:3], *steps[-1:]] if steps[-1] == "description" else steps[1:3])
    label = steps[steps.index("examples") + 1] if "examples" in steps else steps[-1]
    return f"{steps[2]} {steps[1].removeprefix('/api/v1')} {label}"


def test_both_languages_name_the_same_fields(contract: Node, english_contract: Node) -> None:
    """Code spans (fields, paths, values) are the same in both texts."""
    translated = leaves_of_kind(english_contract, "text")
    lost = {}
    for place, text in leaves_of_kind(contract, "text").items():
        names = {name for name in CODE_SPAN.findall(text) if not CHINESE_CHARACTER.search(name)}
        if names - set(CODE_SPAN.findall(translated[place])):
            lost[place] = names - set(CODE_SPAN.findall(translated[place]))
    assert not lost
