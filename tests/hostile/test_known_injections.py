"""Known attacks by names, header fields and amounts: each is refused, and the mock keeps serving.

Other cases are in `test_known_attacks.py`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import pytest

from tests.hostile.exchange import send_and_receive
from tests.hostile.known_attacks import check_responsive, refused_rule
from tests.mock_server.control.admin_client import ADMIN
from tests.mock_server.pages.console.person import CONSOLE
from tests.mock_server.uploads import FILES
from tests.serving import RunningMock

TRAVERSALS = [
    "..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "%252e%252e%252f",
    "..%5c..%5cwindows",
    "..\\..\\windows",
    "%00",
    "a%00.json",
    "%0d%0aX-Injected:%201",
    "%2Fetc%2Fpasswd",
    "%c0%ae%c0%ae%c0%af",
]
NAMED_PATHS = [
    f"{ADMIN}/snapshots/{{}}",
    f"{ADMIN}/sessions/{{}}",
    "/__session/{}/api/v1/notification-tasks",
    f"{FILES}/{{}}",
    "/docs/swagger/{}",
    f"{ADMIN}/docs/{{}}",
    f"{CONSOLE}/{{}}",
]
BOMB = gzip.compress(b" " * 2**23)
INJECTED = "X-Injected"
LINE_ENDS = ["\r\n", "\n", "\r", "\u2028", "\x00"]


@pytest.fixture(autouse=True)
def _keeps_serving(shared_mock: RunningMock) -> Iterator[None]:
    yield
    check_responsive(shared_mock)


# Names


@pytest.mark.parametrize("name", TRAVERSALS)
def test_no_name_leads_to_another_path(shared_mock: RunningMock, name: str) -> None:
    """Refused as a name or not found, as text of an error at most, with no file's content."""
    port = urlsplit(shared_mock.address).port or 0
    fields = f"Host: localhost\r\nAuthorization: {shared_mock.client.headers['Authorization']}"
    for path in NAMED_PATHS:
        method = "PUT" if "/snapshots/" in path else "GET"
        sent = f"{method} {path.format(name)} HTTP/1.1\r\n{fields}\r\nConnection: close\r\n\r\n"
        (answer,) = send_and_receive(port, [sent.encode()])
        assert answer.status in (400, 404, 405), (path, answer.body[:200])
        assert INJECTED.lower() not in answer.headers
        assert b"root:" not in answer.body


def test_a_session_name_of_a_megabyte_is_refused(shared_mock: RunningMock) -> None:
    """In the header field, the path, and the body that creates a session."""
    name = "a" * 2**20
    port = urlsplit(shared_mock.address).port or 0
    for head in (f"GET / HTTP/1.1\r\nX-Mock-Session: {name}", f"GET /__session/{name}/ HTTP/1.1"):
        (answer,) = send_and_receive(port, [f"{head}\r\nHost: localhost\r\n\r\n".encode()])
        assert answer.status == 431
    created = shared_mock.anonymous.post(f"{ADMIN}/sessions", json={"name": name})
    assert created.status_code == 413
    created = shared_mock.anonymous.post(f"{ADMIN}/sessions", json={"name": "a" * 65})
    assert refused_rule(created) == "CP-10"


# Header injection


@pytest.mark.parametrize("end", LINE_ENDS)
def test_a_file_name_adds_no_header_field(shared_mock: RunningMock, end: str) -> None:
    """It is refused, or encoded in Content-Disposition."""
    body = (
        f'--b\r\nContent-Disposition: form-data; name="moduleName"\r\n\r\nnotification\r\n'
        f"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''"
        f"a{quote(end)}{INJECTED}:%201.txt\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    sent = shared_mock.client.post(FILES, content=body, headers=headers)
    if sent.status_code == 200:
        answer = shared_mock.client.get(f"{FILES}/{sent.json()['id']}")
        assert answer.status_code == 200
        assert INJECTED not in answer.headers
        assert answer.headers["Content-Disposition"].isprintable()
    else:
        assert sent.status_code == 400


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("field", ["mediaType", "fileName"])
def test_an_imported_file_adds_no_header_field(
    shared_mock: RunningMock, end: str, field: str
) -> None:
    """A state is refused if its files could not be sent, or the value is encoded."""
    session = {"X-Mock-Session": f"import-{field}-{ord(end[-1])}"}
    state = shared_mock.anonymous.get(f"{ADMIN}/state", headers=session).json()
    files = state["files"]
    files[0][field] = f"text/plain{end}{INJECTED}: 1"
    answer = shared_mock.anonymous.put(f"{ADMIN}/state", json=state, headers=session)
    if answer.status_code == 200:
        sent = shared_mock.anonymous.get(f"{FILES}/{files[0]['id']}", headers=session)
        assert sent.status_code == 200
        assert INJECTED not in sent.headers
    else:
        assert answer.status_code == 400


@pytest.mark.parametrize("end", ["%0d%0a", "%0a", "%0d", "%E5%98%8A%E5%98%8D"])
@pytest.mark.parametrize(
    "target",
    [
        CONSOLE + "/login?next=/{}",
        "/__session/a" + CONSOLE + "/?x={}",
        "/__session/a" + CONSOLE + "/{}",
        "/docs/swagger?lang={}",
        "/?lang={}",
        ADMIN + "/requests/export?format={}",
    ],
)
def test_no_query_or_path_adds_a_header_field(
    shared_mock: RunningMock, target: str, end: str
) -> None:
    """Redirects encode what they repeat."""
    answer = shared_mock.anonymous.get(target.format(f"{end}{INJECTED}:%201"))
    assert answer.status_code < 500
    assert INJECTED not in answer.headers


@pytest.mark.parametrize(
    "value", ["code=503;y=X", "delay=1;x=\t\x7f", "example=\xff\xfe", "code=" * 5000]
)
def test_a_preference_adds_no_header_field(shared_mock: RunningMock, value: str) -> None:
    """`Preference-Applied` repeats only preferences that the mock knows."""
    sent = value.encode("latin-1")
    answer = shared_mock.client.get("/api/v1/marketing-notice/group", headers={b"Prefer": sent})
    assert answer.status_code in (200, 400, 503)
    assert "x" not in answer.headers.get("Preference-Applied", "").lower()


# Amounts


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
@pytest.mark.parametrize("path", [f"{ADMIN}/state", "/api/v1/notification-tasks"])
def test_a_compressed_body_is_not_unpacked(
    shared_mock: RunningMock, path: str, coding: str
) -> None:
    """A bomb of 8 kB may hold 8 MB, and one of 100 kB 100 MB."""
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    method = "PUT" if path.startswith(ADMIN) else "POST"
    answer = shared_mock.client.request(method, path, content=BOMB, headers=headers)
    assert (answer.status_code, refused_rule(answer)) == (415, "contentEncoding")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"[" + b"{}," * 30_000 + b"{}]",
        b'{"name":"' + b"a" * 2**17,
    ],
    ids=["arrays", "objects", "many", "unfinished"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/state"), ("PUT", "/faults"), ("POST", "/requests/find"), ("POST", "/sessions")],
)
def test_a_deep_or_long_document_is_refused(
    shared_mock: RunningMock, method: str, path: str, body: bytes
) -> None:
    """By its depth, size, or form, before anything is stored."""
    headers = {"Content-Type": "application/json"}
    answer = shared_mock.anonymous.request(method, ADMIN + path, content=body, headers=headers)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "target", [f"{ADMIN}/requests", f"{CONSOLE}/", "/", "/api/v1/notification-tasks"]
)
def test_many_parameters_are_no_error(shared_mock: RunningMock, target: str) -> None:
    """7,000 parameters are within the limit of the header."""
    query = "&".join(f"a{n}=1" for n in range(7_000))
    answer = shared_mock.client.get(f"{target}?{query}")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=x",
        "_scheme=javascript&_external=1",
        "_anchor=a",
        "_method=POST",
        "session=%E4%B8%AD",
        "session=..%2f",
        "values=1",
        "self=1",
        "lang=xx",
    ],
)
def test_parameters_of_the_console_are_values_only(shared_mock: RunningMock, query: str) -> None:
    """None of them becomes an argument of the code that makes links."""
    answer = shared_mock.anonymous.get(f"{CONSOLE}/?{query}")
    assert answer.status_code < 500, answer.text[:300]
    assert "javascript:" not in answer.text
