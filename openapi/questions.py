"""The open questions as a page for the provider, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openapi.bundle import Language, load
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


def questions_page(lang: Language = "zh") -> str:
    """Return the page in a language; raises ContractError if the contract cannot be read."""
    readings = load_readings()
    dependents = _dependents(load(lang=lang))
    lines = [f"# {TEXTS['title'][lang]}", "", TEXTS["intro"][lang].format(len(readings))]
    for chapter, title in CHAPTERS.items():
        found = [each for each in readings if _chapter(each) == chapter]
        lines += ["", f"## {title[lang]}"] if found else []
        for reading in found:
            lines += ["", *_question(reading, lang, dependents)]
    return "\n".join(lines) + "\n"


def _chapter(reading: Reading) -> str:
    letter = reading.decisions[0][0]
    return letter if letter in CHAPTERS else "whole"


def _question(
    reading: Reading, lang: Language, dependents: Mapping[str, tuple[list[str], list[str]]]
) -> Iterator[str]:
    separator = TEXTS["separator"][lang]
    yield f"### `{reading.key}`"
    yield ""
    yield reading.question[lang]
    yield ""
    yield _item("lines", separator.join(reading.lines) or TEXTS["nowhere"][lang], lang)
    if reading.values:
        yield _item("answers", "", lang)
        yield from (f"  - `{name}`: {texts[lang]}" for name, texts in reading.values.items())
    yield _item("assumed", reading.assumed[lang], lang)
    operations = _joined(reading.decisions, {id_: pair[0] for id_, pair in dependents.items()})
    rules = _joined(reading.decisions, {id_: pair[1] for id_, pair in dependents.items()})
    if len(operations) > MANY_OPERATIONS:
        yield _item("operations", MANY[lang].format(len(operations)), lang)
    elif operations:
        yield _item("operations", separator.join(f"`{name}`" for name in operations), lang)
    if rules:
        yield _item("rules", separator.join(rules), lang)
    yield _item("answer", "", lang)


def _item(name: str, text: str, lang: Language) -> str:
    return f"- {TEXTS[name][lang]}{TEXTS['colon'][lang]}{text}".rstrip()


def _joined(decisions: Sequence[str], found: Mapping[str, list[str]]) -> list[str]:
    return list(dict.fromkeys(name for id_ in decisions for name in found.get(id_, ())))


def _dependents(document: dict[str, Any]) -> dict[str, tuple[list[str], list[str]]]:
    """Return the operations and the rules that rest on each decision, in the contract's order."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for _, _, item, operation in iter_operations(document):
        # Parameters of the path belong to each of its operations.
        own = {"parameters": item.get("parameters", []), **operation}
        for _, _, node in walk_nodes(own, "operation", document=document):
            for decision in node.get("x-inferred", ()):
                names = found.setdefault(decision, ([], []))[0]
                if operation["operationId"] not in names:
                    names.append(operation["operationId"])
    for rule_id, rule in document["x-rules"].items():
        for decision in rule.get("inferred", ()):
            found.setdefault(decision, ([], []))[1].append(rule_id)
    return found
