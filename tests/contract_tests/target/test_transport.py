"""Nothing that the check sends reaches another server than the target."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
import schemathesis

import openapi
from contract_tests.target.transport import ForeignOriginError, open_session
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://oauth.hypers.com.cn/oauth/token",
        "http://127.0.0.1:1/",
        "https://127.0.0.1:4010/",
        "http://127.0.0.1.nip.io:4010/",
    ],
)
def test_the_session_reaches_one_origin(elsewhere: str) -> None:
    """Another scheme, host or port is refused before a name lookup."""
    with open_session("http://127.0.0.1:4010") as session, pytest.raises(ForeignOriginError):
        session.get(elsewhere)


def test_a_redirect_is_not_followed_out_of_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a client that follows redirects gets the redirect itself."""
    sent = []

    def answer(_adapter: Any, request: requests.PreparedRequest, **_options: Any) -> Any:
        sent.append(request.url)
        found = requests.Response()
        found.status_code, found.request, found.url = 302, request, str(request.url)
        found.headers["Location"] = "https://oauth.hypers.com.cn/"
        found._content, found._content_consumed = b"", True
        return found

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", answer)
    with open_session("http://127.0.0.1:4010") as session:
        assert session.get("http://127.0.0.1:4010/", allow_redirects=True).status_code == 302
    assert sent == ["http://127.0.0.1:4010/"]


def test_proxies_of_the_machine_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy could read and keep the requests."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with open_session("http://127.0.0.1:2") as session:
        settings = session.merge_environment_settings("http://127.0.0.1:2", {}, None, None, None)
    assert not settings["proxies"]


def test_the_contract_names_other_servers_and_they_are_not_asked(shared_mock: RunningMock) -> None:
    """Schemathesis would use the servers in the contract."""
    contract = openapi.load()
    servers = contract["paths"]["/oauth/token"]["servers"]
    assert [server["url"] for server in servers] == ["https://oauth.hypers.com.cn"]
    case = schemathesis.openapi.from_dict(contract)["/oauth/token"]["POST"].Case(
        body={}, media_type="application/json"
    )
    elsewhere = re.escape("POST https://oauth.hypers.com.cn/oauth/token")
    with (
        open_session(shared_mock.address) as session,
        pytest.raises(ForeignOriginError, match=elsewhere),
    ):
        case.call(session=session)
    asked = ("--target", shared_mock.address, "--only", "createToken", *QUICK)
    assert run_check(*asked).code == 0
