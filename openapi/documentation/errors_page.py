"""The error catalogue as a page."""

from __future__ import annotations

from collections.abc import Iterator

from openapi.documentation.edition import Edition
from openapi.documentation.error_catalogue import (
    KeywordEntry,
    RuleChapter,
    StatusEntry,
    keyword_entries,
    rule_chapters,
    status_entries,
)
from openapi.documentation.markdown import Section
from openapi.documentation.member_file_codes import CodeGroup, code_groups
from openapi.documentation.names import ERRORS, code_anchor, rule_anchor, status_anchor
from openapi.documentation.page import NavigationGroup, NavigationItem, Page

OAUTH_CODES = "OAuth2ErrorCode"
MEMBER_FILE_CODES = "member-file-codes"
PARTS = ("form", "statuses", "oauth", "keywords", MEMBER_FILE_CODES, "rules")
"""Anchors of the parts of the page; their titles are the texts `errors_NAME`, with `_` for `-`."""


def build_errors(edition: Edition) -> Page:
    """Return the page."""
    contract, lang, texts = edition.contract, edition.lang, edition.texts
    statuses = tuple(status_entries(contract, lang, edition.operation_reader, edition.markdown))
    keywords = tuple(keyword_entries(lang))
    chapters = tuple(
        rule_chapters(contract, lang, edition.operations, edition.provenance, vars(texts))
    )
    codes = tuple(code_groups(lang))
    oauth = contract["components"]["schemas"][OAUTH_CODES]
    titles = {part: getattr(texts, f"errors_{part.replace('-', '_')}") for part in PARTS}
    code_titles = {each.name: getattr(texts, f"errors_codes_{each.name}") for each in codes}
    items = {
        MEMBER_FILE_CODES: [
            NavigationItem(title, f"#codes-{name}") for name, title in code_titles.items()
        ],
        "rules": [NavigationItem(each.title, f"#rules-{each.letters}") for each in chapters],
    }
    groups = (
        NavigationGroup(title, f"#{part}", tuple(items.get(part, ())))
        for part, title in titles.items()
    )
    return Page(
        ERRORS,
        ERRORS,
        texts.errors,
        "errors.html",
        {
            "titles": titles,
            "statuses": statuses,
            "keywords": keywords,
            "codes": codes,
            "code_titles": code_titles,
            "chapters": chapters,
            "oauth": edition.schemas.field("error", oauth),
            "summaries": edition.summaries,
        },
        tuple(groups),
        tuple(_sections(edition, statuses, keywords, codes, chapters)),
    )


def _sections(
    edition: Edition,
    statuses: tuple[StatusEntry, ...],
    keywords: tuple[KeywordEntry, ...],
    codes: tuple[CodeGroup, ...],
    chapters: tuple[RuleChapter, ...],
) -> Iterator[Section]:
    texts, plain = edition.texts, edition.markdown.plain_text
    yield Section(texts.errors_form, PARTS[0], plain(texts.errors_intro))
    for status in statuses:
        text = f"{status.meaning} {status.advice.striptags()}"
        yield Section(f"{status.status} {status.title}", status_anchor(status.status), text)
    for keyword in keywords:
        yield Section(keyword.name, rule_anchor(keyword.name), keyword.sentence)
    yield Section(
        texts.errors_member_file_codes,
        MEMBER_FILE_CODES,
        plain(texts.errors_member_file_codes_intro),
    )
    for group in codes:
        for entry in group.codes:
            yield Section(entry.code, code_anchor(entry.code), "\n".join(entry.sentences))
    for chapter in chapters:
        for rule in chapter.rules:
            yield Section(rule.id, rule_anchor(rule.id), plain(rule.sentence))
