"""The pages in Chromium, opened from files with the network off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.mock_server.pages.console.browser import LAPTOP, PHONE
from tests.openapi.documentation.opened_pages import PATIENCE, opened_page, search

pytestmark = pytest.mark.whole
LANGUAGES = ("zh", "en")
COVERED_POINTS = """() => {
  const box = document.querySelector("#found").getBoundingClientRect();
  const found = [];
  for (let y = box.top + 5; y < Math.min(box.bottom, innerHeight) - 5; y += 15) {
    for (let x = box.left + 5; x < box.right - 5; x += 30) {
      const element = document.elementFromPoint(x, y);
      if (!element?.closest("#found")) found.push(`${element?.tagName} at ${x}, ${y}`);
    }
  }
  return found;
}"""
"""Points of the list of results at which something else is on top."""


@pytest.mark.parametrize(
    ("lang", "query", "place"),
    [
        ("en", "createGroup", "reference.html#createGroup"),
        ("en", "NT-10", "errors.html#rule-NT-10"),
        ("en", "create a group", "reference.html#createGroup"),
        ("zh", "新建分组", "reference.html#createGroup"),
        ("zh", "刷新令牌只能使用一次", "decisions.html#A10"),
        ("zh", "令牌刷新失效", "errors.html#rule-AU-05"),
    ],
)
def test_the_search_finds_english_and_chinese_words_and_jumps_there(
    browser: Browser, folder: Path, lang: str, query: str, place: str
) -> None:
    """From the keyboard alone; words that a text has in another order are found, too."""
    with opened_page(browser, folder / lang / "questions.html") as page:
        addresses = search(page, query)
        assert place in addresses
        for _ in range(addresses.index(place)):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(re.escape(place) + "$"), timeout=PATIENCE)
        expect(page.locator(":target")).to_be_in_viewport(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("lang", "query", "start"),
    [
        ("en", "how to use {{nickname}}", "guide-first-notification-task.html"),
        ("en", "COMPLETED", "guide-first-notification-task.html"),
        ("zh", "如何使用{{nickname}}", "guide-first-notification-task.html"),
        ("zh", "变量", "guide-"),
        ("en", "variable-missing", "errors.html#code-variable-missing"),
        ("en", "G5", "decisions.html#G5"),
    ],
)
def test_the_search_has_instructions_before_reasons(
    browser: Browser, folder: Path, lang: str, query: str, start: str
) -> None:
    """Words in any order; the line below the title is the sentence with the words."""
    with opened_page(browser, folder / lang / "index.html") as page:
        assert search(page, query)[0].startswith(start)
        expect(page.locator("#found [role=option] mark").first).to_be_visible()


@pytest.mark.parametrize(("width", "lang"), [(PHONE, "zh"), (PHONE, "en"), (800, "en")])
def test_nothing_covers_the_search_and_no_part_is_cut_off(
    browser: Browser, folder: Path, width: int, lang: str
) -> None:
    """On a guide, whose code blocks are below the list; also in the main navigation."""
    file = folder / lang / "guide-first-notification-task.html"
    with opened_page(browser, file, width=width) as page:
        for link in page.locator(".parts a").all():
            box = link.bounding_box()
            assert box
            assert box["x"] + box["width"] <= width
        assert search(page, "curl")
        assert page.evaluate(COVERED_POINTS) == []


def test_the_key_of_the_search_is_named_only_where_there_is_a_keyboard(
    browser: Browser, folder: Path
) -> None:
    """A phone has no key `/`."""
    for touch, hint in ((False, "Search (press /)"), (True, "Search")):
        context = browser.new_context(has_touch=touch, is_mobile=touch, offline=True)
        page = context.new_page()
        page.goto((folder / "en" / "index.html").as_uri())
        expect(page.get_by_role("combobox")).to_have_attribute("placeholder", hint)
        context.close()


def test_the_search_says_when_nothing_is_found_and_closes(browser: Browser, folder: Path) -> None:
    """Signs of regular expressions and of HTML are text."""
    with opened_page(browser, folder / "en" / "index.html") as page:
        page.keyboard.press("/")
        for query in ("qqqq", "(((", "<b>nothing</b>"):
            page.get_by_role("combobox").fill(query)
            expect(page.locator("#found")).to_have_text(f"Nothing found for “{query}”.")
        page.keyboard.press("Escape")
        expect(page.locator("#found")).to_be_hidden()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_switch_keeps_the_place(browser: Browser, folder: Path, lang: str) -> None:
    """The other language opens at the same operation."""
    [other] = (each for each in LANGUAGES if each != lang)
    with opened_page(browser, folder / lang / "reference.html", "#createGroup") as page:
        page.locator("[data-other]").click()
        address = (folder / other / "reference.html").as_uri() + "#createGroup"
        expect(page).to_have_url(address, timeout=PATIENCE)
        expect(page.locator("#createGroup h3")).to_be_in_viewport(timeout=PATIENCE)


def test_every_page_fits_a_laptop_and_a_phone_in_light_and_dark(
    browser: Browser, folder: Path
) -> None:
    """Nothing makes a page scroll sideways; tables and code scroll by themselves."""
    for width, dark in ((LAPTOP, False), (PHONE, True)):
        for file in (folder / "index.html", *sorted(folder.glob("??/*.html"))):
            with opened_page(browser, file, width=width, dark=dark) as page:
                seen = page.evaluate("document.documentElement.scrollWidth")
                assert seen <= width, (file.name, width)


def test_a_page_without_scripts_has_everything_but_the_search(
    browser: Browser, folder: Path
) -> None:
    """Contents, marks and examples are there; buttons that need a script are not shown."""
    with opened_page(browser, folder / "en" / "reference.html", scripts=False) as page:
        expect(page.get_by_role("link", name="Create a group").first).to_be_visible()
        expect(page.locator(".search")).to_be_hidden()
        expect(page.locator("button.copy:visible")).to_have_count(0)
        page.locator(".side").get_by_role("link", name="Create a group").click()
        expect(page.locator("#createGroup")).to_be_in_viewport(timeout=PATIENCE)


def test_a_copy_button_copies_the_request_as_curl(browser: Browser, folder: Path) -> None:
    """The clipboard has the text of the block, without the button's own."""
    with opened_page(browser, folder / "en" / "reference.html", "#createGroup") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        block = page.locator("#createGroup .samples .code").first
        block.hover()
        block.get_by_role("button", name="Copy").click()
        expect(page.locator("#said")).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == block.locator("code").text_content()
        assert copied.startswith("curl -X POST")
