"""A parsed HTML page, as far as the tests need it."""

from __future__ import annotations

from html.parser import HTMLParser

INVISIBLE_TAGS = ("style", "script")
VOID_TAGS = ("br", "input", "link", "meta", "wbr")
TEXT_ATTRIBUTES = ("aria-label", "title", "data-done")


class HtmlPage(HTMLParser):
    """Content of a page: `tags` in order, `links`, `texts` and invisible `raw` texts.

    `text_of` returns the text of the element with an id; `marked` has the texts that are marked
    with a language (by their element's own `lang`).
    """

    def __init__(self, html: str) -> None:
        """Parse the page; raise AssertionError if its elements do not nest."""
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.marked: list[str] = []
        self.raw: dict[str, str] = {}
        self.attributes: dict[str, dict[str, str]] = {}
        self._ids: dict[str, list[str]] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def text_of(self, name: str) -> str:
        """Return the whole text of the element with this id."""
        return "".join(self._ids[name])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the element, its link and the texts in its attributes."""
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.attributes.setdefault(tag, found)
        if tag == "a":
            self.links.append(found["href"])
        self.texts += [found[name] for name in TEXT_ATTRIBUTES if name in found]
        if "id" in found:
            assert found["id"] not in self._ids, f"two elements are called {found['id']}"
            self._ids[found["id"]] = []
        if tag not in VOID_TAGS:
            self._open.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        """Close the element."""
        opened, _ = self._open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        """Add the text to all open elements."""
        for _, found in self._open:
            if "id" in found:
                self._ids[found["id"]].append(data)
        inner, attributes = self._open[-1] if self._open else ("", {})
        if inner in INVISIBLE_TAGS:
            self.raw[inner] = data
        elif inner != "html" and "lang" in attributes:
            self.marked.append(data)
        elif data.strip():
            self.texts.append(data)
