"""The open questions as a page for the provider, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openapi.contract_loading import Language, load
from openapi.question_scope import (
    CHAPTERS,
    chapter_key,
    dependent_operations,
    dependent_rules,
    inferred_marks_by_operation,
)
from openapi.readings import Reading, load_readings

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
    marks = inferred_marks_by_operation(document)
    lines = [f"# {TEXTS['title'][lang]}", "", TEXTS["intro"][lang].format(len(readings))]
    for chapter, title in CHAPTERS.items():
        found = [each for each in readings if chapter_key(each) == chapter]
        lines += ["", f"## {title[lang]}"] if found else []
        for reading in found:
            lines += ["", *_render_question(reading, lang, document, marks)]
    return "\n".join(lines) + "\n"


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
    rules = dependent_rules(document, reading)
    operations = dependent_operations(document, reading, rules, marks)
    if len(operations) > MANY_OPERATIONS:
        yield _render_item("operations", MANY[lang].format(len(operations)), lang)
    elif operations:
        yield _render_item("operations", separator.join(f"`{name}`" for name in operations), lang)
    if rules:
        yield _render_item("rules", separator.join(rules), lang)
    yield _render_item("answer", "", lang)


def _render_item(name: str, text: str, lang: Language) -> str:
    return f"- {TEXTS[name][lang]}{TEXTS['colon'][lang]}{text}".rstrip()
