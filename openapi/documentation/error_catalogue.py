"""The error catalogue: status codes, checks, and all business rules by chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from openapi.contract_loading import Language
from openapi.documentation.markdown import MarkdownRenderer
from openapi.documentation.operations import Operation, OperationReader, Response
from openapi.documentation.provenance import Mark, ProvenanceReader
from openapi.documentation.texts import status_advice
from openapi.error_texts import KEYWORD_SENTENCES, STATUS_TITLES
from openapi.languages import LANGUAGES
from openapi.walking import iter_operations

GENERAL_CHAPTERS = {
    "AU": "authentication",
    "GE": "general",
    "ID": "ids",
    "PG": "paging",
    "RP": "reports",
}
"""Names of the titles of chapters whose rules belong to several tags, by the letters of the ids."""


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """A status code of errors; `response` is the shared response with its examples, if any."""

    status: str
    title: str
    meaning: str
    advice: Markup
    retry: str
    response: Response | None


@dataclass(frozen=True, slots=True)
class KeywordEntry:
    """A check that is no business rule."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A business rule with the operations that have it."""

    id: str
    kind: str
    sentence: str
    lines: tuple[str, ...]
    marks: tuple[Mark, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleChapter:
    """The rules whose ids begin with the same letters."""

    letters: str
    title: str
    rules: tuple[RuleEntry, ...]


def status_entries(
    contract: Mapping[str, Any], lang: Language, reader: OperationReader, markdown: MarkdownRenderer
) -> Iterator[StatusEntry]:
    """Yield the status codes of the contract's errors."""
    index, advice = LANGUAGES.index(lang), status_advice(lang)
    declared = [
        (status, response)
        for *_, operation in iter_operations(contract)
        for status, response in operation["responses"].items()
        if status >= "400"
    ]
    shared = {status: response for status, response in declared if "$ref" in response}
    for status in sorted({status for status, _ in declared}):
        texts = advice[status]
        yield StatusEntry(
            status,
            STATUS_TITLES[int(status)][index],
            texts["meaning"],
            markdown.render_inline(texts["advice"]),
            texts["retry"],
            reader.response(status, shared[status], {}) if status in shared else None,
        )


def keyword_entries(lang: Language) -> Iterator[KeywordEntry]:
    """Yield the checks that are no business rules, by name."""
    index = LANGUAGES.index(lang)
    for name, sentences in sorted(KEYWORD_SENTENCES.items(), key=lambda entry: entry[0].lower()):
        yield KeywordEntry(name, sentences[index])


def rule_chapters(
    contract: Mapping[str, Any],
    lang: Language,
    operations: tuple[Operation, ...],
    provenance: ProvenanceReader,
    titles: Mapping[str, str],
) -> Iterator[RuleChapter]:
    """Yield the business rules by the letters of their ids; titles: texts by name."""
    tags = {tag["name"]: tag.get("x-displayName", tag["name"]) for tag in contract["tags"]}
    users: dict[str, list[Operation]] = {}
    for operation in operations:
        for rule in operation.rules:
            users.setdefault(rule, []).append(operation)
    for letters in dict.fromkeys(rule.partition("-")[0] for rule in contract["x-rules"]):
        entries = tuple(
            RuleEntry(
                name,
                rule["kind"],
                rule[lang],
                tuple(rule.get("source", ())),
                tuple(provenance.mark(each) for each in rule.get("inferred", ())),
                tuple(each.id for each in users.get(name, ())),
            )
            for name, rule in contract["x-rules"].items()
            if name.startswith(f"{letters}-")
        )
        if letters in GENERAL_CHAPTERS:
            title = titles[GENERAL_CHAPTERS[letters]]
        else:
            title = tags[users[entries[0].id][0].tag]
        yield RuleChapter(letters, title, entries)
