"""A page of the documentation, before it is put into the frame that all pages share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from openapi.documentation.edition import Edition
from openapi.documentation.markdown import Section, code_block
from openapi.documentation.names import CHANGES, DECISIONS, ERRORS, QUESTIONS, REFERENCE
from openapi.documentation.operations import PARAMETER_PLACES

TEMPLATES = Path(__file__).parent / "templates"
CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the side navigation; `method` is that of an operation."""

    title: str
    address: str
    method: str = ""


@dataclass(frozen=True, slots=True)
class NavigationGroup:
    """Entries of the side navigation below a title, which may be a link."""

    title: str
    address: str
    items: tuple[NavigationItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its part (the file name in the main navigation), title, content and search entries.

    template: name of the template of its content; values: those of the template.
    """

    name: str
    part: str
    title: str
    template: str
    values: dict[str, Any]
    navigation: tuple[NavigationGroup, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page of an edition by its name, and how it is made."""

    name: str
    part: str
    title: str
    build: Callable[[Edition], Page] = field(compare=False)


def template_environment(edition: Edition) -> Environment:
    """Return the templates with the texts, links and code blocks of a language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    texts = edition.texts
    copy = (texts.copy, texts.copied)

    def code(text: str, language: str = "json", title: str = "") -> Markup:
        return code_block(text, language, title, copy)

    # Functions, because the renderer is made when a page first needs it.
    def inline(text: str) -> Markup:
        return edition.markdown.render_inline(text)

    def block(text: str) -> Markup:
        return edition.markdown.render(text)

    environment.filters["breakable"] = breakable_name
    environment.globals.update(
        t=texts,
        lang=edition.lang,
        code=code,
        inline=inline,
        block=block,
        states={
            state: getattr(texts, f"state_{state}") for state in ("decided", "inferred", "open")
        },
        kinds={kind: getattr(texts, f"kind_{kind}") for kind in ("refusal", "promise")},
        places={place: getattr(texts, f"{place}_parameters") for place in PARAMETER_PLACES},
        schemes_text={
            "basic": texts.scheme_basic,
            "bearer": texts.scheme_bearer,
            None: texts.scheme_none,
        },
        notes={
            REFERENCE: texts.reference_note,
            ERRORS: texts.errors_note,
            DECISIONS: texts.decisions_note,
            QUESTIONS: texts.questions_note,
            CHANGES: texts.changes_note,
        },
    )
    return environment


def breakable_name(name: str) -> Markup:
    """Return a text in which a browser may break names between their words (`<wbr>`)."""
    return Markup("<wbr>").join(escape(part) for part in CAMEL_CASE_BOUNDARY.split(name))
