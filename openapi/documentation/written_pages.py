"""Pages from Markdown files, and the first page of a language."""

from __future__ import annotations

from dataclasses import replace

from openapi.contract_loading import CONTRACT_FOLDER
from openapi.documentation.downloads import ContractDownload
from openapi.documentation.edition import Edition
from openapi.documentation.guides import load_guide
from openapi.documentation.markdown import MarkdownPage, Section
from openapi.documentation.names import CHANGES, GUIDES, GUIDES_PART, HOME, guide_page
from openapi.documentation.page import NavigationGroup, NavigationItem, Page, PageEntry

CHANGELOGS = {"zh": "CHANGELOG.zh.md", "en": "CHANGELOG.md"}
"""The contract's own changelog in each language."""


def build_guide(edition: Edition, name: str) -> Page:
    """Return the page of a guide; raises ValueError if its languages have other headings."""
    guide = load_guide(name, edition.lang)
    folder = f"{GUIDES}/{edition.lang}"
    written = edition.markdown.render_page(guide.text, guide.english, folder, edition.sample_texts)
    return _written_page(guide_page(name), GUIDES_PART, written)


def build_changes(edition: Edition) -> Page:
    """Return the page of the contract's changelog."""
    text, english = (
        (CONTRACT_FOLDER / CHANGELOGS[each]).read_text(encoding="utf-8")
        for each in (edition.lang, "en")
    )
    return _written_page(CHANGES, CHANGES, edition.markdown.render_page(text, english))


def _written_page(name: str, part: str, written: MarkdownPage) -> Page:
    headings = [each for each in written.sections if each.level == 2]
    return Page(
        name,
        part,
        written.title,
        "written.html",
        {"html": written.html, "has_folds": written.has_folds},
        tuple(NavigationGroup(each.title, f"#{each.anchor}") for each in headings),
        tuple(
            replace(each, anchor="") if index == 0 else each
            for index, each in enumerate(written.sections)
        ),
    )


def _download_order(file: ContractDownload, edition: Edition) -> tuple[bool, bool]:
    """Return the place of a file: those of the language come first, the checksums last."""
    return "." not in file.name, f".{edition.lang}." not in file.name


def build_home(
    edition: Edition, entries: tuple[PageEntry, ...], downloads: tuple[ContractDownload, ...]
) -> Page:
    """Return the first page: the other pages, and the files of the contract."""
    guides = tuple(each for each in entries if each.part == GUIDES_PART)
    texts = edition.texts
    return Page(
        HOME,
        HOME,
        texts.site,
        "home.html",
        {
            "downloads": sorted(downloads, key=lambda each: _download_order(each, edition)),
            "info": edition.contract["info"],
            "count": len(edition.summaries),
        },
        (
            NavigationGroup(
                texts.guides,
                "#guides",
                tuple(NavigationItem(each.title, each.name) for each in guides),
            ),
            NavigationGroup(texts.material, "#parts"),
            NavigationGroup(texts.downloads, "#downloads"),
        ),
        (Section(texts.downloads, "downloads", texts.downloads_note),),
    )
