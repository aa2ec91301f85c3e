"""The known attacks on local development servers: each is refused, and the next request works.

Names, header fields and amounts are in `test_known_injections.py`, slow clients in
`test_clients.py` and `test_timeouts.py`, workbooks in `test_workbooks.py`.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server.control import guard
from tests.hostile.known_attacks import check_responsive, refused_rule
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.person import CONSOLE
from tests.mock_server.uploads import send_upload, upload_file
from tests.serving import FROZEN, RunningMock, run_mock

TOKEN = "the-admin-token-of-this-test"
FORMS = {
    "text": ("text/plain", b'{"seconds": 3600, "x": "="}'),
    "urlencoded": ("application/x-www-form-urlencoded", b"seconds=3600&csrf=guess"),
    "multipart": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="seconds"\r\n\r\n3600\r\n--b--\r\n',
    ),
}
"""Bodies that a form of any site can send without a preflight."""
FORM_PATHS = (
    *(ADMIN + path for path in ("/clock/advance", "/reset", "/sessions")),
    *(CONSOLE + path for path in ("/advance", "/reset", "/sessions")),
)
SITES: dict[str, dict[str, str]] = {
    "origin": {"Origin": "https://evil.example"},
    "opaque origin": {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    "another port": {"Origin": "http://localhost:1", "Sec-Fetch-Site": "same-site"},
    "site": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    "neither": {},
}
REBOUND_HOSTS = [
    "evil.example",
    "localhost.evil.example:4010",
    "127.0.0.1.nip.io",
    "localhost.",
    "0.0.0.0",
    "[::ffff:192.0.2.1]",
    "2130706433",
]


@pytest.fixture(scope="module")
def secured_mock() -> Iterator[RunningMock]:
    """A mock that requires the admin token."""
    with run_mock(replace(FROZEN, admin_token=TOKEN)) as mock:
        yield mock


@pytest.fixture(autouse=True)
def _keeps_serving(shared_mock: RunningMock) -> Iterator[None]:
    yield
    check_responsive(shared_mock)


# Cross-site requests


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("site", SITES)
def test_a_form_of_another_site_changes_nothing(
    shared_mock: RunningMock, site: str, form: str
) -> None:
    """It is refused by its origin or, if a client sends none, by its media type.

    The console, which has forms of its own, then leads back to its first page: the form has no
    token.
    """
    kind, body = FORMS[form]
    headers = {"Content-Type": kind, **SITES[site]}
    for path in FORM_PATHS:
        answer = shared_mock.anonymous.post(path, content=body, headers=headers)
        if site != "neither":
            assert (answer.status_code, refused_rule(answer)) == (403, "CP-02")
        elif path.startswith(ADMIN):
            assert answer.status_code == 415
        else:
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{CONSOLE}/")
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("mode", ["no-cors", "cors", "same-origin", "websocket", ""])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_an_image_or_a_script_of_another_site_gets_nothing(
    shared_mock: RunningMock, site: str, mode: str
) -> None:
    """Browsers send no Origin with them, but Sec-Fetch-Site."""
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    for path in (f"{ADMIN}/state", f"{ADMIN}/requests/export", f"{CONSOLE}/"):
        assert refused_rule(shared_mock.anonymous.get(path, headers=headers)) == "CP-02"


@pytest.mark.parametrize("site", ["none", "same-origin", "cross-site"])
def test_a_link_from_another_site_still_opens_a_page(shared_mock: RunningMock, site: str) -> None:
    """A person may follow a link in a chat or an issue."""
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    for path in (f"{ADMIN}/docs/", f"{CONSOLE}/"):
        assert shared_mock.anonymous.get(path, headers=headers).status_code == 200


# DNS rebinding


@pytest.mark.parametrize("host", REBOUND_HOSTS)
@pytest.mark.parametrize("path", [f"{ADMIN}/state", f"{CONSOLE}/", f"/__session/a{ADMIN}/clock"])
def test_a_rebound_name_is_no_host_of_the_mock(
    shared_mock: RunningMock, host: str, path: str
) -> None:
    """The page's origin and Host agree then, so only the name gives it away."""
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert refused_rule(shared_mock.anonymous.get(path, headers=headers)) == "CP-01"


@pytest.mark.parametrize("field", ["X-Forwarded-Host", "Forwarded", "X-Original-Host"])
def test_no_other_field_replaces_host(shared_mock: RunningMock, field: str) -> None:
    """Any page can set these fields, unlike Host."""
    headers = {"Host": "evil.example", field: "localhost"}
    answer = shared_mock.anonymous.get(f"{ADMIN}/clock", headers=headers)
    assert refused_rule(answer) == "CP-01"


# The admin token


def test_the_admin_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is that of `hmac`, for the whole token."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(hmac, "compare_digest", compare)
    assert not guard.is_admin_token(b"Bearer wrong", TOKEN.encode())
    assert compared == [(b"wrong", TOKEN.encode())]


def test_the_admin_token_is_shown_nowhere(
    secured_mock: RunningMock, caplog: pytest.LogCaptureFixture
) -> None:
    """Sent by mistake to the API, in a header field or a query, it is not in journal or export."""
    caplog.set_level("DEBUG", "mock_server")
    admin = {"X-Mock-Admin-Token": TOKEN}
    api = secured_mock.client
    api.get("/api/v1/marketing-notice/group", headers=admin)
    api.get("/api/v1/marketing-notice/group", params={"admin_token": TOKEN})
    api.get("/nothing", headers={"Authorization": f"Bearer {TOKEN}"})
    shown = [entry.getMessage() for entry in caplog.records if not entry.name.startswith("http")]
    for path in (
        "/requests",
        "/requests/export?format=har",
        "/requests/export?format=curl",
        "/state",
        "/health",
        "/proxy",
        "/nothing",
        "/docs/",
    ):
        shown.append(api.get(ADMIN + path, headers=admin).text)
    with httpx.Client(
        base_url=secured_mock.address, headers={"Origin": secured_mock.address}
    ) as person:
        form = person.get(f"{CONSOLE}/", follow_redirects=True)
        csrf = re.findall(r'name="csrf" value="([^"]+)"', form.text)[0]
        answer = person.post(
            f"{CONSOLE}/login", data={"csrf": csrf, "token": TOKEN, "next": "//evil"}
        )
        assert urlsplit(answer.headers["Location"]).netloc == ""
        cookie = answer.headers["Set-Cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        page = person.get(f"{CONSOLE}/")
        assert page.status_code == 200
        shown += [answer.headers["Location"], answer.text, page.text]
    assert not [text for text in shown if TOKEN in text]


# Uploads


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("a.svg", "image/svg+xml"),
        ("a.xml", "application/xml"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.js", "text/javascript"),
        ("a", ""),
    ],
)
def test_an_uploaded_page_is_sent_in_a_sandbox(
    shared_mock: RunningMock, name: str, kind: str
) -> None:
    """Without sniffing, and without scripts and origin."""
    page = f"<html><script>fetch('{ADMIN}/reset', {{method: 'POST'}})</script>".encode()
    stored = upload_file(shared_mock, page, name, kind)
    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = shared_mock.client.get(stored.path, headers=headers)
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert "sandbox" in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_refused_upload_is_an_error_and_no_page(shared_mock: RunningMock) -> None:
    """An error that repeats what was sent has a type that no browser shows as a page."""
    answer = send_upload(shared_mock, b"", "<script>.html", "text/html")
    assert answer.headers["Content-Type"].startswith(
        ("application/problem+json", "application/json")
    )
    json.loads(answer.content)
