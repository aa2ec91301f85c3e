"""The pages in a real browser: they render without errors and without requests to other hosts."""

from __future__ import annotations

import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

import openapi
from tests.mock_server.pages.browser import open_page
from tests.mock_server.pages.html_page import HtmlPage
from tests.openapi.walking import operations_by_id
from tests.serving import RunningMock, serve_app

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_landing_page_renders_without_an_error_or_another_host(
    shared_mock: RunningMock, tmp_path: Path, lang: str
) -> None:
    """Style and script pass the page's Content-Security-Policy.

    The page is complete in one response and sends no other request.
    """
    seen = open_page(f"{shared_mock.address}/?lang={lang}", tmp_path)
    assert seen.console == []
    assert seen.requested == set()


@pytest.mark.parametrize("scripts", [True, False])
def test_copy_buttons_are_shown_if_they_can_copy(
    browser: Browser, shared_mock: RunningMock, scripts: bool
) -> None:
    """Without JavaScript there are none; otherwise a click copies the text beside its button."""
    with closing(browser.new_context(java_script_enabled=scripts)) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{shared_mock.address}/?lang=en")
        expect(page.locator("button.copy")).to_have_count(7)
        expect(page.locator("button.copy:visible")).to_have_count(7 if scripts else 0)
        if scripts:
            page.get_by_role("button", name="Copy: Client id").click()
            expect(page.get_by_role("status")).to_have_text("Copied")
            assert page.evaluate("navigator.clipboard.readText()") == "demo-client"


def test_the_printed_fetch_works_from_another_origin(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """As a module of a frontend it gets the plans, as CORS allows it."""
    script = HtmlPage(shared_mock.anonymous.get("/").text).text_of("fetch")
    show = "console.log = shown => document.body.append(JSON.stringify(shown));"

    async def frontend(_scope: Any, _receive: Any, send: Any) -> None:
        page = f'<link rel="icon" href="data:,"><body><script type="module">{show}{script}</script>'
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page.encode()})

    with serve_app(frontend) as origin:
        seen = open_page(origin, tmp_path)
    assert seen.console == []
    assert seen.hosts == {shared_mock.address}
    shown = "".join(HtmlPage(seen.dom).texts)
    assert json.loads(shown) == shared_mock.client.get("/api/v1/marketing-notice").json()


def test_swagger_ui_shows_the_mocks_contract_without_another_host(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """It shows all operations, and the mock as the only server for "Execute"."""
    seen = open_page(f"{shared_mock.address}/docs/swagger/?lang=zh", tmp_path)
    shown = re.findall(r'class="opblock [^"]*" id="operations-', seen.dom)
    assert len(shown) == len(operations_by_id(openapi.load()))
    servers = re.findall(r'class="servers">.*?</label>', seen.dom, re.DOTALL)
    assert re.findall('<option value="([^"]*)"', servers[0]) == [shared_mock.address]
    assert seen.console == []
    assert seen.hosts == {shared_mock.address}
    assert f"{shared_mock.address}/openapi.json?lang=zh" in seen.requested


def test_a_link_of_the_landing_page_opens_its_operation_in_swagger_ui(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """The path of an operation is a deep link: Swagger UI unfolds that operation only."""
    links = HtmlPage(shared_mock.client.get("/").text).links
    link = next(link for link in links if link.endswith("/getGroup"))
    seen = open_page(f"{shared_mock.address}/{link}", tmp_path)
    unfolded = re.findall(r'class="opblock [\w-]+ is-open" id="([^"]*)"', seen.dom)
    assert unfolded == ["operations-notice-groups-getGroup"]
