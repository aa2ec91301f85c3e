"""The guides in Chromium: one screen each, with samples that open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from openapi.documentation.guides import guide_files
from tests.mock_server.pages.console.browser import PHONE
from tests.openapi.documentation.opened_pages import PATIENCE, opened_page, search

pytestmark = pytest.mark.whole
LANGUAGES = ("zh", "en")
LAPTOP = 1440
SCREEN = 900
"""Height of a laptop's window, in CSS pixels."""
HEIGHT = "document.querySelector('article').getBoundingClientRect().height"
MODULE = "guide-first-token.html"
"""A guide with modules that other guides link to."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_guide_fits_on_one_screen(browser: Browser, folder: Path, lang: str) -> None:
    """From the title to the end, as it opens, with its samples folded."""
    for name in guide_files().values():
        with opened_page(browser, folder / lang / name, width=LAPTOP) as page:
            assert page.evaluate(HEIGHT) <= SCREEN, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_guide_is_too_wide_for_a_phone_with_all_samples_open(
    browser: Browser, folder: Path, lang: str
) -> None:
    """Code and tables scroll by themselves; a button shows and hides all samples."""
    show, hide = {"en": ("Show", "Hide"), "zh": ("显示", "收起")}[lang]
    for name in guide_files().values():
        with opened_page(browser, folder / lang / name, width=PHONE) as page:
            button = page.locator("button.unfold")
            if button.count():
                expect(button).to_contain_text(show)
                button.click()
                expect(page.locator("details.sample:not([open])")).to_have_count(0)
                expect(button).to_contain_text(hide)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
            if button.count():
                button.click()
                expect(page.locator("details.sample[open]")).to_have_count(0)
                expect(button).to_contain_text(show)


def test_a_sample_opens_and_closes_with_the_keyboard(browser: Browser, folder: Path) -> None:
    """Its summary is the next thing that gets the focus after the button for all samples."""
    with opened_page(browser, folder / "en" / "guide-errors-and-retries.html") as page:
        page.locator("button.unfold").focus()
        page.keyboard.press("Tab")
        for is_open in (True, False):
            page.keyboard.press("Enter")
            expect(samples(page, visible=True)).to_have_count(2 if is_open else 0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_to_a_sample_opens_it(browser: Browser, folder: Path, scripts: bool) -> None:
    """On its page, from another guide, and when the page is opened with it."""
    with opened_page(browser, folder / "en" / MODULE, "#hypers-ts", scripts=scripts) as page:
        expect(page.locator("#hypers-ts")).to_be_in_viewport(timeout=PATIENCE)
        expect(page.locator("#hypers-py")).to_be_hidden()
    with opened_page(browser, folder / "en" / "guide-first-plan.html", scripts=scripts) as page:
        page.get_by_role("link", name="first guide").click()
        expect(page).to_have_url(re.compile(f"{MODULE}#hypers-py$"), timeout=PATIENCE)
        expect(page.locator("#hypers-py")).to_be_in_viewport(timeout=PATIENCE)
    if scripts:
        with opened_page(browser, folder / "en" / MODULE) as page:
            page.evaluate("location.hash = 'hypers-py'")
            expect(page.locator("#hypers-py")).to_be_in_viewport(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("query", "place"), [("grants.insert", "hypers-py"), ("grants.unshift", "hypers-ts")]
)
def test_the_search_opens_the_sample_that_it_finds(
    browser: Browser, folder: Path, query: str, place: str
) -> None:
    """The line below the title is in the sample."""
    with opened_page(browser, folder / "en" / "index.html") as page:
        assert search(page, query)[0] == f"{MODULE}#{place}"
        page.keyboard.press("Enter")
        expect(page.locator(f"#{place}")).to_be_in_viewport(timeout=PATIENCE)


def test_a_sample_is_copied_without_its_response(browser: Browser, folder: Path) -> None:
    """Each block has a button of its own."""
    with opened_page(browser, folder / "en" / "guide-first-plan.html") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.get_by_text("/api/v1/marketing-notice/group", exact=True).click()
        block = samples(page, visible=True).first
        block.hover()
        block.get_by_role("button", name="Copy").click()
        expect(page.locator("#said")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == block.locator("code").text_content()
        assert copied.startswith("curl -s -H")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_scripts_each_sample_can_be_opened(
    browser: Browser, folder: Path, lang: str
) -> None:
    """A click on each summary shows all code; the button that needs a script is not there."""
    for name in guide_files().values():
        with opened_page(browser, folder / lang / name, scripts=False) as page:
            expect(page.locator("button.unfold:visible, button.copy:visible")).to_have_count(0)
            for summary in page.locator("details.sample > summary").all():
                summary.click()
            expect(samples(page, visible=False)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_printed_guide_has_all_samples(browser: Browser, folder: Path, scripts: bool) -> None:
    """Also if they are folded on the screen, and without scripts."""
    with opened_page(browser, folder / "en" / MODULE, scripts=scripts) as page:
        sample = page.locator("#hypers-py pre")
        expect(sample).to_be_hidden()
        page.emulate_media(media="print")
        expect(page.locator("button.unfold")).to_be_hidden()
        expect(samples(page, visible=False)).to_have_count(0)
        box = sample.bounding_box()
        assert box
        assert box["height"] > SCREEN / 2


def samples(page: Page, *, visible: bool) -> Locator:
    """Return the blocks in folds that can be seen, or those that cannot."""
    return page.locator("details.sample .code").filter(visible=visible)
