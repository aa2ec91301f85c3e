"""DECISIONS.zh.md has the same entries as DECISIONS.md, with the same sources and names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.docs.markdown import MarkdownFile, code_spans

ENGLISH, CHINESE = MarkdownFile("openapi/DECISIONS.md"), MarkdownFile("openapi/DECISIONS.zh.md")
SECTION_HEADING = re.compile(r"^(#{2,3}) (.+)$", re.MULTILINE)
DECISION_TITLE = re.compile(r"([A-Z][0-9]+) · .+")
MARK = re.compile(r"([^\s·]+) · ")
CHINESE_MARKS = {"Decided": "已确定", "Inferred": "推断", "Open": "待确认"}
REFERENCE = re.compile(r"\b(?:L[0-9]+|[A-Z]{2}-[0-9]+|[ADEFGMNX][0-9]+)\b", re.ASCII)
"""A line of the documents, a rule or a decision."""


@dataclass(frozen=True)
class Section:
    """Content of a section that has to be equal in both languages.

    level: of the heading; decision: its id, empty for a chapter; mark: in English; tables: the
    number of cells in each row; items: the number of list items.
    """

    level: int
    decision: str
    mark: str
    references: Counter[str]
    code: Counter[str]
    tables: tuple[int, ...]
    items: int


def read_sections(text: str, marks: dict[str, str]) -> list[Section]:
    """Return the sections of a file in order; marks gives the English for each of its marks."""
    _, *parts = SECTION_HEADING.split(text)
    return [
        read_section(len(level), title, body, marks)
        for level, title, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    ]


def read_section(level: int, title: str, body: str, marks: dict[str, str]) -> Section:
    """Return one section. Raises KeyError for a decision with an unknown mark."""
    decision, mark = DECISION_TITLE.fullmatch(title), MARK.match(body.lstrip())
    prose = f"{title}\n\n{body}"
    return Section(
        level,
        decision[1] if decision else "",
        marks[mark[1] if mark else ""] if decision else "",
        Counter(REFERENCE.findall(prose)),
        Counter(code_spans(prose)),
        tuple(line.count("|") for line in body.splitlines() if line.startswith("|")),
        sum(line.startswith("- ") for line in body.splitlines()),
    )


def english_sections() -> list[Section]:
    """Return the sections of DECISIONS.md."""
    return read_sections(ENGLISH.prose(), {mark: mark for mark in CHINESE_MARKS})


def chinese_sections(text: str) -> list[Section]:
    """Return the sections of a text like DECISIONS.zh.md."""
    return read_sections(text, {chinese: mark for mark, chinese in CHINESE_MARKS.items()})


def test_both_files_have_the_same_decisions_in_the_same_order() -> None:
    """An entry that is added or moved in one language is missing from the other."""
    english, chinese = (
        [(section.level, section.decision) for section in sections]
        for sections in (english_sections(), chinese_sections(CHINESE.prose()))
    )
    assert english == chinese
    assert len([decision for _, decision in english if decision]) > 100


def test_both_files_state_the_same_sources_and_names_in_each_decision() -> None:
    """Marks, lines of the documents, ids and code spans occur equally often in each section."""
    pairs = zip(english_sections(), chinese_sections(CHINESE.prose()), strict=True)
    assert not [(english, chinese) for english, chinese in pairs if english != chinese]


def test_each_file_links_to_the_other() -> None:
    """The link is the first in the file."""
    assert ENGLISH.links()[0] == "DECISIONS.zh.md"
    assert CHINESE.links()[0] == "DECISIONS.md"


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("### N7 · ", "### N8 · "),
        ("已确定 · L99", "推断 · L99"),
        ("已确定 · L99", "已确定 · L98"),
        ("`minItems: 1`", "`minItems: 2`"),
        ("规则 NT-02", "规则"),
        ("| NOT_STARTED, EXECUTION | 终止 |", "| 终止 |"),
        ("- 首行是列名", "首行是列名"),
    ],
)
def test_a_difference_between_the_languages_is_seen(words: str, changed: str) -> None:
    """A heading, a mark, a line, a name, a rule, a cell, a list item."""
    text = CHINESE.prose()
    assert words in text
    assert chinese_sections(text.replace(words, changed, 1)) != english_sections()
