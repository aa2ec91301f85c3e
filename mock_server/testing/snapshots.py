"""`mock.snapshots` and `mock.state`: the state of a session, saved and restored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from mock_server.testing.documents import Health, Snapshot, read_document
from mock_server.testing.transport import Transport


@dataclass(frozen=True)
class Snapshots:
    """The snapshots of a session. Fault rules, journal and proxy are not part of them."""

    _transport: Transport
    _forget_token: Callable[[], None]

    def save(self, name: str) -> Snapshot:
        """Save the present state; replaces a snapshot of this name."""
        return read_document(Snapshot, self._transport.call("PUT", _path(name)))

    def restore(self, name: str) -> Health:
        """Restore a state with its clock, tokens and readings."""
        self._forget_token()
        return read_document(Health, self._transport.call("POST", f"{_path(name)}/restore"))

    def list(self) -> tuple[Snapshot, ...]:
        """Return the snapshots in the order in which they were saved."""
        found = self._transport.call("GET", "/snapshots")["snapshots"]
        return tuple(read_document(Snapshot, each) for each in found)

    def delete(self, name: str) -> None:
        """Delete a snapshot."""
        self._transport.call("DELETE", _path(name))


@dataclass(frozen=True)
class State:
    """The whole state of a session as JSON, to keep it in a file or to move it to another mock."""

    _transport: Transport
    _forget_token: Callable[[], None]

    def export(self) -> dict[str, Any]:
        """Return the state, files, passwords and tokens included."""
        return cast("dict[str, Any]", self._transport.call("GET", "/state"))

    def import_(self, state: Mapping[str, Any]) -> Health:
        """Replace the state with an exported one."""
        self._forget_token()
        return read_document(Health, self._transport.call("PUT", "/state", state))

    def as_scenario(self) -> str:
        """Return the state as a scenario file in YAML."""
        return str(self._transport.call("GET", "/scenario.yaml"))


def _path(name: str) -> str:
    # These would be another path, and the refusal would be about that.
    if not name or "/" in name:
        raise ValueError(
            f"not the name of a snapshot: {name!r}; it has 1 to 64 letters, digits, dots, "
            "underscores and hyphens"
        )
    return f"/snapshots/{quote(name, safe='')}"
