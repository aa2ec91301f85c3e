"""The guides: their samples run, both languages say the same, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import openapi
from openapi.request_collections.requests import SETTINGS, TOKENS
from tests.docs.guides import (
    FAST_RUNNERS,
    GUIDES,
    LANGUAGES,
    GuideReader,
    guide_document,
)
from tests.docs.markdown import GUIDES_FOLDER, ROOT, MarkdownFile
from tests.docs.test_links import path_exists
from tests.openapi.walking import operations_by_id
from tests.serving import RunningMock

MAX_LINES = 110
MAX_LINES_WITH_PROGRAMS = 205
GUIDES_WITH_PROGRAMS = (
    "first-token",
    "first-notification-task",
    "first-plan",
    "errors-and-retries",
)
"""Guides with many requests and their responses, and long programs."""
MAX_PROSE_LINES = 34
"""With headings and tables. A guide is read on one screen while its samples are folded;
tests/openapi/documentation/test_guides_in_browser.py measures it."""
TRANSLATED_LANGUAGES = ("text", "ini")
"""Languages of outputs and settings."""
SLOW_GUIDES = ("generating-a-client", "production")
"""Guides whose commands start programs that take seconds; test_guide_programs.py runs them."""
OTHER_PAGES = ("reference.md", "errors.md", "decisions.md", "questions.md")
DOCUMENTS = [guide_document(name, language) for name in GUIDES for language in LANGUAGES]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
COMMENT = re.compile(r"(^|\s)(#|//) .*$|/\*\*.*?\*/", re.MULTILINE)
LANGUAGE_TAG = re.compile(r"(Accept-Language: |client-\w+\.|openapi\.)(?:en|zh)\b|\.zh(?=\.md)")
NAME = re.compile(r"[A-Z]{2}-[0-9]{2}|[A-Z][0-9]{1,2}|[a-z]+(?:-[a-z]+)+|[a-z]+(?:[A-Z][a-z]+)+")
"""A rule, a decision, a question, or an operation or field."""
OTHER_NAMES = {
    "hypers-check",
    "typescript-fetch",
    "typescript-axios",
    "containerDefaultToNull",
    "enumUnknownDefaultCase",
    *SETTINGS,
    *SETTINGS.values(),
    *TOKENS,
}
"""Names that look like those of the contract."""
FILE_PATH = re.compile(r"[\w.-]+/[\w./-]+\.(?:md|py|json|yaml)|[\w.-]+/(?:[\w.-]+/)*")
REPORT_FILE = "report/readings.yaml"
"""A file that a command of a guide makes."""


@pytest.mark.parametrize("name", [name for name in GUIDES if name not in SLOW_GUIDES])
@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.whole)])
def test_the_samples_of_a_guide_print_what_it_shows(
    name: str, language: str, shared_mock: RunningMock, tmp_path: Path
) -> None:
    """Commands and Python programs run in order, in a session of their own."""
    reader = GuideReader(tmp_path, shared_mock.address, f"{name}-{language}")
    reader.write_client()
    reader.run_guide(guide_document(name, language), FAST_RUNNERS)


def test_each_guide_exists_in_both_languages_and_no_other_file() -> None:
    """A page that is not listed would have no place in the navigation, and no test."""
    found = {
        path.relative_to(ROOT / GUIDES_FOLDER) for path in (ROOT / GUIDES_FOLDER).rglob("*.md")
    }
    assert found == {Path(lang) / f"{name}.md" for lang in LANGUAGES for name in GUIDES}


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_have_the_same_structure(name: str) -> None:
    """Levels of headings, kinds of blocks, sizes of tables, list items and links are the same."""
    english, chinese = (guide_document(name, language) for language in ("en", "zh"))
    assert structure(english) == structure(chinese)


def structure(document: MarkdownFile) -> tuple[object, ...]:
    """Return what does not depend on the language of a document."""
    return (
        [level for level, _ in document.headings()],
        [(block.language, block.follows) for block in document.blocks()],
        [[len(row) for row in table] for table in document.tables()],
        re.findall(r"^(?:- |[0-9]\. )", document.prose(), re.MULTILINE),
        sorted(document.links()),
    )


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_name_the_same_things(name: str) -> None:
    """Code spans are the same; therefore the links that the pages make of them are, too."""
    english, chinese = (
        sorted(LANGUAGE_TAG.sub(r"\1", code) for code in guide_document(name, language).code())
        for language in ("en", "zh")
    )
    assert english == chinese


@pytest.mark.parametrize("name", GUIDES)
def test_both_languages_have_the_same_code(name: str) -> None:
    """Only comments and texts with Chinese characters differ, so that one language can be run."""
    english, chinese = (
        [
            block
            for block in guide_document(name, language).blocks()
            if block.language not in TRANSLATED_LANGUAGES
        ]
        for language in ("en", "zh")
    )
    for left, right in zip(english, chinese, strict=True):
        for one, other in zip(split_texts(left.text), split_texts(right.text), strict=True):
            is_translated = CHINESE.search(other) and "\n" not in one + other
            assert one == other or is_translated, f"{name}:{left.line}: {one!r}, {other!r}"


def split_texts(code: str) -> list[str]:
    """Return code without comments, split at its quotation marks."""
    return re.split('["`]', LANGUAGE_TAG.sub(r"\1", COMMENT.sub("", code)))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_a_guide_fits_on_a_screen(document: MarkdownFile) -> None:
    """Its prose is short, and what it says in detail is said elsewhere; line one is its title."""
    lines = document.path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert not lines[1]
    has_programs = document.path.stem in GUIDES_WITH_PROGRAMS
    assert len(lines) <= (MAX_LINES_WITH_PROGRAMS if has_programs else MAX_LINES)
    assert len([line for line in document.prose().splitlines() if line]) <= MAX_PROSE_LINES


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_leads_to_a_guide_or_a_page(document: MarkdownFile) -> None:
    """Names of operations, rules, decisions and questions are code spans, not links.

    test_site.py finds anchors that do not exist.
    """
    links = [link for link in document.links() if not link.startswith("https://")]
    local = [link.partition("#")[0] for link in links]
    assert not [link for link in local if link not in {*OTHER_PAGES, *(f"{n}.md" for n in GUIDES)}]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_name_in_a_guide_exists(document: MarkdownFile, known_names: set[str]) -> None:
    """Operations, fields, rules, decisions, open questions, and files of the repository."""
    code = document.code()
    names = {each for each in code if NAME.fullmatch(each)}
    assert names <= known_names | OTHER_NAMES, names - known_names - OTHER_NAMES
    paths = [each for each in code if FILE_PATH.fullmatch(each) and each != REPORT_FILE]
    assert not [path for path in paths if not path_exists(path)]
    decisions = re.findall(r"(?:decision|决策) ([A-Z][0-9]+)", document.prose())
    assert known_names.issuperset(decisions)


@pytest.fixture(scope="module")
def known_names(contract: dict[str, Any]) -> set[str]:
    """The names of the contract of which the pages make links, and its fields."""
    decisions = (ROOT / "openapi/DECISIONS.md").read_text(encoding="utf-8")
    schemas = contract["components"]["schemas"]
    return {
        *operations_by_id(contract),
        *schemas,
        *(name for schema in schemas.values() for name in schema.get("properties", {})),
        *contract["x-rules"],
        *re.findall(r"^### ([A-Z][0-9]+) ", decisions, re.MULTILINE),
        *(reading.key for reading in openapi.load_readings()),
    }
