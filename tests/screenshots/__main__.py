"""Make the pictures of the READMEs anew: `make screenshots`.

The pages are those of a frozen demo mock, in a laptop's and in a phone's width, in English and in
Chinese. Run it after a change of the pages, look at the pictures, and commit them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.mock_server.pages.console.browser import LAPTOP, PHONE, running_chromium
from tests.mock_server.pages.console.person import CONSOLE
from tests.screenshots.example_traffic import send_example_requests
from tests.serving import RunningMock, run_mock

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
HEIGHTS = {LAPTOP: 800, PHONE: 844}
DEVICES = {"laptop": LAPTOP, "phone": PHONE}
LOCALES = {"en": "en-US", "zh": "zh-CN"}
PAGES = {
    "landing": "/",
    "data": f"{CONSOLE}/data/noticeTasks/401",
    "journal": f"{CONSOLE}/journal/2",
}
"""Paths of the pages by the name of their picture."""


def main() -> None:
    """Write all pictures to FOLDER."""
    with run_mock() as mock, running_chromium() as browser:
        send_example_requests(mock)
        for language in LOCALES:
            for device in DEVICES:
                with _page(browser, language, device) as page:
                    for name, path in PAGES.items():
                        _take_picture(page, mock, path, FOLDER / f"{name}-{device}.{language}.png")


@contextmanager
def _page(browser: Browser, language: str, device: str) -> Iterator[Page]:
    width = DEVICES[device]
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]}, locale=LOCALES[language]
    )
    yield context.new_page()
    context.close()


def _take_picture(page: Page, mock: RunningMock, path: str, file: Path) -> None:
    response = page.goto(mock.address + path)
    if response is None or response.status != 200:
        raise SystemExit(f"{path} is not a page of the mock: {response and response.status}")
    page.screenshot(path=file)


if __name__ == "__main__":
    main()
