"""DECISIONS.md in both languages, split into its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from openapi.contract_loading import CONTRACT_FOLDER, Language
from openapi.documentation.names import heading_anchor
from openapi.loader import ContractError

FILES = {"zh": "DECISIONS.zh.md", "en": "DECISIONS.md"}
State = Literal["decided", "inferred", "open"]
STATES: dict[str, State] = {
    "Decided": "decided",
    "Inferred": "inferred",
    "Open": "open",
    "已确定": "decided",
    "推断": "inferred",
    "待确认": "open",
}
CHAPTER = re.compile(r"^## (.+)$", re.MULTILINE)
ENTRY = re.compile(r"^### ([A-Z][0-9]+) · (.+)\n\n([^\n·]+) · ([^\n]+)\n", re.MULTILINE)
LANGUAGE_LINK = re.compile(r"^\[[^\]]+\]\(DECISIONS(?:\.zh)?\.md\)\n+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry: its id, position, state, lines of the documents, and text in Markdown."""

    id: str
    title: str
    state: State
    lines: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter, its anchor in both languages, and its entries."""

    title: str
    anchor: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The introduction, in Markdown with a title, and the chapters."""

    introduction: str
    chapters: tuple[Chapter, ...]

    def by_id(self) -> dict[str, Decision]:
        """Return all entries by their id."""
        return {each.id: each for chapter in self.chapters for each in chapter.decisions}


def load_decisions(lang: Language, folder: Path = CONTRACT_FOLDER) -> DecisionFile:
    """Return the decisions in a language; raises ContractError for an entry without a state."""
    texts = {
        each: LANGUAGE_LINK.sub("", (folder / name).read_text(encoding="utf-8"))
        for each, name in FILES.items()
    }
    introduction, parts = _split_chapters(texts[lang])
    anchors = [heading_anchor(title) for title, _ in _split_chapters(texts["en"])[1]]
    chapters = (
        Chapter(title, anchor, _read_entries(FILES[lang], text))
        for anchor, (title, text) in zip(anchors, parts, strict=True)
    )
    return DecisionFile(introduction, tuple(chapters))


def _split_chapters(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what stands before the first chapter with entries, and title and text of each."""
    headings = [*CHAPTER.finditer(text)]
    ends = [*(each.start() for each in headings[1:]), len(text)]
    parts = [
        (heading[1], text[heading.end() : end]) for heading, end in zip(headings, ends, strict=True)
    ]
    with_entries = [ENTRY.search(part) is not None for _, part in parts]
    first = with_entries.index(True)
    return text[: headings[first].start()], parts[first:]


def _read_entries(file: str, text: str) -> tuple[Decision, ...]:
    headings = [*ENTRY.finditer(text)]
    if len(headings) != len(re.findall("^### ", text, re.MULTILINE)):
        raise ContractError(file, "", "an entry needs an id, a title, a state and lines")
    ends = [*(each.start() for each in headings[1:]), len(text)]
    return tuple(
        Decision(one[1], one[2], _state(file, one), one[4], text[one.end() : end].strip())
        for one, end in zip(headings, ends, strict=True)
    )


def _state(file: str, heading: re.Match[str]) -> State:
    if heading[3] not in STATES:
        raise ContractError(file, "", f"{heading[1]} has an unknown state: {heading[3]}")
    return STATES[heading[3]]
