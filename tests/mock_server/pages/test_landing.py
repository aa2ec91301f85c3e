"""The landing page, in both languages."""

from __future__ import annotations

import json
import re
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from string import Formatter
from urllib.parse import urljoin

import httpx
import pytest

import openapi
from mock_server.app import create_app
from mock_server.pages.texts import PAGE_TEXTS
from mock_server.seed.scenario_reader import read_scenario
from mock_server.settings import Settings
from openapi import Language
from tests.mock_server.pages.html_page import HtmlPage
from tests.openapi.test_overlay import CHINESE_CHARACTER
from tests.programs import require_program
from tests.serving import RunningMock, run_mock, serve_app

LANGUAGES = ("zh", "en")
PETS_CONTRACT = Path(__file__).parents[1] / "http" / "pets.yaml"
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
in_both_languages = pytest.mark.parametrize("lang", LANGUAGES)


def landing_page(mock: RunningMock, lang: str) -> HtmlPage:
    """Return the landing page in one language."""
    return HtmlPage(mock.anonymous.get("/", params={"lang": lang}).raise_for_status().text)


@pytest.mark.parametrize(
    ("query", "accepted", "lang"),
    [
        ("", None, "zh"),
        ("", "*", "zh"),
        ("", "fr", "zh"),
        ("", "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "fr, en;q=0.5", "en"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "en", "zh"),
    ],
)
def test_the_page_speaks_the_language_asked_for(
    shared_mock: RunningMock, query: str, accepted: str | None, lang: str
) -> None:
    """`?lang=` precedes Accept-Language; the default is Chinese. The headers name the language."""
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = httpx.get(f"{shared_mock.address}/{query}", headers=headers)
    assert HtmlPage(answer.text).attributes["html"]["lang"] == LANGUAGE_TAGS[lang]
    assert answer.headers["Content-Language"] == lang
    assert "Accept-Language" in ", ".join(answer.headers.get_list("Vary"))
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@in_both_languages
def test_the_other_language_is_one_link_away(shared_mock: RunningMock, lang: str) -> None:
    """Both languages have a link, each in its own language."""
    shown = landing_page(shared_mock, lang)
    assert shown.marked == ["中文", "English"]
    assert {"?lang=zh", "?lang=en"} <= set(shown.links)


def test_the_english_page_has_no_chinese_and_says_as_much_as_the_chinese_one(
    shared_mock: RunningMock,
) -> None:
    """Elements and places of text are the same; only the language switch has both languages."""
    chinese, english = landing_page(shared_mock, "zh"), landing_page(shared_mock, "en")
    assert not [text for text in english.texts if CHINESE_CHARACTER.search(text)]
    assert chinese.tags == english.tags
    assert len(chinese.texts) == len(english.texts)
    translated = {z: e for z, e in zip(chinese.texts, english.texts, strict=True) if z != e}
    assert not [text for text in translated if not CHINESE_CHARACTER.search(text)]


@pytest.mark.whole
@in_both_languages
def test_every_text_is_translated_and_used(lang: str) -> None:
    """No text lacks a translation, and none is unused."""
    index = LANGUAGES.index(lang)
    with (
        run_mock() as frozen,
        run_mock(Settings(scenario="empty")) as flowing,
        run_mock(Settings(scenario="large", size=100)) as large,
        run_mock(Settings(scenario=read_scenario({}, {}))) as of_file,
    ):
        mocks = (frozen, flowing, large, of_file)
        shown = " ".join(text for mock in mocks for text in landing_page(mock, lang).texts)
    with (
        serve_app(create_app(Settings(contract=PETS_CONTRACT))) as address,
        httpx.Client(base_url=address) as client,
    ):
        shown += client.get("/", params={"lang": lang}).raise_for_status().text
    for name, words in PAGE_TEXTS.items():
        assert bool(CHINESE_CHARACTER.search(words[index])) is (lang == "zh"), name
        for part, *_ in Formatter().parse(words[index]):
            assert part in shown, name


@in_both_languages
def test_everything_a_first_request_needs_is_on_the_page(
    shared_mock: RunningMock, lang: str
) -> None:
    """The page shows address, credentials, seed and time."""
    shown = landing_page(shared_mock, lang)
    assert shown.text_of("address") == shared_mock.address
    values = [shown.text_of(n) for n in ("client_id", "client_secret", "username", "password")]
    assert values == ["demo-client", "demo-secret", "demo@example.com", "demo-password"]
    assert {"demo", "20250421", "2025-04-21 09:00:00"} <= set(shown.texts)
    assert f"docs/swagger/?lang={lang}" in shown.links
    assert {"openapi.yaml?lang=en", "openapi.json?lang=zh"} <= set(shown.links)


def test_a_running_clock_and_an_empty_world_are_called_so() -> None:
    """The page shows no instant that is already over."""
    with run_mock(Settings(scenario="empty", seed=7)) as mock:
        shown = landing_page(mock, "en")
    assert {"empty", "7", PAGE_TEXTS["scenario_empty"][1], PAGE_TEXTS["time_flows"][1]} <= set(
        shown.texts
    )
    assert not re.search(r"\d\d:\d\d:\d\d", "".join(shown.texts))


@in_both_languages
def test_the_printed_commands_work_as_pasted(shared_mock: RunningMock, lang: str) -> None:
    """The first curl gets a token; the second, with it, gets 200 and the plans."""
    require_program("curl")
    commands = landing_page(shared_mock, lang).text_of("curl")
    done = subprocess.run(
        [require_program("bash"), "-euc", f"{commands} -w '\\n%{{http_code}}'"],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    body, _, status = done.stdout.rpartition("\n")
    assert status == "200"
    assert json.loads(body) == shared_mock.client.get("/api/v1/marketing-notice").json()


@in_both_languages
def test_every_link_of_the_page_answers_200(shared_mock: RunningMock, lang: str) -> None:
    """All links stay on the mock, and links within the page have a target."""
    for link in sorted(set(landing_page(shared_mock, lang).links)):
        if link.startswith("#"):
            landing_page(shared_mock, lang).text_of(link[1:])
            continue
        assert not re.match("/|[a-z]+:", link), link  # relative, for proxies
        assert shared_mock.anonymous.get(urljoin("/", link)).status_code == 200, link


@in_both_languages
def test_every_operation_of_the_contract_is_listed_and_linked(
    shared_mock: RunningMock, lang: Language
) -> None:
    """Method, path and summary in a row, by tag in the contract's order."""
    shown = landing_page(shared_mock, lang)
    contract = openapi.load(lang=lang)
    rows = re.findall(r"\0([A-Z]+)\0([^\0]+)\0([^\0]+)", _table_text(shown))
    expected = [
        (method.upper(), path, operation["summary"], operation["tags"][0], operation["operationId"])
        for tag in contract["tags"]
        for path, item in contract["paths"].items()
        for method in ("get", "put", "post", "delete", "patch")
        if (operation := item.get(method)) and operation["tags"][0] == tag["name"]
    ]
    assert rows
    assert rows == [row[:3] for row in expected]
    links = [link for link in shown.links if "docs/swagger/" in link and "#" in link]
    assert links == [f"docs/swagger/?lang={lang}#/{tag}/{name}" for *_, tag, name in expected]


def _table_text(shown: HtmlPage) -> str:
    """Return the cells of the table, each after a NUL, with the parts of paths joined."""
    start = shown.texts.index(next(text for text in shown.texts if text in PAGE_TEXTS["summary"]))
    joined = ""
    for text in shown.texts[start + 1 :]:
        inside = joined.endswith("/") and not text.isupper()
        joined += text if inside else f"\0{text}"
    return joined


def test_the_security_headers_fit_the_page(shared_mock: RunningMock) -> None:
    """Only the page's own style, script and icon may load, and nobody may frame it.

    Scripts that are pasted into its console may send requests to the mock.
    """
    answer = shared_mock.anonymous.get("/")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; ")
    )
    raw = HtmlPage(answer.text).raw
    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        digest = b64encode(sha256(raw[tag].encode()).digest()).decode()
        assert policy.pop(directive) == f"'sha256-{digest}'"
    assert policy.pop("img-src") == "data:"
    assert policy.pop("connect-src") == "'self'"
    assert set(policy) == {"default-src", "base-uri", "form-action", "frame-ancestors"}
    assert set(policy.values()) == {"'none'"}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_address_is_the_one_the_browser_used(shared_mock: RunningMock) -> None:
    """Behind another host name, the commands contain that name."""
    answer = shared_mock.anonymous.get("/", headers={"Host": "mock.test:8080"})
    shown = HtmlPage(answer.text)
    assert shown.text_of("address") == "http://mock.test:8080"
    assert shared_mock.address not in answer.text


@pytest.mark.parametrize("host", ["", "a b", "x$(id)", "<script>", "localhost:99999", "a'b"])
def test_a_host_that_is_none_is_refused(shared_mock: RunningMock, host: str) -> None:
    """It would appear in commands that people paste (RFC 9112, section 3.2: 400)."""
    answer = shared_mock.anonymous.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/header/Host"


@pytest.mark.parametrize("path", ["/", "/openapi.yaml", "/openapi.json"])
@pytest.mark.parametrize(
    ("query", "rule"),
    [("fr", "enum"), ("", "enum"), ("EN", "enum"), ("%C3%A9", "enum"), ("en&lang=zh", "repeated")],
)
def test_an_unknown_language_is_a_400_that_names_the_known_ones(
    shared_mock: RunningMock, path: str, query: str, rule: str
) -> None:
    """It is a problem document, not silently another language."""
    answer = shared_mock.anonymous.get(f"{path}?lang={query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    error = answer.json()["errors"][0]
    assert (error["pointer"], error["rule"]) == ("/query/lang", rule)
    assert error.get("accepted", "zh, en") == "zh, en"


@pytest.mark.parametrize(
    "path",
    [
        "/index.html",
        "/static/landing.css",
        "/landing.css",
        "/templates/landing.html",
        "/docs/none.html",
    ],
)
def test_an_unknown_page_is_a_problem_document(shared_mock: RunningMock, path: str) -> None:
    """Neither Flask's own HTML nor a file of the package is returned."""
    answer = shared_mock.anonymous.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == path
