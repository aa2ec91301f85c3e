"""A person who uses the console without JavaScript: opens pages and sends their forms."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import RunningMock, client_for

CONSOLE = "/__console"
CSRF_FIELD = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Person:
    """A browser's cookies, and the address of a mock.

    query: parameters of all pages, such as the session.
    """

    browser: httpx.Client
    query: str = ""

    def open(self, path: str = "/") -> httpx.Response:
        """Return a page of the console, after redirects."""
        mark = "&" if "?" in path else "?"
        return self.browser.get(f"{CONSOLE}{path}{mark if self.query else ''}{self.query}")

    def submit(self, path: str, page: str = "/", /, **fields: str) -> httpx.Response:
        """Send a form of a page, as it is shown, and return the page that follows."""
        sent = {"csrf": csrf_token(self.open(page)), **fields}
        query = f"?{self.query}" if self.query else ""
        return self.browser.post(f"{CONSOLE}{path}{query}", data=sent)


@contextmanager
def person_at(mock: RunningMock, query: str = "", lang: str = "en") -> Iterator[Person]:
    """Yield a person with a new browser."""
    with client_for(mock.address) as browser:
        browser.follow_redirects = True
        browser.headers["Accept-Language"] = lang
        browser.headers["Origin"] = mock.address
        yield Person(browser, query)


def csrf_token(page: httpx.Response) -> str:
    """Return the token in the forms of a page."""
    found = CSRF_FIELD.search(page.text)
    assert found, "the page has no form"
    return html.unescape(found[1])


def texts_of(answer: httpx.Response) -> str:
    """Return the visible text of a page, whose elements have to nest."""
    return " ".join(" ".join(HtmlPage(answer.text).texts).split())
