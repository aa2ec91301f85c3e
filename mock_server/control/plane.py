"""What the operations of the control plane work on."""

from __future__ import annotations

from dataclasses import dataclass

from mock_server.session import Session


@dataclass(frozen=True, slots=True)
class Plane:
    """The mock as its operator sees it: a session, and which contract is served."""

    session: Session
    contract_version: str
