"""A whole mock as an ASGI application: selects the session and the part that serves a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mock_server.errors import ApiError
from mock_server.http.address import with_root_path
from mock_server.http.api import redirect
from mock_server.http.request_recorder import RequestRecorder
from mock_server.http.session_selection import SESSION_ERROR_KEY, select_session
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import session_of
from mock_server.settings import OWN_PATHS
from mock_server.world.world import World


class ServingParts(NamedTuple):
    """Parts of an application.

    refusals: answers requests whose session cannot be selected; recorder: fills the journals.
    """

    api: Any
    control_plane: Any
    refusals: Any
    recorder: RequestRecorder


class Application:
    """The application that `create_app` returns."""

    def __init__(
        self,
        parts: ServingParts,
        contract: Mapping[str, Any],
        sessions: SessionRegistry,
        root: str = "",
    ) -> None:
        """Serve `contract` with these parts.

        `root` is the path under which a proxy serves the mock; requests may have it or not.
        """
        self.contract = contract
        self.sessions = sessions
        self._root = root
        self._api, self._control_plane, self._refusals, self._recorder = parts

    @property
    def world(self) -> World:
        """Return the current world of the default session."""
        return self.sessions.default.world

    def close(self) -> None:
        """End the worker processes; requests that wait for one get a 503."""
        self.sessions.capacity.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        if scope["type"] != "http":
            self._recorder.listen(scope, self.sessions)
            await self._api(scope, receive, send)
            return
        if self._root:
            if scope["path"] == self._root:  # links of the landing page are relative to `root/`
                await redirect(f"{self._root}/", send)
                return
            scope = with_root_path(scope, self._root)
        try:
            scope = select_session(scope, self.sessions)
            path = scope["path"]
            asgi = self._control_plane if path.startswith(OWN_PATHS) else self._api
        except ApiError as error:
            scope[SESSION_ERROR_KEY] = error
            path, asgi = scope["path"], self._refusals
        if not path:  # `/__session/NAME`
            await redirect(f"{session_of(scope).name}/", send)
            return
        exchange = self._recorder.begin(scope, receive, send)
        try:
            await asgi(scope, exchange.receive, exchange.send)
        finally:
            self._recorder.end(exchange, scope)
