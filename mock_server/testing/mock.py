"""One session of a running mock."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from mock_server.testing.clock_control import ClockControl
from mock_server.testing.documents import (
    Health,
    SessionInfo,
    Version,
    instant_text,
    read_document,
    write_document,
)
from mock_server.testing.errors import MockConnectionError, MockError
from mock_server.testing.faults import Faults
from mock_server.testing.journal import Requests
from mock_server.testing.member_files import MemberFiles
from mock_server.testing.settings_control import ProxyControl, ReadingsControl, Tokens
from mock_server.testing.snapshots import Snapshots, State
from mock_server.testing.transport import DEFAULT_SESSION, Transport

DEMO_USER = ("demo@example.com", "demo-password")
DEMO_CLIENT = ("demo-client", "demo-secret")
SESSION_HEADER = "X-Mock-Session"
Scenario = str | Mapping[str, Any]
"""The name of a scenario, or a whole one."""


def connect(url: str, *, admin_token: str | None = None) -> Mock:
    """Return a mock that is already running, or one of its sessions (`…/__session/NAME`).

    Raises ValueError if it is not an HTTP URL, MockConnectionError if no mock answers there, and
    MockRefusal if it requires another `admin_token`.
    """
    found = Mock(Transport.from_url(url, admin_token))
    try:
        found.version()
    except (TypeError, ValueError) as error:  # a document, but not this one
        raise MockConnectionError(
            f"GET {found.url}/__admin/version: not the response of a mock; is another server "
            "running there?"
        ) from error
    return found


class Mock:
    """One session of a running mock, with the operations of its control plane.

    All methods raise MockRefusal with the reasons if the control plane refuses the call, and
    MockConnectionError if there is no mock any more.
    """

    def __init__(self, transport: Transport) -> None:
        """Use a session by its transport; `connect` and `running_mock` make one."""
        self._transport = transport
        self._token: str | None = None

    def __repr__(self) -> str:
        """The base URL of the session."""
        return f"<Mock {self.api_url}>"

    @property
    def url(self) -> str:
        """The address of the mock, without a slash at its end."""
        return self._transport.url

    @property
    def api_url(self) -> str:
        """The base URL of the API in this session, for the app that is tested."""
        return self._transport.base_url

    @property
    def session_name(self) -> str:
        """The name of the session; `default` if none was chosen."""
        return self._transport.session

    @property
    def headers(self) -> dict[str, str]:
        """The header that selects this session, for clients that use `url`, not `api_url`."""
        return {SESSION_HEADER: self.session_name}

    @property
    def token(self) -> str:
        """A valid access token of the demo user.

        The first use logs in, and so does the first one after a call that makes tokens invalid.
        A token that has expired by the clock stays; `login` gets another one.
        """
        if self._token is None:
            self._token = self.login()
        return self._token

    @property
    def authorization(self) -> dict[str, str]:
        """The header with `token`."""
        return {"Authorization": f"Bearer {self.token}"}

    @cached_property
    def clock(self) -> ClockControl:
        """The clock."""
        return ClockControl(self._transport)

    @cached_property
    def faults(self) -> Faults:
        """The fault rules."""
        return Faults(self._transport)

    @cached_property
    def requests(self) -> Requests:
        """The journal of the requests to the API."""
        return Requests(self._transport)

    @cached_property
    def snapshots(self) -> Snapshots:
        """The snapshots."""
        return Snapshots(self._transport, self._forget_token)

    @cached_property
    def state(self) -> State:
        """The whole state as a document."""
        return State(self._transport, self._forget_token)

    @cached_property
    def readings(self) -> ReadingsControl:
        """The answers to the open questions."""
        return ReadingsControl(self._transport)

    @cached_property
    def tokens(self) -> Tokens:
        """The issued tokens."""
        return Tokens(self._transport, self._forget_token)

    @cached_property
    def member_files(self) -> MemberFiles:
        """Dry runs of member files."""
        return MemberFiles(self._transport)

    @cached_property
    def proxy(self) -> ProxyControl:
        """The forwarding to a real server."""
        return ProxyControl(self._transport)

    def health(self) -> Health:
        """Return scenario, seed, clock and the number of records."""
        return read_document(Health, self._transport.call("GET", "/health"))

    def version(self) -> Version:
        """Return the versions of the mock and of the contract that it serves."""
        return read_document(Version, self._transport.call("GET", "/version"))

    def reset(
        self,
        *,
        scenario: Scenario | None = None,
        seed: int | None = None,
        size: int | None = None,
        instant: datetime | str | None = None,
    ) -> Health:
        """Restore the initial data and clock of the session, or those that are named.

        All tokens become invalid; fault rules and journal are emptied, and readings stay.
        """
        self._forget_token()
        body = _beginning(scenario, seed, size, instant)
        return read_document(Health, self._transport.call("POST", "/reset", body))

    def session(
        self,
        name: str,
        *,
        scenario: Scenario | None = None,
        seed: int | None = None,
        size: int | None = None,
        instant: datetime | str | None = None,
    ) -> Mock:
        """Return the session of a name, which has its own records, tokens, clock and faults.

        Its first use creates it with the values of the mock's start. If any others are given, it
        is created now, and must not exist.
        """
        body = _beginning(scenario, seed, size, instant)
        if body:
            self._transport.call("POST", "/sessions", {"name": name, **body})
        return Mock(replace(self._transport, session=name))

    def sessions(self) -> list[SessionInfo]:
        """Return all sessions of the mock."""
        found = self._transport.call("GET", "/sessions")["sessions"]
        return [read_document(SessionInfo, each) for each in found]

    def info(self) -> SessionInfo:
        """Return how this session began."""
        return read_document(SessionInfo, self._transport.call("GET", self._session_path()))

    def remove(self) -> None:
        """Remove this session with its data; the default session cannot be removed."""
        # Asked in the default session: any other request would create this one, or use it.
        self._forget_token()
        outside = replace(self._transport, session=DEFAULT_SESSION)
        outside.call("DELETE", self._session_path())

    def login(
        self,
        username: str = DEMO_USER[0],
        password: str = DEMO_USER[1],
        *,
        client: tuple[str, str] = DEMO_CLIENT,
    ) -> str:
        """Log in and return the access token. Raises MockError if the login is refused."""
        basic = base64.b64encode(":".join(client).encode()).decode()
        grant = {"grant_type": "password", "username": username, "password": password}
        headers = {"Authorization": f"Basic {basic}", "Accept-Language": "en"}
        status, content = self._transport.send("POST", "/oauth/token", headers, grant)
        if status != 200:
            raise MockError(f"POST {self.api_url}/oauth/token: {status} {content}")
        return str(content["access_token"])

    def _session_path(self) -> str:
        return f"/sessions/{quote(self.session_name, safe='')}"

    def _forget_token(self) -> None:
        self._token = None


def _beginning(
    scenario: Scenario | None, seed: int | None, size: int | None, instant: datetime | str | None
) -> dict[str, Any]:
    return write_document(
        {
            "scenario": scenario,
            "seed": seed,
            "size": size,
            "instant": None if instant is None else instant_text(instant),
        }
    )
