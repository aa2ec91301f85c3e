"""Chromium for the console's tests, driven by Playwright as a person would use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.mock_server.pages.console.person import CONSOLE
from tests.programs import require_program
from tests.serving import RunningMock

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
LAPTOP, PHONE = 1280, 390
"""Widths of a window, in CSS pixels."""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Yield Debian's Chromium; skip the test without it."""
    program = require_program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*CHROMIUM_ARGUMENTS])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def console_page(
    browser: Browser,
    mock: RunningMock,
    path: str = "/",
    *,
    width: int = LAPTOP,
    dark: bool = False,
    scripts: bool = True,
) -> Iterator[Page]:
    """Yield a page of the console in English, in a new profile.

    Fails if the browser reports an error, such as a style that the page's policy forbids.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        locale="en-US",
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(f"dialog: {dialog.message}"))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(f"{mock.address}{CONSOLE}{path}")
    yield page
    context.close()
    assert not errors, errors
