"""Attacks that only a browser carries out: uploaded pages, other sites, and stored scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from mock_server.pages.console.data_texts import KIND_TEXTS
from tests.hostile.known_attacks import check_responsive
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.browser import console_page
from tests.mock_server.pages.console.person import CONSOLE
from tests.mock_server.pages.console.test_escaping import ATTACKS, store
from tests.mock_server.uploads import upload_file
from tests.serving import RunningMock, serve_app

pytestmark = pytest.mark.whole
DRIVE = (
    f"fetch('{ADMIN}/clock/advance', {{method: 'POST', mode: 'no-cors',"
    "headers: {'Content-Type': 'application/json'}, body: '{\"seconds\": 60}'})"
    ".finally(() => document.title = 'sent');"
    "document.title = 'run';"
)
"""A script that moves the mock's clock, and shows that it ran."""
FORM = (
    f'<form method="post" action="{ADMIN}/reset" id="f"></form>'
    '<meta http-equiv="refresh" content="0;url=javascript:document.title=1">'
    f'<img src="{ADMIN}/requests/export?format=har"><iframe src="{CONSOLE}/"></iframe>'
)
SVG = 'xmlns="http://www.w3.org/2000/svg"'
UPLOADS = {
    "html": ("text/html", f"<title>a</title>{FORM}<script>{DRIVE} f.submit()</script>"),
    "attribute": (
        "text/html",
        f'<title>a</title><body onload="{DRIVE.replace(chr(34), "&quot;")}">',
    ),
    "svg": ("image/svg+xml", f"<svg {SVG}><script><![CDATA[{DRIVE}]]></script></svg>"),
    "xhtml": (
        "application/xhtml+xml",
        f'<html xmlns="http://www.w3.org/1999/xhtml"><script><![CDATA[{DRIVE}]]></script></html>',
    ),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a new profile."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", UPLOADS)
def test_an_uploaded_page_runs_no_script_and_sends_nothing(
    shared_mock: RunningMock, page: Page, name: str
) -> None:
    """Opened by its address, it has no scripts, no forms, and no origin."""
    kind, content = UPLOADS[name]
    stored = upload_file(shared_mock, content.encode(), f"a.{name}", kind)
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    page.goto(shared_mock.address + stored.path)
    page.wait_for_timeout(200)
    assert page.title() not in ("run", "sent", "1")
    assert answered == [shared_mock.address + stored.path]
    check_responsive(shared_mock)


def test_a_page_of_another_site_reaches_nothing(shared_mock: RunningMock, page: Page) -> None:
    """Forms of all types, images, frames and requests without CORS are all refused."""
    plane = f"{shared_mock.address}{ADMIN}"
    script = f"""
      const told = [];
      const forms = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
      for (const type of forms)
        for (const path of ["{ADMIN}/reset", "{ADMIN}/clock/advance", "{CONSOLE}/reset"]) {{
          const form = document.createElement("form");
          Object.assign(form, {{ method: "post", enctype: type, target: "inner" }});
          form.action = "{shared_mock.address}" + path;
          form.append(Object.assign(document.createElement("input"),
            {{ name: '{{"seconds": 60, "x": "', value: '"}}' }}));
          document.body.append(form);
          form.submit();
          await new Promise(done => setTimeout(done, 50));
        }}
      const load = (tag, url) => new Promise(done => {{
        const made = document.createElement(tag);
        made.onload = () => done("loaded");
        made.onerror = () => done("refused");
        made.src = url;
        document.body.append(made);
      }});
      told.push(await load("img", "{plane}/docs/favicon-32x32.png"));
      told.push(await load("script", "{plane}/clock"));
      const get = mode => fetch("{plane}/state", {{ mode }}).then(a => a.type, () => "refused");
      told.push(await get("cors"), await get("no-cors"));
      window.told = told;
    """
    content = (
        '<link rel="icon" href="data:,"><body><iframe name="inner"></iframe>'
        f'<script type="module">{script}</script>'
    )

    async def elsewhere(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content.encode()})

    token = shared_mock.client.headers["Authorization"]
    with serve_app(elsewhere) as origin:
        page.goto(origin.replace("127.0.0.1", "localhost"))
        page.wait_for_function("window.told")
        told = page.evaluate("window.told")
    # The body of a no-cors response is kept from the page (CORP), whatever its status.
    assert told == ["refused", "refused", "refused", "refused"]
    check_responsive(shared_mock)
    assert shared_mock.client.headers["Authorization"] == token
    assert shared_mock.client.get("/api/v1/marketing-notice/group").status_code == 200, "a reset"


@pytest.mark.parametrize("text", ATTACKS)
def test_a_stored_script_does_not_run_in_the_console(
    browser: Browser, mock: RunningMock, text: str
) -> None:
    """Chromium reports no dialog and no blocked script, before and after a poll."""
    pages = ["/", *store(mock, text), *(f"/data/{kind}" for kind in KIND_TEXTS), "/journal"]
    mock.client.post("/api/v1/notification-tasks", params={text: text}, json={text: text})
    newest = mock.anonymous.get(f"{ADMIN}/requests", params={"limit": 1}).json()
    pages.append(f"/journal/{newest['requests'][0]['id']}")
    state = mock.anonymous.get(f"{ADMIN}/state").json()
    assert mock.anonymous.put(f"{ADMIN}/state", json={**state, "scenario": text}).is_success
    with console_page(browser, mock) as page:
        for path in pages:
            page.goto(f"{mock.address}{CONSOLE}{path}")
            page.evaluate("refresh()")
            assert (
                page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus]').length")
                == 0
            )
