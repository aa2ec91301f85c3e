"""All files of the documentation, each rendered when it is first asked for."""

from __future__ import annotations

import json
from functools import cached_property, partial
from pathlib import Path
from threading import RLock

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from openapi.contract_loading import Language
from openapi.documentation.decision_pages import build_decisions, build_questions
from openapi.documentation.downloads import FOLDER, ContractDownload, load_downloads
from openapi.documentation.edition import Edition
from openapi.documentation.errors_page import build_errors
from openapi.documentation.guides import guide_files, load_guide
from openapi.documentation.names import (
    CHANGES,
    DECISIONS,
    ERRORS,
    GUIDES_PART,
    HOME,
    QUESTIONS,
    REFERENCE,
)
from openapi.documentation.page import TEMPLATES, Page, PageEntry, template_environment
from openapi.documentation.reference_page import build_reference
from openapi.documentation.texts import LANGUAGE_NAMES, page_texts
from openapi.documentation.written_pages import build_changes, build_guide, build_home
from openapi.languages import LANGUAGES

ASSETS = Path(__file__).parent / "assets"
SEARCH_FILE = "search-data.js"
SEARCH_VARIABLE = "documentationSections"


class Documentation:
    """The files of the documentation by their paths; thread-safe."""

    def __init__(self) -> None:
        """Read nothing yet."""
        self._lock = RLock()
        self._files: dict[str, bytes] = {}

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The paths of all files, relative to the folder of the documentation."""
        return (
            HOME,
            *(f"assets/{path.name}" for path in sorted(ASSETS.iterdir())),
            *(f"{FOLDER}/{name}" for name in self._downloads),
            *(
                f"{lang}/{name}"
                for lang in LANGUAGES
                for name in (*(entry.name for entry in self._entries[lang]), SEARCH_FILE)
            ),
        )

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises KeyError for a path that is none of `paths`.

        The first file of a language takes about a second. Raises ContractError and ValueError if
        the sources of the pages are wrong.
        """
        with self._lock:
            if path not in self.paths:
                raise KeyError(path)
            if path not in self._files:
                self._files[path] = self._render(path)
            return self._files[path]

    def write(self, folder: Path) -> None:
        """Write all files into a folder, which is made if it does not exist."""
        for path in self.paths:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.read(path))

    def _render(self, path: str) -> bytes:
        folder, _, name = path.rpartition("/")
        if folder == FOLDER:
            return self._downloads[name]
        if folder == ASSETS.name:
            return (ASSETS / name).read_bytes()
        if not folder:
            return _render_language_choice().encode()
        edition = self._editions[folder]
        return (edition.search_data() if name == SEARCH_FILE else edition.html(name)).encode()

    @cached_property
    def _downloads(self) -> dict[str, bytes]:
        return load_downloads()

    @cached_property
    def _entries(self) -> dict[str, tuple[PageEntry, ...]]:
        downloads = tuple(
            ContractDownload(name, len(content)) for name, content in self._downloads.items()
        )
        return {lang: _page_entries(lang, downloads) for lang in LANGUAGES}

    @cached_property
    def _editions(self) -> dict[str, _RenderedEdition]:
        return {lang: _RenderedEdition(lang, self._entries[lang]) for lang in LANGUAGES}


class _RenderedEdition:
    """The pages of one language; the contract is loaded for the first of them."""

    def __init__(self, lang: Language, entries: tuple[PageEntry, ...]) -> None:
        self._lang, self._entries = lang, {entry.name: entry for entry in entries}
        self._pages: dict[str, Page] = {}

    @cached_property
    def _edition(self) -> Edition:
        return Edition(self._lang)

    @cached_property
    def _templates(self) -> Environment:
        return template_environment(self._edition)

    def html(self, name: str) -> str:
        """Return a page."""
        page = self._page(name)
        [other] = (lang for lang in LANGUAGES if lang != self._lang)
        return self._templates.get_template(page.template).render(
            page=page,
            entries=[each for each in self._entries.values() if each.part != GUIDES_PART],
            guides=[each for each in self._entries.values() if each.part == GUIDES_PART],
            names=LANGUAGE_NAMES,
            other=other,
            **page.values,
        )

    def search_data(self) -> str:
        """Return a script that sets a variable to the sections of all pages.

        Each is a list of title, address, text, page, and anchors and texts of folded samples.
        """
        rows = [
            [
                each.title,
                f"{name}#{each.anchor}".rstrip("#"),
                each.text,
                self._page(name).title,
                *([each.samples] if each.samples else ()),
            ]
            for name in self._entries
            for each in self._page(name).sections
        ]
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        return f"window.{SEARCH_VARIABLE} = {text};\n"

    def _page(self, name: str) -> Page:
        if name not in self._pages:
            self._pages[name] = self._entries[name].build(self._edition)
        return self._pages[name]


def _page_entries(lang: Language, downloads: tuple[ContractDownload, ...]) -> tuple[PageEntry, ...]:
    texts = page_texts(lang)
    guides = tuple(
        PageEntry(page, GUIDES_PART, load_guide(name, lang).title, partial(build_guide, name=name))
        for name, page in guide_files().items()
    )
    entries = (
        PageEntry(REFERENCE, REFERENCE, texts.reference, build_reference),
        *guides,
        PageEntry(ERRORS, ERRORS, texts.errors, build_errors),
        PageEntry(DECISIONS, DECISIONS, texts.decisions, build_decisions),
        PageEntry(QUESTIONS, QUESTIONS, texts.questions, build_questions),
        PageEntry(CHANGES, CHANGES, texts.changes, build_changes),
    )
    home = partial(build_home, entries=entries, downloads=downloads)
    return (PageEntry(HOME, HOME, texts.home, home), *entries)


def _render_language_choice() -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    choices = [(lang, *LANGUAGE_NAMES[lang], page_texts(lang)) for lang in LANGUAGES]
    return environment.get_template("languages.html").render(choices=choices)
