"""First argument of the control plane's handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mock_server.control.readings import ReadingsSwitch
from mock_server.sessions.session import Session


@dataclass(frozen=True, slots=True)
class ControlContext:
    """The session that the control plane changes, and the versions that it reports.

    version: returns the version of the package; a function, because reading the metadata is slow;
    readings: the readings in force;
    contract_version: `info.version` of the contract that is served;
    token: token that the control plane requires (None: none).
    """

    session: Session
    readings: ReadingsSwitch
    version: Callable[[], str]
    contract_version: str
    token: str | None = field(default=None, repr=False)
