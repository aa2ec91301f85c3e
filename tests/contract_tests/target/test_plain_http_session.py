"""`plain_http_session.py`: the session of the check sends the same bytes as `requests`."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from contract_tests.target.plain_http_session import PlainHttpSession

URL = "http://127.0.0.1:1/api/v1/a b?kept=1"
REQUEST_ARGUMENTS: tuple[dict[str, Any], ...] = (
    {"method": "get", "url": URL},
    {"method": "GET", "url": URL, "params": {"a": [1, None, "ä"], "b": None, "c": ""}},
    {"method": "POST", "url": URL, "json": {"a": "中文", "n": None}},
    {"method": "POST", "url": URL, "json": []},
    {"method": "PUT", "url": URL, "data": b"\xff"},
    {"method": "POST", "url": URL, "data": {"a": "b"}, "files": {"f": ("n", b"x", "text/csv")}},
    {"method": "HEAD", "url": URL, "headers": {"accept": "text/html", "User-Agent": None}},
    {"method": "DELETE", "url": URL, "headers": {"authorization": "Bearer t"}},
    {"method": "GET", "url": URL, "cookies": {"c": "1"}, "auth": ("a", "b")},
)


@pytest.mark.parametrize("asked", REQUEST_ARGUMENTS, ids=str)
def test_a_plain_http_session_writes_what_requests_would(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Method, URL, header fields in their order and body are the same, byte for byte."""
    # The boundary of a form is drawn at random; `request_determinism.py` settles it later.
    monkeypatch.setattr("urllib3.filepost.choose_boundary", lambda: "boundary")
    written = []
    for session in (PlainHttpSession(), requests.Session()):
        session.trust_env = False
        session.headers["X-Own"] = "own"
        prepared = session.prepare_request(requests.Request(**asked))
        fields = list(prepared.headers.items())
        written.append((prepared.method, prepared.url, fields, prepared.body))
    assert written[0] == written[1]


def test_settings_of_a_request_are_taken_as_given() -> None:
    """Proxies and certificates come from the network's choice, not from the session's."""
    settings = PlainHttpSession().merge_environment_settings(URL, {"http": "p"}, True, "ca", None)
    assert settings == {"proxies": {"http": "p"}, "stream": True, "verify": "ca", "cert": None}
