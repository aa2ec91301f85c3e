"""The mock behind a reverse proxy that serves it under a path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

import openapi
from benchmarks.processes import free_port
from tests.mock_server.pages.browser import open_page
from tests.mock_server.pages.html_page import HtmlPage
from tests.nginx import serve_with_nginx
from tests.openapi.walking import operations_by_id
from tests.serving import (
    CLIENT_CREDENTIALS,
    FROZEN,
    PASSWORD_GRANT,
    RunningMock,
    fetch_token,
    run_mock,
)

pytestmark = pytest.mark.whole

ROOT, SESSION = "/gw/hypers", "/__session/ui"
TASK = "/api/v1/notification-tasks/501"
NGINX_CONFIGURATION = """
events {{}}
http {{
  server {{
    listen 127.0.0.1:{port};
    location {root}/ {{
      proxy_pass {target};
      {headers}
    }}
  }}
}}
"""
HOST_HEADER = "proxy_set_header Host $http_host;"
"""The setting that everybody configures."""


@contextmanager
def run_nginx(target: str, folder: Path, headers: str = HOST_HEADER) -> Iterator[str]:
    """Run an nginx that serves `target` below ROOT; yield its address without a final slash."""
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(
        NGINX_CONFIGURATION.format(port=port, root=ROOT, target=target, headers=headers),
        encoding="utf-8",
    )
    with serve_with_nginx(file, port):
        yield f"http://127.0.0.1:{port}{ROOT}"


@pytest.fixture(scope="module")
def root_path_mock() -> Iterator[RunningMock]:
    """A mock that is configured with its path at the proxy."""
    with run_mock(replace(FROZEN, root_path=ROOT)) as mock:
        yield mock


def check_pages(address: str) -> None:
    """Check that every address in the pages leads back through the proxy."""
    with httpx.Client() as client:
        landing = client.get(f"{address}/?lang=en").raise_for_status()
        page = HtmlPage(landing.text)
        assert page.text_of("address") == address
        for link in page.links:
            if not link.startswith("#"):
                where = urljoin(f"{address}/", link)
                assert where.startswith(f"{address}/"), link
                assert client.get(where, follow_redirects=True).status_code == 200, link
        for name in ("openapi.json", "openapi.yaml"):
            assert f"url: {address}" in client.get(f"{address}/openapi.yaml").text, name
        document = client.get(f"{address}/openapi.json").json()
        assert [server["url"] for server in document["servers"]] == [address]
        control = client.get(f"{address}/__admin/openapi.json").json()
        assert [server["url"] for server in control["servers"]] == [f"{address}/__admin"]
        for folder in ("docs/swagger", "__admin/docs"):
            led = client.get(f"{address}/{folder}")
            assert led.status_code == 308
            assert urljoin(str(led.url), led.headers["Location"]) == f"{address}/{folder}/"
            shown = client.get(f"{address}/{folder}/").raise_for_status()
            (told,) = re.findall(r'data-contract="([^"]+)"', shown.text)
            read = client.get(urljoin(str(shown.url), told))
            assert read.json()["openapi"] == "3.0.3"
        assert client.get(f"{address}/__admin/health").json()["status"] == "ok"


def check_api(address: str, root: str = ROOT) -> None:
    """Check that a URL in a response can be fetched, and that an error has the requested path."""
    with httpx.Client() as client:
        grant = client.post(
            f"{address}/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS
        ).json()
        client.headers["Authorization"] = f"Bearer {grant['access_token']}"
        task = client.get(f"{address}{TASK}").raise_for_status().json()
        (image,) = (c["contentValue"] for c in task["contents"] if c["contentType"] == "IMAGE")
        assert image == f"{address}/api/v1/file/602"
        assert client.get(image).headers["Content-Type"] == "image/png"
        for path in ("/api/v1/notification-tasks/9", "/nothing", "/__admin/nothing"):
            refused = client.get(address + path)
            assert refused.status_code == 404
            assert refused.json()["instance"] == root + path


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "passed on"])
def test_behind_nginx_everything_works_under_its_path(
    root_path_mock: RunningMock, tmp_path: Path, cut: bool
) -> None:
    """`--root-path` works whether or not the proxy removes the path."""
    with run_nginx(root_path_mock.address + ("/" if cut else ""), tmp_path) as address:
        check_pages(address)
        check_api(address)
        check_pages(f"{address}{SESSION}")
        check_api(f"{address}{SESSION}", ROOT + SESSION)


def test_the_pages_of_a_session_lead_back_into_it(shared_mock: RunningMock) -> None:
    """Below its base URL everything is as below that of the mock."""
    check_pages(f"{shared_mock.address}{SESSION}")
    check_api(f"{shared_mock.address}{SESSION}", SESSION)


def test_a_proxy_that_says_its_path_needs_no_option(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """X-Forwarded-Prefix, -Proto and -Host are used, as ingress controllers send them."""
    headers = f"proxy_set_header X-Forwarded-Prefix {ROOT};"
    headers += "proxy_set_header X-Forwarded-Host $http_host;"
    with run_nginx(f"{shared_mock.address}/", tmp_path, headers) as address:
        check_pages(address)
        check_api(address)
        check_api(f"{address}{SESSION}", ROOT + SESSION)


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_in_a_browser_the_pages_work_behind_nginx(
    root_path_mock: RunningMock, shared_mock: RunningMock, tmp_path: Path, told: bool
) -> None:
    """The commands contain the proxy's address, even without `--root-path`."""
    target = root_path_mock if told else shared_mock
    with run_nginx(f"{target.address}/", tmp_path) as address:
        seen = open_page(f"{address}/?lang=en", tmp_path / "a")
        assert HtmlPage(seen.dom).text_of("address") == address
        assert f"{address}/oauth/token" in HtmlPage(seen.dom).text_of("curl")
        assert seen.console == []
        seen = open_page(f"{address}/docs/swagger/?lang=zh", tmp_path / "b")
        shown = re.findall(r'class="opblock [^"]*" id="operations-', seen.dom)
        assert len(shown) == len(operations_by_id(openapi.load()))
        assert seen.console == []
        assert all(url.startswith(f"{address}/") for url in seen.requested)
        assert f"{address}/openapi.json?lang=zh" in seen.requested


def test_swagger_ui_executes_a_request_behind_nginx(
    root_path_mock: RunningMock, tmp_path: Path
) -> None:
    """The request goes through the proxy and succeeds."""
    probe = """
    const pause = () => new Promise(done => setTimeout(done, 50));
    const wait = async found => {
      while (!found()) await pause();
      return found();
    };
    (async () => {
      const frame = document.querySelector("iframe");
      const inside = () => frame.contentDocument;
      const at = selector => wait(() => inside() && inside().querySelector(selector));
      const id = "#operations-files-getFile ";
      (await at(id + ".try-out__btn")).click();
      (await at(id + ".execute")).click();
    })();
    """
    shown = f"{ROOT}/docs/swagger/#/files/getFile"
    page = f'<link rel="icon" href="data:,"><body><iframe src="{shown}"></iframe>'
    page += f"<script>{probe}</script>"
    (tmp_path / "probe.html").write_text(page, encoding="utf-8")
    headers = HOST_HEADER + f"}} location = /probe.html {{ root {tmp_path}; default_type text/html;"
    tmp_path.chmod(0o755)
    with run_nginx(root_path_mock.address, tmp_path, headers) as address:
        seen = open_page(address.removesuffix(ROOT) + "/probe.html", tmp_path / "browser")
        assert f"{address}/api/v1/file/601" in seen.requested
        # Swagger UI cannot show a workbook; an error response would be shown as such.
        assert not [line for line in seen.console if "Failed to load" in line]


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "http://mock.test:8080"),
        ({"X-Forwarded-Proto": "https"}, "https://mock.test:8080"),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "a.test"}, "https://a.test"),
        ({"X-Forwarded-Host": "a.test:81, b.test"}, "http://a.test:81"),
        ({"X-Forwarded-Prefix": "/a/b/"}, "http://mock.test:8080/a/b"),
        ({"X-Forwarded-Prefix": "//evil.test"}, "http://mock.test:8080"),
        ({"X-Forwarded-Prefix": "/a b"}, "http://mock.test:8080"),
        ({"X-Forwarded-Prefix": "/" + "a" * 300}, "http://mock.test:8080"),
        ({"X-Forwarded-Prefix": "a"}, "http://mock.test:8080"),
        ({"X-Forwarded-Proto": "javascript"}, "http://mock.test:8080"),
        ({"X-Forwarded-Host": "x$(id)"}, "http://mock.test:8080"),
        ({"X-Forwarded-Host": "<script>"}, "http://mock.test:8080"),
    ],
)
def test_what_proxies_say_stands_in_links_when_it_is_an_address(
    shared_mock: RunningMock, headers: dict[str, str], address: str
) -> None:
    """Addresses are pasted into a shell, so anything else is ignored."""
    sent = {"Host": "mock.test:8080", **headers}
    document = shared_mock.anonymous.get("/openapi.json", headers=sent).json()
    assert [server["url"] for server in document["servers"]] == [address]


def test_what_proxies_say_lets_nobody_into_the_control_plane(shared_mock: RunningMock) -> None:
    """The guard uses Host and Origin only."""
    for headers in (
        {"Host": "evil.example", "X-Forwarded-Host": "localhost"},
        {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example"},
    ):
        assert shared_mock.anonymous.get("/__admin/health", headers=headers).status_code == 403


def test_the_root_itself_leads_to_the_landing_page(root_path_mock: RunningMock) -> None:
    """Without the final slash, the page's relative links would be wrong."""
    led = root_path_mock.anonymous.get(ROOT)
    assert (led.status_code, led.headers["Location"]) == (308, f"{ROOT}/")
    assert root_path_mock.anonymous.get(f"{ROOT}/").text == root_path_mock.anonymous.get("/").text
    assert root_path_mock.anonymous.get(f"{ROOT}x/").status_code == 404
    assert (
        json.loads(root_path_mock.anonymous.get(f"{ROOT}/nothing").text)["instance"]
        == f"{ROOT}/nothing"
    )
    assert fetch_token(root_path_mock.anonymous)
