"""Operations and rules that depend on an open question, and the question's chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openapi.readings import Reading
from openapi.walking import iter_operations, walk_nodes

CHAPTERS = {
    "whole": {"zh": "整个接口", "en": "The whole API"},
    "A": {"zh": "令牌", "en": "Tokens"},
    "N": {"zh": "通知任务", "en": "Notification tasks"},
    "F": {"zh": "文件", "en": "Files"},
    "M": {"zh": "营销通知", "en": "Marketing notices"},
    "D": {"zh": "日报", "en": "Daily reports"},
}
"""Titles of chapters, by the first letter of their decisions' ids."""


def chapter_key(reading: Reading) -> str:
    """Return the key in CHAPTERS of a question."""
    letter = reading.decisions[0][0]
    return letter if letter in CHAPTERS else "whole"


def dependent_rules(document: Mapping[str, Any], reading: Reading) -> list[str]:
    """Return the rules that depend on a question, in the contract's order."""
    rules = document["x-rules"]
    if reading.rules:
        return [rule_id for rule_id in rules if rule_id in reading.rules]
    decisions = {*reading.decisions}
    return [rule_id for rule_id, rule in rules.items() if decisions & {*rule.get("inferred", ())}]


def inferred_marks_by_operation(document: dict[str, Any]) -> dict[str, set[str]]:
    """Return the decisions with which each operation is marked, in the contract's order."""
    found: dict[str, set[str]] = {}
    for _, _, item, operation in iter_operations(document):
        # Parameters of the path belong to each of its operations.
        parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
        own = {**operation, "parameters": parameters}
        nodes = walk_nodes(own, "operation", document=document)
        found[operation["operationId"]] = {
            decision for _, _, node in nodes for decision in node.get("x-inferred", ())
        }
    return found


def dependent_operations(
    document: dict[str, Any], reading: Reading, rules: list[str], marks: Mapping[str, set[str]]
) -> list[str]:
    """Return the operations that depend on a question: by a mark, or by one of its rules.

    A mark counts only if it cannot mean another question, and a rule only if it names its
    operations: one for all that have an id in the path depends on the question in a few of them.
    """
    decisions = set() if reading.rules else {*reading.decisions}
    named = {rule for rule in rules if not isinstance(document["x-rules"][rule]["operations"], str)}
    return [
        operation["operationId"]
        for *_, operation in iter_operations(document)
        if decisions & marks[operation["operationId"]] or named & {*operation.get("x-rules", ())}
    ]
