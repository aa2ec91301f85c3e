"""First argument of the control plane's handlers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mock_server.control.readings import ReadingsSwitch
from mock_server.sessions.journal import JournalEntry
from mock_server.sessions.proxy_rules import ProxyRules
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import Session, session_of


@dataclass(frozen=True, slots=True)
class ControlContext:
    """The session of a request, which the control plane changes, and what all requests share.

    version: returns the version of the package; a function, because reading the metadata is slow;
    readings: changes the readings of sessions;
    contract_version: `info.version` of the contract that is served;
    token: token that the control plane requires (None: none);
    proxy_hosts: hosts beyond loopback to which requests may be forwarded;
    prepare_proxy: compiles what requests under other rules need, in up to seconds;
    replay: sends a request of the journal again, and returns its new entry.
    """

    session: Session
    sessions: SessionRegistry
    readings: ReadingsSwitch
    replay: Callable[[JournalEntry, Session], Awaitable[JournalEntry]]
    version: Callable[[], str]
    contract_version: str
    token: str | None = field(default=None, repr=False)
    proxy_hosts: tuple[str, ...] = ()
    prepare_proxy: Callable[[ProxyRules], Any] = field(default=lambda _rules: None, repr=False)

    def for_request(self, scope: Mapping[str, Any]) -> ControlContext:
        """Return the context of a request, which has the request's session."""
        return replace(self, session=session_of(scope))
