"""What the operations of the control plane work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mock_server.sessions.session import Session


@dataclass(frozen=True, slots=True)
class ControlContext:
    """The mock as its operator sees it: a session, and which version serves which contract.

    `version` reads the package's metadata, which takes long, when it is first called.
    token: what the operator knows (None: everybody is one).
    """

    session: Session
    version: Callable[[], str]
    contract_version: str
    token: str | None = field(default=None, repr=False)
