"""Pages of the documentation in Chromium, opened from files with the network off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.mock_server.pages.console.browser import LAPTOP

PATIENCE = 30_000
"""Milliseconds for a large page on a busy machine."""


@contextmanager
def opened_page(
    browser: Browser,
    file: Path,
    anchor: str = "",
    *,
    width: int = LAPTOP,
    dark: bool = False,
    scripts: bool = True,
) -> Iterator[Page]:
    """Yield a page from a file; fail if it asks anything but files, or reports an error."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        offline=True,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    requested: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(file.as_uri() + anchor)
    yield page
    context.close()
    assert [url for url in requested if not url.startswith(("file:", "data:"))] == []
    assert errors == []


def search(page: Page, query: str) -> list[str]:
    """Search as a person would, `/` and the words; return the addresses that are found."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    options = page.locator("#found [role=option]")
    expect(options.first).to_be_visible(timeout=PATIENCE)
    found: list[str] = options.evaluate_all(
        "options => options.map(option => option.getAttribute('href'))"
    )
    return found
