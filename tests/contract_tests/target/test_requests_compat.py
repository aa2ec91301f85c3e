"""The undocumented members of requests and errors of urllib3 that the check uses still exist."""

from __future__ import annotations

import socket

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NewConnectionError

from contract_tests.target import requests_compat as compat
from tests.serving import RunningMock


def test_an_answer_has_the_content_that_it_is_given() -> None:
    """As if `requests` had read it: no attempt to read it again."""
    answer = requests.Response()
    compat.set_content(answer, b'{"a": 1}')
    assert (answer.content, answer.json()) == (b'{"a": 1}', {"a": 1})


def test_connections_that_are_kept_open_can_be_dropped(shared_mock: RunningMock) -> None:
    """Then the next request opens another one."""
    adapter = HTTPAdapter()
    with requests.Session() as session:
        session.mount("http://", adapter)
        session.get(f"{shared_mock.address}/openapi.json")
        assert len(adapter.poolmanager.pools) == 1
        compat.close_connections(adapter)
        assert len(adapter.poolmanager.pools) == 0


def test_a_refused_connection_says_so() -> None:
    """urllib3's error inside that of requests is a refused connection; a dropped one is not."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get(f"http://127.0.0.1:{port}", timeout=5)
    assert isinstance(caught.value.args[0].reason, NewConnectionError)
    assert compat.is_connection_refused(caught.value)
    assert not compat.is_connection_refused(requests.ConnectionError())


def test_proxies_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_PROXY excludes a host."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    found = compat.get_environ_proxies("https://outside.example/")
    assert compat.select_proxy("https://outside.example/", found) == "http://proxy.example:3128"
    assert compat.get_environ_proxies("https://inside.example/") == {}
