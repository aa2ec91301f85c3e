"""The contract as the mock serves it: complete, in two languages, without the provider's hosts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from mock_server.pages.contract_files import point_to_mock
from mock_server.settings import Settings
from openapi import Language
from tests.openapi.editing import copy_contract, edit_file
from tests.openapi.walking import load_yaml
from tests.serving import RunningMock, run_mock

CONTRACT_FILE_PATHS = [
    f"/openapi.{form}?lang={lang}" for form in ("yaml", "json") for lang in ("zh", "en")
]
LANDING_PAGE_PATHS = ["/?lang=zh", "/?lang=en"]
CUSTOM_ADDRESS = "http://127.0.0.1:4010"


def served_document(answer: httpx.Response) -> dict[str, Any]:
    """Return the served document, in JSON or YAML."""
    answer.raise_for_status()
    loads: dict[str, Callable[[str], Any]] = {
        "application/json": json.loads,
        "application/yaml": load_yaml,
    }
    loaded: Any = loads[answer.headers["Content-Type"]](answer.text)
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("path", [*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS, "/docs/swagger/"])
def test_no_provider_host_is_in_anything_served(shared_mock: RunningMock, path: str) -> None:
    """Neither a server nor an example nor a text contains it."""
    answer = shared_mock.anonymous.get(path).raise_for_status()
    assert ".hypers.com" not in answer.text
    assert "szhl-phiskin" not in answer.text


@pytest.mark.whole
@pytest.mark.parametrize("path", CONTRACT_FILE_PATHS)
def test_every_server_is_the_address_the_client_used(shared_mock: RunningMock, path: str) -> None:
    """Generated clients and Swagger UI use that address, whatever the host name."""
    for host in ("127.0.0.1:4010", "mock.test:8080", "[::1]:4010"):
        answer = served_document(shared_mock.anonymous.get(path, headers={"Host": host}))
        assert [server["url"] for server in answer["servers"]] == [f"http://{host}"]
        for item in answer["paths"].values():
            assert "servers" not in item
            assert not [method for method in item.values() if "servers" in method]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_yaml_and_json_say_what_the_contract_says(shared_mock: RunningMock, lang: Language) -> None:
    """Only the servers and the addresses in examples are those of the mock."""
    name = {"zh": "模拟服务", "en": "The mock"}[lang]
    expected = point_to_mock(openapi.load(lang=lang, readings="exact"), shared_mock.address, name)
    for form in ("yaml", "json"):
        answer = shared_mock.anonymous.get(f"/openapi.{form}?lang={lang}")
        assert served_document(answer) == expected


def test_only_the_providers_own_addresses_become_the_mocks() -> None:
    """Addresses of any tenant are replaced; hosts that only begin alike are not."""
    contract: dict[str, Any] = {
        "servers": [{"url": "https://{tenant}.example.com"}, {"url": "/"}],
        "paths": {"/a": {"servers": [{"url": "https://login.example.org/"}], "get": {}}},
        "texts": [
            "https://one.example.com/api/1, https://login.example.org.",
            "https://two.example.com",
            "https://login.example.org.evil.test and https://example.com stay",
        ],
    }
    answer = point_to_mock(contract, CUSTOM_ADDRESS, "The mock")
    assert answer["texts"] == [
        f"{CUSTOM_ADDRESS}/api/1, {CUSTOM_ADDRESS}.",
        CUSTOM_ADDRESS,
        "https://login.example.org.evil.test and https://example.com stay",
    ]
    assert answer["servers"] == [{"url": CUSTOM_ADDRESS, "description": "The mock"}]
    assert answer["paths"] == {"/a": {"get": {}}}
    assert contract["servers"][0]["url"] == "https://{tenant}.example.com"


@pytest.mark.parametrize("path", ["/openapi.yaml", "/openapi.json"])
def test_the_language_is_chosen_by_query_or_header(shared_mock: RunningMock, path: str) -> None:
    """The rules are those of every page, and the response headers name the language."""
    cases: list[tuple[str, str, Language]] = [
        ("", "*", "zh"),
        ("", "en-US", "en"),
        ("?lang=en", "zh-CN", "en"),
        ("?lang=zh", "en", "zh"),
    ]
    for query, accepted, lang in cases:
        answer = shared_mock.anonymous.get(path + query, headers={"Accept-Language": accepted})
        assert served_document(answer)["info"] == openapi.load(lang=lang, readings="exact")["info"]
        assert answer.headers["Content-Language"] == lang
        assert "Accept-Language" in ", ".join(answer.headers.get_list("Vary"))


@pytest.mark.parametrize("path", [*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS])
def test_what_the_client_has_is_not_sent_again(shared_mock: RunningMock, path: str) -> None:
    """If-None-Match with the ETag gets 304 without a body, any other the whole."""
    first = shared_mock.anonymous.get(path)
    tag = first.headers["ETag"]
    for sent in (tag, f'"other", {tag}', "*"):
        again = shared_mock.anonymous.get(path, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept-Language" in ", ".join(again.headers.get_list("Vary"))
    other = shared_mock.anonymous.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)
    assert len(first.headers.get_list("Date")) == 1


def test_whatever_differs_has_another_etag(shared_mock: RunningMock) -> None:
    """Language, format and address change the bytes, so they change the ETag."""
    hosts = ("127.0.0.1:1", "localhost:1")
    tags = {
        shared_mock.anonymous.head(path, headers={"Host": host}).headers["ETag"]
        for path in (*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS)
        for host in hosts
    }
    assert len(tags) == len(hosts) * len([*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS])


@pytest.mark.parametrize("path", [*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS])
def test_head_is_get_without_the_body(shared_mock: RunningMock, path: str) -> None:
    """All headers are the same, including Content-Length and ETag."""
    got, head = shared_mock.anonymous.get(path), shared_mock.anonymous.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(got.content)
    clocked = ("date",)
    assert {n: v for n, v in head.headers.items() if n not in clocked} == {
        n: v for n, v in got.headers.items() if n not in clocked
    }


@pytest.mark.whole
def test_english_is_read_when_somebody_asks_and_once(tmp_path: Path) -> None:
    """The start of the mock does not wait for the English contract."""
    root = copy_contract(tmp_path)
    edit_file(root, "openapi.yaml", "title: Hypers", "title: Other")
    with run_mock(Settings(contract=root)) as mock:
        for old, new in (("Hypers", "Alpha"), ("Alpha", "Omega")):
            edit_file(root, "overlays/en.yaml", f"title: {old}", f"title: {new}")
            for path in (*CONTRACT_FILE_PATHS, *LANDING_PAGE_PATHS):
                shown = mock.anonymous.get(path).raise_for_status().text
                assert ("Alpha" if "lang=en" in path else "Other") in shown
                assert "Omega" not in shown


@pytest.mark.whole
def test_a_contract_without_english_texts_is_shown_with_those_it_has(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The page itself is in English; a missing overlay that is named is logged."""
    root = copy_contract(tmp_path)
    shutil.rmtree(root.parent / "overlays")
    with run_mock(Settings(contract=root)) as mock:
        shown = mock.anonymous.get("/", headers={"Accept-Language": "en"})
        assert shown.headers["Content-Language"] == "en"
        for form in ("yaml", "json"):
            chinese, english = (
                served_document(mock.anonymous.get(f"/openapi.{form}?lang={lang}"))
                for lang in ("zh", "en")
            )
            assert chinese["paths"] == english["paths"]
    logged = [record.getMessage() for record in caplog.records if record.name == "mock_server"]
    assert len(logged) == 1
    assert "overlays/en.yaml" in logged[0]


@pytest.mark.whole
def test_another_contracts_english_is_its_own(tmp_path: Path) -> None:
    """`--contract` determines the files of both languages."""
    root = copy_contract(tmp_path)
    for name in ("openapi.yaml", "overlays/en.yaml"):
        edit_file(root, name, "title: Hypers", "title: Other")
    with run_mock(Settings(contract=root)) as mock:
        for path in CONTRACT_FILE_PATHS:
            assert served_document(mock.anonymous.get(path))["info"]["title"].startswith("Other")
