"""The pages of the documentation: what is on them, and where their links lead."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import openapi
from openapi import Documentation, Language, iter_operations, load_readings, walk_nodes
from openapi.documentation.decisions import load_decisions
from openapi.documentation.fields import enum_values
from openapi.documentation.guides import guide_files
from openapi.documentation.names import guide_page
from openapi.documentation.page import breakable_name
from openapi.documentation.provenance import CONVENTIONS, decisions_in
from openapi.documentation.site import SEARCH_VARIABLE
from openapi.nullability import NULLABLE_SUFFIX
from tests.docs.markdown import GUIDES_FOLDER, MarkdownFile
from tests.openapi.documentation.rendered_page import RenderedPage
from tests.openapi.test_overlay import CHINESE_CHARACTER
from tests.openapi.walking import operations_by_id

LANGUAGES: tuple[Language, ...] = ("zh", "en")
ASSIGNMENT = re.compile(rf"window\.{SEARCH_VARIABLE} = (.*);\n", re.DOTALL)
QUOTES_DOCUMENTS = ("decisions.html", "questions.html", "changes.html")
"""Pages that quote the provider's documents, which are in Chinese, in their prose."""
ASSETS = ("assets/docs.css", "assets/docs.js", "assets/search.js")
CONVENTION_LINKS = {f"decisions.html#{decision}" for decision in CONVENTIONS}
in_both_languages = pytest.mark.parametrize("lang", LANGUAGES)


class Site:
    """All files of the documentation, rendered and parsed once."""

    def __init__(self) -> None:
        """Render the pages; the files of the contract are only listed."""
        self.documentation = Documentation()
        self.paths = self.documentation.paths
        self.pages = {
            path: RenderedPage(self.documentation.read(path).decode())
            for path in self.paths
            if path.endswith(".html")
        }

    def page(self, lang: str, name: str) -> RenderedPage:
        """Return a page of a language."""
        return self.pages[f"{lang}/{name}"]

    def search_rows(self, lang: str) -> list[tuple[str, str, str, str, dict[str, str]]]:
        """Return title, address, text, page, and folded samples by anchor of each search entry."""
        found = ASSIGNMENT.fullmatch(self.documentation.read(f"{lang}/search-data.js").decode())
        assert found
        return [(*row[:4], samples_of(row)) for row in json.loads(found[1])]


def samples_of(row: list[Any]) -> dict[str, str]:
    """Return the texts of the folded samples of a search entry; a command is before its output."""
    found: dict[str, str] = {}
    for anchor, text in row[4] if len(row) > 4 else ():
        found[anchor] = f"{found[anchor]}\n{text}" if anchor in found else text
    return found


@pytest.fixture(scope="module")
def site() -> Site:
    """The documentation of this checkout."""
    return Site()


@pytest.fixture(scope="module")
def contracts() -> dict[str, dict[str, Any]]:
    """The published contract by language."""
    return {lang: openapi.load(lang=lang) for lang in LANGUAGES}


def broken_addresses(site: Site) -> Iterator[str]:
    """Yield the links and resources that lead to no file or anchor of the documentation."""
    for path, page in site.pages.items():
        for address in (*page.links, *page.resources):
            parts = urlsplit(address)
            if parts.scheme in ("https", "data"):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path))
            target = target if parts.path else path
            anchor = unquote(parts.fragment)
            known = target in site.paths
            if not known or (anchor and anchor not in site.pages[target].ids):
                yield f"{path}: {address}"


def test_every_link_leads_to_a_page_and_an_anchor_of_the_documentation(site: Site) -> None:
    """So the pages work from a folder; links to other sites are only followed by a click."""
    assert [*broken_addresses(site)] == []


def test_no_page_loads_anything_from_elsewhere_or_runs_inline_scripts(site: Site) -> None:
    """Styles and scripts are files beside the pages, so a strict policy can be sent with them."""
    for path, page in site.pages.items():
        assert {urlsplit(address).scheme for address in page.resources} <= {"", "data"}, path
        assert page.inline == [], path
        assert len(page.ids) == len(set(page.ids)), path


def test_both_languages_have_the_same_pages_and_anchors(site: Site) -> None:
    """The language switch keeps the place."""
    names = [path.removeprefix("zh/") for path in site.pages if path.startswith("zh/")]
    assert names == [path.removeprefix("en/") for path in site.pages if path.startswith("en/")]
    for name in names:
        assert site.page("zh", name).ids == site.page("en", name).ids, name
        for lang, other in (("zh", "en"), ("en", "zh")):
            assert f"../{other}/{name}" in site.page(lang, name).links


def test_english_pages_have_chinese_in_data_and_quotations_only(site: Site) -> None:
    """A reader of English meets Chinese in examples, which are data, and in quoted documents."""
    for path, page in site.pages.items():
        if path.startswith("en/") and not path.endswith(QUOTES_DOCUMENTS):
            assert [text for text in page.prose if CHINESE_CHARACTER.search(text)] == [], path


@in_both_languages
def test_the_reference_has_every_operation_schema_and_meaning_of_a_value(
    site: Site, contracts: dict[str, dict[str, Any]], lang: str
) -> None:
    """Operations have method, path, rules and statuses; schemas their fields and values."""
    contract, page = contracts[lang], site.page(lang, "reference.html")
    for path, method, _, operation in iter_operations(contract):
        name = operation["operationId"]
        assert f"{method.upper()} {path}" in page.text_of(name)
        for rule in operation["x-rules"]:
            assert f"errors.html#rule-{rule}" in page.section_links[name]
        for status in operation["responses"]:
            assert status in page.text_of(name)
            if status >= "400":
                assert f"errors.html#status-{status}" in page.section_links[name]
    for name in contract["components"]["schemas"]:
        assert f"schema-{name}" in page.ids
    shown = " ".join(" ".join(texts) for texts in page.section_texts.values())
    for _, kind, node in walk_nodes(contract):
        for value in enum_values(node) if kind == "schema" else ():
            assert value.value in shown
            assert value.meaning.strip("。") in shown


@in_both_languages
def test_the_reference_shows_what_each_part_rests_on(
    site: Site, contracts: dict[str, dict[str, Any]], lang: str
) -> None:
    """Every decision that is marked in an operation or a schema is linked there."""
    contract, page = contracts[lang], site.page(lang, "reference.html")
    marked: dict[str, Any] = {
        **operations_by_id(contract),
        **{f"schema-{name}": each for name, each in contract["components"]["schemas"].items()},
    }
    for section, node in marked.items():
        if section.endswith(NULLABLE_SUFFIX):
            assert section not in page.section_texts, "it is shown with the schema without null"
            continue
        expected = {f"decisions.html#{decision}" for decision in decisions_in(node)}
        assert expected - CONVENTION_LINKS <= page.section_links.get(section, set()), section


@in_both_languages
def test_every_rule_status_decision_and_question_has_an_anchor(
    site: Site, contracts: dict[str, dict[str, Any]], lang: Language
) -> None:
    """Each id has its sentence beside it."""
    errors = site.page(lang, "errors.html")
    for rule, entry in contracts[lang]["x-rules"].items():
        assert entry[lang].replace("`", "") in errors.text_of(f"rule-{rule}")
    for keyword, sentences in openapi.KEYWORD_SENTENCES.items():
        assert sentences[LANGUAGES.index(lang)] in errors.text_of(f"rule-{keyword}")
    for code, sentences in openapi.MEMBER_FILE_SENTENCES.items():
        section = f"code-{code.partition('+')[0]}"
        assert sentences[LANGUAGES.index(lang)] in errors.text_of(section)
    for operation in operations_by_id(contracts[lang]).values():
        for status in operation["responses"]:
            assert status < "400" or f"status-{status}" in errors.ids
    decisions = site.page(lang, "decisions.html")
    for decision in load_decisions(lang).by_id().values():
        assert decision.title.replace("`", "") in decisions.text_of(decision.id)
    questions = site.page(lang, "questions.html")
    for reading in load_readings():
        text = questions.text_of(reading.key)
        assert all(name in text for name in reading.values)
        for id_ in reading.decisions:
            assert f"decisions.html#{id_}" in questions.section_links[reading.key]


@in_both_languages
def test_the_search_has_every_anchor_that_names_something(site: Site, lang: str) -> None:
    """Entries lead to places that exist; operations, schemas, rules and decisions have one."""
    rows = site.search_rows(lang)
    addresses = {address for _, address, *_ in rows}
    assert len(addresses) == len(rows)
    for address in addresses:
        name, _, anchor = address.partition("#")
        assert not anchor or anchor in site.page(lang, name).ids, address
    for _, address, _, _, samples in rows:
        assert samples.keys() <= set(site.page(lang, address.partition("#")[0]).ids), address
    sections = ("reference.html", "errors.html", "decisions.html", "questions.html")
    for name in sections:
        for section in site.page(lang, name).section_texts:
            known = f"{name}#{section}" in addresses
            assert known or section in {"marks", *tag_names()}, f"{name}#{section}"


@in_both_languages
def test_texts_of_the_search_have_no_markup(site: Site, lang: str) -> None:
    """A line of them is shown below the title of a result."""
    for title, address, text, _, _ in site.search_rows(lang):
        if not address.startswith("guide-"):  # these have code
            assert not re.search(r"`|\*\*|^[-|] |\|---", text, re.MULTILINE), (title, text)


@in_both_languages
def test_the_search_has_every_sample_of_the_guides(site: Site, lang: str) -> None:
    """Also what is folded: the text of an entry or one of its samples has each block."""
    rows = [row for row in site.search_rows(lang) if row[1].startswith("guide-")]
    for name in guide_files():
        entries = [row for row in rows if row[1].partition("#")[0] == guide_page(name)]
        texts = [text for row in entries for text in (row[2], *row[4].values())]
        blocks = MarkdownFile(f"{GUIDES_FOLDER}/{lang}/{name}.md").blocks()
        for block in blocks:
            assert any(block.text.strip() in text for text in texts), (name, block.line)


def test_long_names_break_between_their_words(site: Site) -> None:
    """In the side navigation of the reference, and in the titles of schemas."""
    html = site.documentation.read("en/reference.html").decode()
    assert ">Conversational<wbr>Task<wbr>Greeting<wbr>Mo</a></li>" in html
    assert breakable_name("<b> ID oneTwo") == "&lt;b&gt; ID one<wbr>Two"


def tag_names() -> set[str]:
    """Return the anchors of groups, which have no text of their own."""
    return {"schemas", *(tag["name"] for tag in openapi.load()["tags"])}


def test_the_first_load_of_the_reference_is_small(site: Site) -> None:
    """Page, style and scripts have less than 1.5 MB; the search loads its data later."""
    for lang in LANGUAGES:
        files = (f"{lang}/reference.html", *ASSETS)
        assert sum(len(site.documentation.read(path)) for path in files) < 1_500_000


@in_both_languages
def test_downloads_of_the_pages_language_come_first(site: Site, lang: str) -> None:
    """The checksums come last among the documents that are not for generators."""
    links = [link for link in site.page(lang, "index.html").links if "/contract/openapi" in link]
    assert [f".{lang}." in link for link in links] == [True, True, False, False]


def test_an_unknown_path_has_no_file(site: Site) -> None:
    """Only listed paths are read, whatever their dots."""
    for path in ("", "zh", "zh/none.html", "../pyproject.toml", "zh/../index.html", "/index.html"):
        with pytest.raises(KeyError):
            site.documentation.read(path)


def test_the_pages_are_written_into_a_folder(site: Site, tmp_path: Path) -> None:
    """`make docs` writes every file below the folder, which need not exist."""
    folder = tmp_path / "a" / "docs"
    site.documentation.write(folder)
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == set(site.paths)
