"""Swagger UI: its page, and in a browser what a person can do with it at once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.app import create_app
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.browser import open_page
from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import FROZEN, RunningMock, serve_app

API_PAGE = "/docs/swagger/"
CONTROL_PAGE = f"{ADMIN}/docs/"
SETTINGS = re.compile(r'id="settings">(.*?)</script>')
PROBE = """
const pause = () => new Promise(done => setTimeout(done, 30));
const until = async found => { while (!found()) await pause(); return found(); };
const seen = {};
const inside = () => document.querySelector("iframe").contentDocument;
const all = selector => [...(inside()?.querySelectorAll(selector) ?? [])];
const at = selector => until(() => all(selector)[0]);
const open = async hash => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: PAGE + hash, width: 390, height: 900 });
  frame.style.border = "0";
  document.body.replaceChildren(frame);
  await at(".opblock.is-open .try-out__btn");
};
const execute = async again => {
  if (!again) all(".is-open .try-out__btn")[0].click();
  (await at(".is-open .execute")).click();
  await until(() => !all(".is-open .loading-container")[0]);
  await at(".live-responses-table .response .response-col_status");
  await new Promise(done => setTimeout(done, 400));
  return all(".live-responses-table .response .response-col_status")[0].textContent.slice(0, 3);
};
const width = () => inside().documentElement.scrollWidth;
(async () => {
  await open("#/auth/createToken");
  seen.token = await execute();
  await open("#/notice-groups/listGroups");
  seen.list = await execute();
  seen.titles = [inside().title, inside().documentElement.lang];
  await fetch(PAGE + "../../__admin/reset", { method: "POST" });
  seen.afterReset = await execute(true);
  seen.widths = [width()];
  all(".btn.authorize")[0].click();
  (await at(".auth-container .btn.modal-btn.auth")).click();
  await pause();
  seen.locked = all(".authorization__btn.locked").length;
  await open("#/notice-groups/listGroups");
  await pause();
  seen.lockedAfterReload = all(".authorization__btn.locked").length;
  seen.loggedOut = await execute();
  await open("#/notification-tasks/createNotificationTask");
  seen.created = await execute().catch(String);
  seen.widths.push(width());
  document.body.replaceChildren(Object.assign(
    document.createElement("output"), { textContent: JSON.stringify(seen) }));
})();
"""


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_title_and_language_are_those_of_the_contract(
    shared_mock: RunningMock, lang: str, tag: str
) -> None:
    """The page, its title and the contract that it loads have the language that was requested."""
    answer = shared_mock.anonymous.get(API_PAGE, params={"lang": lang}).raise_for_status()
    page = HtmlPage(answer.text)
    contract = shared_mock.anonymous.get("/openapi.json", params={"lang": lang}).json()
    assert f"{contract['info']['title']} · Swagger UI" in page.texts
    assert page.attributes["html"]["lang"] == tag
    assert answer.headers["Content-Language"] == lang
    assert page.attributes["main"]["data-contract"] == f"../../openapi.json?lang={lang}"


@pytest.mark.parametrize("path", [API_PAGE, CONTROL_PAGE])
def test_no_script_but_its_own_runs_and_nothing_is_sent_elsewhere(
    shared_mock: RunningMock, path: str
) -> None:
    """A policy permits the page's script, the files of Swagger UI, and requests to the mock."""
    policy = shared_mock.anonymous.get(path).headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "connect-src 'self'", "form-action 'none'"} <= {*policy}
    (scripts,) = (each for each in policy if each.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self' 'sha256-[A-Za-z0-9+/=]+'", scripts)


@pytest.mark.parametrize("path", [API_PAGE, CONTROL_PAGE])
@pytest.mark.parametrize("name", ["oauth2-redirect.html", "index.html", "swagger-initializer.js"])
def test_files_of_the_package_that_no_page_loads_are_not_served(
    shared_mock: RunningMock, path: str, name: str
) -> None:
    """They show another contract, or receive messages of other windows."""
    assert shared_mock.anonymous.get(path + name).status_code == 404


def test_only_the_page_of_the_api_has_the_demo_credentials(shared_mock: RunningMock) -> None:
    """The control plane has no user; its token is never in a page."""
    login, in_control_plane = (
        json.loads(SETTINGS.findall(shared_mock.anonymous.get(path).text)[0])["login"]
        for path in (API_PAGE, CONTROL_PAGE)
    )
    assert login["client"] == ["demo-client", "demo-secret"]
    assert login["schemes"] == {"bearer": "bearerAuth", "basic": "clientBasic"}
    assert in_control_plane is None


@pytest.mark.whole
@pytest.mark.parametrize("below", ["", "/__session/team-a"])
def test_a_person_can_execute_every_operation_without_logging_in(
    tmp_path: Path, below: str
) -> None:
    """The page has the demo credentials, also after a reset; a logout survives a reload.

    On a phone, nothing makes the page scroll sideways.
    """
    mock = create_app(FROZEN)
    page = f"{below}{API_PAGE}"
    probe = f'<link rel="icon" href="data:,"><body><script>const PAGE="{page}";{PROBE}</script>'

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/probe":
            await mock(scope, receive, send)
            return
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": probe.encode()})

    with serve_app(app) as address:
        visit = open_page(f"{address}/probe", tmp_path)
    found = re.findall("<output>(.*)</output>", visit.dom)
    assert found, visit.console
    seen = json.loads(found[0])
    assert seen["token"] == seen["list"] == seen["afterReset"] == "200"
    assert "Swagger UI" in seen["titles"][0]
    assert seen["locked"] == seen["lockedAfterReload"] > 0
    assert seen["loggedOut"] == seen["created"] == "401"
    assert max(seen["widths"]) <= 390
    assert visit.hosts == {address}
