"""Inferred texts are marked, and documented statements about a field are at that field."""

from __future__ import annotations

from typing import Any

import pytest

import openapi
from openapi import dump
from openapi.contract_loading import ROOT_FILE
from tests.openapi.walking import Node, operations_by_id

ORDERS = [
    ("NotificationTaskInput", "contents", "N8"),
    ("MonitoringStrategyMo", "strategy", "M17"),
    ("ConversationalTaskMonitoringStrategyMo", "strategy", "M17"),
    ("MarketingNoticeDataInput", "greetings", "M18"),
    ("MarketingNoticeOutput", "greetings", "M18"),
]


@pytest.mark.parametrize(("schema", "name", "decision"), ORDERS)
def test_an_order_that_no_line_states_is_marked(
    contract: dict[str, Any], schema: str, name: str, decision: str
) -> None:
    """L99, L757, L770 are lists without a statement on the order of execution."""
    field = contract["components"]["schemas"][schema]["properties"][name]
    assert "description" in field.get("x-inferred", {}).get(decision, ())


@pytest.mark.parametrize("name", ["uploadFile", "getFile"])
def test_the_short_address_of_files_is_a_marked_reading(
    contract: dict[str, Any], name: str
) -> None:
    """F1: the documents do not say that `/api/file` is an older address."""
    operation = operations_by_id(contract)[name]
    assert "`/api/file" in operation["description"]
    assert "description" in operation["x-inferred"]["F1"]


@pytest.mark.parametrize("name", ["scheduledStartTime", "scheduledEndTime"])
def test_the_form_of_a_time_in_an_answer_is_marked(contract: dict[str, Any], name: str) -> None:
    """L97-L98 state the form for requests; answers only have examples (L108-L109, N9)."""
    schemas = contract["components"]["schemas"]
    assert {"x-format", "pattern"} <= set(
        schemas["NotificationTaskBase"]["properties"][name]["x-inferred"]["N9"]
    )
    assert "N9" not in schemas["NotificationTaskInput"]["properties"][name].get("x-inferred", {})


@pytest.mark.parametrize(
    ("rule", "decisions", "words"),
    [
        ("GR-04", ["M51"], "`lastUpdateTime`"),
        ("RP-06", ["M47"], "`lastTriggerTime`"),
        ("ME-04", ["D8"], "contacted"),
    ],
)
def test_a_rule_names_the_decision_that_states_it(
    contract: dict[str, Any], rule: str, decisions: list[str], words: str
) -> None:
    """The decision contains the position itself, and is not just about the same field."""
    assert contract["x-rules"][rule]["inferred"] == decisions
    log = (ROOT_FILE.parent / "DECISIONS.md").read_text(encoding="utf-8")
    entry = log.split(f"\n### {decisions[0]} · ", 1)[1].split("\n### ", 1)[0]
    assert words in entry
    assert rule in entry


@pytest.mark.parametrize(
    ("lang", "signature", "cache"),
    [("zh", "去重", "内容哈希"), ("en", "duplicates", "a hash of the content")],
)
def test_what_signature_and_cache_are_for_is_said(
    lang: openapi.Language, signature: str, cache: str
) -> None:
    """The texts contain L232 (用于内容去重) and L243 (基于内容哈希的长期缓存)."""
    contract = openapi.load(lang=lang)
    fields = contract["components"]["schemas"]["UploadedFile"]["properties"]
    assert signature in fields["signature"]["description"]
    headers = operations_by_id(contract)["getFile"]["responses"]["200"]["headers"]
    assert cache in headers["Cache-Control"]["description"]


@pytest.mark.parametrize(
    ("lang", "wrong", "right"),
    [("zh", "新建的任务等待执行", "`PENDING`"), ("en", "A new task is pending", "`PENDING`")],
)
def test_a_new_task_is_not_said_to_be_always_pending(
    lang: openapi.Language, wrong: str, right: str
) -> None:
    """NT-24: it is EXECUTING or COMPLETED if its start or its whole window is past."""
    operation = operations_by_id(openapi.load(lang=lang))["createNotificationTask"]
    assert wrong not in operation["description"]
    for word in (right, "`EXECUTING`", "`COMPLETED`"):
        assert word in operation["description"].partition("**")[0]
    assert "description" in operation["x-inferred"]["X1"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_update_of_a_plan_says_that_it_drops_scenes_that_are_not_sent(
    lang: openapi.Language,
) -> None:
    """M29: the text of the operation says so, and an example of a request has no `sceneIds`."""
    operation = operations_by_id(openapi.load(lang=lang))["updateMarketingNotice"]
    assert "`sceneIds`" in operation["description"]
    examples: Node = operation["requestBody"]["content"]["application/json"]["examples"]
    dropping = examples["withoutScenes"]
    assert "`sceneIds`" in dropping["summary"]
    assert "sceneIds" not in dropping["value"]["data"]


def test_a_download_lists_the_headers_by_which_a_part_or_a_change_is_asked_for(
    contract: dict[str, Any],
) -> None:
    """FI-12: `Range` and `If-None-Match` are parameters, so clients and tools support them."""
    listed = {each["name"]: each for each in operations_by_id(contract)["getFile"]["parameters"]}
    assert set(listed) == {"Range", "If-None-Match"}
    for each in listed.values():
        assert each["in"] == "header"
        assert not each.get("required")
        assert each["x-inferred"] == {"E3": ["*"]}


@pytest.mark.parametrize("readings", ["published", "exact", "all"])
@pytest.mark.parametrize(("lang", "mock"), [("zh", "模拟"), ("en", "mock")])
def test_no_text_is_about_the_mock(
    lang: openapi.Language, mock: str, readings: openapi.ContractForm
) -> None:
    """The contract describes the platform; what the mock adds is in its own documentation."""
    contract = openapi.load(lang=lang, readings=readings)
    assert mock not in dump(contract, "json").lower()
