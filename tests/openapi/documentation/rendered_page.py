"""A rendered page, as far as the tests need it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

VOID_TAGS = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
DATA_TAGS = frozenset({"code", "pre", "script"})
"""Elements whose text is data, or a name."""
SECTION_TAGS = frozenset({"section", "tr"})
RESOURCE_ATTRIBUTES = ("src", "srcset", "data", "poster", "action", "formaction", "background")


class OpenElement(NamedTuple):
    """An element that is not closed yet."""

    tag: str
    attributes: dict[str, str]


class RenderedPage(HTMLParser):
    """Content of a page.

    ids: of all elements; links: addresses of `a`; resources: addresses that a browser loads;
    prose: texts outside of data and of elements in another language; sections: ids with texts
    and links of each section; inline: scripts and styles that are not in files.
    """

    def __init__(self, html: str) -> None:
        """Parse the page; raise AssertionError if its elements do not nest."""
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.prose: list[str] = []
        self.inline: list[str] = []
        self.section_texts: dict[str, list[str]] = {}
        self.section_links: dict[str, set[str]] = {}
        self._open: list[OpenElement] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def text_of(self, section: str) -> str:
        """Return the text of a section or of a row of a table."""
        return "".join(self.section_texts[section])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record what the element's attributes have."""
        found = {name: value or "" for name, value in attrs}
        self.inline += [name for name in found if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        self.resources += [found[name] for name in RESOURCE_ATTRIBUTES if name in found]
        if tag == "link":
            self.resources.append(found["href"])
        if tag == "a":
            self.links.append(found["href"])
            for section in self._open_sections():
                self.section_links.setdefault(section, set()).add(unquote(found["href"]))
        if tag not in VOID_TAGS:
            self._open.append(OpenElement(tag, found))

    def handle_endtag(self, tag: str) -> None:
        """Close the element."""
        opened = self._open.pop()
        assert opened.tag == tag, (opened, tag)

    def handle_data(self, data: str) -> None:
        """Record the text."""
        for section in self._open_sections():
            self.section_texts.setdefault(section, []).append(data)
        tags = {each.tag for each in self._open}
        marked = any("lang" in each.attributes for each in self._open if each.tag != "html")
        if data.strip() and not tags & DATA_TAGS and not marked:
            self.prose.append(data)

    def _open_sections(self) -> list[str]:
        return [
            each.attributes["id"]
            for each in self._open
            if each.tag in SECTION_TAGS and "id" in each.attributes
        ]
