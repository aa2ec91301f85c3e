"""The console in Chromium: polling, keyboard, phone, dark mode, without JavaScript."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from mock_server.pages.console.data_texts import KIND_TEXTS
from mock_server.pages.console.navigation import PAGES
from tests.mock_server.pages.console.browser import LAPTOP, PHONE, console_page
from tests.mock_server.pages.console.person import CONSOLE
from tests.mock_server.pages.console.test_escaping import store
from tests.serving import FROZEN, RunningMock, run_mock


def follow(page: Page, *links: str) -> None:
    """Click links by their names, one after another."""
    for link in links:
        page.get_by_role("link", name=link).first.click()


@pytest.mark.whole
def test_a_person_advances_the_clock_and_sees_a_task_complete(
    browser: Browser, mock: RunningMock
) -> None:
    """One window shows the task, the other the clock; the first follows by itself."""
    with console_page(browser, mock) as page:
        follow(page, "Data", "Plan tasks", "401")
        expect(page.locator("#summary")).to_contain_text("EXECUTION")
        other = page.context.new_page()
        other.goto(f"{mock.address}{CONSOLE}/")
        other.get_by_role("button", name="+1 hour").click()
        expect(other.get_by_role("status").first).to_contain_text("2025-04-21 10:00:00")
        expect(page.locator("#summary")).to_contain_text("COMPLETE")
        expect(page.locator("#document")).to_contain_text('"status": "COMPLETE"')


@pytest.mark.whole
def test_without_javascript_everything_but_polling_works(
    browser: Browser, mock: RunningMock
) -> None:
    """Clock, reset, session picker and language are forms and links."""
    with console_page(browser, mock, scripts=False) as page:
        page.get_by_role("button", name="+1 day").click()
        expect(page.locator("#clock-now")).to_contain_text("2025-04-22 09:00:00")
        page.get_by_label("Scenario").select_option("empty")
        page.get_by_role("button", name="Reset").click()
        expect(page.get_by_role("row", name="Plans 0")).to_be_visible()
        mock.anonymous.post("/__admin/sessions", json={"name": "tea"}).raise_for_status()
        page.reload()
        page.get_by_label("Session", exact=True).select_option("tea")
        page.get_by_role("button", name="Switch").click()
        expect(page.get_by_role("row", name="Plans 5")).to_be_visible()
        follow(page, "中文")
        expect(page.get_by_role("heading", level=1)).to_have_text("概览")
        assert "session=tea" in page.url


@pytest.mark.whole
def test_the_keyboard_alone_is_enough(browser: Browser, mock: RunningMock) -> None:
    """The first stop skips the navigation; what has the focus has an outline."""
    with console_page(browser, mock) as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        button = page.get_by_role("button", name="+1 hour")
        expect(button).to_be_focused()
        outline = button.evaluate("element => getComputedStyle(element).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        expect(page.locator("#clock-now")).to_contain_text("2025-04-21 10:00:00")


@pytest.mark.whole
@pytest.mark.parametrize("width", [LAPTOP, PHONE])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_long_texts_do_not_widen_a_page(
    browser: Browser, mock: RunningMock, width: int, dark: bool
) -> None:
    """No page scrolls sideways; tables and JSON scroll within their own frames."""
    paths = store(mock, "W" * 600) + [page.path for page in PAGES]
    paths += [f"/data/{kind}" for kind in KIND_TEXTS]
    with console_page(browser, mock, width=width, dark=dark) as page:
        for path in paths:
            page.goto(f"{mock.address}{CONSOLE}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (shade == "rgb(20, 24, 23)") == dark


@pytest.mark.whole
def test_a_login_is_kept_from_scripts(browser: Browser) -> None:
    """The page that was asked for follows; its scripts do not see the cookie."""
    with (
        run_mock(replace(FROZEN, admin_token="a-token-of-ours")) as mock,
        console_page(browser, mock, "/data/notices") as page,
    ):
        page.get_by_label("Admin token").fill("a-token-of-ours")
        page.get_by_role("button", name="Log in").click()
        expect(page).to_have_url(f"{mock.address}{CONSOLE}/data/notices")
        assert page.evaluate("document.cookie") == ""
        [cookie] = page.context.cookies(f"{mock.address}{CONSOLE}")
        assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Strict")
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_label("Admin token")).to_be_visible()
