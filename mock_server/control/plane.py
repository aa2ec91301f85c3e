"""What the operations of the control plane work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.session import Session


@dataclass(frozen=True, slots=True)
class Plane:
    """The mock as its operator sees it: a session, and which version serves which contract.

    `version` reads the package's metadata, which takes long, when it is first called.
    """

    session: Session
    version: Callable[[], str]
    contract_version: str
