"""Decisions and open questions as pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from openapi.documentation.decisions import load_decisions
from openapi.documentation.edition import Edition
from openapi.documentation.markdown import Section
from openapi.documentation.names import DECISIONS, QUESTIONS
from openapi.documentation.page import NavigationGroup, NavigationItem, Page
from openapi.documentation.provenance import decisions_in
from openapi.question_scope import (
    CHAPTERS,
    chapter_key,
    dependent_operations,
    dependent_rules,
    inferred_marks_by_operation,
)
from openapi.readings import Reading
from openapi.walking import iter_operations


def build_decisions(edition: Edition) -> Page:
    """Return the page with all decisions."""
    file = edition.decisions
    introduction = edition.markdown.render_page(
        file.introduction, load_decisions("en").introduction
    )
    groups = (
        NavigationGroup(
            chapter.title,
            f"#{chapter.anchor}",
            tuple(
                NavigationItem(f"{each.id} {each.title.replace('`', '')}", f"#{each.id}")
                for each in chapter.decisions
            ),
        )
        for chapter in file.chapters
    )
    operations, schemas, rules = _uses(edition)
    return Page(
        DECISIONS,
        DECISIONS,
        introduction.title,
        "decisions.html",
        {
            "introduction": introduction.html,
            "chapters": file.chapters,
            "operations": operations,
            "schemas": schemas,
            "rules": rules,
            "summaries": edition.summaries,
            "questions": {name: edition.provenance.questions_of(name) for name in file.by_id()},
        },
        tuple(groups),
        (*introduction.sections[1:], *_decision_sections(edition)),
    )


def _decision_sections(edition: Edition) -> Iterator[Section]:
    for each in edition.by_decision.values():
        text = edition.markdown.plain_text(each.text)
        yield Section(f"{each.id} {each.title.replace('`', '')}", each.id, text)


def _uses(edition: Edition) -> tuple[dict[str, list[str]], ...]:
    """Return the operations, schemas and rules that rest on each decision, if there are any."""
    operations: dict[str, list[str]] = defaultdict(list)
    schemas: dict[str, list[str]] = defaultdict(list)
    rules: dict[str, list[str]] = defaultdict(list)
    for *_, item, operation in iter_operations(edition.contract):
        parameters = (*item.get("parameters", ()), *operation.get("parameters", ()))
        own = [operation, [edition.schemas.resolve(each) for each in parameters]]
        for decision in decisions_in(own):
            operations[decision].append(operation["operationId"])
    for name, schema in edition.contract["components"]["schemas"].items():
        base = edition.schemas.base_name(name)
        for decision in decisions_in(schema):
            if base not in schemas[decision]:
                schemas[decision].append(base)
    for name, rule in edition.contract["x-rules"].items():
        for decision in rule.get("inferred", ()):
            rules[decision].append(name)
    return operations, schemas, rules


def build_questions(edition: Edition) -> Page:
    """Return the page with the open questions and their answers."""
    lang, texts = edition.lang, edition.texts
    chapters = [
        (key, title[lang], tuple(each for each in edition.readings if chapter_key(each) == key))
        for key, title in CHAPTERS.items()
    ]
    document = dict(edition.contract)
    marks = inferred_marks_by_operation(document)
    rules = {each.key: dependent_rules(document, each) for each in edition.readings}
    groups = (
        NavigationGroup(
            title,
            f"#chapter-{key}",
            tuple(NavigationItem(each.key, f"#{each.key}") for each in readings),
        )
        for key, title, readings in chapters
    )
    return Page(
        QUESTIONS,
        QUESTIONS,
        texts.questions,
        "questions.html",
        {
            "chapters": chapters,
            "decisions": edition.by_decision,
            "count": len(edition.readings),
            "rules": rules,
            "operations": {
                each.key: dependent_operations(document, each, rules[each.key], marks)
                for each in edition.readings
            },
            "summaries": edition.summaries,
        },
        tuple(groups),
        tuple(_question_section(edition, each) for each in edition.readings),
    )


def _question_section(edition: Edition, reading: Reading) -> Section:
    lang = edition.lang
    answers = (f"{name} {texts[lang]}" for name, texts in reading.values.items())
    lines = (reading.key, *answers, reading.assumed[lang])
    text = "\n".join(edition.markdown.plain_text(each) for each in lines)
    return Section(reading.question[lang], reading.key, text)
