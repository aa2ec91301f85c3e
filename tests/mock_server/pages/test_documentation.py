"""The documentation that the mock serves at `/docs/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mock_server.app import create_app
from mock_server.settings import Settings
from openapi import Documentation
from tests.mock_server.pages.html_page import HtmlPage
from tests.serving import RunningMock, client_for, serve_app

PETS_CONTRACT = Path(__file__).parents[1] / "http" / "pets.yaml"


@pytest.fixture(scope="module")
def pets_client() -> Iterator[httpx.Client]:
    """A client of a mock of another contract."""
    with (
        serve_app(create_app(Settings(contract=PETS_CONTRACT))) as address,
        client_for(address) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/docs/", "text/html; charset=utf-8"),
        ("/docs/index.html", "text/html; charset=utf-8"),
        ("/docs/assets/docs.css", "text/css; charset=utf-8"),
        ("/docs/assets/docs.js", "text/javascript; charset=utf-8"),
        ("/docs/contract/openapi.en.yaml", "application/yaml"),
        ("/docs/contract/collections.en.zip", "application/zip"),
    ],
)
def test_a_file_has_its_media_type_and_a_policy_that_allows_no_other_host(
    shared_mock: RunningMock, path: str, media_type: str
) -> None:
    """It is the file of the package; GET and HEAD are allowed, and it can be revalidated."""
    answer = shared_mock.anonymous.get(path).raise_for_status()
    name = path.removeprefix("/docs/") or "index.html"
    assert answer.content == Documentation().read(name)
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert shared_mock.anonymous.head(path).headers["Content-Length"] == str(len(answer.content))
    assert shared_mock.anonymous.post(path).status_code == 405
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert shared_mock.anonymous.get(path, headers=tag).status_code == 304


@pytest.mark.whole
def test_every_page_is_served_as_it_is_written(shared_mock: RunningMock) -> None:
    """The pages of both languages are those of `make docs`."""
    documentation = Documentation()
    for path in documentation.paths:
        assert shared_mock.anonymous.get(f"/docs/{path}").content == documentation.read(path)


@pytest.mark.parametrize(("path", "folder"), [("/docs", "docs/"), ("/docs/zh", "zh/")])
def test_a_folder_without_its_slash_is_redirected(
    shared_mock: RunningMock, path: str, folder: str
) -> None:
    """The address is relative, because a reverse proxy may serve the mock under a path."""
    answer = shared_mock.anonymous.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (308, folder)


@pytest.mark.parametrize(
    "path", ["/docs/none.html", "/docs/zh/none.html", "/docs/assets", "/docs/%2e%2e/pyproject.toml"]
)
def test_an_unknown_file_is_a_problem_document(shared_mock: RunningMock, path: str) -> None:
    """As for any other unknown path; no other file of the package is served."""
    answer = shared_mock.anonymous.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_landing_page_links_to_the_documentation_in_its_language(
    shared_mock: RunningMock, lang: str
) -> None:
    """Swagger UI stays where it was, below the same folder."""
    links = HtmlPage(shared_mock.anonymous.get("/", params={"lang": lang}).text).links
    assert {f"docs/{lang}/", f"docs/swagger/?lang={lang}"} <= set(links)
    assert "Swagger UI" in shared_mock.anonymous.get("/docs/swagger/").text


def test_a_mock_of_another_contract_has_no_documentation(pets_client: httpx.Client) -> None:
    """The pages describe our contract; the other one may have paths below `/docs/` itself."""
    assert pets_client.get("/docs/").status_code == 404
    assert pets_client.get("/docs/zh/reference.html").status_code == 404
    links = HtmlPage(pets_client.get("/").raise_for_status().text).links
    assert not [link for link in links if link.startswith("docs/") and "swagger" not in link]
    assert pets_client.get("/docs/swagger/").status_code == 200


def test_the_documentation_needs_no_token_where_the_control_plane_does() -> None:
    """It has nothing of a session, so anyone who reaches the API may read it."""
    with (
        serve_app(create_app(Settings(admin_token="secret"))) as address,
        client_for(address) as client,
    ):
        assert client.get("/docs/").status_code == 200
