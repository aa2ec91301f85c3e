"""The open questions as a page for the provider, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.contract_loading import Language, load
from openapi.readings import Reading, load_readings
from openapi.walking import iter_operations, walk_nodes

CHAPTERS = {
    "whole": {"zh": "整个接口", "en": "The whole API"},
    "A": {"zh": "令牌", "en": "Tokens"},
    "N": {"zh": "通知任务", "en": "Notification tasks"},
    "F": {"zh": "文件", "en": "Files"},
    "M": {"zh": "营销通知", "en": "Marketing notices"},
    "D": {"zh": "日报", "en": "Daily reports"},
}
"""Titles of the page's chapters, by the first letter of their decisions' ids."""
TEXTS: dict[str, Mapping[str, str]] = {
    "title": {"zh": "Hypers 接口的待确认问题", "en": "Open questions about the Hypers API"},
    "intro": {
        "zh": (
            "接口文档有 {} 个问题没有说明或前后不一致。"
            "下面逐一列出文档中的位置（L97 表示第 97 行）、"
            "可能的答案和我们目前的假设。请确认或更正，并注明问题的名称（如 `rates`）。"
        ),
        "en": (
            "The API documents leave {} questions open, or answer them in two ways. Each is listed "
            "with its place in the documents (L97 is line 97), the possible answers and what we "
            "assume until we know. Please confirm or correct each, by its name, such as `rates`."
        ),
    },
    "lines": {"zh": "文档位置", "en": "Documents"},
    "nowhere": {"zh": "文档没有提及", "en": "not mentioned"},
    "answers": {"zh": "可能的答案", "en": "Possible answers"},
    "assumed": {"zh": "我们的假设", "en": "We assume"},
    "operations": {"zh": "影响的接口", "en": "Operations that depend on it"},
    "rules": {"zh": "影响的规则", "en": "Rules that depend on it"},
    "answer": {"zh": "答复", "en": "Answer"},
    "separator": {"zh": "、", "en": ", "},
    "colon": {"zh": "：", "en": ": "},
}
MANY_OPERATIONS = 12
"""Number of operations above which the page shows only how many there are."""
MANY = {"zh": "{} 个接口", "en": "{} operations"}


def render_questions_page(lang: Language = "zh") -> str:
    """Return the page in a language; raises ContractError if the contract cannot be read."""
    readings = load_readings()
    document = load(lang=lang)
    marks = _inferred_marks_by_operation(document)
    lines = [f"# {TEXTS['title'][lang]}", "", TEXTS["intro"][lang].format(len(readings))]
    for chapter, title in CHAPTERS.items():
        found = [each for each in readings if _chapter_key(each) == chapter]
        lines += ["", f"## {title[lang]}"] if found else []
        for reading in found:
            lines += ["", *_render_question(reading, lang, document, marks)]
    return "\n".join(lines) + "\n"


def _chapter_key(reading: Reading) -> str:
    letter = reading.decisions[0][0]
    return letter if letter in CHAPTERS else "whole"


def _render_question(
    reading: Reading, lang: Language, document: dict[str, Any], marks: Mapping[str, set[str]]
) -> Iterator[str]:
    separator = TEXTS["separator"][lang]
    yield f"### `{reading.key}`"
    yield ""
    yield reading.question[lang]
    yield ""
    yield _render_item("lines", separator.join(reading.lines) or TEXTS["nowhere"][lang], lang)
    if reading.values:
        yield _render_item("answers", "", lang)
        yield from (f"  - `{name}`: {texts[lang]}" for name, texts in reading.values.items())
    yield _render_item("assumed", reading.assumed[lang], lang)
    rules = _dependent_rules(document, reading)
    operations = _dependent_operations(document, reading, rules, marks)
    if len(operations) > MANY_OPERATIONS:
        yield _render_item("operations", MANY[lang].format(len(operations)), lang)
    elif operations:
        yield _render_item("operations", separator.join(f"`{name}`" for name in operations), lang)
    if rules:
        yield _render_item("rules", separator.join(rules), lang)
    yield _render_item("answer", "", lang)


def _render_item(name: str, text: str, lang: Language) -> str:
    return f"- {TEXTS[name][lang]}{TEXTS['colon'][lang]}{text}".rstrip()


def _dependent_rules(document: Mapping[str, Any], reading: Reading) -> list[str]:
    """Return the rules that depend on a question, in the contract's order."""
    rules = document["x-rules"]
    if reading.rules:
        return [rule_id for rule_id in rules if rule_id in reading.rules]
    decisions = {*reading.decisions}
    return [rule_id for rule_id, rule in rules.items() if decisions & {*rule.get("inferred", ())}]


def _inferred_marks_by_operation(document: dict[str, Any]) -> dict[str, set[str]]:
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


def _dependent_operations(
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
