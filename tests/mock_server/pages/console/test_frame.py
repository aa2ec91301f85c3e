"""Every page of the console: languages, sessions, forms, security."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from mock_server.app import create_app
from mock_server.pages.console import THREADS
from mock_server.pages.console.navigation import PAGES
from mock_server.pages.console.texts import TEXTS
from mock_server.reload import ReloadableApplication
from mock_server.settings import Settings
from tests.mock_server.pages.console.person import CONSOLE, Person, csrf_token, person_at, texts_of
from tests.mock_server.pages.html_page import HtmlPage
from tests.openapi.test_overlay import CHINESE_CHARACTER
from tests.serving import FROZEN, RunningMock, client_for, run_mock, serve_app

TOKEN = "a-token-of-ours"
PAGE_PATHS = [page.path + page.routes[0].path for page in PAGES]


@pytest.fixture
def person(shared_mock: RunningMock) -> Iterator[Person]:
    """A person at a mock that needs no login."""
    with person_at(shared_mock) as found:
        yield found


@pytest.fixture(scope="module")
def secured_mock() -> Iterator[RunningMock]:
    """A mock whose control plane requires a token, as beyond loopback."""
    with run_mock(replace(FROZEN, admin_token=TOKEN)) as mock:
        yield mock


def test_the_landing_page_leads_to_the_console(person: Person) -> None:
    """From there on, every page is linked from every other one."""
    links = HtmlPage(person.browser.get("/").text).links
    assert "__console/" in links
    for path in PAGE_PATHS:
        shown = HtmlPage(person.open(path).raise_for_status().text).links
        assert {f"{CONSOLE}{each or '/'}" for each in PAGE_PATHS} <= set(shown), path


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_a_page_in_english_has_no_chinese(shared_mock: RunningMock, path: str) -> None:
    """Accept-Language chooses, and `?lang=` precedes it and is remembered."""
    with person_at(shared_mock, lang="zh") as person:
        assert HtmlPage(person.open(path).text).attributes["html"]["lang"] == "zh-CN"
        assert HtmlPage(person.open(f"{path}?lang=en").text).attributes["html"]["lang"] == "en"
        later = person.open(path)
        assert HtmlPage(later.text).attributes["html"]["lang"] == "en"
        main = later.text.partition("<main")[2]
        assert not CHINESE_CHARACTER.search(re.sub(r"<(\w+)[^>]* data-stored.*?</\1>", "", main))


def test_every_text_has_two_languages() -> None:
    """The first of each pair is Chinese; no page replaces a common text."""
    for page in PAGES:
        assert not TEXTS.keys() & page.texts.keys(), page.name
    for texts in (TEXTS, *(page.texts for page in PAGES)):
        for name, (_, english) in texts.items():
            assert not CHINESE_CHARACTER.search(english), name


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_a_page_runs_only_the_style_and_script_that_it_has(person: Person, path: str) -> None:
    """The policy names both by their hashes, and no attribute has a style or a script."""
    answer = person.open(path)
    policy = answer.headers["Content-Security-Policy"]
    raw = HtmlPage(answer.text).raw
    for tag in ("style", "script"):
        digest = b64encode(sha256(raw[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_page_has_no_cors_and_checks_host_and_origin(person: Person) -> None:
    """A page of another site can neither read nor control the mock."""
    answer = person.browser.get(f"{CONSOLE}/", headers={"Origin": "http://localhost:5173"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    rebound = person.browser.get(f"{CONSOLE}/", headers={"Host": "evil.example"})
    assert rebound.status_code == 403


def test_a_form_without_its_token_does_nothing(shared_mock: RunningMock, person: Person) -> None:
    """The token is in the browser's cookie and in the form, and no other site can read either."""
    before = shared_mock.world.clock.now()
    for fields in ({}, {"csrf": "guessed"}):
        answer = person.browser.post(f"{CONSOLE}/advance", data={"step": "hour", **fields})
        assert "nothing was changed" in texts_of(answer)
    assert shared_mock.world.clock.now() == before


def test_a_form_from_another_site_does_nothing(shared_mock: RunningMock, person: Person) -> None:
    """Even with the right token, as if it had leaked."""
    before = shared_mock.world.clock.now()
    person.browser.headers["Sec-Fetch-Site"] = "same-site"
    assert "nothing was changed" in texts_of(person.submit("/advance", step="hour"))
    del person.browser.headers["Sec-Fetch-Site"]
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        answer = person.browser.post(
            f"{CONSOLE}/advance",
            data={"step": "hour", "csrf": csrf_token(person.open())},
            headers={"Origin": origin},
        )
        assert answer.status_code == 403, origin
    assert shared_mock.world.clock.now() == before


def test_a_page_shows_the_session_that_its_address_names(person: Person) -> None:
    """All links and forms stay in the session; a path of a session leads to the same page."""
    there = person.browser.get("/__session/tea/__console/?lang=en")
    assert there.url.path == f"{CONSOLE}/"
    inside = re.findall(r'(?:href|method="post" action)="(/__console/(?!\.\.)[^"]*)"', there.text)
    assert len(inside) > 5
    assert all("session=tea" in link for link in inside), inside


@pytest.mark.parametrize("name", ["a/b", "..", "x" * 65, "a\r\nX-Evil: 1", "<script>", "会话"])
def test_a_name_that_no_session_has_is_refused(person: Person, name: str) -> None:
    """The page shows why, with the name as text."""
    answer = person.browser.get(f"{CONSOLE}/", params={"session": name})
    assert answer.status_code == 400
    assert "CP-10" in texts_of(answer)
    assert "X-Evil" not in answer.headers
    assert "<script>" not in answer.text.partition("<main")[2].rpartition("<script>")[0]


def test_an_unknown_page_is_a_page(person: Person) -> None:
    """It has the navigation, and no other method reaches a page."""
    answer = person.open("/nothing")
    assert answer.status_code == 404
    assert "Page not found" in texts_of(answer)
    wrong = person.browser.put(f"{CONSOLE}/")
    assert wrong.status_code == 405
    assert wrong.headers["Allow"] == "GET, HEAD"
    assert "forms are sent with POST" in texts_of(wrong)


def test_a_form_that_is_too_large_says_so(person: Person) -> None:
    """By its bytes or its number of fields; the page says what it takes."""
    many = {f"field-{index}": (None, "x") for index in range(1_001)}
    for sent in ({"data": {"name": "x" * 300_000}}, {"files": many}):
        refused = person.browser.post(f"{CONSOLE}/snapshots", **sent)
        assert refused.status_code == 413
        assert "at most 256 KiB and 1,000 fields" in texts_of(refused)


def test_clients_that_send_a_form_slowly_do_not_keep_others_from_the_pages(
    shared_mock: RunningMock, person: Person
) -> None:
    """A form is received before it occupies one of the few threads."""
    place = urlsplit(shared_mock.address)
    head = (
        f"POST {CONSOLE}/advance HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: 9\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\ncsrf="
    )
    with ExitStack() as connections:
        for _ in range(THREADS + 1):
            slow = connections.enter_context(socket.create_connection((place.hostname, place.port)))
            slow.sendall(head.encode())
        time.sleep(0.1)  # until they have arrived
        assert person.open().status_code == 200


def test_a_reload_ends_no_login() -> None:
    """`--watch` builds the application again, and a form that is open can still be sent."""
    settings = replace(FROZEN, admin_token=TOKEN)
    first = create_app(settings)
    reloadable = ReloadableApplication(first, lambda: create_app(settings, sessions=first.sessions))
    with serve_app(reloadable) as address, client_for(address) as browser:
        browser.follow_redirects = True
        browser.headers.update({"Origin": address, "Accept-Language": "en"})
        person = Person(browser)
        person.submit("/login", "/login", token=TOKEN)
        opened = csrf_token(person.open())
        assert asyncio.run(reloadable.reload())
        sent = browser.post(f"{CONSOLE}/advance", data={"csrf": opened, "step": "hour"})
        assert "The clock is now at" in texts_of(sent)


def test_the_console_is_not_in_the_journal(mock: RunningMock) -> None:
    """The journal has the requests of the application under development."""
    with person_at(mock) as person:
        person.open()
        person.submit("/advance", step="hour")
    found = mock.sessions.default.journal.recordings()
    assert [each.entry().path for each in found] == ["/oauth/token"]


def test_behind_a_proxy_links_and_cookie_have_its_path(mock: RunningMock) -> None:
    """With X-Forwarded-Prefix, or with --root-path."""
    answer = mock.anonymous.get(f"{CONSOLE}/", headers={"X-Forwarded-Prefix": "/gw"})
    assert f'action="/gw{CONSOLE}/reset"' in answer.text
    assert f"Path=/gw{CONSOLE};" in answer.headers["Set-Cookie"]
    wrong = mock.anonymous.get(f"{CONSOLE}/", headers={"X-Forwarded-Host": "[1]"})
    assert wrong.status_code == 200
    with run_mock(Settings(root_path="/team")) as rooted, person_at(rooted) as person:
        there = person.browser.get(f"/team{CONSOLE}/")
        assert f'action="/team{CONSOLE}/reset"' in there.text


def test_with_a_token_the_console_requires_a_login(secured_mock: RunningMock) -> None:
    """The form leads back to the page; a wrong token is refused beside it."""
    with person_at(secured_mock) as person:
        asked = person.open()
        assert asked.url.path == f"{CONSOLE}/login"
        assert "demo" not in texts_of(asked)
        wrong = person.submit("/login", token="guessed", next="/")
        assert wrong.status_code == 401
        assert "CP-03" in texts_of(wrong)
        entered = person.submit("/login", token=TOKEN, next="/?lang=en")
        assert entered.url.path == f"{CONSOLE}/"
        assert "2025-04-21 09:00:00" in texts_of(entered)
        assert person.submit("/logout").url.path == f"{CONSOLE}/login"
        assert person.open().url.path == f"{CONSOLE}/login"


def test_the_token_is_kept_where_scripts_and_other_sites_cannot_use_it(
    secured_mock: RunningMock,
) -> None:
    """The cookie is HttpOnly and SameSite=Strict, and is sent to no path of the API."""
    with person_at(secured_mock) as person:
        entered = person.submit("/login", token=TOKEN, next="//evil.example/")
        assert entered.url.host == "127.0.0.1"
        set_by = entered.history[-1]
        cookie = set_by.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=Strict", f"Path={CONSOLE}"} <= set(cookie.split("; "))
        assert TOKEN not in entered.text
        assert "Cookie" not in person.browser.build_request("GET", "/api/v1/file/1").headers


@pytest.mark.parametrize("wanted", ["/journal\r\nX-Evil: 1", "/\0", "/" + "a" * 9_000])
def test_a_login_leads_to_the_overview_if_no_page_has_the_address(
    secured_mock: RunningMock, wanted: str
) -> None:
    """A header field could not have it, or is longer than clients accept."""
    with person_at(secured_mock) as person:
        assert person.submit("/login", token=TOKEN, next=wanted).url.path == f"{CONSOLE}/"
    with person_at(secured_mock) as person:
        asked = person.browser.get(f"{CONSOLE}/journal", params={"text": "a" * 9_000})
        assert asked.url.params["next"] == "/"


def test_without_a_login_no_form_reaches_the_control_plane(secured_mock: RunningMock) -> None:
    """A request with a forged cookie is one without a login."""
    before = secured_mock.world.clock.now()
    with person_at(secured_mock) as person:
        person.browser.follow_redirects = False
        name = next(iter(person.open("/login").cookies))
        person.browser.cookies.set(name, "eyJ0b2tlbiI6IngifQ.aaaaaa.bbbb")
        answer = person.browser.post(f"{CONSOLE}/advance", data={"step": "hour"})
        assert answer.headers["Location"].startswith(f"{CONSOLE}/login")
    assert secured_mock.world.clock.now() == before
